import { type Understanding, understand } from '../index.ts';
import { isTapback } from '../quoted.ts';
import { INTENTS, type Intent, type Language } from './concepts.ts';
import { guessLanguage, rankLanguages } from './language-guess.ts';
import { lexica } from './lexica/index.ts';
import { Reader, type Text } from './reader.ts';
import { weigh } from './weigh.ts';

/** What a message is about. `rule` is a short stable name for the record. */
export interface Classified {
  readonly intent: Intent;
  readonly confidence: 'sure' | 'likely' | 'guess';
  /** The language it is written in; null where the words do not tell. */
  readonly language: Language | null;
  readonly rule: string;
}

type Verdict = Omit<Classified, 'language'> & { readonly weight: number };

/** Weights and leads over the next best intent from which a verdict is sure, or likely. */
const SURE = { weight: 6, lead: 2 };
const LIKELY = { weight: 4, lead: 0.5 };

/** A verdict of this weight is not looked at again in another language's words. */
const ENOUGH = 3;
/** How much heavier another language's verdict must be to be taken instead of the first. */
const BETTER = 2;

const NOTHING_KNOWN: Verdict = { intent: 'other', confidence: 'guess', rule: 'nothing_known', weight: 0 };

let compiled: Reader | undefined;

/** Compiled at the first message, which takes a few tenths of a second, not at import. */
function reader(): Reader {
  compiled ??= new Reader(lexica);
  return compiled;
}

/**
 * Tells what an inbound message is about, without a model: words and phrases tell concepts, rules over concepts tell
 * intents. Pure; never throws; reads at most 2,000 characters of the person's own words. `opt_out` is said if and only
 * if `understand` says so. `hints.language` (ISO 639-1) is the language to expect; it only tips the balance.
 */
export function classify(message: string, hints: { readonly language?: string } = {}): Classified {
  const text = reader().split(message);
  const ranked = rankLanguages(reader().share(text), hints.language);
  const language = guessLanguage(ranked);
  const understood = understand(message);
  const told = tellByUnderstanding(understood, message);
  if (told) return { ...told, confidence: 'sure', language };

  const { intent, confidence, rule } = judge(
    text,
    ranked.map(([code]) => code),
  );
  // maybe an opt-out: nobody should act on anything else
  return { intent, confidence: understood.kind === 'unsure' ? 'guess' : confidence, language, rule };
}

/** The language a message is written in; null where its words do not tell ("ok", a name, French). */
export function languageOf(message: string): Language | null {
  return guessLanguage(rankLanguages(reader().share(reader().split(message))));
}

function tellByUnderstanding(understood: Understanding, message: string): { intent: Intent; rule: string } | undefined {
  if (understood.kind === 'opt_out') return { intent: 'opt_out', rule: understood.rule };
  if (understood.kind === 'help') return { intent: 'help', rule: 'keyword' };
  if (understood.kind === 'opt_in') return { intent: 'other', rule: 'opt_in' };
  if (understood.kind === 'auto_reply') return { intent: 'other', rule: understood.rule };
  return isTapback(message) ? { intent: 'other', rule: 'reaction' } : undefined;
}

function judge(text: Text, languages: readonly Language[]): Verdict {
  let best = NOTHING_KNOWN;
  for (const language of languages) {
    const next = judgeIn(text, language);
    if (best === NOTHING_KNOWN || next.weight > best.weight + BETTER) best = next;
    if (best.weight >= ENOUGH) break;
  }
  return best;
}

function judgeIn(text: Text, language: Language): Verdict {
  const { sentences, words } = reader().read(text, language);
  const ranked = weigh(sentences, words).sort(
    (a, b) => b.weight - a.weight || INTENTS.indexOf(a.intent) - INTENTS.indexOf(b.intent),
  );
  const [first] = ranked;
  if (!first) return NOTHING_KNOWN;
  const rival = ranked.find(({ intent }) => intent !== first.intent)?.weight ?? 0;
  return {
    intent: first.intent,
    confidence: confidenceOf(first.weight, first.weight - rival),
    rule: `${language}.${first.rule}`,
    weight: first.weight,
  };
}

function confidenceOf(weight: number, lead: number): Classified['confidence'] {
  if (weight >= SURE.weight && lead >= SURE.lead) return 'sure';
  return weight >= LIKELY.weight && lead >= LIKELY.lead ? 'likely' : 'guess';
}
