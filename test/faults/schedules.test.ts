import { expect, jest, test } from '@jest/globals';
import { inWords, playSchedules } from '../support/schedules/index.ts';

jest.setTimeout(120_000);

test('a few random schedules: no message twice, none lost, none after a stop, no deadlock', async () => {
  expect(inWords(await playSchedules(15))).toBe('');
});
