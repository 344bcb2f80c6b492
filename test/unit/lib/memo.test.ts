import { describe, expect, test } from '@jest/globals';
import { memo } from '../../../src/lib/memo.ts';

/** A memo on a clock that is turned, whose loads are answered by hand. */
function opened(freshMs: number) {
  let now = 0;
  const loads: { answer(value: string): Promise<void>; fail(): Promise<void> }[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const known = memo({ machine: () => now }, freshMs, () => {
    return new Promise<string>((resolve, reject) => {
      loads.push({
        answer: (value) => {
          resolve(value);
          return settled();
        },
        fail: () => {
          reject(new Error('away'));
          return settled();
        },
      });
    });
  });
  return {
    known,
    loads,
    turnTo(ms: number) {
      now = ms;
    },
  };
}

describe('what is remembered for a second', () => {
  test('is loaded once for all who ask at once, and anew when it is no longer fresh', async () => {
    const { known, loads, turnTo } = opened(1000);
    const asked = [known.get('a'), known.get('a')];
    await loads[0]?.answer('one');
    expect(await Promise.all(asked)).toEqual(['one', 'one']);
    turnTo(1000);
    const later = known.get('a');
    await loads[1]?.answer('two');
    expect(await later).toBe('two');
    expect(loads).toHaveLength(2);
  });

  test('in use, it is loaded anew meanwhile, once, and nobody waits for it', async () => {
    const { known, loads, turnTo } = opened(1000);
    void known.get('a');
    await loads[0]?.answer('one');
    turnTo(501);
    expect(await Promise.all([known.get('a'), known.get('a')])).toEqual(['one', 'one']);
    expect(loads).toHaveLength(2);
    turnTo(900);
    await loads[1]?.answer('two');
    expect(await known.get('a')).toBe('two');
    turnTo(1500); // fresh until a second after it was asked for
    expect(await known.get('a')).toBe('two');
  });

  test('what was on its way when it was forgotten does not come back', async () => {
    const { known, loads, turnTo } = opened(1000);
    void known.get('a');
    await loads[0]?.answer('one');
    turnTo(600);
    await known.get('a');
    known.forget('a');
    const now = known.get('a');
    await loads[2]?.answer('changed');
    await loads[1]?.answer('before the change');
    expect(await now).toBe('changed');
    expect(await known.get('a')).toBe('changed');
  });

  test('a load that failed meanwhile leaves what is fresh, and is heard of after it', async () => {
    const { known, loads, turnTo } = opened(1000);
    void known.get('a');
    await loads[0]?.answer('one');
    turnTo(600);
    await known.get('a');
    await loads[1]?.fail();
    expect(await known.get('a')).toBe('one');
    turnTo(1001);
    const later = known.get('a');
    const heard = expect(later).rejects.toThrow('away');
    await loads[2]?.fail();
    await heard;
  });
});
