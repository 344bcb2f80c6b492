import { expect, test } from '@jest/globals';
import { createTurns } from '../../../src/lib/turns.ts';

function door() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('what was asked for first ends first under one key, also when it fails; another key does not wait', async () => {
  const inTurn = createTurns();
  const done: string[] = [];
  const slow = door();
  const first = inTurn('a', async () => {
    await slow.opened;
    done.push('first');
    throw new Error('refused');
  });
  const second = inTurn('a', async () => {
    done.push('second');
    return 2;
  });
  await inTurn('b', async () => {
    done.push('other');
  });
  expect(done).toEqual(['other']);
  slow.open();
  await expect(first).rejects.toThrow('refused');
  expect(await second).toBe(2);
  expect(await inTurn('a', async () => done.join())).toBe('other,first,second');
});
