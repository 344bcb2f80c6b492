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
 * - `responded` (by how long it took): when the lead was logged; our first message to it, whoever wrote that
 * - `asked`, `answered` (by who answered, and how long it took): when the customer asked
 * - `revenue` (by source; `total` in hundredths): when a deal with a value was won
 * - `cohort_*` (by source; `cohort_revenue` with a `total` in hundredths) and `stage` (by stage): when the lead was logged
 * - `trial_*` (by trial, wording as template, channel), once for each lead: when the message of the trial left
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
  'responded',
  'revenue',
  'cohort_qualified',
  'cohort_revenue',
  'trial_sent',
  'trial_replied',
  'trial_opted_out',
  'trial_booked',
  'trial_won',
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
  /** Sum of seconds; of money, in hundredths. */
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
  /** A lead that was in one of them is qualified; none where the playbook does not tell. */
  qualified: ReadonlySet<string>;
  /** By step: its day and its template. */
  steps: ReadonlyMap<string, { day: number; template: string }>;
}

/** What a message costs on a channel, as the senders' own prices have it; one amount for each currency they are in. */
export interface ChannelPrice {
  channel: string;
  amount: number;
  currency: string;
}
