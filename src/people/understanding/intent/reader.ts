import { clip, fold } from '../normalise.ts';
import { findAll, type Seen } from '../pattern.ts';
import { withoutQuoted } from '../quoted.ts';
import { type Token, tokenise } from '../tokens.ts';
import { Vocabulary } from '../vocabulary.ts';
import { type Compiled, compile, type Phrase } from './compile.ts';
import { CONCEPTS, type Language, type Lexicon, numberOf, type Told } from './concepts.ts';
import { type Known, WordBook } from './words.ts';

/** The words of one message, before any language has read them. */
export interface Text {
  readonly words: readonly Word[];
  readonly hasAmount: boolean;
  /** Elements that occur in the message: phrases that need others are not looked for. */
  readonly present: Uint8Array;
}

/** One message as one language understands it: what is told by sentence, and word by word. */
export interface Reading {
  readonly sentences: readonly Told[];
  readonly words: readonly Told[];
}

interface Word extends Token, Seen {
  elements: ReadonlySet<number>;
  readonly known: Known;
}

const AMOUNT =
  /[$€£₹]\s?\d|\d\s?(?:[$€£₹]|kr\b|:-|sek\b|eur\b|euros?\b|usd\b|inr\b|rs\b|bucks\b|pounds\b|dollars?\b|k\b|tkr\b|lakhs?\b|lacs?\b)|\brs\.?\s?\d/i;
const NUMBER = /^\d+(?:[.,:]\d+)*$/;
const DAY_NUMBER = /^\d{1,2}(?:st|nd|rd|th)$/;
// inside a sentence; "Sarah's" with its s
const CAPITALISED = /(?<=[\p{L}\p{N},'’] )\p{Lu}\p{Ll}{2,}(?:['’]s)?/gu;
const IS_WORD = /[\p{L}\p{N}]/u;
const NOTHING: ReadonlySet<number> = new Set();

const ASK = numberOf('ASK');
const MONEY = numberOf('MONEY');
const YES = numberOf('YES');
const NO = numberOf('NO');
const FIRST_YES = numberOf('FIRST_YES');
const FIRST_NO = numberOf('FIRST_NO');

/** Finds which concepts a message tells, in the words of each language. */
export class Reader {
  private readonly vocabulary = new Vocabulary();
  private readonly languages: ReadonlyMap<Language, Compiled>;
  private readonly book: WordBook;

  constructor(lexica: readonly Lexicon[]) {
    const compiled = lexica.map((lexicon) => compile(lexicon, this.vocabulary));
    this.languages = new Map(compiled.map((language) => [language.code, language]));
    this.book = new WordBook(this.vocabulary, compiled);
  }

  /** Splits a message into words; quoted history is left out, at most 2,000 characters are read. */
  split(message: string): Text {
    const own = clip(withoutQuoted(message));
    const capitalised = new Set(own.match(CAPITALISED)?.map((name) => fold(name).replace(/['’]/, '')));
    const present = new Uint8Array(this.vocabulary.size);
    const words = tokenise(fold(own), this.vocabulary).map(({ text, boundary }): Word => {
      const spelling = standIn(text);
      return wordOf(spelling, boundary, this.book.lookUp(spelling, capitalised.has(spelling)), present);
    });
    return { words, hasAmount: AMOUNT.test(own), present };
  }

  /** How much of the text is in the words of each language, in words: the commonest count double, shared ones in part. */
  share({ words }: Text): Map<Language, number> {
    const shares = new Map<Language, number>();
    for (const { known } of words) {
      for (const having of [known.languages, known.everyday]) {
        for (const code of having) shares.set(code, (shares.get(code) ?? 0) + 1 / having.length);
      }
    }
    return shares;
  }

  /** What one language finds in the text. */
  read(text: Text, code: Language): Reading {
    const language = this.languages.get(code);
    if (!language) return { sentences: [], words: [] };
    const words = this.rewritten(text, language);
    const unpadded = words.filter(({ elements }) => !elements.has(language.fillers));
    for (const phrase of language.idle) silence(phrase, unpadded, language, text);

    const { sentences, sentenceOf, told } = tellByWord(words, code);
    const tell = (word: Word | undefined, concept: number): void => {
      const sentence = sentences[word ? (sentenceOf.get(word) ?? 0) : 0];
      if (sentence) sentence[concept] = 1;
    };
    for (const [need, phrases] of language.phrases) {
      if (text.present[need] !== 1) continue;
      for (const { concept, pattern } of phrases) {
        if (!isPossible(pattern.needs, text.present)) continue;
        for (const { first } of findAll(pattern, unpadded, language.openers)) tell(unpadded[first], concept);
      }
    }
    if (text.hasAmount) tell(words[0], MONEY);
    if (told[0]?.[YES]) tell(words[0], FIRST_YES);
    if (told[0]?.[NO] && isAlone(words, language)) tell(words[0], FIRST_NO);
    return { sentences, words: told };
  }

  /** The words with several-word forms of the language read as one; always new objects. */
  private rewritten({ words, present }: Text, language: Compiled): Word[] {
    const out: Word[] = [];
    for (let at = 0; at < words.length; at++) {
      const word = words[at];
      if (!word) break;
      const match = language.rewrites
        .get(word.text)
        ?.find(([rest]) => rest.every((next, i) => words[at + 1 + i]?.text === next));
      out.push(match ? wordOf(match[1], 0, this.book.lookUp(match[1], false), present) : { ...word });
      if (match) at += match[0].length;
    }
    return out;
  }
}

function wordOf(text: string, boundary: Token['boundary'], known: Known, present: Uint8Array): Word {
  for (const element of known.list) present[element] = 1;
  return { text, boundary, known, elements: known.elements, asRead: known.elements };
}

/** What single words tell, by sentence and by word; punctuation tells (a question mark) but is no word. */
function tellByWord(words: readonly Word[], code: Language) {
  const sentences: Told[] = [new Uint8Array(CONCEPTS.length)];
  const sentenceOf = new Map<Word, number>();
  const told: Told[] = [];
  for (const word of words) {
    const sentence = sentences.at(-1);
    const ofWord = new Uint8Array(CONCEPTS.length);
    sentenceOf.set(word, sentences.length - 1);
    for (const concept of word.elements === NOTHING ? [] : (word.known.tells.get(code) ?? [])) {
      ofWord[concept] = 1;
      if (sentence) sentence[concept] = 1;
    }
    if (word.text === '?' && sentence) sentence[ASK] = 1;
    if (IS_WORD.test(word.text)) told.push(ofWord);
    if (word.boundary === 2) sentences.push(new Uint8Array(CONCEPTS.length));
  }
  return { sentences, sentenceOf, told };
}

function silence({ pattern }: Phrase, words: readonly Word[], { openers }: Compiled, { present }: Text): void {
  if (!isPossible(pattern.needs, present)) return;
  for (const { first, last } of findAll(pattern, words, openers)) {
    for (const word of words.slice(first, last + 1)) word.elements = NOTHING;
  }
}

function isPossible(needs: readonly number[], present: Uint8Array): boolean {
  for (const element of needs) if (present[element] !== 1) return false;
  return true;
}

/** Whether the first word stands by itself ("no, we …", "nej tack"): else it says no to a verb only. */
function isAlone([, next]: readonly Word[], { polite }: Compiled): boolean {
  return !next || next.boundary > 0 || next.elements.has(polite);
}

/** All numbers are read alike, and all days of a month. */
function standIn(text: string): string {
  if (NUMBER.test(text)) return 'numtoken';
  return DAY_NUMBER.test(text) ? 'daytoken' : text;
}
