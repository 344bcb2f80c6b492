import { unleet } from './lookalikes.ts';
import type { Boundary } from './pattern.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A word as read, or the punctuation between two words. */
export interface Token {
  readonly text: string;
  readonly boundary: Boundary;
}

/** Tokens looked at; a real message has far fewer, and the cap bounds the work on hostile ones. */
const MOST_TOKENS = 700;

/** Folding can lengthen a text (one sign becomes a phrase); beyond this nothing is read. */
const LONGEST_FOLDED = 4_000;
const LONGEST_STARRED = 14;

const ADDRESS = /https?:\/\/\S+|www\.\S+|[^\s@]{1,64}@[^\s@]{1,255}\.\S{1,64}/g;
const NUMBER_SIGN = /(?<=\b(?:my|our|this|that|the|wrong|ur) )#(?!\w)/g;
const PHONE = /(?<!\w)\+?\d[\d ().-]{5,16}\d(?!\w)/g;
// apostrophes, and the colon of Swedish "sms:a", belong to the word
const INNER = /(?<=\p{L})['’ʼ‘´`:](?=\p{L})/gu;
const WORD_OR_BREAK =
  /\d+(?:[.:,]\d+)+|(?:[\p{L}\p{M}\p{N}]|[$@*+](?=[\p{L}\p{N}*]))+|[.!?;\n…।|]|[,:–—()/&"“”„«»¿¡]|(?<=\s)-+(?=\s)|\p{Extended_Pictographic}/gu;
const SENTENCE_END = /[.!?;\n…।|¿¡]/;
const IS_WORD = /[\p{L}\p{N}]/u;
const CLOCK_TIME = /^\d{1,2}(?:[:.]\d{2}(?:[ap]m)?|[ap]m)$/;
const ONE_LETTER = /^\p{L}$/u;

/** Beginnings of words people write together ("stoptextingme", "#leavemealone"). */
const GLUED_HEAD =
  /^(?:pls|please|plz|just)?(?:stop|quit|dont|donot|nomore|leaveme|removeme|unsub|sluta|lose|deleteme|takeme|optme|fuckoff|bandk|matk|matb)/;

/** Splits a folded text into words and breaks, reading disguised words ("s t o p", "st0p", "stoooop") as what they spell. */
export function tokenise(folded: string, vocabulary: Vocabulary): Token[] {
  const text = folded
    .slice(0, LONGEST_FOLDED)
    .replace(ADDRESS, ' urltoken ')
    .replace(PHONE, ' phonenumber ')
    .replace(NUMBER_SIGN, ' number ')
    .replace(INNER, '');
  const tokens: Token[] = [];
  for (const [piece] of text.matchAll(WORD_OR_BREAK)) {
    if (tokens.length >= MOST_TOKENS) break;
    if (IS_WORD.test(piece)) tokens.push(...repair(piece, vocabulary));
    else tokens.push({ text: piece, boundary: SENTENCE_END.test(piece) ? 2 : 1 });
  }
  return joinSpelled(withoutStaccato(tokens), vocabulary);
}

/** "Don't. Text. Me." is one sentence: breaks after every word are for emphasis. */
function withoutStaccato(tokens: readonly Token[]): readonly Token[] {
  const words = tokens.filter((token) => token.boundary === 0);
  const breaksInside = tokens.filter((token, at) => token.boundary > 0 && tokens[at + 1]?.boundary === 0).length;
  const isStaccato = words.length >= 3 && breaksInside >= words.length - 1;
  return isStaccato ? words : tokens;
}

function word(text: string): Token {
  return { text, boundary: 0 };
}

/** The known word or words a disguised or misspelt one stands for; itself if none. */
function repair(piece: string, vocabulary: Vocabulary): Token[] {
  if (CLOCK_TIME.test(piece)) return [word('clocktime')];
  if (vocabulary.holds(piece) || /^[\d.:,]+$/.test(piece)) return [word(piece)];
  const letters = piece.replace(/^[$@*+]+|[*]+$/g, '');
  for (const candidate of [letters, unleet(piece), unleet(letters), starred(letters), ...shortened(unleet(letters))]) {
    if (candidate && vocabulary.holds(candidate)) return [word(candidate)];
  }
  const meant = vocabulary.misspelt(letters);
  if (meant) return [word(meant)];
  if (vocabulary.knows(letters)) return [word(letters)];
  const parts = GLUED_HEAD.test(letters) ? unglue(letters, vocabulary) : undefined;
  return parts ? parts.map(word) : [word(letters || piece)];
}

/** "f*ck" and "st*p": the one word of a few that is usually starred out. */
function starred(text: string): string | undefined {
  if (!text.includes('*') || text.length > LONGEST_STARRED) return undefined;
  const shape = new RegExp(`^${text.replace(/[^\p{L}*]/gu, '').replace(/\*+/g, '\\p{L}{1,3}')}$`, 'u');
  return ['stop', 'fuck', 'fucking', 'unsubscribe'].find((candidate) => shape.test(candidate));
}

/** Drawn-out letters shortened to one or to two: "stoooop", "messsages". */
function shortened(text: string): string[] {
  if (!/(.)\1\1/u.test(text)) return /(.)\1/u.test(text) ? [text.replace(/(.)\1+/gu, '$1')] : [];
  return [text.replace(/(.)\1{2,}/gu, '$1'), text.replace(/(.)\1{2,}/gu, '$1$1'), text.replace(/(.)\1+/gu, '$1')];
}

/** The known words a string falls into without rest, longest first; undefined if it does not. */
function unglue(text: string, vocabulary: Vocabulary): string[] | undefined {
  if (text.length > 40) return undefined;
  const ways: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= text.length; end++) {
    for (let start = Math.max(0, end - 14); start < end && !ways[end]; start++) {
      const part = text.slice(start, end);
      const before = ways[start];
      if (before && part.length > 1 && vocabulary.knows(part)) ways[end] = [...before, part];
    }
  }
  const parts = ways[text.length];
  return parts && parts.length > 1 ? parts : undefined;
}

/** Words spelt letter by letter ("S T O P", "s.t.o.p") are joined where the letters make words we know. */
function joinSpelled(tokens: readonly Token[], vocabulary: Vocabulary): Token[] {
  const out: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    let end = at;
    let letters = '';
    for (let here = at; here < tokens.length; here++) {
      const token = tokens[here];
      if (!token) break;
      if (token.boundary > 0 && letters) continue;
      if (!ONE_LETTER.test(token.text)) break;
      letters += token.text;
      end = here;
    }
    const words = letters.length >= 3 ? spelled(letters, vocabulary) : undefined;
    if (words) {
      out.push(...words.map(word));
      at = end;
    } else {
      const token = tokens[at];
      if (token) out.push(token);
    }
  }
  return out;
}

function spelled(letters: string, vocabulary: Vocabulary): string[] | undefined {
  for (const candidate of [letters, ...shortened(letters)]) if (vocabulary.knows(candidate)) return [candidate];
  return unglue(letters, vocabulary);
}
