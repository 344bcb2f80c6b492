import type { Sql } from '../db/index.ts';
import type { LeadId } from '../lib/ids.ts';

/** Moves leads whose first message has left to the playbook's stage for that, where the pipeline allows it. */
export async function advanceLeads(
  sql: Sql,
  leads: readonly LeadId[],
  from: readonly string[],
  to: string,
  at: Date,
): Promise<void> {
  await sql.query(
    {
      name: 'leads-first-sent',
      text: `with moved as (
          update leads l set stage = $3, stage_at = $4 from leads old
          where l.id = old.id and l.id = any($1::uuid[]) and old.stage = any($2::text[])
          returning l.id, l.tenant_id, l.person_id, old.stage as was)
        insert into events (tenant_id, type, at, actor, person_id, lead_id, data)
        select tenant_id, 'lead.moved', $4, 'system', person_id, id, jsonb_build_object('from', was, 'to', $3::text) from moved`,
    },
    [leads, from, to, at],
  );
}
