import express from 'express';
import pg from 'pg';
import { openDatabase } from '../../../src/db/index.ts';
import { accountsOf, statusPath } from '../../../src/gateways.ts';
import { createClock, type TurnableClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createKeyring } from '../../../src/lib/secrets.ts';
import type { OutgoingMessage } from '../../../src/messaging/port.ts';
import { createRooms, type Rooms } from '../../../src/rooms.ts';
import { createTwilioStandIn, type TwilioStandIn } from '../../../src/sandbox/twilio/index.ts';
import { createSlackEdge } from '../../../src/slack/index.ts';
import type { Staff, Tenant } from '../../../src/tenants/index.ts';
import { createTwilio } from '../../../src/vendors/twilio/index.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type DatabaseLine, openLine } from '../database-line.ts';
import { startSlack, type TestSlack, U_SOFIA } from '../slack.ts';
import { texts } from '../texts.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../twilio.ts';
import { SMS_SENDER, startDoor } from '../world.ts';
import { watchMoves } from './moves.ts';
import { type Program, startProgram } from './program.ts';

/*
 * Where random schedules are played, many of them one after the other: one database, the stand-ins of Slack and Twilio, a
 * web process that receives and two workers that send. Machine time does not pass by itself as far as leases and time-outs
 * go: `pass` lets it, and only when no request can be on its way that would be over by then.
 */

export interface Stage {
  readonly database: TestDatabase;
  readonly clock: TurnableClock;
  readonly twilio: TwilioStandIn;
  readonly slack: TestSlack;
  readonly tenant: Tenant;
  readonly sofia: Staff;
  readonly web: { rooms: Rooms; line: DatabaseLine };
  /** Two at any time; one that died is replaced by `revive`. */
  readonly workers: Program[];
  /** Requests that were handed to the gateway's client: our ids, and when (machine ms). */
  readonly requests: { messageId: string; attempt: number; at: number }[];
  /** Machine time that has passed by `pass`, and when it did. */
  readonly passed: { at: number; ms: number }[];
  /** The database ends this many sessions, whosever they are. */
  endSessions(count: number): Promise<void>;
  /** Starts a worker in the place of each that is dead. */
  revive(): Promise<void>;
  /**
   * Machine time passes: leases run out, what is to be looked at again is. Waits before it until no request is with the
   * gateway whose end would fall into that time; a frozen worker's may be, and then it has been taken or never will be.
   * False when a transaction that does not go on keeps it from passing.
   */
  pass(seconds: number): Promise<boolean>;
  /** Ticks come to everybody. */
  ring(): void;
  close(): Promise<void>;
}

/** Of a request, in real ms: short, since nothing that is decided by it is decided before `pass`. */
const CLIENT_MS = 200;
/** What the product believes it to be. */
const HTTP_TIMEOUT_MS = 5000;
const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

/*
 * What the machine's clock is asked about, moved into the past. Attempts keep their order, also those that are over: what
 * they were begun before or after can be worked out again from `passed`.
 */
const PASS = [
  `update messages set lease_until = lease_until - make_interval(secs => $1) where state = 'claimed'`,
  'update sends set started_at = started_at - make_interval(secs => $1), check_at = check_at - make_interval(secs => $1)',
  'update effects set due_at = due_at - make_interval(secs => $1), lease_until = lease_until - make_interval(secs => $1)',
  `update webhook_log set next_at = next_at - make_interval(secs => $1) where state = 'stored'`,
  `update accounts set rests_until = rests_until - make_interval(secs => $1),
     refilled_at = refilled_at - make_interval(secs => $1)`,
];

const TIMED = ['messages', 'sends', 'effects', 'webhook_log', 'accounts'];

