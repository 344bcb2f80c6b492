/*
 * Words of this room
 *   measure     one thing that is counted: drives, replies, deals …
 *   count       so many of a measure on one day, by what it is told apart
 *   generation  one counting of the whole event log
 *   cohort      the leads logged in a period, whatever happened to them later
 */

/**
 * What is counted, and on which day:
 * - `captured` (by source), `contacted`, `replies` (a lead's first), `opted_out`, `won`, `lost`, `recovered`: when it happened
 * - `sent` (by step or purpose, template, channel), `replied_to` and `opted_out_after` (likewise): when that message left
 * - `asked`, `answered` (by who answered, and how long it took): when the customer asked
 * - `cohort_*` (by source) and `stage` (by stage): when the lead was logged
 */
export const MEASURES = [
  'captured',
  'contacted',
  'replies',
  'opted_out',
  'won',
  'lost',
  'recovered',
  'sent',
  'replied_to',
  'opted_out_after',
  'asked',
  'answered',
  'cohort_contacted',
  'cohort_replied',
  'cohort_won',
  'cohort_lost',
  'cohort_recovered',
  'stage',
] as const;
export type Measure = (typeof MEASURES)[number];

/** So many of a measure. `day` is `YYYY-MM-DD` in the tenant's zone. */
export interface Count {
  day: string;
  measure: Measure;
  key: string;
  template: string;
  channel: string;
  /** Lower bound of the class of an answer's time. */
  seconds: number;
  n: number;
  /** Sum of seconds. */
  total: number;
}

/** An event of a lead, as the counting reads it. */
export interface Told {
  type: string;
  at: Date;
  /** Local day of the tenant. */
  day: string;
  data: Record<string, unknown>;
}

/** What a playbook says about stages and steps. */
export interface Rules {
  start: string;
  won: ReadonlySet<string>;
  lost: ReadonlySet<string>;
  /** By step: its day and its template. */
  steps: ReadonlyMap<string, { day: number; template: string }>;
}
