import type { Sql } from '../db/index.ts';
import type { LeadId } from '../lib/ids.ts';
import type { Playbooks } from '../tenants/index.ts';

/** The moves that a first message makes, of every playbook: `from`, `to` are stages of `playbook`. */
function movesOf({ all }: Playbooks): { playbook: string; from: string; to: string }[] {
  return all.flatMap(({ key, pipeline: { stages, onSent } }) =>
    stages
      .filter((stage) => onSent !== undefined && stage.moves.includes(onSent))
      .map((stage) => ({ playbook: key, from: stage.key, to: onSent ?? '' })),
  );
}

/**
 * Moves leads that a message has reached to their playbook's stage for that, where the pipeline allows it; the others
 * stay. Called by whoever learns first that it left: the outcome, a delivery report or the reconciler. It is a statement behind
 * theirs, so whoever dies between the two leaves it to `advanceReached`.
 */
export async function advanceLeads(sql: Sql, playbooks: Playbooks, leads: readonly LeadId[], at: Date): Promise<void> {
  if (leads.length === 0) return;
  const moves = movesOf(playbooks);
  await sql.query(
    {
      name: 'leads-first-sent',
      text: `with moved as (
          update leads l set stage = r."to", stage_at = $5
          -- as it is once it is ours: somebody else may just have moved it. Only those that may move are locked: a report of
          -- delivery comes for every message, and nearly every lead has moved by then
          from (select id, playbook, stage from leads where id = any($1::uuid[])
              and (playbook, stage) in (select * from unnest($2::text[], $3::text[])) order by id for update) old
            join unnest($2::text[], $3::text[], $4::text[]) as r(playbook, "from", "to") on r.playbook = old.playbook and r."from" = old.stage
          where l.id = old.id
          returning l.id, l.tenant_id, l.person_id, old.stage as was, l.stage)
        insert into events (tenant_id, type, at, actor, person_id, lead_id, data)
        select tenant_id, 'lead.moved', $5, 'system', person_id, id, jsonb_build_object('from', was, 'to', stage) from moved`,
    },
    [leads, moves.map((move) => move.playbook), moves.map((move) => move.from), moves.map((move) => move.to), at],
  );
}

/** The same for a lead whose message has left without anybody moving it: asked with its card, which is due by what said that it left. */
export async function advanceReached(sql: Sql, playbooks: Playbooks, leadId: LeadId, at: Date): Promise<void> {
  const moves = movesOf(playbooks);
  const rows = await sql.query<{ id: LeadId }>(
    {
      name: 'leads-reached',
      // messages_person
      text: `select l.id from leads l where l.id = $1 and (l.playbook, l.stage) in (select * from unnest($2::text[], $3::text[]))
          and exists (select from messages m where m.person_id = l.person_id and m.lead_id = l.id and m.purpose = 'cadence'
            and m.state in ('sent', 'delivered', 'read'))`,
    },
    [leadId, moves.map((move) => move.playbook), moves.map((move) => move.from)],
  );
  const reached = rows.map(({ id }) => id);
  await advanceLeads(sql, playbooks, reached, at);
}
