import type { Sql, Tx } from '../db/index.ts';
import type { LeadId, PersonId, TenantId } from '../lib/ids.ts';

/*
 * Where an erased person's cards are in Slack, and the posts that told managers of them, kept until they have been emptied.
 * Whoever was just about to post may do so a moment after the erasure, so that each place is looked at twice.
 */

/** Takes the places of a person's cards out of use; returns their leads. */
export async function shownNowhere(tx: Tx, personId: PersonId, erasureId: string): Promise<LeadId[]> {
  const rows = await tx.query<{ leadId: LeadId }>(
    `with leads_of as (select id from leads where person_id = $2),
     places as (delete from slack_threads where lead_id in (select id from leads_of) returning lead_id, channel, ts)
     insert into erasure_cards (lead_id, tenant_id, erasure_id, channel, ts)
     select l.id, $1, $3, p.channel, p.ts from leads_of l left join places p on p.lead_id = l.id
     on conflict (lead_id) do nothing returning lead_id as "leadId"`,
    [tx.tenantId, personId, erasureId],
  );
  return rows.map(({ leadId }) => leadId);
}

export interface ErasedCard {
  erasureId: string;
  /** Null: there was no card, and none has come since. */
  channel: string | null;
  ts: string | null;
  looks: number;
}

/** The place to empty; one that was written down after the erasure counts as well. */
export async function erasedCard(tx: Tx, leadId: LeadId): Promise<ErasedCard | undefined> {
  await tx.query(
    `with late as (delete from slack_threads t using erasure_cards c where t.lead_id = $1 and c.lead_id = t.lead_id
       returning t.channel, t.ts)
     update erasure_cards c set channel = late.channel, ts = late.ts from late where c.lead_id = $1`,
    [leadId],
  );
  const [card] = await tx.query<ErasedCard>(
    'select erasure_id as "erasureId", channel, ts, looks from erasure_cards where lead_id = $1',
    [leadId],
  );
  return card;
}

/** Notes that a place has been emptied; after the second time it is forgotten. True when it is to be looked at again. */
export async function cardEmptied(tx: Tx, leadId: LeadId): Promise<boolean> {
  const [card] = await tx.query<{ looks: number }>(
    'update erasure_cards set looks = looks + 1 where lead_id = $1 returning looks',
    [leadId],
  );
  if ((card?.looks ?? 2) < 2) return true;
  await tx.query('delete from erasure_cards where lead_id = $1', [leadId]);
  await tx.query('delete from urgent_posts where lead_id = $1', [leadId]);
  return false;
}

/** Whether a lead's person has been erased. */
export async function isErased(sql: Sql, tenantId: TenantId, leadId: LeadId): Promise<boolean> {
  const rows = await sql.query(
    `select from leads l join persons p on p.id = l.person_id
     where l.id = $1 and l.tenant_id = $2 and p.erased_at is not null`,
    [leadId, tenantId],
  );
  return rows.length > 0;
}
