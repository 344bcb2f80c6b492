import type { Tx } from '../db/index.ts';
import { append, eraseDetails, request } from '../events/index.ts';
import type { LeadId, PersonId, TenantId } from '../lib/ids.ts';
import { dropBlobs } from './blobs.ts';
import { openReceipts } from './receipts-store.ts';
import { shownNowhere } from './slack-places.ts';

/*
 * What erasing a person does to each table; `register.ts` says the same of every table in words. Rows that others count
 * or point to stay, with nothing in them; $1 is the tenant, $2 the person.
 */

const LEADS = 'select id from leads where person_id = $2';
const MESSAGES = 'select id from messages where person_id = $2';

/** In order: what points to something goes before it. The name is what is counted. */
const STEPS: readonly { name: string; sql: string }[] = [
  { name: 'files', sql: `delete from media where message_id in (${MESSAGES})` },
  {
    name: 'notes',
    sql: `delete from slack_notes where message_id in (${MESSAGES})
      or message_id in (select id from drafts where person_id = $2)`,
  },
  { name: 'letters', sql: 'delete from mail_letters where person_id = $2' },
  { name: 'enquiries', sql: `delete from enquiries where lead_id in (${LEADS})` },
  { name: 'importRows', sql: `delete from import_rows where lead_id in (${LEADS})` },
  { name: 'externalIds', sql: 'delete from external_ids where person_id = $2' },
  { name: 'drafts', sql: 'delete from drafts where person_id = $2' },
  { name: 'appointments', sql: 'delete from bookings where person_id = $2' },
  { name: 'conversations', sql: 'delete from conversations where person_id = $2' },
  {
    name: 'messages',
    sql: `update messages set body = null, address_id = null, booking_id = null, lease_owner = null,
      state = case when state = 'uncertain' then 'unconfirmed' else state end
      where id = any(array(select id from messages where person_id = $2 order by id for update))`,
  },
  // a request whose fate nobody knows: without an address the gateway cannot be asked about it any more
  {
    name: 'uncertain',
    sql: `update sends set state = 'unconfirmed' where state = 'uncertain' and message_id in (${MESSAGES})`,
  },
  {
    name: 'windows',
    sql: 'delete from service_windows where address_id in (select id from addresses where person_id = $2)',
  },
  {
    name: 'openings',
    sql: 'delete from whatsapp_openings where address_id in (select id from addresses where person_id = $2)',
  },
  { name: 'addresses', sql: 'delete from addresses where person_id = $2' },
  { name: 'searchTerms', sql: `delete from lead_terms where tenant_id = $1 and lead_id in (${LEADS})` },
  { name: 'links', sql: `delete from upload_links where lead_id in (${LEADS})` },
  { name: 'privateLinks', sql: 'delete from private_links where person_id = $2' },
  {
    name: 'leads',
    sql: `update leads set fields = '{}', enriched = '{}', notes = null, qualified = null, source_key = 'erased/' || id where person_id = $2`,
  },
];

/** Effects that go on without the person: they remove, or tell of the erasure itself. */
const GO_ON = ['licence.clear', 'blob.delete', 'person.erase', 'erasure.show', 'erasure.clean'];

export interface Erased {
  removed: Record<string, number>;
}

/**
 * Empties every table of a person whose row the caller has locked, and whose follow-up has stopped. What stays: the
 * events (facts and ids), consents (what was agreed to and when, of a person without a name), the keyed hash that keeps
 * them from being written to, and rows without content that figures are counted from.
 */
