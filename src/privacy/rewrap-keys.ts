import type { Database } from '../db/index.ts';
import type { Keyring } from '../lib/secrets.ts';

interface Wrapped {
  id: string;
  place: string;
  wrapped: string;
}

/** Where wrapped data keys are kept: how they are found, what they are bound to, how one is exchanged. */
const STORES = [
  {
    find: `select id, id || '/data' as place, data_key as wrapped from tenants where not starts_with(data_key, $1) limit 500`,
    exchange: `update tenants t set data_key = r.fresh from unnest($1::text[], $2::text[], $3::text[]) as r(id, old, fresh)
      where t.id = r.id::uuid and t.data_key = r.old returning 1`,
  },
  {
    find: `select id, id || '/suppression' as place, suppression_key as wrapped from tenants
      where not starts_with(suppression_key, $1) limit 500`,
    exchange: `update tenants t set suppression_key = r.fresh from unnest($1::text[], $2::text[], $3::text[]) as r(id, old, fresh)
      where t.id = r.id::uuid and t.suppression_key = r.old returning 1`,
  },
  {
    find: `select name as id, 'platform/' || name as place, wrapped from platform_keys where not starts_with(wrapped, $1) limit 500`,
    exchange: `update platform_keys k set wrapped = r.fresh from unnest($1::text[], $2::text[], $3::text[]) as r(id, old, fresh)
      where k.name = r.id and k.wrapped = r.old returning 1`,
  },
  {
    find: `select team_id as id, 'workspace/' || team_id as place, key as wrapped from workspaces where not starts_with(key, $1) limit 500`,
    exchange: `update workspaces w set key = r.fresh from unnest($1::text[], $2::text[], $3::text[]) as r(id, old, fresh)
      where w.team_id = r.id and w.key = r.old returning 1`,
  },
];

/**
 * Wraps every stored data key by the first master key; the data keys stay what they are, so nothing sealed is touched and
 * nobody has to wait. Safe beside itself in other processes. Returns how many keys were wrapped again.
 * @throws KnownError `misconfigured` when a master key is missing that stored data needs
 */
export async function rewrapKeys(db: Database, keyring: Keyring): Promise<number> {
  let count = 0;
  for (const { find, exchange } of STORES) {
    for (;;) {
      const found = await db.system.query<Wrapped>(find, [`${keyring.current}:`]);
      if (found.length === 0) break;
      const exchanged = await db.system.query(exchange, [
        found.map(({ id }) => id),
        found.map(({ wrapped }) => wrapped),
        found.map(({ place, wrapped }) => keyring.rewrap(place, wrapped)),
      ]);
      count += exchanged.length;
    }
  }
  return count;
}
