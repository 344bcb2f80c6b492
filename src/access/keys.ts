import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type ApiKeyId, isId, newId, type TenantId } from '../lib/ids.ts';
import { demand, type KeyRole, type Staff } from '../tenants/index.ts';
import type { ApiKey } from './types.ts';

/** Keys to the API, as admins make and revoke them. */
export interface KeyBook {
  /** Makes a key; its words are told this once, and only a hash of the secret is kept. */
  make(staff: Staff, key: { name: string; role: KeyRole }): Promise<{ key: ApiKey; words: string }>;
  /** Takes effect at once, on tokens that were issued before too. */
  revoke(staff: Staff, id: ApiKeyId): Promise<void>;
  /** Opens a key again that is locked after wrong secrets. */
  unlock(staff: Staff, id: ApiKeyId): Promise<void>;
  list(tenantId: TenantId): Promise<ApiKey[]>;
}

const PREFIX = 'lrk_';
const MAX_NAME = 60;
const MAX_KEYS = 50;

export const KEY_COLUMNS = `k.id, k.tenant_id as "tenantId", k.name, k.role, k.created_by as "madeBy",
  k.created_at as "createdAt", k.used_at as "usedAt", k.locked_until as "lockedUntil"`;

/** A secret has 256 random bits, so that a plain hash of it cannot be guessed back. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** What a key consists of; undefined for anything else. */
export function readKey(words: string): { id: ApiKeyId; secret: string } | undefined {
  const [, id, secret] = /^lrk_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/.exec(words.trim()) ?? [];
  return isId(id) && secret ? { id: id as ApiKeyId, secret } : undefined;
}

export function createKeyBook(deps: { db: Database; clock: Clock }): KeyBook {
  const { db, clock } = deps;

  return {
    async make(staff, { name, role }) {
      demand(staff, 'api.change');
      const words = name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
      if (words === '' || words.length > MAX_NAME) {
        throw new KnownError('validation_error', 'key name', `Give the key a name of at most ${MAX_NAME} characters.`);
      }
      const id = newId<ApiKeyId>();
      const secret = randomBytes(32).toString('base64url');
      const now = clock.now();
      return db.inTenant(staff.tenantId, async (tx) => {
        // one at a time, so that two cannot both be the last that fits, or have one name
        await tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]);
        // api_keys_tenant
        const known = await tx.query<{ name: string }>(
          'select name from api_keys where tenant_id = $1 and revoked_at is null',
          [tx.tenantId],
        );
        if (known.length >= MAX_KEYS) {
          throw new KnownError('conflict', 'too many keys', `There are ${MAX_KEYS} keys already. Revoke one first.`);
        }
        if (known.some((key) => key.name.toLowerCase() === words.toLowerCase())) {
          throw new KnownError('conflict', 'key name taken', `There is a key called “${words}” already.`);
        }
        const [key] = await tx.query<ApiKey>(
          `insert into api_keys as k (id, tenant_id, name, role, secret_hash, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7) returning ${KEY_COLUMNS}`,
          [id, tx.tenantId, words, role, hashOf(secret), staff.id, now],
        );
        if (!key) throw new Error('a key was not stored');
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'api.key_made', data: { keyId: id, role } }]);
        return { key, words: `${PREFIX}${id}_${secret}` };
      });
    },
    async revoke(staff, id) {
      demand(staff, 'api.change');
      await db.inTenant(staff.tenantId, async (tx) => {
        const now = clock.now();
        const revoked = await tx.query(
          'update api_keys set revoked_at = $2 where id = $1 and revoked_at is null returning id',
          [id, now],
        );
        if (revoked.length === 0) throw noKey();
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'api.key_revoked', data: { keyId: id } }]);
      });
    },
    async unlock(staff, id) {
      demand(staff, 'api.change');
      await db.inTenant(staff.tenantId, async (tx) => {
        const unlocked = await tx.query(
          'update api_keys set failures = 0, locked_until = null where id = $1 and revoked_at is null returning id',
          [id],
        );
        if (unlocked.length === 0) throw noKey();
      });
    },
    list: (tenantId) =>
      db.inTenant(tenantId, (tx) =>
        tx.query<ApiKey>(
          // api_keys_tenant
          `select ${KEY_COLUMNS} from api_keys k where k.tenant_id = $1 and k.revoked_at is null
           order by k.created_at, k.id`,
          [tenantId],
        ),
      ),
  };
}

const noKey = () => new KnownError('not_found', 'no such key', 'That key does not exist (any more).');