export async function erasePerson(
  tx: Tx,
  person: {
    id: PersonId;
    hashes: readonly Buffer[];
    /** There is no other business: raw webhooks that belong to nobody are this one's. */
    alone: boolean;
    zone: string;
    language: string;
    erasureId: string;
    /** Seals what services are still to be asked by. */
    dataKey: Buffer;
    now: Date;
  },
): Promise<Erased> {
  const { id, erasureId, dataKey, now } = person;
  const removed: Record<string, number> = {};
  const count = (name: string, n: number) => {
    if (n > 0) removed[name] = n;
  };
  await stopEffects(tx, id);
  const cards = await shownNowhere(tx, id, erasureId);
  const blobIds = await erasePhotos(tx, id, now, count);
  const receipts = await openReceipts(tx, { id: erasureId, personId: id, blobIds, dataKey, now });
  for (const { name, sql } of STEPS) count(name, await affected(tx, sql, id));
  const [webhooks] = await tx.query<{ n: number }>('select erase_own_webhooks($1::bytea[], $2) as n', [
    person.hashes,
    person.alone,
  ]);
  count('webhooks', webhooks?.n ?? 0);
  count('details', await eraseDetails(tx, id));
  await tx.query(
    `update persons set name = 'Erased person', language = $2, zone = $3, place = $4, erased_at = $5 where id = $1`,
    [id, person.language, person.zone, JSON.stringify({ zones: [person.zone], sure: false }), now],
  );
  await append(tx, tx.tenantId, now, 'system', [{ type: 'person.erased', personId: id, data: { erasureId, removed } }]);
  await request(tx, tx.tenantId, [
    { kind: 'erasure.show', key: erasureId },
    ...receipts.map((receipt) => ({ kind: 'erasure.forget' as const, key: receipt })),
    ...cards.map((leadId) => ({ kind: 'erasure.clean' as const, key: leadId })),
  ]);
  return { removed };
}

async function affected(tx: Tx, sql: string, id: PersonId): Promise<number> {
  // the tenant is not asked for by every step, and must be given a type where it is not
  const [row] = await tx.query<{ n: number }>(
    `with ids as (select $1::uuid, $2::uuid), changed as (${sql} returning 1) select count(*) as n from changed`,
    [tx.tenantId, id],
  );
  return row?.n ?? 0;
}

/** Nothing that was still to be shown or done for the person is; a photo on its way is only cleared where it lies. */
async function stopEffects(tx: Tx, id: PersonId): Promise<void> {
  await tx.query(
    `with ids as (
       select $2::uuid as id union select l.id from leads l where l.person_id = $2
       union select m.id from messages m where m.person_id = $2 union select d.id from drafts d where d.person_id = $2
       union select b.id from bookings b where b.person_id = $2),
     gone as (
       delete from effects f where f.tenant_id = $1 and f.kind <> all($3::text[]) and exists (select from ids where
         f.key = ids.id::text or f.data->>'leadId' = ids.id::text or f.data->>'messageId' = ids.id::text
         or f.data->>'bookingId' = ids.id::text or f.key like '%/' || ids.id || '%')
       returning f.kind, f.key, f.data)
     insert into effects (tenant_id, kind, key, data)
     select $1, 'licence.clear', data->>'fileId', data || jsonb_build_object('leadId', key) from gone
     where kind = 'licence.fetch' and data->>'fileId' <> ''
     on conflict (tenant_id, kind, key) do nothing`,
    [tx.tenantId, id, GO_ON],
  );
}

/** Returns what of it lies in an object store. */
async function erasePhotos(
  tx: Tx,
  id: PersonId,
  now: Date,
  count: (name: string, n: number) => void,
): Promise<string[]> {
  const photos = await tx.query<{ assetId: string; leadId: LeadId }>(
    `delete from assets where lead_id in (select id from leads where person_id = $1)
     returning id as "assetId", lead_id as "leadId"`,
    [id],
  );
  count('photos', photos.length);
  await append(
    tx,
    tx.tenantId,
    now,
    'system',
    photos.map(({ assetId, leadId }) => ({
      type: 'licence.deleted',
      personId: id,
      leadId,
      data: { assetId, why: 'erased' },
    })),
  );
  return dropBlobs(
    tx,
    tx.tenantId as TenantId,
    photos.map(({ assetId }) => assetId),
  );
}
