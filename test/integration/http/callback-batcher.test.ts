import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBatcher } from '../../../src/http/callback-batcher.ts';

/** A batcher whose batches end when they are told to. */
function batcher(changes: { maxItems?: number; maxWaitMs?: number; concurrency?: number } = {}) {
  const batches: { items: string[]; done(): void; fail(error: unknown): void }[] = [];
  const { add } = createBatcher<string>({
    run: (items) => new Promise((done, fail) => batches.push({ items, done, fail })),
    maxItems: 3,
    maxWaitMs: 1,
    concurrency: 1,
    divides: (error) => error === 'divide',
    ...changes,
  });
  const begun = async (count: number) => {
    while (batches.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
    return batches[count - 1] as (typeof batches)[number];
  };
  return { add, begun, batches };
}

const outcomes = async (added: Promise<void>[]) => (await Promise.allSettled(added)).map(({ status }) => status);

describe('the batcher', () => {
  test('runs what arrives together as one batch, and answers every item', async () => {
    const { add, begun, batches } = batcher();
    const added = [add('a'), add('b')];
    const first = await begun(1);
    expect(first.items).toEqual(['a', 'b']);
    first.done();
    expect(await outcomes(added)).toEqual(['fulfilled', 'fulfilled']);
    expect(batches.length).toBe(1);
  });

  test('does not wait when the batch is full', async () => {
    const { add, batches } = batcher({ maxWaitMs: 60_000 });
    const added = [add('a'), add('b'), add('c')];
    expect(batches.map(({ items }) => items)).toEqual([['a', 'b', 'c']]);
    batches[0]?.done();
    await Promise.all(added);
  });

  test('collects the next batch while one runs, and starts it as soon as there is room', async () => {
    const { add, begun, batches } = batcher();
    const added = [add('a')];
    const first = await begun(1);
    added.push(add('b'), add('c'), add('d'), add('e'));
    expect(batches.length).toBe(1);
    first.done();
    const second = await begun(2);
    expect(second.items).toEqual(['b', 'c', 'd']);
    second.done();
    const third = await begun(3);
    expect(third.items).toEqual(['e']);
    third.done();
    expect(await outcomes(added)).toEqual(Array(5).fill('fulfilled'));
  });

  test('gives a failure to every item of its batch and to no other', async () => {
    const { add, begun } = batcher({ concurrency: 2 });
    const results = outcomes([add('a'), add('b'), add('c'), add('d')]);
    (await begun(1)).fail('database down');
    (await begun(2)).done();
    expect(await results).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });

  test('whatever arrives, each item is run until it succeeds once or fails alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        async (spoiled, maxItems, concurrency) => {
          const succeeded: number[] = [];
          let running = 0;
          const { add } = createBatcher<number>({
            async run(items) {
              running++;
              expect(running).toBeLessThanOrEqual(concurrency);
              expect(items.length).toBeLessThanOrEqual(maxItems);
              await new Promise(setImmediate);
              running--;
              if (items.some((item) => spoiled[item])) throw 'divide';
              succeeded.push(...items);
            },
            maxItems,
            maxWaitMs: 0,
            concurrency,
            divides: () => true,
          });
          const results = await outcomes(spoiled.map((_, item) => add(item)));
          expect(results).toEqual(spoiled.map((bad) => (bad ? 'rejected' : 'fulfilled')));
          expect(succeeded.sort((a, b) => a - b)).toEqual(spoiled.flatMap((bad, item) => (bad ? [] : [item])));
        },
      ),
      { numRuns: 60 },
    );
  });
});
