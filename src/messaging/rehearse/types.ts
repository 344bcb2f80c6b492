import type { PersonPlace } from '../../people/index.ts';
import type { Playbook, Routing, Settings, Tenant } from '../../tenants/index.ts';
import type { ChannelName } from '../port.ts';

/**
 * A rehearsal plays a follow-up on a virtual clock, with the planner, the guard and the writing that real messages go
 * through. Nothing is stored, nothing is sent.
 *
 * Glossary: *stage* the business it is played for; *script* who the customer is, when it starts and what they do;
 * *timeline* what happens, in order; *fate* what becomes of one message; *problem* a rule that the plan breaks.
 */

/** The business that a follow-up is rehearsed for. */
export interface Stage {
  playbook: Playbook;
  tenant: Tenant;
  settings: Settings;
  routing: Routing;
  /** Who looks after the customer. */
  salesperson: string | null;
  publicUrl: string;
}

export interface Script {
  /** IANA zone that the customer's number belongs to. */
  zone: string;
  /** ISO 639-1; null leaves it to the number's country, as at capture. */
  language: string | null;
  /** When the lead is logged. */
  start: Date;
  /** What the customer does, so many calendar days after the start. */
  ending?: Ending;
  /** The one channel that reaches the customer. */
  only?: ChannelName;
  /** The stage that the lead enters at the start; left out, it has just come. */
  after?: string;
  /** What the customer has answered of what steps ask for; left out, what the first such step asks for. */
  answers?: Readonly<Record<string, string>>;
}

export interface Ending {
  kind: 'reply' | 'opt_out';
  day: number;
}

/** The made-up customer, as capture would store them. */
export interface SampleCustomer {
  name: string;
  phone: string;
  language: string;
  zone: string;
  place: PersonPlace;
}

export type Fate =
  | { kind: 'sent'; channel: ChannelName; template: boolean; body: string }
  /** It waits for a person: `reason` as in the ledger. */
  | { kind: 'held'; reason: string }
  | { kind: 'skipped'; reason: string }
  | { kind: 'cancelled'; reason: string }
  /** There is no plan at all: `failure` of the rehearsal says why. */
  | { kind: 'unplanned' };

/** A planned message. `at` is when it left, or when its time came and it did not. */
export interface StepEntry {
  kind: 'step';
  step: string;
  day: number;
  /** Key and language of the text that the customer reads. */
  template: string;
  language: string | null;
  /** The local time of its day that the plan asks for. */
  wanted: Date;
  at: Date;
  fate: Fate;
  /** Why the guard let it wait, once for each time. */
  waited: readonly string[];
  /** Why the first channel of the playbook did not carry it. */
  instead: { channel: ChannelName; reason: string } | null;
}

/** One of the product's own texts, sent because of what the customer did. */
export interface NoticeEntry {
  kind: 'notice';
  template: string;
  language: string;
  at: Date;
  fate: Fate;
}

/** What the customer did, and how many planned messages were cancelled by it. */
export interface EndingEntry extends Ending {
  at: Date;
  cancelled: number;
}

export type Entry = StepEntry | NoticeEntry | EndingEntry;

export interface Rehearsal {
  customer: SampleCustomer;
  start: Date;
  /** The stage whose sequence was played; null: what follows a lead's arrival. */
  after: string | null;
  /** By field: steps that are for other answers have no part in it. */
  answers: Readonly<Record<string, string>>;
  /** In order of time. */
  timeline: readonly Entry[];
  /** Why nothing could be planned, in words; null when there is a plan. */
  failure: string | null;
}

export type Rule =
  | 'outside_hours'
  | 'missing_template'
  | 'missing_translation'
  | 'cannot_be_written'
  | 'window'
  | 'too_close'
  | 'order'
  | 'not_sent'
  | 'no_plan'
  | 'lost';

/** A rule that the plan breaks. `message` goes on from the step's name: `asks for 21:30, …`. */
export interface Problem {
  rule: Rule;
  /** Step or notice; null when the whole plan is meant. */
  step: string | null;
  /** ISO 639-1, where it is the words of one language. */
  language: string | null;
  /** File below the playbooks' folder and the place in it. */
  where: string;
  message: string;
  /** Code of the ledger, when a message did not leave. */
  reason: string | null;
}

export const isStep = (entry: Entry): entry is StepEntry => entry.kind === 'step';
