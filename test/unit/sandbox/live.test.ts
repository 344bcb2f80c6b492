import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Database } from '../../../src/db/index.ts';
import { createClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createSandboxClock } from '../../../src/sandbox/clock.ts';
import { createGuests } from '../../../src/sandbox/guests.ts';
import { createLive } from '../../../src/sandbox/live/index.ts';
import { createMischief } from '../../../src/sandbox/mischief.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const SECOND = 1000;
const HOUR = 3600 * SECOND;

function openLive() {
  let asked = 0;
  const query = async () => {
    asked++;
    return [];
  };
  const db = { system: { query } } as unknown as Database;
  const clock = createClock();
  const standIns = { stop: async () => {} };
  const live = createLive({
    db,
    clock,
    standIns,
    log: createLogger('silent'),
    turner: createSandboxClock({ db, clock }),
    playbooks: {
      all: [],
      get standard(): never {
        throw new Error('there is no playbook');
      },
      get: () => {
        throw new Error('there are no leads');
      },
    },
    mischief: createMischief(standIns),
    guests: createGuests(),
    scene: {
      workspace: null,
      version: '1',
      commands: [],
      shortcuts: [],
      messageShortcuts: [],
      canReset: false,
      senders: {},
    },
  });
  return { live, asked: () => asked };
}

test('the database is read about once a second while somebody watches, and not at all while nobody does', async () => {
  const { live, asked } = openLive();
  await jest.advanceTimersByTimeAsync(HOUR);
  expect(asked()).toBe(0);

  const [one, other] = await Promise.all([live.watch(() => {}), live.watch(() => {})]);
  const eachTime = asked() / 2; // both read once at least
  await jest.advanceTimersByTimeAsync(60 * SECOND);
  const times = asked() / eachTime;
  expect(times).toBeGreaterThan(50);
  expect(times).toBeLessThan(75);

  one.end();
  one.end();
  const before = asked();
  await jest.advanceTimersByTimeAsync(5 * SECOND);
  expect(asked()).toBeGreaterThan(before);
  other.end();
  await jest.advanceTimersByTimeAsync(SECOND);
  const after = asked();
  await jest.advanceTimersByTimeAsync(HOUR);
  expect(asked()).toBe(after);
  expect(jest.getTimerCount()).toBe(0);
});

test('once it is stopped nobody watches any more', async () => {
  const { live, asked } = openLive();
  await live.watch(() => {});
  live.stop();
  await jest.advanceTimersByTimeAsync(SECOND);
  const after = asked();
  await expect(live.watch(() => {})).rejects.toMatchObject({ code: 'unavailable' });
  await jest.advanceTimersByTimeAsync(HOUR);
  expect(asked()).toBe(after);
  expect(jest.getTimerCount()).toBe(0);
});
