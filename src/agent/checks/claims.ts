import { CLAIMS, DAYS, DEFERS, TAG } from './claim-words.ts';
import { CURRENCY, NUMBER_WORDS, PERCENT } from './number-words.ts';
import { plainForm } from './plain.ts';
import type { CheckCode, Finding } from './types.ts';

const bounded = (pattern: string) =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${pattern})(?![\\p{L}\\p{M}\\p{N}])`, 'gu');
/** All at once: most sentences claim nothing, and one pass over them says so. */
const ANY_CLAIM = new RegExp(bounded(CLAIMS.flatMap(({ patterns }) => patterns).join('|')).source, 'u');
const CLAIM_PATTERNS = CLAIMS.map(({ code, weak, patterns }) => ({ code, weak, patterns: patterns.map(bounded) }));

const MONEY = new RegExp(CURRENCY, 'u');
const SHARE = new RegExp(PERCENT, 'u');
const NUMBER = /[\p{N}](?:[^\p{L}\p{N}\n]{0,3}[\p{N}])*/gu;
/** Letters one by one, words of two alphabets: written so that it is read by people and not by programs. */
const SPELT = /(?<![\p{L}\p{N}])(?:\p{L}[\s.\-_*·,|/]{1,3}){3,}\p{L}(?![\p{L}\p{N}])/gu;

const WORDS: Record<string, string> = {
  price: 'it names a price or an amount that is not in your facts',
  percent: 'it names a percentage that is not in your facts',
  number: 'it has a number that is neither in your facts nor a time that was offered',
  contact: 'it has a phone number that is not yours',
  discount: 'it speaks of a discount or an offer that is not in your facts',
  availability: 'it says what is in stock, available or reserved, and your facts do not',
  finance: 'it speaks of leasing, loans or instalments, and your facts do not say it like this',
  delivery: 'it speaks of delivery, and your facts do not say it like this',
  promise: 'it promises something that is not in your facts',
  others: 'it speaks of other customers',
  obfuscated: 'parts of it are spelt in a disguised way',
};

const finding = (code: CheckCode, found: string): Finding => ({
  code,
  found: found.trim().slice(0, 80),
  words: WORDS[code] ?? code,
});

/** What a plain text claims, once everything that is supported has been taken out of it. At most one finding a code. */
export function claimsIn(plain: string): Finding[] {
  const found = [...spelt(plain), ...numbers(plain), ...plain.split(/(?<=[.!?…।\n])/).flatMap(wordClaims)];
  const codes = new Set<CheckCode>();
  return found.filter(({ code }) => !codes.has(code) && codes.add(code));
}

/** The same for a text as it is written, with nothing to support it. */
export const claimFindings = (text: string): Finding[] => claimsIn(plainForm(text));

function spelt(plain: string): Finding[] {
  return [...plain.matchAll(SPELT)].map(([text]) => finding('obfuscated', text));
}

function numbers(plain: string): Finding[] {
  const digits = [...plain.matchAll(NUMBER)].map((match) => {
    const around = plain.slice(Math.max(0, match.index - 12), match.index + match[0].length + 16);
    return finding(kindOf(match[0], around), around);
  });
  const words = NUMBER_WORDS.flatMap((pattern) =>
    [...plain.matchAll(pattern)].map((match) => {
      const around = plain.slice(Math.max(0, match.index - 8), match.index + match[0].length + 16);
      return finding(kindOf('', around), match[0]);
    }),
  );
  const money = MONEY.exec(plain);
  const share = SHARE.exec(plain);
  return [
    ...digits,
    ...words,
    ...(money ? [finding('price', money[0])] : []),
    ...(share ? [finding('percent', share[0])] : []),
  ];
}

function kindOf(number: string, around: string): CheckCode {
  if (SHARE.test(around)) return 'percent';
  if (MONEY.test(around)) return 'price';
  return number.replace(/\P{N}/gu, '').length >= 7 ? 'contact' : 'number';
}

function wordClaims(sentence: string): Finding[] {
  if (!ANY_CLAIM.test(sentence)) return [];
  const asks = sentence.trimEnd().endsWith('?') && !TAG.test(sentence);
  const harmless = (asks || DEFERS.test(sentence)) && !/\p{N}/u.test(sentence) && !DAYS.test(sentence);
  return CLAIM_PATTERNS.flatMap(({ code, weak, patterns }) =>
    weak && harmless
      ? []
      : patterns.flatMap((pattern) => [...sentence.matchAll(pattern)].map(([text]) => finding(code, text))),
  );
}
