import type { Database } from './db/index.ts';
import type { Keyring } from './lib/secrets.ts';

/** A key of the platform itself, made at the first start; when two processes start at once both get the same. */
export async function platformKey(db: Database, keyring: Keyring, name: string): Promise<Buffer> {
  const place = `platform/${name}`;
  await db.system.query('insert into platform_keys (name, wrapped) values ($1, $2) on conflict do nothing', [
    name,
    keyring.create(place).wrapped,
  ]);
  const [row] = await db.system.query<{ wrapped: string }>('select wrapped from platform_keys where name = $1', [name]);
  return keyring.unwrap(place, row?.wrapped ?? '');
}
