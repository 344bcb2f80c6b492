import type { Language, Rules } from './language.ts';
import { fold } from './normalise.ts';
import { compilePattern, findAll, type Pattern, type Seen } from './pattern.ts';
import type { Token } from './tokens.ts';
import { Vocabulary } from './vocabulary.ts';

export type Channel = 'sms' | 'whatsapp' | 'email' | 'call';

/** What the rules of all languages found in one message. */
export interface Findings {
  /** Opt-outs, with the channels their words name. */
  readonly optOuts: readonly Hit[];
  readonly unsure: readonly string[];
  readonly autoReplies: readonly string[];
  /** Channels the person says are welcome. */
  readonly welcome: ReadonlySet<Channel>;
}

interface Hit {
  /** `en.cease_contact`: the language and the rule's name in its lexicon. */
  readonly rule: string;
  readonly channels: ReadonlySet<Channel>;
}

interface Word extends Seen {
  readonly text: string;
  elements: ReadonlySet<number>;
}

interface NamedPattern {
  readonly name: string;
  readonly pattern: Pattern;
}

interface View {
  readonly language: Compiled;
  readonly words: readonly Word[];
  /** Elements that occur in the message: rules that need others are not tried. */
  readonly present: Uint8Array;
}

interface Compiled {
  readonly fillers: number;
  readonly openers: number;
  readonly forGood: number;
  readonly channels: readonly (readonly [number, Channel])[];
  readonly rules: Readonly<Record<Section, readonly NamedPattern[]>>;
}

interface Placed extends Hit {
  readonly words: readonly Word[];
}

type Section =
  | 'harmless'
  | 'certain'
  | 'negated'
  | 'optOut'
  | 'bare'
  | 'banter'
  | 'limits'
  | 'unsure'
  | 'autoReply'
  | 'welcome';

const CHANNELS = { SMS: 'sms', WHATSAPP: 'whatsapp', EMAIL: 'email', CALL: 'call' } as const;
const NO_ELEMENTS: ReadonlySet<number> = new Set();
/** Bans on contact may be meant for a time only; requests to be forgotten may not. */
const LIMITED = /\.(?:cease_contact|ban_on_contact|no_more|unwanted)$/;

/** Words before a ban that may hold its limit: "at work please don't text me". */
const LEAD_IN = 4;

/** Runs the rules of all languages over one message's words. */
export class Engine {
  readonly vocabulary = new Vocabulary();
  private readonly languages: readonly Compiled[];
  private readonly rewrites = new Map<string, readonly (readonly [rest: readonly string[], to: string])[]>();

  constructor(languages: readonly Language[]) {
    this.languages = languages.map((language) => this.compile(language));
  }

