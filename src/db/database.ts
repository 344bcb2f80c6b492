import type { Duplex } from 'node:stream';
import pg, { type ClientConfig, type PoolClient } from 'pg';
import { Sequelize, Transaction } from 'sequelize';
import type { TenantId } from '../lib/ids.ts';
import { isId } from '../lib/ids.ts';
import { asRole, type ConnectionSettings, refusePrivileged } from './connection.ts';
import { createNotifier, type Notice, type Notifier } from './notifier.ts';

/** A statement the server prepares once per connection: `name` must be unique to its text. */
export interface Statement {
  name: string;
  text: string;
}

export interface Sql {
  query<Row extends object = object>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * A statement whose rows nobody needs. In a transaction it is on its way when this resolves, in order with all others;
   * when it fails, the transaction does, with what `understood` makes of the error. Outside of one it is done when this resolves.
   */
  write(
    statement: Statement | string,
    values?: readonly unknown[],
    understood?: (error: unknown) => unknown,
  ): Promise<void>;
  /**
   * Tells everybody who listens on the channel, in a transaction once it has committed, outside of one at once. Whoever dies in
   * between tells nobody, so those who listen also look from time to time.
   */
  notify(channel: string, payload: string): Promise<void>;
}

/** A statement that stores rows of one tenant: `$1` is the tenant, whatever comes after it a column of the rows. */
export interface Rows extends Statement {
  /** What rows refer to is stored before them: persons (1), then leads (2), then what hangs on those (3). */
  depth: 1 | 2 | 3;
}

/** An open transaction of one tenant. Sets and hot paths use `query`; simple CRUD passes `orm` to the models. */
export interface Tx extends Sql {
  readonly tenantId: TenantId;
  /** `write` for rows; see `together`. */
  writeRows(
    rows: Rows,
    columns: readonly (readonly unknown[])[],
    understood?: (error: unknown) => unknown,
  ): Promise<void>;
  readonly orm: { transaction: Transaction };
}

export interface Database {
  /** Models live here; every call on them must pass the `orm` of a tenant's transaction. */
  readonly sequelize: Sequelize;
  /** Runs `work` in one transaction in which the database shows this tenant's rows and no others. */
  inTenant<T>(tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Across tenants; used by few files: claiming, routing inbound messages, the outbox, start-up. */
  readonly system: Sql & { transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> };
  /** Opens an own connection (not from a pool), for LISTEN and for locks that live as long as the process. */
  connect(): Promise<pg.Client>;
  /** How the two pools are used at this moment. */
  pools(): Record<'app' | 'system', PoolUse>;
  /** Transactions and statements that were run again since this was opened. */
  readonly restarts: Readonly<Restarts>;
  close(): Promise<void>;
}

export interface PoolUse {
  used: number;
  idle: number;
  /** Work that waits for a connection. */
  waiting: number;
}

/** How many were run again: to resolve a deadlock, or because another one was faster and its rows are to be found. */
export interface Restarts {
  deadlock: number;
  race: number;
}

export interface DatabaseOptions {
  settings: ConnectionSettings;
  /** Production: also refuse a login that could become privileged. */
  strict: boolean;
  appConnections?: number;
  systemConnections?: number;
}

// pg reads bigint as text by default; our bigints are event ids and counts, far below 2^53
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Thrown by work in a transaction that lost a race and will find the winner's rows when it starts again. */
export class StartAgain extends Error {}

/** Why a transaction is run again, if that may help: the server ended it to resolve a deadlock, or it asked for that itself. */
function whyAgain(error: unknown): keyof Restarts | undefined {
  if (error instanceof StartAgain) return 'race';
  return (error as { code?: string } | null)?.code === '40P01' ? 'deadlock' : undefined;
}

/** Tried so often in all. A deadlock takes the server a second to see, and a webhook's sender waits for fifteen. */
const TRIES = 6;
/** The longest pause before the second try, ms; it doubles. */
const PAUSE_MS = 10;

/**
 * Runs work again from its beginning while that may help: nothing of it happened. Work in a transaction therefore does nothing
 * that a rollback does not undo. The pauses are random, so that those who were in each other's way do not meet again.
 */
async function again<T>(restarts: Restarts, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const why = whyAgain(error);
      if (!why || tries === TRIES) throw error;
      restarts[why]++;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS * 2 ** (tries - 1)));
    }
  }
}

