import type { Tx } from '../db/index.ts';
import type { PlanDifference, Touched } from '../tenants/index.ts';
import { isOpen, type Place, type SendHours } from './hours.ts';

/** How many planned messages, in how many running follow-ups, new settings would plan or write differently, and how. */
export async function touchedBy(tx: Tx, differences: readonly PlanDifference[]): Promise<Touched> {
  const sum: Touched = { messages: 0, replanned: 0, reworded: 0, dropped: 0, followUps: 0, running: 0 };
  for (const { playbook, changed, removed, texts } of differences) {
    const [row] = await tx.query<Touched>(
      // enrolments_running, messages_step
      `with running as (
         select e.id from enrolments e join leads l on l.id = e.lead_id
         where e.tenant_id = $1 and e.state in ('active', 'paused') and l.playbook = $2),
       touched as (
         select m.enrolment_id, coalesce(m.step_key = any($4::text[]), false) as dropped,
           coalesce(m.step_key = any($3::text[]), false) as replanned
         from running r join messages m on m.enrolment_id = r.id
         where m.state in ('scheduled', 'held')
           and (m.step_key = any($3::text[] || $4::text[]) or m.template_key || '/' || m.language = any($5::text[])))
       select count(*) as messages, count(*) filter (where replanned) as replanned, count(*) filter (where dropped) as dropped,
         count(*) filter (where not replanned and not dropped) as reworded, count(distinct enrolment_id) as "followUps",
         (select count(*) from running) as running
       from touched`,
      [tx.tenantId, playbook, changed, removed, texts],
    );
    for (const key of Object.keys(sum) as (keyof Touched)[]) sum[key] += row?.[key] ?? 0;
  }
  return sum;
}

/** How many planned messages are due within the hours as they were and outside the new ones, where each customer may be. */
export async function postponedBy(tx: Tx, before: SendHours, after: SendHours): Promise<number> {
  const due = await tx.query<{ place: Place; at: Date; messages: number }>(
    // messages_due by account, lane and tenant; most of a day's steps are due at one minute
    `select p.place, date_trunc('minute', m.due_at) as at, count(*) as messages
     from routes r join messages m on m.account_id = r.account_id and m.priority between 0 and 3
       and m.tenant_id = r.tenant_id and m.state = 'scheduled' join persons p on p.id = m.person_id
     where r.tenant_id = $1 and (m.purpose = 'cadence' or m.template_key = 'booking_reminder') group by 1, 2`,
    [tx.tenantId],
  );
  return due
    .filter(({ place, at }) => isOpen(at, place, before) && !isOpen(at, place, after))
    .reduce((sum, { messages }) => sum + messages, 0);
}