export async function openStage(): Promise<Stage> {
  const database = await freshDatabase();
  const { settings } = database;
  await watchMoves(settings);
  let skew = 0;
  const clock = createClock(() => Date.now() + skew);
  const log = createLogger('silent');
  const late: { rooms?: Rooms } = {};
  const theRooms = () => {
    if (!late.rooms) throw new Error('the rooms are not open yet');
    return late.rooms;
  };
  const door = await startDoor(theRooms);
  const twilio = createTwilioStandIn({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    webhookBase: () => door.origin,
    now: () => clock.now(),
  });
  const { url } = await twilio.start();
  const access = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
  const options = { ...access, apiUrl: url, httpTimeoutMs: CLIENT_MS, machine: clock.machine };
  const common = {
    texts: texts(),
    clock,
    log,
    keyring: createKeyring(KEY),
    publicUrl: door.origin,
    accounts: accountsOf({
      ...access,
      smsFrom: SMS_SENDER,
      whatsappFrom: undefined,
      messagingServiceSid: undefined,
      apiUrl: url,
    }).map((account) => ({ ...account, rate: 100_000 })),
    statusPath,
    httpTimeoutMs: HTTP_TIMEOUT_MS,
  };
  const line = await openLine(database);
  const db = await openDatabase({ settings: line.settings, strict: true, appConnections: 6, systemConnections: 4 });
  const vendor = createTwilio(options);
  const rooms = await createRooms({ ...common, db, gateways: new Map([['twilio', vendor]]) });
  late.rooms = rooms;
  // the web process sends nothing
  await rooms.dispatcher.stop();
  const slack = await startSlack({ eventsUrl: () => `${door.origin}/slack/events` });
  const edge = createSlackEdge({
    ...rooms,
    app: express(),
    db,
    clock,
    log,
    publicUrl: door.origin,
    features: [],
    config: { signingSecret: slack.signingSecret, botToken: slack.botToken, apiUrl: slack.apiUrl },
  });
  edge.start();
  const tenant = await rooms.tenants.ensure(
    { name: 'Nordic Motors', slackTeamId: slack.team.id, country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
    'test',
  );
  const profile = { slackUserId: U_SOFIA, name: 'Sofia Lind', zone: 'Europe/Stockholm', fullMember: true };
  const sofia = await rooms.staff.remember(tenant.id, profile);

  const requests: Stage['requests'] = [];
  const passed: Stage['passed'] = [];
  const onRequest = ({ statusCallback }: OutgoingMessage) => {
    const query = new URL(statusCallback ?? '').searchParams;
    requests.push({ messageId: query.get('message') ?? '', attempt: Number(query.get('attempt')), at: Date.now() });
  };
  const start = () =>
    startProgram({
      ...common,
      settings,
      twilio: options,
      onRequest,
      clientOf: (tenantId) => edge.client(tenantId),
      handlers: edge.handlers,
    });
  const workers = [await start(), await start()];
  const [admin, time] = [0, 1].map(() => new pg.Client({ ...settings, user: 'postgres' })) as [pg.Client, pg.Client];
  await Promise.all([admin.connect(), time.connect()]);

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  /** Nobody writes until the transaction ends: nothing can be begun. False when somebody holds a lock and does not let go. */
  async function stop(): Promise<boolean> {
    for (let tries = 0; tries < 20; tries++) {
      try {
        await time.query(
          `begin; set local lock_timeout = '50ms'; lock table ${TIMED.join(', ')} in access exclusive mode`,
        );
        return true;
      } catch {
        await time.query('rollback');
        await sleep(5);
      }
    }
    return false;
  }
  let passing: Promise<unknown> = Promise.resolve();
  async function pass(seconds: number): Promise<boolean> {
    if (!(await stop())) return false;
    while (!quiet()) await sleep(5);
    // a request that was written and given up may not have been read yet: what is asked now is read after it
    const asked = { channel: 'sms', to: SMS_SENDER, from: SMS_SENDER, createdAfter: new Date() } as const;
    await vendor.findSent(asked).catch(() => {});
    while (!quiet()) await sleep(5);
    passed.push({ at: Date.now(), ms: seconds * 1000 });
    skew += seconds * 1000;
    for (const statement of PASS) await time.query(statement, [seconds]);
    await time.query('commit');
    return true;
  }
  const quiet = () => workers.every((worker) => worker.requests === 0);

  return {
    database,
    clock,
    twilio,
    slack,
    tenant,
    sofia,
    web: { rooms, line },
    workers,
    requests,
    passed,
    async endSessions(count) {
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'leadrescue_%' order by pid * $2 % 97 limit $1`,
        [count, requests.length + 3],
      );
    },
    async revive() {
      for (const [at, worker] of workers.entries()) if (worker.is === 'dead') workers[at] = await start();
    },
    pass(seconds) {
      const next = passing.then(() => pass(seconds));
      passing = next.catch(() => {});
      return next;
    },
    ring() {
      rooms.catchUp.beat().catch(() => {});
      for (const worker of workers)
        for (const why of ['housekeeping', 'messages', 'effects'] as const) worker.ring(why);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await edge.stop();
      await Promise.all([twilio.stop(), slack.stop(), vendor.close(), admin.end(), time.end()]);
      door.server.closeAllConnections();
      await new Promise((resolve) => door.server.close(resolve));
      await db.close();
      await line.close();
      await database.drop();
    },
  };
}
