import { fold } from '../normalise.ts';
import { compilePattern, type Pattern } from '../pattern.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { CONCEPTS, type Concept, type Language, type Lexicon, numberOf } from './concepts.ts';
import { shared } from './lexica/shared.ts';

/** A phrase that tells a concept, or nothing at all (`concept` -1): its words then count for nothing. */
export interface Phrase {
  readonly concept: number;
  readonly pattern: Pattern;
}

export interface Compiled {
  readonly code: Language;
  /** Elements: all words of the lexicon, its commonest words, padding, clause openers, words a lone "no" may stand before. */
  readonly known: number;
  readonly everyday: number;
  readonly fillers: number;
  readonly openers: number;
  readonly polite: number;
  /** Concepts told by single words: element -> concept. */
  readonly telling: ReadonlyMap<number, number>;
  /** Phrases by an element they cannot do without. */
  readonly phrases: ReadonlyMap<number, readonly Phrase[]>;
  readonly idle: readonly Phrase[];
  readonly rewrites: ReadonlyMap<string, readonly Rewrite[]>;
  /** Elements that hold names: a word of the list of names has them all. */
  readonly names: ReadonlySet<number>;
  /** Whether a word that only looks like a name has them too. */
  readonly namesByCapital: boolean;
}

/** Several words read as one: those after the first, and what all stand for. */
export type Rewrite = readonly [rest: readonly string[], to: string];

const IS_CATEGORY = /^[A-Z][A-Z0-9_]*$/;
/** Stands for many words (numbers, times of day), so it says nothing about the language. */
const IS_STAND_IN = /token$|time$/;
const IS_WORD = /[\p{L}\p{N}]/u;

/** First names and surnames, alone and with the s of possession. */
export const NAMES = split(shared.NAME ?? '').flatMap((name) => [name, `${name}s`]);

/** Compiles a lexicon into elements of the vocabulary. Throws where a pattern names a category the lexicon lacks. */
export function compile(lexicon: Lexicon, vocabulary: Vocabulary): Compiled {
  const { code } = lexicon;
  const categories = withShared(lexicon.words);
  const all = new Set<string>();
  const names = new Set<number>();

  const wordsOf = (set: string): readonly string[] =>
    set.split(/[\s|]+/).flatMap((word) => {
      if (word === 'NAME') return [];
      if (!IS_CATEGORY.test(word)) return word ? spellingsOf(word) : [];
      const category = categories[word];
      if (category === undefined) throw new Error(`${code}: no category ${word}`);
      return wordsOf(category);
    });
  const elementOf = (set: string): number => {
    const words = wordsOf(set);
    const takesNames = /\bNAME\b/.test(set);
    const element = vocabulary.element(words, takesNames ? `${code} or a name` : code);
    if (takesNames) names.add(element);
    for (const word of words) if (IS_WORD.test(word) && !IS_STAND_IN.test(word)) all.add(word);
    return element;
  };

  const telling = new Map<number, number>([[elementOf('NAME'), numberOf('NAME')]]);
  for (const [concept, name] of CONCEPTS.entries()) {
    if (categories[name] !== undefined) telling.set(elementOf(name), concept);
  }
  const phrases = new Map<number, Phrase[]>();
  for (const [concept, patterns] of Object.entries(lexicon.phrases)) {
    for (const source of patterns) {
      const phrase = { concept: numberOf(concept as Concept), pattern: compilePattern(source, elementOf) };
      const [need = -1] = phrase.pattern.needs;
      phrases.set(need, [...(phrases.get(need) ?? []), phrase]);
    }
  }
  const idle = lexicon.idle.map((source) => ({ concept: -1, pattern: compilePattern(source, elementOf) }));
  for (const from of Object.keys(lexicon.rewrites)) for (const word of from.split(' ')) all.add(word);
  for (const word of split(lexicon.misspelt)) vocabulary.readMisspelt(word);
  const rest = {
    everyday: elementOf(lexicon.everyday),
    fillers: elementOf(lexicon.fillers),
    openers: elementOf(lexicon.openers),
    polite: elementOf('THANKS|OK'),
  };
  const known = vocabulary.element([...all], code);
  const { namesByCapital } = lexicon;
  return { code, known, ...rest, telling, phrases, idle, rewrites: compileRewrites(lexicon), names, namesByCapital };
}

function withShared(words: Lexicon['words']): Readonly<Record<string, string>> {
  const categories: Record<string, string> = { ...words };
  for (const [name, more] of Object.entries(shared)) {
    if (name !== 'NAME') categories[name] = `${categories[name] ?? ''} ${more}`;
  }
  return categories;
}

function compileRewrites({ rewrites }: Lexicon): Map<string, Rewrite[]> {
  const compiled = new Map<string, Rewrite[]>();
  for (const [from, to] of Object.entries(rewrites)) {
    const [first = '', ...rest] = fold(from).split(' ');
    compiled.set(first, [...(compiled.get(first) ?? []), [rest, fold(to)]]);
  }
  return compiled;
}

const spellings = new Map<string, readonly string[]>();

/** A word folded, and with its umlauts as they are typed without them. Kept, since most words stand in many patterns. */
function spellingsOf(word: string): readonly string[] {
  const known = spellings.get(word);
  if (known) return known;
  const typed = word.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue');
  const all = [...new Set([fold(word), fold(typed)])];
  spellings.set(word, all);
  return all;
}

function split(words: string): string[] {
  return words.split(/\s+/).filter((word) => word !== '');
}
