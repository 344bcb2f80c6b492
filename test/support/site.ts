import type { Config } from '../../src/config.ts';
import { wake } from '../../src/events/index.ts';
import { accountsOf, statusPath } from '../../src/gateways.ts';
import { createClock, type TurnableClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import { createRooms, type Rooms } from '../../src/rooms.ts';
import { createTwilioStandIn, type TwilioStandIn } from '../../src/sandbox/twilio/index.ts';
import type { Staff, Tenant } from '../../src/tenants/index.ts';
import { createTwilio } from '../../src/vendors/twilio/index.ts';
import { startBalancer } from './balancer.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { type AppProcess, startProcess } from './processes.ts';
import { startSlack, type TestSlack, U_SOFIA } from './slack.ts';
import { texts } from './texts.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from './twilio.ts';

/*
 * Where the fault tests play: a database, stand-ins of Slack and Twilio in the test's process, one tenant, and real
 * processes of the product that are started, killed and frozen. The test's own rooms only capture leads and look.
 */

export const SMS_SENDER = '+46700000001';
/** Night in Stockholm: what is captured now waits for the morning. */
export const NIGHT = new Date('2026-11-23T23:00:00+01:00');
export const MORNING = new Date('2026-11-24T09:00:01+01:00');
/** Longest wait for anything; the machine may be busy with other things. */
const PATIENCE_MS = 90_000;
const ROUND_MS = 40 * 60_000;
/** Slack takes its time, as it does; hundreds of cards at once would have the machine to themselves. */
const SLACK_MS = 700;
const HOUSEKEEPING_MS = 300;
/** A look at something that changes at once, and one at the whole database. */
const LOOK_MS = 10;
const LOOK_ROUND_MS = 50;

const OPEN = `select count(*) as value from messages where (state = 'scheduled' and due_at <= $1)
  or state in ('claimed', 'sending', 'uncertain')`;
/** What nobody knows is asked some seconds later; whatever a request of two seconds ago brought about can be seen. */
const ASK_NOW = `update sends set check_at = clock_timestamp()
  where state = 'uncertain' and check_at > clock_timestamp() and started_at < clock_timestamp() - interval '2 seconds'`;
const RETRIES = `select count(*) as value from messages where state = 'scheduled' and reason like 'again:%'`;

export interface Site {
  readonly database: Pick<TestDatabase, 'db' | 'settings'>;
  readonly rooms: Rooms;
  readonly clock: TurnableClock;
  readonly twilio: TwilioStandIn;
  readonly slack: TestSlack;
  readonly tenant: Tenant;
  readonly sofia: Staff;
  /** Where the web process listens, whenever one runs; or the balancer before several. */
  readonly url: string;
  /** Starts a process. `settings`: another way to the database. */
  start(role: 'web' | 'worker', changes?: { settings?: TestDatabase['settings'] }): Promise<AppProcess>;
  /**
   * Logs a drive of each of `count` people at night, so that their first messages are due together in the morning; or in
   * rounds: an equal share in the morning and every forty minutes after it.
   */
  people(count: number, rounds?: number): Promise<void>;
  /** When the first messages of a round are due, from 0. */
  roundAt(round: number): Date;
  /** Turns business time for every process, without walking. */
  turnTo(at: Date): Promise<void>;
  /** One value, seen across tenants. */
  one<T>(sql: string, values?: unknown[]): Promise<T>;
  /** Waits until `holds` says so. @throws Error with what was waited for and what the processes logged */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** Waits until nothing is due, claimed, in flight or uncertain. */
  untilQuiet(): Promise<void>;
  /** The same, and business time is turned on until nothing waits for its next attempt either. */
  untilAllLeft(): Promise<void>;
  /** The machine's time passes for the claims that a process holds: their leases run out. */
  expireClaims(holder: AppProcess): Promise<void>;
  /** The machine's time passes for attempts of a process: a minute since they began. */
  ageAttempts(owner: AppProcess, seconds?: number): Promise<void>;
  close(): Promise<void>;
}

export const phoneOf = (person: number) => `+4670${1_000_000 + person}`;

export interface SiteOptions {
  database?: TestDatabase;
  httpTimeoutMs?: number;
  /** Messages a second. */
  rate?: number;
  /** Of the gateway's faults. */
  seed?: number;
  /** Nothing is hurried: leases run out by themselves, housekeeping comes with its tick. */
  patient?: boolean;
  /** Several web processes may run at a time. */
  balanced?: boolean;
  /** Without one nothing is sealed. */
  auditKey?: string;
}

export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const database = options.database ?? (await freshDatabase());
  const { db } = database;
  const httpTimeoutMs = options.httpTimeoutMs ?? 1500;
  const clock = createClock();
  clock.turnTo(NIGHT.getTime() - Date.now());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const balancer = options.balanced ? await startBalancer(port) : undefined;
  const twilio = createTwilioStandIn({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    webhookBase: () => url,
    now: () => clock.now(),
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  const slack = await startSlack({ eventsUrl: () => `${url}/slack/events`, now: () => clock.now() });
  slack.mischief.slowMs = SLACK_MS;
  const gateway = {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    smsFrom: SMS_SENDER,
    whatsappFrom: undefined,
    messagingServiceSid: undefined,
    apiUrl: (await twilio.start()).url,
  };
  const vendor = createTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiUrl: gateway.apiUrl,
    httpTimeoutMs,
    machine: Date.now,
  });
  const masterKeys = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  const rooms = await createRooms({
    texts: texts(),
    db,
    clock,
    log: createLogger('silent'),
    keyring: createKeyring(masterKeys),
    publicUrl: url,
    gateways: new Map([['twilio', vendor]]),
    accounts: accountsOf(gateway).map((account) => ({ ...account, rate: options.rate ?? 100_000 })),
    statusPath,
    httpTimeoutMs,
  });
  const tenant = await rooms.tenants.ensure(
    { name: 'Nordic Motors', slackTeamId: slack.team.id, country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
    'test',
  );
  const profile = { slackUserId: U_SOFIA, name: 'Sofia Lind', zone: 'Europe/Stockholm', fullMember: true };
  const sofia = await rooms.staff.remember(tenant.id, profile);
  await keepOffset();

  const config: Config = {
    production: false,
    operators: [],
    port,
    host: '127.0.0.1',
    publicUrl: url,
    dataDir: '',
    logLevel: 'warn',
    databaseUrl: undefined,
    mongodbUri: undefined,
    masterKeys,
    slack: undefined,
    twilio: undefined,
  };
  const processes: AppProcess[] = [];

  async function keepOffset(): Promise<void> {
    await db.system.query(
      `insert into sandbox_state (clock_offset_ms) values ($1)
       on conflict (id) do update set clock_offset_ms = excluded.clock_offset_ms`,
      [clock.offsetMs],
    );
  }

  const one = async <T>(sql: string, values: unknown[] = []): Promise<T> => {
    const [row] = await db.system.query<{ value: T }>(sql, values);
    if (!row) throw new Error(`no row: ${sql}`);
    return row.value;
  };

  async function until(what: string, holds: () => boolean | Promise<boolean>, lookMs = LOOK_MS): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    let problem: unknown;
    const asked = async () => {
      try {
        return await holds();
      } catch (error) {
        problem = error; // the database may be away for a moment
        return false;
      }
    };
    while (!(await asked())) {
      if (Date.now() > end) {
        const states = await db.system.query('select state, reason, count(*) as n from messages group by 1, 2');
        const logs = processes.map((each) => `--- ${each.role} ${each.worker}\n${each.output().slice(-4000)}`);
        throw new Error(`never: ${what}\n${JSON.stringify(states)}\n${logs.join('\n')}`, { cause: problem });
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  async function turnTo(at: Date): Promise<void> {
    clock.turnTo(at.getTime() - Date.now());
    await keepOffset();
    await wake(db.system, 'clock');
    await wake(db.system, 'messages');
  }

  const isQuiet = async () => {
    if ((await one<number>(OPEN, [clock.now()])) === 0) return true;
    if (!options.patient) await db.system.query(ASK_NOW);
    return false;
  };
  const untilQuiet = () => until('nothing open', isQuiet, LOOK_ROUND_MS);
  // a frozen or dead worker may have the ticks for a quarter of a minute: in a hurry, the test rings instead
  const ring = options.patient
    ? undefined
    : setInterval(() => {
        // and who found everything in others' hands looks once more
        for (const what of ['housekeeping', 'messages'] as const) void wake(db.system, what).catch(() => {});
      }, HOUSEKEEPING_MS);

  return {
    database,
    rooms,
    clock,
    twilio,
    slack,
    tenant,
    sofia,
    url,
    one,
    until,
    async start(role, changes = {}) {
      const at = role === 'web' && balancer ? await freePort() : port;
      const started = await startProcess({
        config: { ...config, port: at },
        role,
        settings: changes.settings ?? database.settings,
        masterKeys,
        ...(options.auditKey && { auditKey: options.auditKey }),
        slack: {
          signingSecret: slack.signingSecret,
          botToken: slack.botToken,
          appToken: undefined,
          apiUrl: slack.apiUrl,
        },
        twilio: gateway,
        httpTimeoutMs,
      });
      processes.push(started);
      if (role === 'web') balancer?.add(at);
      return started;
    },
    roundAt: (round) => new Date(MORNING.getTime() + round * ROUND_MS),
    async people(count, rounds = 1) {
      for (let first = 0; first < count; first += 20) {
        const group = Array.from({ length: Math.min(20, count - first) }, (_, i) => first + i);
        await Promise.all(
          group.map((n) =>
            rooms.capture.capture(tenant.id, {
              playbook: 'test-drive',
              source: 'slack',
              sourceKey: `person ${n}`,
              ownerId: sofia.id,
              actor: `staff:${sofia.id}`,
              name: `Person ${n}`,
              phone: phoneOf(n),
              email: '',
              language: 'sv',
              fields: { car: 'BMW X5' },
              consentGiven: true,
            }),
          ),
        );
      }
      await db.system.query(
        `update messages m set due_at = m.due_at + n.round * make_interval(secs => $2)
         from (select id, row_number() over (order by id) % $1 as round from messages where step_key = 'day_0') n
         where n.id = m.id and n.round > 0`,
        [rounds, ROUND_MS / 1000],
      );
    },
    turnTo,
    untilQuiet,
    async untilAllLeft() {
      await untilQuiet();
      while ((await one<number>(RETRIES)) > 0) {
        await turnTo(new Date(clock.now().getTime() + 11 * 60_000));
        await untilQuiet();
      }
    },
    async expireClaims({ worker }) {
      if (options.patient) return;
      await db.system.query(
        `update messages set lease_until = lease_until - interval '31 seconds' where lease_owner = $1`,
        [worker],
      );
    },
    async ageAttempts({ worker }, seconds = 60) {
      await db.system.query(
        `update sends set started_at = started_at - make_interval(secs => $2), check_at = clock_timestamp()
         where worker = $1 and state in ('sending', 'uncertain')`,
        [worker, seconds],
      );
    },
    async close() {
      clearInterval(ring);
      for (const each of processes) {
        each.thaw();
        if (each.running) await each.kill9();
      }
      await Promise.all([twilio.stop(), slack.stop(), vendor.close(), balancer?.close()]);
      await database.drop();
    },
  };
}
