import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId, PersonId } from '../lib/ids.ts';
import type { PersonPlace } from '../people/index.ts';
import { findOpening, type SendHours } from './hours.ts';

/** Why a person's planned messages wait. `many_at_once`: their enquiry came with too many others of its form. */
export const PAUSES = ['paused', 'unsure', 'channel_opted_out', 'many_at_once'] as const;
export type PauseReason = (typeof PAUSES)[number];

/**
 * Holds everything that is planned for a person whose row is locked. Returns how many messages wait now; null when no
 * follow-up was running.
 */
export async function pauseFollowUp(
  tx: Tx,
  personId: PersonId,
  reason: PauseReason,
): Promise<{ leadId: LeadId; held: number } | null> {
  const [row] = await tx.query<{ leadId: LeadId; held: number }>(
    // the messages before the enrolment: it cannot be completed while one of them is open
    `with held as (
       update messages set state = 'held', reason = $2, lease_owner = null, lease_until = null
       where id = any(array(select m.id from enrolments e join messages m on m.enrolment_id = e.id
         where e.person_id = $1 and e.state in ('active', 'paused') and m.state in ('scheduled', 'claimed')
         order by m.id for update of m)) returning id),
     paused as (
       update enrolments set state = 'paused'
       where person_id = $1 and state in ('active', 'paused') and (select count(*) from held) >= 0 returning lead_id)
     select lead_id as "leadId", (select count(*) from held) as held from paused`,
    [personId, reason],
  );
  return row ?? null;
}

/** Lets a paused follow-up go on; steps whose time has passed leave at the next opening, one after the other. */
export async function resumeFollowUp(
  tx: Tx,
  personId: PersonId,
  now: Date,
  hours: SendHours,
): Promise<{ leadId: LeadId; moved: number } | null> {
  const [enrolment] = await tx.query<{ id: string; leadId: LeadId; place: PersonPlace }>(
    `select e.id, e.lead_id as "leadId", p.place from enrolments e join persons p on p.id = e.person_id
     where e.person_id = $1 and e.state = 'paused'`,
    [personId],
  );
  if (!enrolment) return null;
  const held = await tx.query<{ id: MessageId; dueAt: Date }>(
    `select id, due_at as "dueAt" from messages where enrolment_id = $1 and state = 'held' and account_id is not null
     order by id for update`,
    [enrolment.id],
  );
  const opening = findOpening(now, enrolment.place, hours) ?? now;
  // what is due at one time leaves in any order
  const late = held.filter(({ dueAt }) => dueAt < now).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  const due = held.map((each) => (each.dueAt < now ? new Date(opening.getTime() + late.indexOf(each)) : each.dueAt));
  await tx.query(
    `update messages m set state = 'scheduled', reason = null, due_at = h.due_at
     from unnest($1::uuid[], $2::timestamptz[]) as h(id, due_at) where m.id = h.id and m.state = 'held'`,
    [held.map((message) => message.id), due],
  );
  await tx.query(`update enrolments set state = 'active' where id = $1`, [enrolment.id]);
  return { leadId: enrolment.leadId, moved: late.length };
}
