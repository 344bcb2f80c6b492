import { z } from 'zod';
import type { Tx } from '../../db/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import type { SlackClient } from '../client.ts';
import { messagesOf } from '../messages.ts';
import type { Place } from './outlets.ts';

/** Where a lead's card is. */
export async function placeOf(tx: Tx, leadId: LeadId): Promise<Place | undefined> {
  const [place] = await tx.query<Place>('select channel, ts from slack_threads where lead_id = $1', [leadId]);
  return place;
}

export async function keepPlace(tx: Tx, leadId: LeadId, place: Place): Promise<void> {
  await tx.query(
    `insert into slack_threads (tenant_id, lead_id, channel, ts) values ($1, $2, $3, $4)
     on conflict (lead_id) do update set channel = excluded.channel, ts = excluded.ts`,
    [tx.tenantId, leadId, place.channel, place.ts],
  );
}

/** Where managers were told of a lead that cannot wait. */
export const urgentPlaces = (tx: Tx, leadId: LeadId): Promise<Place[]> =>
  tx.query<Place>('select channel, ts from urgent_posts where lead_id = $1', [leadId]);

export async function keepUrgentPlaces(tx: Tx, leadId: LeadId, places: readonly Place[]): Promise<void> {
  await tx.query(
    `insert into urgent_posts (tenant_id, lead_id, channel, ts)
     select $1, $2, p.channel, p.ts from unnest($3::text[], $4::text[]) as p(channel, ts) on conflict do nothing`,
    [tx.tenantId, leadId, places.map(({ channel }) => channel), places.map(({ ts }) => ts)],
  );
}

/** One process at a time posts a lead's card; held until the transaction ends. */
export async function lockCard(tx: Tx, leadId: LeadId): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`card/${leadId}`]);
}

const CARD = 'lead_card';
/** Messages looked through: a card is looked for moments after it may have been posted. */
const LOOK_BACK = 100;

const posted = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});

/** How a card is recognised again; ids only. */
export const cardMetadata = (leadId: LeadId) => ({ event_type: CARD, event_payload: { lead_id: leadId } });

/**
 * Whether somebody may have posted the card before: this effect, at an earlier attempt, or another one about this lead that has
 * begun. Each that has begun counts, this one too; one that ended well has kept the place.
 */
export async function mayBePosted(tx: Tx, leadId: LeadId, attempt: number): Promise<boolean> {
  if (attempt > 1) return true;
  const [row] = await tx.query<{ begun: number }>(
    // the unique index on (tenant_id, kind, key)
    `select count(*) as begun from effects where tenant_id = $1 and attempts > 0
       and (kind = 'card.refresh' and key = $2 or kind = 'staff.tell' and data->>'leadId' = $2)`,
    [tx.tenantId, leadId],
  );
  return (row?.begun ?? 0) > 1;
}

/** Finds a card that was posted although nobody could write it down: the answer or the process was lost. */
export async function findCard(client: SlackClient, channel: string, leadId: LeadId): Promise<Place | undefined> {
  const args = { channel, include_all_metadata: true };
  for await (const { ts, metadata } of messagesOf(client, 'conversations.history', args, posted, LOOK_BACK)) {
    if (metadata?.event_type === CARD && metadata.event_payload.lead_id === leadId) return { channel, ts };
  }
  return undefined;
}
