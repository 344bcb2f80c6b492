import { DateTime } from 'luxon';
import { type SealedIn, sealOf } from '../../audit/index.ts';
import type { Tx } from '../../db/index.ts';
import type { EventType } from '../../events/index.ts';
import type { Question } from './question.ts';

/** An event with the names that its line needs. */
export interface AuditEvent {
  id: number;
  type: EventType;
  at: Date;
  actor: string;
  data: Record<string, unknown>;
  /** The customer, while they are not erased. */
  name: string | null;
  fields: Record<string, string> | null;
  playbook: string | null;
  /** Who of the staff did it. */
  colleague: string | null;
  /** Whom of the staff it is about. */
  subject: string | null;
  step: string | null;
}

export interface AuditPage {
  /** Newest first. */
  events: AuditEvent[];
  seals: Map<number, SealedIn>;
  older: boolean;
  newer: boolean;
}

export const PAGE = 20;

/** One page of the log; without a place in it, the newest. `question.lead` and `person` are ids. */
export async function readPage(tx: Tx, question: Question, zone: string): Promise<AuditPage> {
  const { before, after } = question;
  const forward = after !== undefined;
  const place = after ?? before ?? null;
  const found = await tx.query<AuditEvent>(statement(question, forward), [
    tx.tenantId,
    question.lead ?? question.person ?? null,
    question.types ?? null,
    startOf(question.from, zone),
    startOf(question.to, zone, 1),
    place,
    PAGE + 1,
  ]);
  const page = found.slice(0, PAGE);
  const more = found.length > PAGE;
  const events = forward ? page.toReversed() : page;
  return {
    events,
    seals: await sealOf(
      tx,
      events.map(({ id }) => id),
    ),
    older: forward || more,
    newer: forward ? more : before !== undefined,
  };
}

/** What happened to a person was written down with one of their leads, or with them alone. */
const OF_PERSON = `(select * from events where lead_id = any(array(select id from leads where person_id = $2))
        union all select * from events where person_id = $2 and lead_id is null)`;

/** Served by events_lead and events_person for a lead or a person, else by events_tenant. */
function statement({ lead, person }: Question, forward: boolean): string {
  const whose = lead ? 'e.lead_id = $2' : person ? 'true' : '$2::uuid is null';
  return `select e.id, e.type, e.at, e.actor, e.data, p.name, l.fields, l.playbook, a.name as colleague, s.name as subject,
      coalesce(e.data->>'step', m.step_key) as step
    from (select * from ${person ? OF_PERSON : 'events'} e where e.tenant_id = $1 and ${whose} and ($3::text[] is null or e.type = any($3))
        and ($4::timestamptz is null or e.at >= $4) and ($5::timestamptz is null or e.at < $5)
        and ($6::bigint is null or e.id ${forward ? '>' : '<'} $6)
      order by e.id ${forward ? 'asc' : 'desc'} limit $7) e
      left join leads l on l.id = e.lead_id
      left join persons p on p.id = coalesce(e.person_id, l.person_id)
      left join messages m on m.id = e.message_id
      left join staff a on 'staff:' || a.id = e.actor
      left join staff s on s.id::text = e.data->>'staffId'
    order by e.id ${forward ? 'asc' : 'desc'}`;
}

/** The first moment of a local day, or of the one after it. */
function startOf(day: string | undefined, zone: string, later = 0): Date | null {
  return day === undefined ? null : DateTime.fromISO(day, { zone }).plus({ days: later }).toJSDate();
}
