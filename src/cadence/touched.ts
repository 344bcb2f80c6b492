import type { Tx } from '../db/index.ts';
import type { PlanDifference, Touched } from '../tenants/index.ts';

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
