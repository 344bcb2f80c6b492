import { expect, jest, test } from '@jest/globals';
import { inWords, playSchedules } from '../support/schedules/index.ts';

jest.setTimeout(3_600_000);

test('a thousand random schedules: no message twice, none lost, none after a stop', async () => {
  expect(inWords(await playSchedules(1000))).toBe('');
});
