import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedRow } from '../../../src/cadence/enrol.ts';
import { REPLANNED, replan, type StandingStep } from '../../../src/cadence/replan.ts';
import { derivedId, type MessageId } from '../../../src/lib/ids.ts';

const NOW = new Date('2026-11-25T09:00:00Z');
const OPENING = new Date('2026-11-25T10:00:00Z');
const STEPS = ['day_0', 'day_2', 'day_5', 'day_7', 'day_14'];
const row = (step: string, hours: number): PlannedRow => ({
  id: derivedId<MessageId>('new', step),
  step,
  template: 'drive_follow_up_1',
  version: 'v2',
  language: 'sv',
  channel: 'sms',
  accountId: null,
  addressId: null,
  priority: 2,
  dueAt: new Date(NOW.getTime() + hours * 3_600_000),
  state: 'scheduled',
  trial: null,
  reason: null,
});
const standing = fc.subarray(STEPS).chain((keys) =>
  fc.tuple(
    ...keys.map((step) =>
      fc.record<StandingStep>({
        id: fc.constant(derivedId<MessageId>('old', step)),
        step: fc.constant(step),
        state: fc.constantFrom('scheduled', 'held', 'sent', 'read', 'uncertain', 'failed', 'skipped', 'cancelled'),
        reason: fc.constantFrom(null, REPLANNED, 'template_needed', 'cannot_be_written: car'),
        attempt: fc.integer({ min: 0, max: 1 }),
      }),
    ),
  ),
);
const planned = fc
  .subarray(STEPS)
  .chain((keys) => fc.tuple(...keys.map((step) => fc.integer({ min: -200, max: 200 }).map((h) => row(step, h)))));

describe('a new plan over a running follow-up', () => {
  test('no step twice, none lost, and nothing that was tried is touched', () => {
    fc.assert(
      fc.property(standing, planned, fc.subarray(STEPS), fc.boolean(), (old, rows, changed, paused) => {
        const waiting = paused ? 'paused' : null;
        const result = replan({
          standing: old,
          planned: rows,
          changed: new Set(changed),
          waiting,
          now: NOW,
          opening: OPENING,
        });
        const free = (each: StandingStep) => each.attempt === 0 && ['scheduled', 'held'].includes(each.state);
        const back = (each: StandingStep) => each.state === 'cancelled' && each.reason === REPLANNED;
        const touched = [...result.set, ...result.reword].map(({ id }) => id).concat(result.drop);
        expect(new Set(touched).size).toBe(touched.length);
        for (const id of touched) expect(old.some((each) => each.id === id && (free(each) || back(each)))).toBe(true);
        // twice: a step that has a row never gets another
        for (const { step } of result.add) expect(old.map((each) => each.step)).not.toContain(step);
        for (const each of rows) {
          const known = old.find(({ step }) => step === each.step);
          const lives = touched.includes(known?.id as MessageId) && !result.drop.includes(known?.id as MessageId);
          // lost: what is planned and free still leaves; what is new leaves unless its time has passed
          if (known && free(known)) expect(lives).toBe(true);
          if (!known) expect(result.add.some(({ step }) => step === each.step)).toBe(each.dueAt > NOW);
        }
        for (const each of [...result.set, ...result.add]) {
          expect(each.dueAt.getTime()).toBeGreaterThan(NOW.getTime());
          if (paused) expect(each.state).toBe('held');
        }
        expect(result.drop.toSorted()).toEqual(
          old
            .filter((each) => free(each) && !rows.some(({ step }) => step === each.step))
            .map(({ id }) => id)
            .toSorted(),
        );
      }),
      { numRuns: 300 },
    );
  });
});
