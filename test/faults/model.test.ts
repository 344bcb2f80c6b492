import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { explored, RULES, type Rule, rulesWithout } from '../support/model/index.ts';
import { MESSAGE_STATES, SEND_STATES, type Size } from '../support/model/state.ts';
import { DELIVERY, WRITERS } from '../support/model/tie.ts';

jest.setTimeout(120_000);

const ONE: Size = { messages: ['cadence'], workers: 1, entries: 1, stops: 0, faults: 0, pauses: 0, resends: 0 };

const SIZES: Record<string, Size> = {
  'a stop against one worker': { ...ONE, stops: 1 },
  'two workers': { ...ONE, workers: 2 },
  'a worker that is killed, frozen or cut off': { ...ONE, faults: 1 },
  'a pause': { ...ONE, pauses: 1 },
  'a person who chooses to send again': { ...ONE, resends: 1 },
};

/** Rules that are broken together, a size in which it shows, and what is seen then. */
const BROKEN: readonly { rules: readonly Rule[]; size: Partial<Size>; shows: RegExp }[] = [
  { rules: ['beginLooksAgain'], size: { stops: 1 }, shows: /in flight/ },
  { rules: ['beginKnowsClaim'], size: { pauses: 1, entries: 2 }, shows: /twice/ },
  { rules: ['unheardFirst'], size: { faults: 1, entries: 2 }, shows: /twice/ },
  { rules: ['unheardIsOwn'], size: { faults: 1, workers: 2 }, shows: /twice/ },
  { rules: ['deadline'], size: { faults: 1, workers: 2 }, shows: /twice/ },
  { rules: ['reconcileWaits'], size: { workers: 2 }, shows: /twice/ },
  { rules: ['noAnswerIsNone'], size: {}, shows: /twice/ },
  { rules: ['attemptCounts'], size: { faults: 1 }, shows: /its attempt does not/ },
  { rules: ['stopLooksAtSending'], size: { stops: 1 }, shows: /in flight/ },
  { rules: ['stopLooksApart'], size: { stops: 1 }, shows: /in flight/ },
  { rules: ['stopCancelsClaimed'], size: { stops: 1 }, shows: /in flight/ },
  { rules: ['replanWaits'], size: { stops: 1 }, shows: /in flight/ },
  // one of the two is enough
  { rules: ['guardReads', 'replanStops'], size: { stops: 1 }, shows: /after the stop/ },
  { rules: ['noticeStops'], size: { stops: 1, messages: ['notice'] }, shows: /after the stop/ },
  { rules: ['replanPauses'], size: { pauses: 1 }, shows: /although its follow-up goes on/ },
  { rules: ['reportWhole'], size: { faults: 1 }, shows: /its attempt does not/ },
  { rules: ['uncertainIsKept'], size: {}, shows: /twice/ },
];

describe('every order in which things may happen', () => {
  test.each(Object.entries(SIZES))('%s: once at most, never after a stop, and always to an end', (_, size) => {
    expect(explored(size, rulesWithout()).counterexample).toBeNull();
  });

  test.each(BROKEN)('shows what $rules is for', ({ rules, size, shows }) => {
    const { counterexample } = explored({ ...ONE, ...size }, rulesWithout(...rules));
    expect(counterexample?.broken).toMatch(shows);
    expect(counterexample?.trace.length).toBeGreaterThan(2);
  });

  test('every rule is broken once', () => {
    expect(new Set(BROKEN.flatMap(({ rules }) => rules))).toEqual(new Set(Object.keys(RULES)));
  });
});

describe('the model and the product', () => {
  const source = path.resolve(import.meta.dirname, '../../src');
  const states = (table: string) => {
    const schema = readFileSync(path.resolve(source, '../migrations/0001_create_ground_floor.sql'), 'utf8');
    const [, list = ''] =
      new RegExp(`create table ${table} \\([^;]*?state text not null check \\(state in \\(([^)]*)`).exec(schema) ?? [];
    return list
      .split(',')
      .map((name) => name.trim().replaceAll("'", ''))
      .sort();
  };

  test('know the same states', () => {
    expect([...MESSAGE_STATES, ...DELIVERY].sort()).toEqual(states('messages'));
    expect([...SEND_STATES].sort()).toEqual(states('sends'));
  });

  test('every file that changes the state of a message is a step, or has a reason not to be', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const writers = files.filter((file) => WRITES.test(readFileSync(path.join(source, file), 'utf8')));
    expect(writers.map((file) => file.replaceAll(path.sep, '/')).sort()).toEqual(Object.keys(WRITERS).sort());
  });
});

/** `update messages … set … state =` within one statement. */
const WRITES = /update messages\b[^`;]*?\bset\b[^`;]*?\bstate = /;
