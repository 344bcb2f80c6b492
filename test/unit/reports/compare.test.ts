import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chanceOf, compare, spanOf } from '../../../src/reports/compare.ts';

const tally = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([of, share]) => ({ of, hits: Math.round(of * share) }));

describe('chance', () => {
  test.each([
    // the tea of R. A. Fisher's lady: 3 of 4 against 1 of 4, and 4 of 4 against none
    [{ of: 4, hits: 3 }, { of: 4, hits: 1 }, 34 / 70],
    [{ of: 4, hits: 4 }, { of: 4, hits: 0 }, 2 / 70],
    // 1 of 10 against 11 of 14: R's fisher.test gives 0.002759
    [{ of: 12, hits: 1 }, { of: 12, hits: 9 }, 0.002759456],
  ])('%j against %j', (one, other, chance) => {
    expect(chanceOf(one, other)).toBeCloseTo(chance, 8);
  });

  test('is a share, the same from both sides, and 1 where both are alike', () => {
    fc.assert(
      fc.property(tally, tally, (one, other) => {
        const chance = chanceOf(one, other);
        expect(chance).toBeGreaterThan(0);
        expect(chance).toBeLessThanOrEqual(1);
        expect(chanceOf(other, one)).toBeCloseTo(chance, 6);
        expect(chanceOf(one, one)).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('the span of a share', () => {
  test('holds the share, lies between nothing and all, and narrows with more people', () => {
    fc.assert(
      fc.property(tally, ({ of, hits }) => {
        const span = spanOf({ of, hits });
        const wide = spanOf({ of: of * 10, hits: hits * 10 });
        if (!span || !wide) throw new Error('somebody was asked');
        expect(span.low).toBeLessThanOrEqual(hits / of + 1e-9);
        expect(span.high).toBeGreaterThanOrEqual(hits / of - 1e-9);
        expect(span.low).toBeGreaterThanOrEqual(0);
        expect(span.high).toBeLessThanOrEqual(1);
        expect(wide.high - wide.low).toBeLessThan(span.high - span.low);
      }),
    );
  });

  test('of 10 of 100 is 5.5 % to 17.4 %; of nobody there is none', () => {
    const span = spanOf({ of: 100, hits: 10 });
    expect([span?.low, span?.high].map((share) => share?.toFixed(4))).toEqual(['0.0552', '0.1744']);
    expect(spanOf({ of: 0, hits: 0 })).toBeNull();
  });
});

describe('what may be said', () => {
  const said = (...pairs: [number, number][]) => compare(pairs.map(([hits, of]) => ({ hits, of })));
  test('nothing of few people, few answers, or one wording', () => {
    expect(said([40, 49], [1, 400])).toEqual({ kind: 'too_few' });
    expect(said([9, 300], [0, 300])).toEqual({ kind: 'too_few' });
    expect(said([200, 300])).toEqual({ kind: 'too_few' });
  });

  test('no difference where chance makes one, a better one where it hardly does', () => {
    expect(said([20, 100], [28, 100]).kind).toBe('open');
    expect(said([10, 100], [40, 100])).toMatchObject({ kind: 'better', best: 1 });
    // one in twenty is not enough here: it would be told on many a day that people look
    expect(said([20, 100], [33, 100]).kind).toBe('open');
  });

  test('of three, the best has to stand out from both, and by more', () => {
    expect(said([10, 100], [40, 100], [41, 100]).kind).toBe('open');
    expect(said([10, 100], [12, 100], [45, 100])).toMatchObject({ kind: 'better', best: 2 });
  });

  test('wordings that work alike are rarely told apart, though people look after every fifty', () => {
    let told = 0;
    const trials = 300;
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    for (let trial = 0; trial < trials; trial++) {
      const tallies = [
        { of: 0, hits: 0 },
        { of: 0, hits: 0 },
      ];
      let fooled = false;
      for (let look = 0; look < 8 && !fooled; look++) {
        for (const each of tallies) {
          for (let n = 0; n < 50; n++) {
            each.of++;
            if (next() < 0.15) each.hits++;
          }
        }
        fooled = compare(tallies).kind === 'better';
      }
      if (fooled) told++;
    }
    // at one in twenty about a fifth of them would be
    expect(told / trials).toBeLessThan(0.06);
  });
});
