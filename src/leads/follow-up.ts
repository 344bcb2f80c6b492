import type { Tx } from '../db/index.ts';
import type { NewEffect, NewEvent } from '../events/index.ts';
import type { AddressId, EnrolmentId, LeadId, PersonId } from '../lib/ids.ts';
import type { NewPerson } from '../people/index.ts';
import type { Playbook, Tenant } from '../tenants/index.ts';

/** What a lead looks like to the room that follows it up. */
export interface CapturedLead {
  leadId: LeadId;
  person: NewPerson;
  addresses: { id: AddressId; kind: 'phone' | 'email'; value: string; unreachable: string[] }[];
  suppressed: string[];
  playbook: Playbook;
  tenant: Tenant;
  capturedAt: Date;
  /** What is known of it, by field of the playbook: some steps are for some answers only. */
  fields: Readonly<Record<string, string>>;
  /** Of its score; undefined where leads are not scored. */
  band?: string | undefined;
  /** The person agreed to be followed up; else only their enquiry is answered. */
  consented: boolean;
  /** Of the enrolment, where whoever asks for it may ask again. */
  id?: EnrolmentId | undefined;
  /** The stage that the lead has just entered, whose steps are meant; absent: those that follow its arrival. */
  after?: string | undefined;
  /** The wordings that the person was given by earlier plans, by step; see `cadence/trial.ts`. */
  before?: ReadonlyMap<string, string> | undefined;
  /** It came in a file: its place among those, from 0, and how many are written to first in an hour. Nobody waits for it. */
  bulk?: { turn: number; perHour: number | null } | undefined;
  /** Its form brings too many at once: it is planned, and nothing leaves until somebody says so. */
  waits?: boolean | undefined;
}

/** What follows a capture, in its transaction; returns what is to be appended and asked for with it. */
export interface FollowUp {
  start(tx: Tx, lead: CapturedLead): Promise<{ events: NewEvent[]; effects: NewEffect[] }>;
  /** Plans what has not left yet anew, for a locked person of whom more is known now; nothing where nothing runs. */
  again(tx: Tx, personId: PersonId): Promise<void>;
  /** The same where the lead's score band, what steps ask of its facts, or its person's agreement is another; what was over may go on. */
  refit(tx: Tx, lead: { id: LeadId; personId: PersonId }): Promise<void>;
}
