import { describe, expect, test } from '@jest/globals';
import { compilePattern, findAll } from '../../../../src/people/understanding/pattern.ts';

const WORDS = ['stop', 'texting', 'me', 'please', 'and', 'by', 'the', 'bus'];
const elementOf = (set: string) => {
  const id = WORDS.indexOf(set);
  if (id < 0) throw new Error(`not in this test's words: ${set}`);
  return id;
};
const AND = WORDS.indexOf('and');

function matches(pattern: string, text: string): string[] {
  const tokens = text.split(' ').map((word) => {
    const elements = new Set(WORDS.includes(word) ? [WORDS.indexOf(word)] : []);
    return { word, boundary: word === '.' ? 2 : word === ',' ? 1 : 0, elements, asRead: elements } as const;
  });
  return findAll(compilePattern(pattern, elementOf), tokens, AND).map(({ first, last }) =>
    tokens
      .slice(first, last + 1)
      .map((token) => token.word)
      .join(' '),
  );
}

describe('patterns over words', () => {
  test.each([
    ['stop texting', 'now stop texting', ['stop texting']],
    ['stop ..1 me', 'stop texting me', ['stop texting me']],
    ['stop ..1 me', 'stop all that texting me', []],
    ['stop ..3 me', 'stop , me', []],
    ['stop ,,3 me', 'stop , me', ['stop , me']],
    ['stop ,,3 me', 'stop . me', []],
    ['stop ::3 me', 'stop . me', ['stop . me']],
    ['stop texting? me', 'stop me', ['stop me']],
    ['stop me|$', 'stop', ['stop']],
    ['^ stop $', 'no , stop', ['stop']],
    ['^ stop $', 'this and stop and', ['stop']],
    ['^ stop $', 'bus stop', []],
    ['stop !by', 'stop by', []],
    ['stop !by', 'stop there', ['stop']],
    ['<!bus stop', 'bus stop', []],
    ['stop', 'stop stop', ['stop', 'stop']],
  ])('%j in %j', (pattern, text, expected) => {
    const sets = pattern.replace('me|$', '$|me');
    expect(matches(sets, text)).toEqual(expected);
  });

  test('a pattern without a word is refused', () => {
    expect(() => compilePattern('^ ..3 $', elementOf)).toThrow(/names no word/);
  });
});
