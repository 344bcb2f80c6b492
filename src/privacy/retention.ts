import type { Playbook } from '../tenants/index.ts';

/** Kept this long where a playbook does not say otherwise. */
const DEFAULT_KEEP_DAYS = 30;
/** No photo of a licence is older, even while a follow-up is paused and never ends. */
const HARD_LIMIT_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface CutOffs {
  /** By playbook: photos go when the last follow-up of their lead ended before this. */
  endedBefore: { playbook: string; at: Date }[];
  /** The same for leads of a playbook that is no longer there. */
  otherwise: Date;
  /** Photos stored before this go in any case. */
  storedBefore: Date;
}

/** Days that a photo is kept after the follow-up of its lead has ended. Pure. */
export const keepDaysOf = (field: Pick<Playbook['fields'][number], 'keepDays'> | undefined): number =>
  field?.keepDays ?? DEFAULT_KEEP_DAYS;

/** Which licence photos must be gone by `now` (business time). Pure. */
export function cutOffs(playbooks: readonly Pick<Playbook, 'key' | 'fields'>[], now: Date): CutOffs {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return {
    endedBefore: playbooks.map(({ key, fields }) => ({
      playbook: key,
      at: before(keepDaysOf(fields.find((field) => field.type === 'photo'))),
    })),
    otherwise: before(DEFAULT_KEEP_DAYS),
    storedBefore: before(HARD_LIMIT_DAYS),
  };
}
