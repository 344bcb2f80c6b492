import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createRelay } from '../../src/events/index.ts';
import { createClock, type TurnableClock } from '../../src/lib/clock.ts';
import type { Pump } from '../../src/lib/pump.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import type { OwnGateways } from '../../src/messaging/index.ts';
import { createRooms, type Rooms } from '../../src/rooms.ts';
import { createSlackEdge, type Feature, type SlackEdge } from '../../src/slack/index.ts';
import type { Settings, Staff, Tenant } from '../../src/tenants/index.ts';
import { changeSettings } from './change-settings.ts';
import type { TestDatabase } from './database.ts';
import { lentDatabase } from './lent-database.ts';
import { collecting } from './log.ts';
import { type OpenView, type SlackStandInOptions, startSlack, type TestSlack, U_ADMIN } from './slack.ts';
import { texts } from './texts.ts';
import { ACCOUNT_SID, SENDER, startTwilio, type TestTwilio } from './twilio.ts';

/** The Slack edge on the real rooms, its own database and the stand-ins of Slack and Twilio; nothing is dispatched. */
export interface TestEdge {
  db: TestDatabase['db'];
  clock: TurnableClock;
  rooms: Rooms;
  slack: TestSlack;
  twilio: TestTwilio;
  edge: SlackEdge;
  /** Address of the app. */
  url: string;
  relay: Pump;
  /** Lines the edge has logged, as parsed JSON. */
  logged: { level: string; msg: string; reference?: string }[];
  /** The tenant of the workspace, made by the admin's first `/rescue` when there is none. */
  tenant(): Promise<Tenant>;
  /** Somebody of the workspace as the rooms know them; they have used LeadRescue before. */
  staff(userId: string): Promise<Staff>;
  change(patch: Partial<Settings>): Promise<void>;
  /** Sets how far the machine's clock is ahead, ours and Slack's, in milliseconds. */
  ahead(ms: number): void;
  /** Fills in and submits `/drive`; every required field has a right value unless given. */
  drive(userId: string, text: string, values?: Parameters<TestSlack['submit']>[2]): ReturnType<TestSlack['submit']>;
  openDrive(userId: string, text?: string): Promise<OpenView>;
  stop(): Promise<void>;
}

export interface TestEdgeOptions {
  features?: readonly Feature[];
  slack?: Partial<SlackStandInOptions>;
  /** Instead of the stand-in's own. */
  config?: Partial<Parameters<typeof createSlackEdge>[0]['config']>;
  /** Slack does not answer yet. */
  down?: true;
  /** Without WhatsApp and SMS. */
  noSenders?: true;
  /** Opens gateways with a tenant's own access. */
  own?: OwnGateways;
  /** Who runs us, as `T…/U…`. */
  operators?: readonly string[];
}

const WHATSAPP = '+14155550001';

export async function startEdge(options: TestEdgeOptions = {}): Promise<TestEdge> {
  const { db, drop } = await lentDatabase();
  let offset = 0;
  const machine = () => Date.now() + offset;
  const clock = createClock(machine);
  const logged: TestEdge['logged'] = [];
  const log = collecting(logged);
  const twilio = await startTwilio();
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slack = await startSlack({ eventsUrl: () => `${url}/slack/events`, machine, ...options.slack });
  if (options.down) slack.mischief.outage = 'reset';
  const account = { vendor: 'twilio', gatewayAccount: ACCOUNT_SID, rate: 10 } as const;
  const rooms = await createRooms({
    texts: texts(),
    db,
    clock,
    log,
    keyring: createKeyring(`test:${randomBytes(32).toString('base64')}`),
    publicUrl: 'https://leads.example',
    gateways: new Map([['twilio', twilio.connect()]]),
    accounts: options.noSenders
      ? []
      : [
          { ...account, channel: 'sms', sender: SENDER },
          { ...account, channel: 'whatsapp', sender: WHATSAPP },
        ],
    statusPath: () => '/webhooks/twilio/status',
    ...(options.own && { own: options.own }),
  });
  const edge = createSlackEdge({
    ...rooms,
    app,
    db,
    clock,
    log,
    publicUrl: 'https://leads.example',
    operators: options.operators,
    features: options.features ?? [],
    config: {
      signingSecret: slack.signingSecret,
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      ...options.config,
    },
  });
  const relay = createRelay({ db, log, handlers: edge.handlers });
  edge.start();

  async function tenant(): Promise<Tenant> {
    const found = await rooms.tenants.byTeam(slack.team.id);
    if (found) return found;
    await slack.slash(U_ADMIN, '/rescue');
    return tenant();
  }
  async function staff(userId: string): Promise<Staff> {
    const { id } = await tenant();
    const found = await rooms.staff.bySlackUser(id, userId);
    if (found) return found;
    await slack.slash(userId, '/rescue help');
    return staff(userId);
  }
  const openDrive = async (userId: string, text = '') => (await slack.slash(userId, '/drive', text)).modal();

  return {
    db,
    clock,
    rooms,
    slack,
    twilio,
    edge,
    url,
    relay,
    logged,
    tenant,
    staff,
    async change(patch) {
      await changeSettings({ database: { db }, rooms, clock }, await staff(U_ADMIN), patch);
    },
    ahead(ms) {
      offset = ms;
    },
    openDrive,
    drive: async (userId, text, values = {}) =>
      slack.submit(userId, await openDrive(userId, text), { consent: true, ...values }),
    async stop() {
      await relay.drain();
      await edge.stop();
      await slack.stop();
      await twilio.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await drop();
    },
  };
}

/** Looks until it is so; the limit of the test is the limit. */
export async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 5));
}
