import express from 'express';
import pg from 'pg';
import { createSealing, readSigningKey, requestWitnesses } from './audit/index.ts';
import type { Config, MailConfig, SlackConfig, TwilioConfig } from './config.ts';
import { asRole, type ConnectionSettings } from './db/connection.ts';
import { createListener, type Database, databaseAnswers, openDatabase } from './db/index.ts';
import { createRelay, WAKE_CHANNEL, wake } from './events/index.ts';
import { createFeatures, type FeatureDeps } from './features.ts';
import { accountsOf, mailAccountOf, readStored, sinchAccountsOf, statusPath } from './gateways.ts';
import { createHookLine, forgetDeliveries } from './hooks/index.ts';
import { createHttpEdge, createMetrics, type StatusView, serveProbes } from './http/index.ts';
import { createScheduler } from './jobs/index.ts';
import { letterCalendar } from './letter-calendar.ts';
import type { TurnableClock } from './lib/clock.ts';
import type { MessageId, PersonId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import { createKeyring } from './lib/secrets.ts';
import { WORKER_LOCK } from './messaging/index.ts';
import { openPhoneVendor } from './phone-vendor.ts';
import { type Pace, PHONE_VENDOR } from './phones/index.ts';
import type { Pictures } from './reports/index.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { createSandboxClock, type SandboxClock } from './sandbox/clock.ts';
import type { Sandbox } from './sandbox/index.ts';
import { createSlackEdge, type SlackEdge } from './slack/index.ts';
import { readQueue, readState, STATE_GAUGES } from './state-metrics.ts';
import type { Texts } from './texts.ts';
import { createHookSender, createPictureFetcher } from './vendors/hooks/index.ts';
import { readReport } from './vendors/mail/index.ts';
import { createOpenAi } from './vendors/openai/index.ts';
import type { WhatsAppWebOptions } from './vendors/whatsapp-web/index.ts';
import { bucketsOf, createVendors, signedByOf } from './vendors.ts';
import { createTicks, createWorker } from './worker.ts';

/*
 * One process of LeadRescue: rooms, edges and work, by role. `web` answers Slack, Twilio and the pages; `worker` sends,
 * reconciles and runs the outbox; `all` does both.
 */

export type Role = 'web' | 'worker' | 'all';

export interface AppOptions {
  config: Config;
  role: Role;
  settings: ConnectionSettings;
  masterKeys: string;
  /** Signs the heads of the audit log; without it nothing is sealed. */
  auditKey?: string;
  clock: TurnableClock;
  log: Logger;
  slack: SlackConfig;
  twilio: TwilioConfig;
  /** Without it there is no e-mail. */
  mail?: MailConfig | undefined;
  /** What stands in files, where it was read before. */
  texts?: Texts | undefined;
  /** What draws, where that is no process of its own. */
  pictures?: Pictures | undefined;
  /** What stands in for WhatsApp Web. */
  phoneClient?: WhatsAppWebOptions['open'];
  /** How fast linked phones write. */
  phonePace?: Pace;
  /** The business clock may be turned: no production, and every channel's gateway is on this machine. */
  sandbox: boolean;
  /** Resolves when the stand-ins have nothing more to tell about what was sent. */
  quiet?(): Promise<void>;
  /** Makes the page of the sandbox; asked for only in the sandbox. */
  sandboxPage?(parts: SandboxParts): Sandbox;
  status?(rooms: Rooms): Promise<StatusView>;
  httpTimeoutMs?: number;
}

/** What the sandbox's page is made of. */
export interface SandboxParts {
  db: Database;
  rooms: Rooms;
  turner: SandboxClock;
  surface: SlackEdge['surface'];
}

/** Turns of the agent at once, in one process. */
const AGENT_TURNS = 4;

export interface App {
  rooms: Rooms;
  port: number;
  /** Stops taking work, finishes what is under way, closes. Within ten seconds. */
  stop(): Promise<void>;
}

export async function startApp(options: AppOptions): Promise<App> {
  const { config, role, settings, clock, log } = options;
  const web = role !== 'worker';
  const work = role !== 'web';
  const db = await openDatabase({ settings, strict: config.production });
  const sandboxClock = createSandboxClock({ db, clock, ...(options.quiet && { quiet: options.quiet }) });
  if (options.sandbox) await sandboxClock.load();

  const metrics = createMetrics();
  const vendors = createVendors({
    ...config,
    twilio: options.twilio,
    mail: options.mail,
    httpTimeoutMs: options.httpTimeoutMs ?? 5000,
    clock,
    local: options.sandbox,
  });
  const hookSender = createHookSender({ local: options.sandbox });
  const { mail } = vendors;
  const noMail = (error: unknown) => log.warn({ err: error }, 'a mailbox could not be read; it is tried again');
  const phones = await openPhoneVendor({
    config,
    log,
    machine: clock.machine,
    client: options.phoneClient,
    holds: work,
  });
  const rooms: Rooms = await createRooms({
    ...(options.texts && { texts: options.texts }),
    db,
    clock,
    log,
    keyring: createKeyring(options.masterKeys),
    publicUrl: config.publicUrl,
    gateways: new Map([...vendors.platform, [PHONE_VENDOR, phones]]),
    ...(work && { phoneVendor: phones }),
    ...(options.phonePace && { phonePace: options.phonePace }),
    own: vendors.own((letter) => rooms.post.letter(letter), noMail),
    accounts: [
      ...accountsOf(options.twilio),
      ...(config.sinch ? sinchAccountsOf(config.sinch) : []),
      ...(options.mail ? [mailAccountOf(options.mail)] : []),
    ],
    statusPath,
    calendar: letterCalendar(clock, config.publicUrl),
    observeSend: metrics.observeSend,
    observeTurn: metrics.observeTurn,
    observeUsage: metrics.observeTokens,
    buckets: bucketsOf(config.s3),
    sourcePorts: vendors.sourcePorts,
    hookSender,
    pictureFetcher: createPictureFetcher({ local: options.sandbox }),
    ...(config.openai && { model: createOpenAi(config.openai) }),
    ...(options.httpTimeoutMs && { httpTimeoutMs: options.httpTimeoutMs }),
  });
  const { dispatcher, catchUp } = rooms;

  metrics.watchQueue(() => readQueue(db, clock));
  metrics.watch(STATE_GAUGES, () => readState(db, clock));
  const app = express();
  app.use('/slack/events', (_request, response, next) => {
    const since = clock.machine();
    response.once('finish', () => metrics.observeAck(clock.machine() - since, 'slack'));
    next();
  });
  const clientOf: FeatureDeps['clientOf'] = (tenantId) => slack.client(tenantId);
  const { publicUrl } = config;
  const { observeAlert } = metrics;
  const { pictures } = options;
  const features = createFeatures({ rooms, db, clock, log, clientOf, publicUrl, observeAlert, pictures });
  const slack = createSlackEdge({
    ...rooms,
    app,
    config: options.slack,
    db,
    clock,
    log,
    publicUrl,
    operators: config.operators,
    features: features.features,
  });
  const parts = { db, rooms, turner: sandboxClock, surface: slack.surface };
  const page = options.sandbox ? options.sandboxPage?.(parts) : undefined;
  const relay = createRelay({
    db,
    log,
    handlers: {
      ...slack.handlers,
      ...features.handlers,
      'figures.recount': async ({ tenantId }) => void (await rooms.counting.recount(tenantId)),
      'scores.refresh': async ({ tenantId }) => void (await rooms.rescore(tenantId)),
      'plan.move': rooms.planMoves.handle,
      ...rooms.senderHandlers,
      'leads.give': rooms.whose.handle,
      'plan.refit': rooms.planMoves.handleRefit,
      'person.blocked': ({ tenantId, key, data }) =>
        rooms.dispatching.onOptedOut({ tenantId, personId: key as PersonId, id: data.messageId as MessageId }),
      'hours.widened': async ({ tenantId }) => void (await rooms.live.lookAgain(tenantId)),
      ...rooms.privacyHandlers,
    },
  });
  // a turn may think for twenty seconds: it has a line of its own, so that nothing else waits behind it
  const turns = createRelay({ db, log, handlers: { 'agent.turn': rooms.agentTurn }, concurrency: AGENT_TURNS });
  // a file has thousands of rows: one batch after the other, and nothing waits behind it
  const bringing = createRelay({ db, log, handlers: { 'import.run': rooms.imports.run }, concurrency: 1 });
  // others' servers may be slow: they have a line of their own as well
  const hookLine = createHookLine({ db, clock, log, tenants: rooms.tenants, sender: hookSender });
  let renewed = false;
  const report = async () => {
    // once a process: nobody else changes the rules
    if (!renewed) await rooms.counting.renew();
    renewed = true;
    await rooms.counting.keepUp();
    await rooms.digests.run();
  };
  const key = options.auditKey === undefined ? undefined : readSigningKey(options.auditKey);
  const sealing = key && createSealing({ db, clock, log, key });
  const worker = createWorker({
    db,
    log,
    dispatcher,
    dispatching: rooms.dispatching,
    relays: [relay, turns, bringing, hookLine],
    templates: rooms.templates,
    retryWebhooks: async () =>
      (await rooms.inbox.retry(readStored)) +
      (await rooms.enquiries.retry()) +
      (await rooms.mailReports.retry(readReport)),
    makeLeads: () => rooms.sourceLeads.retry(),
    async purge() {
      await rooms.retain();
      await rooms.imports.forget();
      await forgetDeliveries(db, clock.machine());
    },
    sweep: () => rooms.live.sweep(),
    tendSenders: () => rooms.channels.tend(),
    handOver: () => rooms.covers.run(),
    remind: () => rooms.reminders.run(),
    watch: () => rooms.alerts.run(),
    report,
    async seal() {
      await sealing?.run();
      await requestWitnesses(db, clock.now());
    },
    tendPhones: rooms.phones.tend,
    lookRound: slack.lookRound,
    async loadClock() {
      if (!options.sandbox) return;
      await sandboxClock.load();
      if (!work) return;
      // what is due by the new time would else wait for the next tick
      dispatcher.wake();
      await rooms.covers.run();
      await rooms.reminders.run();
      await report();
      await rooms.alerts.run();
    },
  });

  const jobsPool = new pg.Pool({ ...asRole(settings, 'leadrescue_system'), max: 2 });
  jobsPool.on('error', () => {});
  jobsPool.on('connect', (client) => client.on('error', () => {}));
  const scheduler = work
    ? await createScheduler({
        log,
        pool: jobsPool,
        mongodbUri: config.mongodbUri,
        ticks: createTicks(db),
        onFailure: metrics.countJobFailure,
      })
    : undefined;

  const listener = createListener({
    db,
    log,
    channel: WAKE_CHANNEL,
    lock: { space: WORKER_LOCK, key: rooms.worker },
    onMessage: (reason) => (work || reason === 'clock') && worker.onWake(reason),
    onUp: () => {
      worker.onWake('clock');
      if (web) sayAlive();
      if (!work) return;
      worker.onWake('messages');
      worker.onWake('effects');
    },
  });

  const ready = async () => [
    await databaseAnswers(db),
    { name: 'slack', ok: slack.ready(), detail: slack.ready() ? 'connected' : 'not connected yet' },
  ];
  const edge = createHttpEdge({
    ...rooms,
    app,
    config,
    log,
    clock,
    db,
    metrics,
    wakeMessages: () => wake(db.system, 'messages'),
    webhookSecrets: vendors.webhookSecrets(rooms.credentials),
    signedBy: signedByOf(config),
    ready,
    ...(options.sandbox && {
      sandbox: { advance: (duration: string) => sandboxClock.advance(duration), ...(page && { page: page.routes }) },
    }),
    ...(slack.install &&
      options.slack.oauth && { install: { ...slack.install, stateSecret: options.slack.oauth.stateSecret } }),
    ...(options.status && { status: () => options.status?.(rooms) as Promise<StatusView> }),
  });

  let port = config.port;
  let beat: NodeJS.Timeout | undefined;
  const sayAlive = () => void catchUp.beat().catch((error) => log.warn({ err: error }, 'heartbeat failed'));
  if (web) {
    port = (await edge.listen()).port;
    slack.start();
    beat = setInterval(sayAlive, 2000);
    mail?.watch(rooms.post.letter, noMail);
  }
  const { host, probePort } = config;
  const probes =
    web || probePort === undefined
      ? undefined
      : await serveProbes({ host, port: probePort }, { metrics, ready: async () => [await databaseAnswers(db)] });
  // a tenant's own is tried when it is connected; nothing waits for this, since the catching-up says what may leave
  void vendors.platform
    .get('sinch')
    ?.tryAccess?.()
    .catch((error) => log.error({ err: error }, 'the platform’s app at Sinch cannot be used: check its settings'));
  // nothing automated leaves before what came while we were down is known; from here on it is received
  await catchUp.started();
  await catchUp
    .serveable()
    .catch((error) => log.warn({ err: error }, 'catching up failed, it is tried again before each send'));
  await listener.start();
  await scheduler?.start();
  if (work && config.s3) worker.onWake('retention'); // which asks the buckets where they are

  return {
    rooms,
    port,
    async stop() {
      clearInterval(beat);
      sandboxClock.stop();
      page?.stop();
      await scheduler?.stop();
      await worker.stop();
      await rooms.phones.stop();
      features.stop();
      await listener.stop();
      await Promise.all([slack.stop(), edge.close(), probes?.close()]);
      await Promise.all([vendors.close(), rooms.gateways.close()]);
      await Promise.all([jobsPool.end(), db.close()]);
    },
  };
}
