import type { Tx } from '../db/index.ts';

/** The batch that holds an event, and when it was sealed. */
export interface SealedIn {
  batch: number;
  at: Date;
}

interface Era {
  era: number;
  floor: number;
}

/**
 * In which batches events of this tenant are sealed; those that are not sealed yet (a matter of seconds) are left out.
 */
export async function sealOf(tx: Tx, eventIds: readonly number[]): Promise<Map<number, SealedIn>> {
  const found = new Map<number, SealedIn>();
  let left = [...eventIds];
  let era = await eraBefore(tx, null);
  while (era && left.length > 0) {
    const { floor } = era;
    const rows = await tx.query<{ id: number; batch: number; at: Date }>(BATCHES, [
      tx.tenantId,
      left.filter((id) => id > floor),
      era.era,
    ]);
    for (const { id, batch, at } of rows) found.set(id, { batch, at });
    left = left.filter((id) => id <= floor);
    era = left.length > 0 ? await eraBefore(tx, era.era) : undefined;
  }
  return found;
}

const BATCHES = {
  name: 'audit-batches',
  // seals_place: the first batch that ends at or after the event
  text: `select e.id, s.batch, s.sealed_at as at from events e
      cross join lateral (
        select batch, sealed_at, event_ids from seals
        where tenant_id = $1 and era = $3 and (until_xid, until_id) >= (e.xid, e.id)
        order by until_xid, until_id limit 1) s
    where e.id = any($2::bigint[]) and e.id = any(s.event_ids)`,
};

async function eraBefore(tx: Tx, era: number | null): Promise<Era | undefined> {
  const [row] = await tx.query<Era>(
    `select era, floor_id as floor from seals where tenant_id = $1 and ($2::integer is null or era < $2)
     order by era desc limit 1`,
    [tx.tenantId, era],
  );
  return row;
}
