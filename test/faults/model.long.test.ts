import { describe, expect, jest, test } from '@jest/globals';
import { explored, rulesWithout } from '../support/model/index.ts';
import type { Size } from '../support/model/state.ts';

jest.setTimeout(900_000);

const ONE: Size = { messages: ['cadence'], workers: 1, entries: 1, stops: 0, faults: 0, pauses: 0, resends: 0 };

const SIZES: Record<string, Size> = {
  'a stop against two workers': { ...ONE, stops: 1, workers: 2 },
  'a stop against a worker that is killed, frozen or cut off': { ...ONE, stops: 1, faults: 1 },
  'two workers of which one is killed, frozen or cut off': { ...ONE, workers: 2, faults: 1 },
  'one worker and two mishaps': { ...ONE, entries: 2, faults: 2 },
  'a worker that comes to hold a message twice, and a mishap': { ...ONE, entries: 2, faults: 1, pauses: 1 },
  'a pause, and a person who chooses': { ...ONE, pauses: 1, resends: 1 },
  'a notice, a stop and a person who chooses': { ...ONE, messages: ['notice'], stops: 1, resends: 1 },
};

/** As in `model.test.ts`, and larger: hundreds of thousands of states each. */
describe('every order in which more things may happen', () => {
  test.each(Object.entries(SIZES))('%s', (_, size) => {
    expect(explored(size, rulesWithout()).counterexample).toBeNull();
  });
});
