import type { Database, Sql } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type ApiKeyId, newId, type TenantId } from '../lib/ids.ts';
import { sameSecret } from '../lib/secrets.ts';
import { hashOf, KEY_COLUMNS, readKey } from './keys.ts';
import { createSigner, type Signer } from './signer.ts';
import {
  ACCESS_SECONDS,
  type ApiKey,
  type Caller,
  LOCK_SECONDS,
  MAX_FAILURES,
  REFRESH_SECONDS,
  type Tokens,
} from './types.ts';

/** From a key to tokens and back. All ages are of the machine clock. */
export interface SignIns {
  /** Exchanges a key for tokens. Throws `Unauthorised`, or `Locked` after five wrong secrets in a row. */
  withKey(words: string): Promise<Tokens>;
  /**
   * Exchanges a refresh token for new tokens. One that was exchanged before is in two hands: the whole sign-in is
   * revoked. Throws `Unauthorised`.
   */
  refresh(token: string): Promise<Tokens>;
  /** Who shows an access token. Throws `Unauthorised`. */
  caller(token: string): Promise<Caller>;
  /** The sign-in's tokens open nothing any more. */
  end(caller: Caller): Promise<void>;
}

/** The key or token does not open anything (any more). */
export class Unauthorised extends KnownError {
  constructor(message: string, userMessage: string) {
    super('forbidden', message, userMessage);
  }
}

/** Too many wrong secrets. */
export class Locked extends KnownError {
  /** Seconds until it opens by itself. */
  readonly seconds: number;
  constructor(seconds: number) {
    super('forbidden', 'key locked', 'This key is locked after five wrong secrets. Wait, or have an admin unlock it.');
    this.seconds = seconds;
  }
}

const wrongKey = () =>
  new Unauthorised('wrong api key', 'This key is not known here. Make one in Slack with /rescue api.');
const wrongToken = () =>
  new Unauthorised('wrong token', 'This token is not valid (any more). Sign in again with your key.');

interface KeyRow extends ApiKey {
  secretHash: Buffer;
}

export function createSignIns(deps: { db: Database; clock: Clock; key: Buffer }): SignIns {
  const { db, clock } = deps;
  const signer = createSigner(deps.key, clock.machine);
  const now = () => new Date(clock.machine());

  /** Whose a key is nobody knows before: looked for across tenants. */
  async function withKey(words: string): Promise<Tokens> {
    const read = readKey(words);
    if (!read) throw wrongKey();
    const found = await db.system.transaction(async (sql): Promise<Tokens | Error> => {
      const [key] = await sql.query<KeyRow>(
        `select ${KEY_COLUMNS}, k.secret_hash as "secretHash" from api_keys k
         where k.id = $1 and k.revoked_at is null for update`,
        [read.id],
      );
      if (!key) return wrongKey();
      const locked = key.lockedUntil ? Math.ceil((key.lockedUntil.getTime() - clock.machine()) / 1000) : 0;
      // also to the right secret: else a guesser would learn that it was right
      if (locked > 0) return new Locked(locked);
      if (!sameSecret(hashOf(read.secret), key.secretHash)) return miss(sql, key);
      await sql.query('update api_keys set failures = 0, locked_until = null, used_at = $2 where id = $1', [
        key.id,
        clock.now(),
      ]);
      await sql.query('delete from api_sign_ins where key_id = $1 and expires_at < $2', [key.id, now()]); // api_sign_ins_over
      const signIn = newId();
      const ends = clock.machine() + REFRESH_SECONDS * 1000;
      await sql.query('insert into api_sign_ins (id, tenant_id, key_id, expires_at) values ($1, $2, $3, $4)', [
        signIn,
        key.tenantId,
        key.id,
        new Date(ends),
      ]);
      return tokensOf(signer, { signIn, keyId: key.id, tenantId: key.tenantId, generation: 1 });
    });
    // a failure is counted although it is an error: thrown inside, it would be rolled back
    if (found instanceof Error) throw found;
    return found;
  }

  async function miss(sql: Sql, key: ApiKey): Promise<Error> {
    const [{ failures } = { failures: 0 }] = await sql.query<{ failures: number }>(
      'update api_keys set failures = failures + 1 where id = $1 returning failures',
      [key.id],
    );
    if (failures < MAX_FAILURES) return wrongKey();
    const until = new Date(clock.machine() + LOCK_SECONDS * 1000);
    await sql.query('update api_keys set failures = 0, locked_until = $2 where id = $1', [key.id, until]);
    await append(sql, key.tenantId, clock.now(), 'system', [{ type: 'api.key_locked', data: { keyId: key.id } }]);
    return new Locked(LOCK_SECONDS);
  }

  async function refresh(token: string): Promise<Tokens> {
    const read = await signer.read(token, 'refresh');
    if (!read) throw wrongToken();
    const { signIn, tenantId, keyId, generation } = read;
    const next = await db.inTenant(tenantId, async (tx) => {
      const moved = await tx.query(
        `update api_sign_ins s set generation = generation + 1, expires_at = $3 from api_keys k
         where s.id = $1 and s.generation = $2 and s.revoked_at is null and s.expires_at > $4
           and k.id = s.key_id and k.revoked_at is null returning s.id`,
        [signIn, generation, new Date(clock.machine() + REFRESH_SECONDS * 1000), now()],
      );
      if (moved.length > 0) return generation + 1;
      const reused = await tx.query(
        `update api_sign_ins set revoked_at = $3, reason = 'reused'
         where id = $1 and generation > $2 and revoked_at is null returning id`,
        [signIn, generation, now()],
      );
      if (reused.length > 0) {
        await append(tx, tx.tenantId, clock.now(), 'system', [
          { type: 'api.sign_in_revoked', data: { keyId, reason: 'reused' } },
        ]);
      }
      return undefined;
    });
    if (next === undefined) throw wrongToken();
    return tokensOf(signer, { ...read, generation: next });
  }

  return {
    withKey,
    refresh,
    async caller(token) {
      const read = await signer.read(token, 'access');
      if (!read) throw wrongToken();
      const [key] = await db.inTenant(read.tenantId, (tx) =>
        tx.query<ApiKey>(
          {
            name: 'api-caller',
            text: `select ${KEY_COLUMNS} from api_keys k join api_sign_ins s on s.id = $2 and s.key_id = k.id
              where k.id = $1 and k.revoked_at is null and s.revoked_at is null`,
          },
          [read.keyId, read.signIn],
        ),
      );
      if (!key) throw wrongToken();
      return { key, signInId: read.signIn };
    },
    async end({ key, signInId }) {
      await db.inTenant(key.tenantId, (tx) =>
        tx.query(
          `update api_sign_ins set revoked_at = $2, reason = 'signed_out' where id = $1 and revoked_at is null`,
          [signInId, now()],
        ),
      );
    },
  };
}

async function tokensOf(
  signer: Signer,
  of: { signIn: string; keyId: ApiKeyId; tenantId: TenantId; generation: number },
): Promise<Tokens> {
  const [accessToken, refreshToken] = await Promise.all([
    signer.sign('access', of, ACCESS_SECONDS),
    signer.sign('refresh', of, REFRESH_SECONDS),
  ]);
  return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS, refreshExpiresIn: REFRESH_SECONDS };
}