/** Postgres knows no NUL in a text, and whatever strangers send may hold one: it becomes U+FFFD, the sign for such things. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

async function run<Row extends object>(
  client: Pick<PoolClient, 'query'>,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  const result = await client.query<Row>({ ...config, values: values.map(storable) });
  return result.rows;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const systemPool = new pg.Pool({
    ...asRole(options.settings, 'leadrescue_system'),
    pipeline: true,
    max: options.systemConnections ?? 10,
  });
  // a dropped connection is replaced by the pool; without a listener it would end the process
  systemPool.on('connect', (client) => client.on('error', () => {}));
  systemPool.on('error', () => {});
  const sequelize = openSequelize(options);
  const notifier = createNotifier(systemPool);
  try {
    await refusePrivileged(systemPool, options.strict);
    await refusePrivileged(
      { query: (text: string) => borrow(sequelize, (client) => client.query(text)) } as pg.Pool,
      options.strict,
    );
  } catch (error) {
    await Promise.allSettled([systemPool.end(), sequelize.close()]);
    throw error;
  }

  const restarts: Restarts = { deadlock: 0, race: 0 };

  return {
    sequelize,
    restarts,
    inTenant: (tenantId, work) =>
      again(restarts, () =>
        borrow(sequelize, async (client) => {
          if (!isId(tenantId)) throw new Error('not a tenant id');
          // Sequelize reads `connection` off the transaction it is given, so models and raw SQL share this one
          const transaction = Object.assign(new Transaction(sequelize, {}), { connection: client });
          return commit(client, notifier, `begin; set local app.tenant_id = '${tenantId}'`, (sql) =>
            work({
              tenantId,
              orm: { transaction },
              ...sql,
              writeRows: ({ name, text }, columns, understood) =>
                sql.write({ name, text }, [tenantId, ...columns], understood),
            }),
          );
        }),
      ),
    system: {
      query: (statement, values) => again(restarts, () => run(systemPool, statement, values)),
      write: async (statement, values, understood = asItIs) => {
        await again(restarts, () =>
          run(systemPool, statement, values).catch((error: unknown) => {
            throw understood(error);
          }),
        );
      },
      notify: (channel, payload) => notifier.tell([{ channel, payload }]),
      transaction: (work) =>
        again(restarts, async () => {
          const client = await systemPool.connect();
          try {
            return await commit(client, notifier, 'begin', work, true);
          } finally {
            client.release();
          }
        }),
    },
    connect: async () => {
      const client = new pg.Client(asRole(options.settings, 'leadrescue_system'));
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    pools() {
      const { using, available, waiting } = (sequelize.connectionManager as unknown as RawPool).pool;
      const { totalCount, idleCount, waitingCount } = systemPool;
      return {
        app: { used: using, idle: available, waiting },
        system: { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount },
      };
    },
    close: async () => {
      await notifier.idle();
      await Promise.all([systemPool.end(), sequelize.close()]);
    },
  };
}

/**
 * Sequelize hands few options through to the driver; this one is not among them. It listens for errors only once it has set a
 * connection up: a server that went away before would end the process.
 */
class PipelinedClient extends pg.Client {
  constructor(config: ClientConfig) {
    super({ ...config, pipeline: true });
    this.on('error', () => {});
  }
}

function openSequelize(options: DatabaseOptions): Sequelize {
  const config = asRole(options.settings, 'leadrescue_app');
  const common = {
    dialect: 'postgres' as const,
    dialectModule: { ...pg, Client: PipelinedClient },
    logging: false as const,
    keepDefaultTimezone: true,
    pool: { max: options.appConnections ?? 20, min: 0, idle: 30_000, acquire: 15_000 },
    define: { underscored: true, timestamps: false },
    dialectOptions: { options: config.options, application_name: config.application_name, keepAlive: true },
  };
  return 'connectionString' in options.settings
    ? new Sequelize(options.settings.connectionString, common)
    : new Sequelize({
        ...common,
        host: options.settings.host,
        username: options.settings.user,
        database: options.settings.database,
      });
}

/** Sequelize's pool hands out plain pg clients, which its types do not say. */
interface RawPool {
  getConnection(options: { type: 'write' }): Promise<PoolClient>;
  releaseConnection(client: PoolClient): void;
  pool: { using: number; available: number; waiting: number };
}

async function borrow<T>(sequelize: Sequelize, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const pool = sequelize.connectionManager as unknown as RawPool;
  const client = await pool.getConnection({ type: 'write' });
  try {
    return await work(client);
  } finally {
    pool.releaseConnection(client);
  }
}

/** What is sent in the same turn leaves as one packet, instead of one for each statement. */
function gather(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const OVER = 'this transaction is over';
const asItIs = (error: unknown) => error;

/** `in_failed_sql_transaction`: another statement failed before. */
const FOLLOWS = '25P02';

/**
 * One transaction. Connections are pipelined: what needs no answer (`begin`, writes, the commit behind the last write) is
 * sent without waiting for what is before it, and the server does all in order. A write that failed is what is thrown.
 * `waits`: nothing is sent before it has begun. Work that goes on after it has ended is refused: the connection is another's.
 */
async function commit<T>(
  client: PoolClient,
  notifier: Notifier,
  begin: string,
  work: (sql: Sql) => Promise<T>,
  waits = false,
): Promise<T> {
  const failures: unknown[] = []; // of what nobody waited for
  const watch = <R>(answer: Promise<R>, understood: (error: unknown) => unknown = asItIs): Promise<R | undefined> =>
    answer.catch((error: unknown) => {
      if ((error as { code?: string }).code !== FOLLOWS) failures.push(understood(error));
      return undefined;
    });
  const notices: Notice[] = [];
  let over = false;
  const ask = <Row extends object>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]> => {
    if (over) return Promise.reject(new Error(OVER));
    gather(client);
    return run<Row>(client, statement, values);
  };
  gather(client);
  let sent: Promise<unknown> = watch(client.query(begin));
  // without its `begin` a tenant's statement is refused by the policies; one across tenants would count at once
  if (waits) await sent;
  if (failures.length > 0) throw failures[0];
  const sql: Sql = {
    query: ask,
    write: async (statement, values, understood) => {
      if (over) throw new Error(OVER);
      sent = watch(ask(statement, values), understood);
    },
    notify: async (channel, payload) => {
      notices.push({ channel, payload });
    },
  };
  try {
    const result = await work(sql);
    over = true;
    gather(client);
    // answers come in order, so every write has been answered before the commit is
    const done = await watch(client.query('commit'));
    if (failures.length > 0) throw failures[0];
    if (done?.command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
    void notifier.tell(notices);
    return result;
  } catch (error) {
    over = true;
    await sent; // the first failure may be of a write whose answer is still on its way
    await client.query('rollback').catch(() => {}); // a broken connection has rolled back by itself
    throw failures.length > 0 ? failures[0] : error;
  }
}
