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

/**
 * Appends events in the caller's transaction, in order. Throws when an event carries what its type does not declare.
 * Returns the ids of the events.
 */
export async function append(
  sql: Sql,
  tenantId: TenantId,
  at: Date,
  actor: Actor,
  events: readonly NewEvent[],
): Promise<number[]> {
  if (events.length === 0) return [];
  const rows = await sql.query<{ id: number }>(APPEND, [
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
  ]);
  return rows.map((row) => row.id);
}
