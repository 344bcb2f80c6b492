import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  type ConnectionSettings,
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbedded,
} from '../../src/db/index.ts';
import { accountsOf, statusPath } from '../../src/gateways.ts';
import { createClock, type TurnableClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import { createRooms, type Rooms } from '../../src/rooms.ts';
import type { Tenant } from '../../src/tenants/index.ts';
import { createTwilio, type Twilio } from '../../src/vendors/twilio/index.ts';

/*
 * Where the benchmarks run: a real PostgreSQL with its default durability (fsync on), the Twilio stand-in in a process
 * of its own, and this process as the worker.
 */

export const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef';
export const AUTH_TOKEN = 'bench-auth-token';
export const SENDER = '+46700000001';
/** Business time of every run: a Monday morning in Stockholm, inside the send hours. */
const MONDAY = new Date('2026-11-23T09:30:00Z');
const MASTER_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
export const TEAM_ID = 'T0BENCH';
const PUBLIC_URL = 'https://leads.example';
/** Nothing is held back by an account's rate. */
const UNBOUNDED = 1_000_000;
/** How often a receiver of webhooks says that it lives. */
const BEAT_MS = 2000;

export interface Lab {
  readonly postgres: string;
  /**
   * A database of its own with one tenant, and the rooms around it. `listener`: the address of the product's web process,
   * which is told what becomes of messages; without one the gateway keeps silent. `server`: another one than the lab's.
   */
  openHouse(options?: { listener?: string | undefined; server?: EmbeddedPostgres }): Promise<House>;
  /** Ends every process and removes every folder. */
  close(): Promise<void>;
}

export interface House {
  readonly db: Database;
  readonly rooms: Rooms;
  readonly clock: TurnableClock;
  readonly tenant: Tenant;
  readonly twilio: Twilio;
  /** Where the gateways find the product. */
  readonly publicUrl: string;
  /** How the owner of the database connects. */
  readonly settings: { host: string; user: string; database: string };
  /** For another process of the product on the same database and gateway. */
  readonly environment: Record<string, string>;
  /** Messages that the dispatcher has sent. */
  sent(): number;
  /** Messages that the stand-in has taken, from anybody, since it started. */
  taken(): Promise<number>;
  /**
   * What autovacuum and the checkpointer would do in time, so that every run starts from the same state. `analyse`: after
   * a large load, the statistics too.
   */
  tidy(analyse?: 'analyse'): Promise<void>;
  close(): Promise<void>;
  /** The same, and its database stays. */
  leave(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leadrescue-bench-'));
  chmodSync(folder, 0o755); // run by root, the server is another user and has to get in
  const server = await startEmbedded(path.join(folder, 'postgres'));
  const twilio = await startTwilio('none');
  let serial = 0;
  const close = async () => {
    await twilio.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [version] = await asked(server.connection('postgres'), 'show server_version');
    return {
      postgres: String(version?.server_version),
      async openHouse({ listener, server: own = server } = {}) {
        const settings = own.connection(`bench_${++serial}`);
        if (listener === undefined) return openHouse(settings, twilio.line, PUBLIC_URL);
        const talking = await startTwilio('posted');
        const house = await openHouse(settings, talking.line, listener);
        return { ...house, close: () => house.close().finally(talking.stop) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const startTwilio = (callbacks: 'none' | 'posted') =>
  startHelper('../../src/sandbox/twilio/serve.ts', [
    ...['--account', ACCOUNT_SID, '--token', AUTH_TOKEN],
    ...['--callbacks', callbacks],
  ]);

/** The product's rooms on a database, in this process, which talks to the stand-in. */
export interface Inside extends Pick<House, 'db' | 'rooms' | 'clock' | 'twilio' | 'sent' | 'leave'> {}

/** `ahead`: ms from the machine's time to that of business. */
export async function openInside(
  settings: ConnectionSettings,
  twilioUrl: string,
  publicUrl: string,
  ahead: number,
): Promise<Inside> {
  const db = await openDatabase({ settings, strict: true });
  const clock = createClock();
  clock.turnTo(ahead);
  const twilio = createTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiUrl: twilioUrl,
    machine: clock.machine,
  });
  const sender = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, smsFrom: SENDER, apiUrl: twilioUrl };
  let sent = 0;
  const rooms = await createRooms({
    db,
    clock,
    log: createLogger('error'),
    keyring: createKeyring(MASTER_KEYS),
    publicUrl,
    gateways: new Map([['twilio', twilio]]),
    accounts: accountsOf({ ...sender, whatsappFrom: undefined, messagingServiceSid: undefined }).map((account) => ({
      ...account,
      rate: UNBOUNDED,
    })),
    statusPath,
    observeSend: () => {
      sent++;
    },
  });
  const beat = setInterval(() => rooms.catchUp.beat().catch(() => {}), BEAT_MS);
  return {
    db,
    rooms,
    clock,
    twilio,
    sent: () => sent,
    async leave() {
      clearInterval(beat);
      await rooms.dispatcher.stop();
      await twilio.close();
      await db.close();
    },
  };
}

async function openHouse(settings: House['settings'], twilioUrl: string, publicUrl: string): Promise<House> {
  const { database } = settings;
  await asked({ ...settings, database: 'postgres' }, `create database "${database}"`);
  await migrate(settings);
  const inside = await openInside(settings, twilioUrl, publicUrl, MONDAY.getTime() - Date.now());
  const { rooms, leave } = inside;
  const tenant = await rooms.tenants.ensure(
    { name: 'Nordic Motors', slackTeamId: TEAM_ID, country: 'SE', zone: 'Europe/Stockholm', language: 'en' },
    'bench',
  );

  return {
    ...inside,
    tenant,
    publicUrl,
    settings,
    environment: {
      DATABASE_URL: `postgres://${settings.user}@/${database}?host=${encodeURIComponent(settings.host)}`,
      MASTER_KEYS,
      PUBLIC_URL: publicUrl,
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_SMS_FROM: SENDER,
      TWILIO_API_URL: twilioUrl,
    },
    async taken() {
      const response = await fetch(`${twilioUrl}/__journal`);
      return ((await response.json()) as { sent: number }).sent;
    },
    async tidy(analyse) {
      const owner = { ...settings, user: 'postgres' };
      // as autovacuum does: a table that was found empty would be planned for as if it stayed so
      const filled = await asked(
        owner,
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname = 'public' and pg_relation_size(c.oid) > 0`,
      );
      const tables = filled.map(({ name }) => name).join(', ');
      if (tables) await asked(owner, `vacuum ${analyse ? '(analyze) ' : ''}${tables}`);
      await asked(owner, 'checkpoint');
    },
    async close() {
      await leave();
      // autovacuum may be at it, which only the superuser may end
      await asked({ ...settings, user: 'postgres', database: 'postgres' }, `drop database "${database}" with (force)`);
    },
  };
}

/** Runs statements on a connection of its own; returns the rows of the first. */
async function asked(settings: House['settings'], ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    let first: Record<string, unknown>[] | undefined;
    for (const statement of statements) first ??= (await client.query(statement)).rows;
    return first ?? [];
  } finally {
    await client.end();
  }
}

/** A script of ours in a process of its own; it prints one line when it is ready, and ends on SIGTERM. */
export interface Helper {
  readonly line: string;
  stop(): Promise<void>;
}

/** Another worker of a house, which sends in a process of its own, so that whoever measures does not wait for it. */
export const startSender = ({ environment, clock }: House): Promise<Helper> =>
  startHelper('sender.ts', [], { ...environment, BENCH_AHEAD: String(clock.offsetMs) });

export async function startHelper(script: string, args: string[], env: Record<string, string> = {}): Promise<Helper> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.resolve(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development', ...env }, // a bundler in this process sets another one
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.once('exit', (code) => reject(new Error(`${script} ended with code ${code} while starting`)));
  });
  return {
    line,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
