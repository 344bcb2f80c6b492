import { createHmac, randomBytes } from 'node:crypto';
import type { Sql, Tx } from '../db/index.ts';
import type { PersonId } from '../lib/ids.ts';
import { open, sameSecret, seal } from '../lib/secrets.ts';

/*
 * Private parts of events: words, what stood there before and after. The event carries a salted commitment and nothing
 * else of them; salt and value lie sealed in a side table from which they can be deleted. Then nobody can find out what
 * the value was, not even by guessing, and the log and its proofs hold as before (EDPB guidelines 02/2025).
 */

/** A private part on its way: the event takes the commitment, the side table the rest. */
export interface Detail {
  commitment: string;
  salt: Buffer;
  /** JSON. */
  value: unknown;
}

/** HMAC-SHA-256 of the value's JSON under the salt, in hex. */
export const commit = (salt: Buffer, value: unknown): string =>
  createHmac('sha256', salt).update(JSON.stringify(value)).digest('hex');

/** Prepares a private part: pass its commitment with the event, then keep it with the event's id. */
export function newDetail(value: unknown): Detail {
  const salt = randomBytes(32);
  return { commitment: commit(salt, value), salt, value };
}

const placeOf = (tx: Tx, eventId: number) => `${tx.tenantId}/event_details/${eventId}`;

/** Keeps a private part, in the transaction that appended its event. `personId` is whose erasure takes it along. */
export async function keepDetail(
  tx: Tx,
  dataKey: Buffer,
  eventId: number,
  detail: Detail,
  personId: PersonId | null = null,
): Promise<void> {
  const plain = JSON.stringify({ salt: detail.salt.toString('base64'), value: detail.value });
  await tx.query('insert into event_details (event_id, tenant_id, person_id, sealed) values ($1, $2, $3, $4)', [
    eventId,
    tx.tenantId,
    personId,
    seal(dataKey, placeOf(tx, eventId), plain),
  ]);
}

/**
 * The private part of an event; undefined when it has none, or it was erased. Throws when it is not the one that the
 * event is committed to.
 */
export async function readDetail(tx: Tx, dataKey: Buffer, eventId: number): Promise<unknown> {
  const [row] = await tx.query<{ sealed: Buffer; commitment: string | null }>(
    `select d.sealed, e.data->>'commitment' as commitment from event_details d join events e on e.id = d.event_id
     where d.event_id = $1`,
    [eventId],
  );
  if (!row) return undefined;
  const plain = JSON.parse(open(dataKey, placeOf(tx, eventId), row.sealed).toString('utf8')) as {
    salt: string;
    value: unknown;
  };
  const commitment = commit(Buffer.from(plain.salt, 'base64'), plain.value);
  if (!sameSecret(commitment, row.commitment ?? ''))
    throw new Error(`the private part of event ${eventId} is another one`);
  return plain.value;
}

/** Erases what events say privately about a person. Returns how many. Their events, and proofs of these, stay. */
export async function eraseDetails(tx: Sql & Pick<Tx, 'tenantId'>, personId: PersonId): Promise<number> {
  const rows = await tx.query(
    'delete from event_details where tenant_id = $1 and person_id = $2 returning event_id', // event_details_person
    [tx.tenantId, personId],
  );
  return rows.length;
}
