import type { MessageId } from '../lib/ids.ts';
import { NO_OPENING, type PlannedRow } from './enrol.ts';

/** A step of a running follow-up as it stands. */
export interface StandingStep {
  id: MessageId;
  step: string;
  state: string;
  reason: string | null;
  attempt: number;
}

/** What brings a running follow-up to another plan. */
export interface Replan {
  /** Messages that are planned anew, or again, as these rows say. */
  set: (Omit<PlannedRow, 'state'> & { state: 'scheduled' | 'held' })[];
  /** Messages that leave as planned, in other words. */
  reword: { id: MessageId; version: string; trial: string | null }[];
  add: PlannedRow[];
  drop: MessageId[];
}

/** A step that was planned once and is not any more; it never left, so it may be planned again. */
export const REPLANNED = 'replanned';
/** Why a message is held that finds its way by being planned anew. */
const NO_WAY = new Set([
  'no_address',
  'no_sender',
  'template_needed',
  'us_marketing',
  'dlt_template_needed',
  NO_OPENING,
]);

/**
 * Lays a new plan over what has happened: whatever left, was tried or was decided stays as it is, so no step goes twice.
 * A planned step that moves to a time that has passed leaves at `opening`; one that is new to this follow-up and already
 * past is left out. `waiting` is the reason for which a paused follow-up waits. Pure.
 */
export function replan(input: {
  standing: readonly StandingStep[];
  planned: readonly PlannedRow[];
  /** Steps that leave at another time, in another text or by another channel than before. */
  changed: ReadonlySet<string>;
  waiting: string | null;
  now: Date;
  opening: Date;
}): Replan {
  const { standing, planned, changed, waiting, now, opening } = input;
  const result: Replan = { set: [], reword: [], add: [], drop: [] };
  const known = new Map(standing.map((step) => [step.step, step]));
  const wanted = new Set(planned.map((row) => row.step));

  for (const step of standing) if (isUntouched(step) && !wanted.has(step.step)) result.drop.push(step.id);
  for (const row of planned) {
    const step = known.get(row.step);
    const ahead = row.dueAt > now;
    const held = waiting === null ? {} : { state: 'held' as const, reason: waiting };
    if (!step) {
      if (ahead) result.add.push({ ...row, ...held });
    } else if (step.state === 'cancelled' && step.reason === REPLANNED) {
      if (ahead) result.set.push({ ...row, ...held, id: step.id });
    } else if (isUntouched(step)) {
      if (!changed.has(row.step)) {
        result.reword.push({ id: step.id, version: row.version, trial: row.trial });
        continue;
      }
      const stays = step.state === 'held' && !NO_WAY.has(step.reason ?? '');
      const state = waiting === null && stays ? { state: 'held' as const, reason: step.reason } : held;
      result.set.push({ ...row, ...state, id: step.id, dueAt: ahead ? row.dueAt : opening });
    }
  }
  return result;
}

/** Planned, and no gateway has heard of it. */
const isUntouched = ({ state, attempt }: StandingStep) => attempt === 0 && (state === 'scheduled' || state === 'held');
