import type { Tx } from '../db/index.ts';
import type { PlanDifference, Touched } from '../tenants/index.ts';

/** How many planned messages, in how many running follow-ups, new settings would plan or write differently. */
export async function touchedBy(tx: Tx, differences: readonly PlanDifference[]): Promise<Touched> {
  const sum: Touched = { messages: 0, followUps: 0, running: 0 };
  for (const { playbook, changed, removed, texts } of differences) {
    const [row] = await tx.query<Touched>(
      // enrolments_running, messages_step
      `with running as (
         select e.id from enrolments e join leads l on l.id = e.lead_id
         where e.tenant_id = $1 and e.state in ('active', 'paused') and l.playbook = $2),
       touched as (
         select m.enrolment_id from running r join messages m on m.enrolment_id = r.id
         where m.state in ('scheduled', 'held')
           and (m.step_key = any($3::text[]) or m.template_key || '/' || m.language = any($4::text[])))
       select (select count(*) from touched) as messages, (select count(distinct enrolment_id) from touched) as "followUps",
         (select count(*) from running) as running`,
      [tx.tenantId, playbook, [...changed, ...removed], texts],
    );
    sum.messages += row?.messages ?? 0;
    sum.followUps += row?.followUps ?? 0;
    sum.running += row?.running ?? 0;
  }
  return sum;
}
