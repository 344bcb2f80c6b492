import type { Tx } from '../db/index.ts';
import { newId, type PersonId, type TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import type { ChannelName } from '../messaging/index.ts';

/**
 * What became of something that was asked of a service.
 * - `asked` not everything is deleted yet
 * - `deleted` it says that everything is gone
 * - `by_hand` no program of ours can delete it: a person has to
 */
export type ReceiptState = 'asked' | 'deleted' | 'by_hand';

/** What a service that keeps something of an erased person was asked to delete, and what it answered. */
export interface Receipt {
  /** The gateway's vendor, or `s3`. */
  service: string;
  /** Null for what is no message. */
  channel: ChannelName | null;
  state: ReceiptState;
  askedAt: Date;
  answeredAt: Date | null;
  /** How much of what it deleted, by name. */
  deleted: Record<string, number>;
}

/** A receipt that waits, with what has to be known to ask. */
export interface OpenReceipt extends Receipt {
  id: string;
  erasureId: string;
  personId: PersonId;
  accountId: string | null;
  /** The customer's number or mailbox. */
  customer: string | null;
  blobIds: string[];
}

const placeOf = (tenantId: TenantId | string, id: string) => `deletion_receipts/${tenantId}/${id}`;

interface Kept {
  accountId: string;
  service: string;
  channel: ChannelName;
  customer: string;
}

/** Through which senders' gateways a person was written to, or wrote, and from which address. Before these are erased. */
async function gatewaysOf(tx: Tx, personId: PersonId): Promise<Kept[]> {
  return tx.query<Kept>(
    `select distinct c.id as "accountId", c.vendor as service, c.channel, a.value as customer
     from (select m.account_id, m.address_id from messages m where m.person_id = $1 and m.direction = 'in'
       union select s.account_id, s.address_id from sends s join messages m on m.id = s.message_id where m.person_id = $1) k
       join accounts c on c.id = k.account_id join addresses a on a.id = k.address_id
     order by c.vendor, c.channel, c.id, a.value`,
    [personId],
  );
}

/**
 * Writes down what services are to be asked for, in the erasure's transaction and before anything is gone. The address is kept
 * sealed until they have answered: gateways know their messages by it. Returns the receipts' ids.
 */
export async function openReceipts(
  tx: Tx,
  erasure: { id: string; personId: PersonId; blobIds: readonly string[]; dataKey: Buffer; now: Date },
): Promise<string[]> {
  const { dataKey, now, blobIds } = erasure;
  const gateways = await gatewaysOf(tx, erasure.personId);
  const asked: (Partial<Kept> & { service: string })[] = [
    ...gateways,
    ...(blobIds.length > 0 ? [{ service: 's3' }] : []),
  ];
  const ids: string[] = [];
  for (const { service, channel, accountId, customer } of asked) {
    const id = newId();
    ids.push(id);
    await tx.query(
      `insert into deletion_receipts (id, tenant_id, erasure_id, service, channel, account_id, customer, blob_ids, state, asked_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', $9)`,
      [
        id,
        tx.tenantId,
        erasure.id,
        service,
        channel ?? null,
        accountId ?? null,
        customer === undefined ? null : seal(dataKey, placeOf(tx.tenantId, id), customer),
        service === 's3' ? blobIds : [],
        now,
      ],
    );
  }
  return ids;
}

const RECEIPT = `r.service, r.channel, r.state, r.asked_at as "askedAt", r.answered_at as "answeredAt", r.deleted`;

/** One that waits; undefined when there is none such, or it has its answer. */
export async function findOpenReceipt(tx: Tx, id: string, dataKey: Buffer): Promise<OpenReceipt | undefined> {
  const [row] = await tx.query<Omit<OpenReceipt, 'customer'> & { customer: Buffer | null }>(
    `select ${RECEIPT}, r.id, r.erasure_id as "erasureId", e.person_id as "personId", r.account_id as "accountId", r.customer,
       r.blob_ids as "blobIds"
     from deletion_receipts r join erasures e on e.id = r.erasure_id where r.id = $1 and r.state = 'asked'`,
    [id],
  );
  return row && { ...row, customer: row.customer && open(dataKey, placeOf(tx.tenantId, id), row.customer).toString() };
}

/** Adds what was deleted. With a `state` it has its answer, and the address goes. All so far; undefined when it had one. */
export async function answerReceipt(
  tx: Tx,
  id: string,
  answer: { deleted: Readonly<Record<string, number>>; state?: Exclude<ReceiptState, 'asked'>; now: Date },
): Promise<Record<string, number> | undefined> {
  const [row] = await tx.query<{ deleted: Record<string, number> }>(
    `update deletion_receipts r set state = coalesce($3::text, r.state),
       answered_at = case when $3::text is null then answered_at else $4 end,
       customer = case when $3::text is null then customer end,
       deleted = (select coalesce(jsonb_object_agg(name, n), '{}') from (
         select key as name, sum(value::int) as n
         from (select * from jsonb_each_text(r.deleted) union all select * from jsonb_each_text($2::jsonb)) parts group by key) s)
     where r.id = $1 and r.state = 'asked' returning r.deleted`,
    [id, JSON.stringify(answer.deleted), answer.state ?? null, answer.now],
  );
  return row?.deleted;
}

/** By erasure, in the order in which they were asked (deletion_receipts_erasure). */
export async function receiptsOf(tx: Tx, erasureId: string): Promise<Receipt[]> {
  return tx.query<Receipt>(`select ${RECEIPT} from deletion_receipts r where r.erasure_id = $1 order by r.id`, [
    erasureId,
  ]);
}

/** What has to be known of a conversation to have it deleted at its gateway. */
export interface Conversation {
  vendor: string;
  credentialId: string | null;
  gatewayAccount: string;
  channel: ChannelName;
  sender: string;
  /** The gateway's ids of what we sent. */
  sent: string[];
  /** Our ids of what the customer wrote; each is derived from the gateway's. */
  received: string[];
}

/** Undefined when the sender is no longer there. */
export async function conversationOf(
  tx: Tx,
  { accountId, personId }: Pick<OpenReceipt, 'accountId' | 'personId'>,
): Promise<Conversation | undefined> {
  // messages_person; the keys of sends and accounts
  const [conversation] = await tx.query<Conversation>(
    `select c.vendor, c.credential_id as "credentialId", c.gateway_account as "gatewayAccount", c.channel, c.sender,
       array(select s.gateway_id from sends s join messages m on m.id = s.message_id
         where m.person_id = $2 and s.account_id = c.id and s.gateway_id is not null order by s.gateway_id) as sent,
       array(select m.id from messages m where m.person_id = $2 and m.direction = 'in' and m.account_id = c.id order by m.id)
         as received
     from accounts c where c.id = $1`,
    [accountId, personId],
  );
  return conversation;
}
