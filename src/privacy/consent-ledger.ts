import type { Tx } from '../db/index.ts';
import type { EventType } from '../events/index.ts';
import type { PersonId } from '../lib/ids.ts';

/** One thing a person agreed to, with its proof. */
export interface ConsentEntry {
  channels: string[];
  /** As it was shown. */
  text: string;
  textVersion: string;
  language: string;
  /** The door it came by. */
  source: string;
  recordedBy: string | null;
  givenAt: Date;
  withdrawnAt: Date | null;
}

/** One line of the log that concerns what a person agreed to or refused. */
export interface ConsentEvent {
  id: number;
  type: EventType;
  at: Date;
  actor: string;
  colleague: string | null;
  data: Record<string, unknown>;
}

export interface Ledger {
  name: string;
  /** Since when nothing may be sent at all; and the channels that are closed by themselves. */
  optedOutAt: Date | null;
  closedChannels: string[];
  consents: ConsentEntry[];
  events: ConsentEvent[];
}

const TYPES: readonly EventType[] = [
  'consent.given',
  'person.opted_out',
  'person.opted_in',
  'person.unsure',
  'person.exported',
  'erasure.asked',
  'erasure.decided',
];

/** What a person agreed to and refused, oldest first; undefined for nobody. */
export async function consentLedger(tx: Tx, personId: PersonId): Promise<Ledger | undefined> {
  const [person] = await tx.query<Pick<Ledger, 'name' | 'optedOutAt' | 'closedChannels'>>(
    `select name, opted_out_at as "optedOutAt", opted_out_channels as "closedChannels" from persons
     where id = $1 and erased_at is null`,
    [personId],
  );
  if (!person) return undefined;
  const consents = await tx.query<ConsentEntry>(
    `select g.channels, g.text, g.text_version as "textVersion", g.language, g.source, s.name as "recordedBy",
       g.given_at as "givenAt", g.withdrawn_at as "withdrawnAt"
     from consents g left join staff s on s.id = g.recorded_by where g.person_id = $1 order by g.given_at`, // consents_person
    [personId],
  );
  return { ...person, consents, events: await eventsOf(tx, personId, TYPES) };
}

/** Events of a person and of their leads (events_lead, events_person), oldest first; all types unless some are named. */
export async function eventsOf(tx: Tx, personId: PersonId, types?: readonly EventType[]): Promise<ConsentEvent[]> {
  return tx.query<ConsentEvent>(
    `select e.id, e.type, e.at, e.actor, e.data, s.name as colleague from (
       select * from events where lead_id in (select id from leads where person_id = $2)
       union all select * from events where tenant_id = $1 and person_id = $2 and lead_id is null) e
     left join staff s on 'staff:' || s.id = e.actor
     where $3::text[] is null or e.type = any($3) order by e.id`,
    [tx.tenantId, personId, types ?? null],
  );
}
