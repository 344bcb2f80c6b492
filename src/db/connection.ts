import pg from 'pg';
import { KnownError } from '../lib/errors.ts';

/** Where the database is: a URL, or host (a socket folder), user and database of the embedded server. */
export type ConnectionSettings = { connectionString: string } | { host: string; user: string; database: string };

/** The roles of section "row-level security": `app` sees one tenant, `system` works across tenants. */
export type Role = 'leadrescue_app' | 'leadrescue_system';

/**
 * How long a transaction may lie idle, in seconds. A process that hangs in the middle of one holds its locks, and a
 * customer's STOP would wait for it. Longer than the calls to Slack that are made inside a transaction.
 */
const IDLE_SECONDS = 20;
/**
 * A machine that vanishes hangs up nothing. The server lets its locks go once nothing has been heard of it for 25 seconds,
 * instead of two hours, also while it is being told something. Nothing of it counts between two processes of one machine.
 */
const VANISHED = [
  'tcp_keepalives_idle=10s',
  'tcp_keepalives_interval=5s',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=25s',
].map((setting) => `-c ${setting}`);

/** A connection that has stepped down to the role before its first statement. */
export function asRole(settings: ConnectionSettings, role: Role): pg.ClientConfig {
  const options = [`-c role=${role} -c idle_in_transaction_session_timeout=${IDLE_SECONDS}s`, ...VANISHED].join(' ');
  return { ...settings, options, application_name: role, keepAlive: true };
}

/** Connects as the owner. No server, no such database, a wrong password: told in words, which never hold the password. */
export async function connectOwner(settings: ConnectionSettings): Promise<pg.Client> {
  try {
    const client = new pg.Client(settings);
    await client.connect();
    return client;
  } catch (cause) {
    const { message, code } = cause as Error & { code?: string };
    const why = message || code || 'no answer';
    const words = `DATABASE_URL: the database cannot be used (${why}).`;
    throw new KnownError('misconfigured', `cannot connect: ${why}`, words, { cause });
  }
}

/**
 * Refuses a role that row-level security would not bind. `strict` (production) also refuses a login that could step
 * back up to one.
 */
export async function refusePrivileged(client: Pick<pg.Pool, 'query'>, strict: boolean): Promise<void> {
  const { rows } = await client.query<{ rolname: string; acting: boolean }>(
    `select rolname, rolname = current_user as acting from pg_roles
     where rolname in (current_user, session_user) and (rolsuper or rolbypassrls)`,
  );
  const bad = rows.find((row) => row.acting) ?? (strict ? rows[0] : undefined);
  if (!bad) return;
  throw new KnownError(
    'misconfigured',
    `database role ${bad.rolname} is superuser or bypasses row-level security`,
    `DATABASE_URL: the role "${bad.rolname}" is a superuser or bypasses row-level security. Use a login that owns the database and has neither right.`,
  );
}
