import type { Sql } from '../db/index.ts';
import type { ApiKeyId, LeadId, MessageId, PersonId, StaffId, TenantId } from '../lib/ids.ts';
import { EVENTS, type EventData, type EventType } from './catalogue.ts';

/** Who did it. */
export type Actor = 'system' | 'customer' | 'gateway' | `staff:${StaffId}` | `api:${ApiKeyId}`;

/** Something that happened, as told by the room that did it. */
export type NewEvent = {
  [T in EventType]: {
    type: T;
    personId?: PersonId | null;
    leadId?: LeadId | null;
    messageId?: MessageId | null;
    data: EventData<T>;
    /** Of its private part (`newDetail`), which is kept beside the log. */
    commitment?: string;
  };
}[EventType];

const APPEND = {
  name: 'events-append',
  text: `insert into events (tenant_id, type, at, actor, person_id, lead_id, message_id, data)
    select $1, e.type, $2, $3, e.person_id, e.lead_id, e.message_id, e.data
    from unnest($4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::jsonb[])
      as e(type, person_id, lead_id, message_id, data)
    returning id`,
};

/** Appends events in the caller's transaction, in order. Throws when an event carries what its type does not declare. */
export async function append(
  sql: Sql,
  tenantId: TenantId,
  at: Date,
  actor: Actor,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length > 0) await sql.write(APPEND, columns(tenantId, at, actor, events));
}

/** The same for one event; returns its id, by which a private part is kept beside it. */
export async function appendOne(
  sql: Sql,
  tenantId: TenantId,
  at: Date,
  actor: Actor,
  event: NewEvent,
): Promise<number> {
  const [row] = await sql.query<{ id: number }>(APPEND, columns(tenantId, at, actor, [event]));
  if (!row) throw new Error('an event was not appended');
  return row.id;
}

const columns = (tenantId: TenantId, at: Date, actor: Actor, events: readonly NewEvent[]) => [
  tenantId,
  at,
  actor,
  events.map((event) => event.type),
  events.map((event) => event.personId ?? null),
  events.map((event) => event.leadId ?? null),
  events.map((event) => event.messageId ?? null),
  events.map(({ type, data, commitment }) =>
    JSON.stringify({ ...EVENTS[type].parse(data), ...(commitment !== undefined && { commitment }) }),
  ),
];