  /** The words and breaks with several-word forms read as one ("do not" as "dont"). */
  rewrite(tokens: readonly Token[]): Token[] {
    const out: Token[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at];
      if (!token) break;
      const match = this.rewrites
        .get(token.text)
        ?.find(([rest]) => rest.every((word, i) => tokens[at + 1 + i]?.text === word));
      out.push(match ? { text: match[1], boundary: 0 } : token);
      if (match) at += match[0].length;
    }
    return out;
  }

  /** Judges rewritten tokens by every language's rules. Cost grows with their number and is capped by the tokeniser. */
  judge(tokens: readonly Token[]): Findings {
    const present = new Uint8Array(this.vocabulary.size);
    const words = tokens.map(({ text, boundary }): Word => {
      const elements = this.vocabulary.lookUp(text);
      for (const element of elements) present[element] = 1;
      return { text, boundary, elements, asRead: elements };
    });
    const views = this.languages.map((language) => viewOf(language, words, present));
    const optOuts: Placed[] = [];
    const unsure: string[] = [];
    const autoReplies = views.flatMap((view) => run('autoReply', view).map((match) => match.rule));

    for (const view of views) silence(run('harmless', view));
    const inJest = views.some((view) => run('banter', view).length > 0);
    const certain = views.map((view) => run('certain', view));
    for (const view of views) silence(run('negated', view));
    for (const [i, view] of views.entries()) {
      for (const hit of [...(certain[i] ?? []), ...run('optOut', view)]) {
        if (LIMITED.test(hit.rule) && isLimited(hit, view)) unsure.push(`${hit.rule}_for_a_time`);
        else optOuts.push(hit);
      }
      const bare = run('bare', view);
      if (bare.length > 0 && inJest) unsure.push('said_in_jest');
      else optOuts.push(...bare);
      unsure.push(...run('unsure', view).map((match) => match.rule));
    }
    return { optOuts, unsure, autoReplies, welcome: welcomed(views, optOuts) };
  }

  private compile(language: Language): Compiled {
    const wordsOf = (set: string, scope: string): string[] =>
      set.split(/[\s|]+/).flatMap((word) => {
        if (!/^[A-Z][A-Z0-9_]*$/.test(word)) return word ? [word] : [];
        const category = language.words[word];
        if (category === undefined) throw new Error(`${language.code}: no category ${word} (${scope})`);
        return wordsOf(category, scope);
      });
    const elements = new Map<string, number>(); // the same sets stand in many rules
    const elementOf = (set: string): number => {
      const element = elements.get(set) ?? this.vocabulary.element(wordsOf(set, set), language.code);
      elements.set(set, element);
      return element;
    };

    for (const [from, to] of Object.entries(language.rewrites)) {
      const [first = '', ...rest] = fold(from).split(' ');
      this.rewrites.set(first, [...(this.rewrites.get(first) ?? []), [rest, fold(to)]]);
      this.vocabulary.element(from.split(' '), 'rewrites');
    }
    for (const word of language.misspelt.split(/\s+/)) this.vocabulary.readMisspelt(word);
    const compileRules = (section: Section): NamedPattern[] => {
      const source: Rules | readonly string[] = language[section];
      const rules: Rules = isList(source) ? { [section]: source } : source;
      return Object.entries(rules).flatMap(([name, patterns]) =>
        patterns.map((pattern) => ({ name: `${language.code}.${name}`, pattern: compilePattern(pattern, elementOf) })),
      );
    };
    return {
      fillers: elementOf(language.fillers),
      openers: elementOf(language.openers),
      forGood: elementOf(language.forGood),
      channels: Object.entries(CHANNELS).flatMap(([category, channel]) =>
        language.words[category] ? [[elementOf(category), channel] as const] : [],
      ),
      rules: {
        harmless: compileRules('harmless'),
        certain: compileRules('certain'),
        negated: compileRules('negated'),
        optOut: compileRules('optOut'),
        bare: compileRules('bare'),
        banter: compileRules('banter'),
        limits: compileRules('limits'),
        unsure: compileRules('unsure'),
        autoReply: compileRules('autoReply'),
        welcome: compileRules('welcome'),
      },
    };
  }
}

function isList(source: Rules | readonly string[]): source is readonly string[] {
  return Array.isArray(source);
}

/** A language's view of the words: its fillers taken out. Words stay the same objects in all views. */
function viewOf(language: Compiled, words: readonly Word[], present: Uint8Array): View {
  return { language, words: words.filter((word) => !word.elements.has(language.fillers)), present };
}

function run(section: Section, { language, words, present }: View): Placed[] {
  const matches: Placed[] = [];
  for (const { name, pattern } of language.rules[section]) {
    if (!isPossible(pattern, present)) continue;
    for (const { first, last } of findAll(pattern, words, language.openers)) {
      const matched = words.slice(first, last + 1);
      matches.push({ rule: name, words: matched, channels: channelsOf(matched, language) });
    }
  }
  return matches;
}

/** Runs for every rule of every language, hence a plain loop. */
function isPossible(pattern: Pattern, present: Uint8Array): boolean {
  for (const element of pattern.needs) if (present[element] !== 1) return false;
  return true;
}

/** Makes the words of harmless uses count for nothing in the rules that follow. */
function silence(matches: readonly Placed[]): void {
  for (const { words } of matches) for (const word of words) word.elements = NO_ELEMENTS;
}

/** Channels said to be welcome, in words that are not part of an opt-out. */
function welcomed(views: readonly View[], optOuts: readonly Placed[]): Set<Channel> {
  const taken = new Set(optOuts.flatMap((hit) => hit.words));
  const matches = views.flatMap((view) => run('welcome', view));
  const free = matches.filter((match) => !match.words.some((word) => taken.has(word)));
  return new Set(free.flatMap((match) => [...match.channels]));
}

function channelsOf(words: readonly Word[], language: Compiled): Set<Channel> {
  const channels = new Set<Channel>();
  for (const word of words) {
    for (const [element, channel] of language.channels) if (word.elements.has(element)) channels.add(channel);
  }
  return channels;
}

/** Whether the sentence of a hit bounds it in time ("while I'm at work") and nothing in it says "never" or "for good". */
function isLimited(hit: Placed, view: View): boolean {
  const { language, words } = view;
  const [firstWord] = hit.words;
  if (!firstWord) return false;
  let start = words.indexOf(firstWord);
  let end = start;
  for (let before = 0; before < LEAD_IN && start > 0 && (words[start - 1]?.boundary ?? 2) < 2; before++) start--;
  while (end < words.length && (words[end]?.boundary ?? 2) < 2) end++;
  const sentence = words.slice(start, end);
  if (sentence.some((word) => word.elements.has(language.forGood))) return false;
  return run('limits', { ...view, words: sentence }).length > 0;
}
