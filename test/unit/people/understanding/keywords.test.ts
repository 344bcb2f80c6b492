import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isKeywordStop, understand } from '../../../../src/people/understanding/index.ts';

// Twilio's default opt-out words on long codes, the last two since 14 May 2025
const TWILIO_WORDS = ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'];

const OTHER_WORDS = [
  ...['REMOVE', 'ARRET', 'Arrêt', 'TD', 'OPT-OUT', 'opt out', 'STOP ALL', 'unsub', 'exit'],
  ...['STOPP', 'Sluta', 'AVSLUTA', 'Avregistrera', 'avanmäl', 'avprenumerera'],
  ...['ABMELDEN', 'abbestellen', 'aufhören', 'BAJA', 'alto', 'parar', 'cancelar', 'basta', 'salir'],
  ...['band karo', 'band kar do', 'बंद करो', 'बन्द करो', 'रोको', 'mat bhejo', 'DND'],
  ...['désabonner', 'sair', 'descadastrar', 'slutt', 'meld av', 'afmeld', 'frameld', 'стоп'],
];

const CYRILLIC: Record<string, string> = { S: 'Ѕ', T: 'Т', O: 'О', P: 'Р', A: 'А', B: 'В', C: 'С', E: 'Е', K: 'К' };

const spelled = (word: string, between: string) => [...word].join(between);
const shifted = (word: string, first: number) =>
  [...word].map((letter) => String.fromCodePoint(first + letter.charCodeAt(0) - 65)).join('');

const SPELLINGS: Record<string, (word: string) => string> = {
  'lower case': (word) => word.toLowerCase(),
  'mixed case': (word) => word.replace(/./g, (letter, i) => (i % 2 ? letter.toLowerCase() : letter)),
  'full stop': (word) => `${word}.`,
  'exclamation marks': (word) => `${word}!!!`,
  quotes: (word) => `"${word}"`,
  emoji: (word) => `${word} 🛑`,
  spaced: (word) => spelled(word, ' '),
  dotted: (word) => spelled(word, '.'),
  hyphens: (word) => spelled(word, '-'),
  'full width': (word) => shifted(word, 0xff21),
  'mathematical bold': (word) => shifted(word, 0x1d400),
  circled: (word) => shifted(word, 0x24b6),
  Cyrillic: (word) => word.replace(/./g, (letter) => CYRILLIC[letter] ?? letter),
  'zero-width': (word) => spelled(word, '\u200b'),
  'soft hyphen': (word) => spelled(word, '\u00ad'),
  'drawn out': (word) => word.replace(/[OEU]/, (letter) => letter.repeat(5)),
  politeness: (word) => `${word.toLowerCase()} pls`,
  'line breaks': (word) => `\r\n${word}\n\n`,
};

describe.each(TWILIO_WORDS)('%s alone is always an opt-out (COMPLIANCE T1.1)', (word) => {
  test.each(Object.entries(SPELLINGS))('%s', (_name, spell) => {
    expect(understand(spell(word))).toMatchObject({ kind: 'opt_out', scope: 'all', rule: 'keyword' });
  });
});

test.each(OTHER_WORDS)('"%s" alone is an opt-out', (word) => {
  for (const text of [word, word.toLowerCase(), word.toUpperCase(), `${word}!`, `  ${word} 🙏`]) {
    expect(understand(text)).toMatchObject({ kind: 'opt_out', scope: 'all' });
  }
});

test.each([
  ...['stop pls', 'please stop', 'STOP karo yaar', 'ok stop bro', 'nej stopp tack', 'stopp bitte', 'STOP por favor'],
  ...['$top', 'st0p', 'st*p', 'stahp', 'S_T_O_P', 'STOP STOP STOP', 'ST OP', '🅂🅃🄾🄿', '🇸 🇹 🇴 🇵', 'stoptextingme'],
])('a disguised or padded stop counts: %s', (text) => {
  expect(understand(text)).toMatchObject({ kind: 'opt_out', scope: 'all' });
});

test('spaces, punctuation and emoji around a keyword never change what it means', () => {
  const around = fc.string({
    unit: fc.constantFrom(' ', '\t', '\n', '.', '!', '?', ',', '…', '🙏', '🛑', '😡', '"', '(', ')'),
  });
  const words = fc.constantFrom(...TWILIO_WORDS, ...OTHER_WORDS, 'START', 'HELP');
  fc.assert(
    fc.property(around, words, around, (before, word, after) => {
      const { keyword: _mine, ...padded } = { keyword: false, ...understand(`${before}${word}${after}`) };
      const { keyword: _its, ...bare } = { keyword: false, ...understand(word) };
      expect(padded).toEqual(bare);
    }),
  );
});

test('only what the gateway itself acts on is marked as its keyword', () => {
  for (const text of ['STOP', ' stop ', 'Unsubscribe\n', 'OPTOUT']) {
    expect(isKeywordStop(text)).toBe(true);
    expect(understand(text)).toMatchObject({ keyword: true });
  }
  for (const text of ['STOP.', 'stop please', 'opt out', 'STOPP', 'ЅТОР', 'I said stop']) {
    expect(isKeywordStop(text)).toBe(false);
    expect(understand(text)).toMatchObject({ kind: 'opt_out', keyword: false });
  }
});

test('START and UNSTOP opt in, a bare YES does not (COMPLIANCE T1.4)', () => {
  for (const text of ['START', 'start', 'Unstop!', 'ＳＴＡＲＴ']) expect(understand(text).kind).toBe('opt_in');
  for (const text of ['yes', 'YES', 'Yes!', 'ja', 'sí', 'start when you like', 'can we start at 5?', 'subscribe']) {
    expect(understand(text).kind).toBe('message');
  }
});

test('HELP and its likes ask for help, alone only', () => {
  for (const text of ['HELP', 'info', 'Hjälp', 'AYUDA', 'hilfe!', 'मदद'])
    expect(understand(text)).toEqual({ kind: 'help' });
  for (const text of ['info please', 'thanks for your help', 'send info'])
    expect(understand(text).kind).toBe('message');
});
