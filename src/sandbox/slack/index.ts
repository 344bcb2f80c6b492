import { once } from 'node:events';
import { type BlockActs, createBlockActs } from './act-blocks.ts';
import { type CommandActs, createCommandActs } from './act-commands.ts';
import { createEventActs, type EventActs } from './act-events.ts';
import { createViewActs, type ViewActs } from './act-views.ts';
import { type AppAnswer, createAppClient, type Forgery } from './app-client.ts';
import { createDesk } from './desk.ts';
import type { Mischief } from './mischief.ts';
import type { OAuth, OAuthApp } from './oauth.ts';
import { createSlackServer } from './server.ts';
import { createStage } from './stage.ts';
import type { ApiCall, Change, Channel, OpenView, SlackMessage, StandInUser, StoredFile, Violation } from './types.ts';
import { type Bot, createWorkspace, type Workspace } from './workspace.ts';

export type { AppAnswer } from './app-client.ts';
export { FORM, signatureOf } from './app-client.ts';
export type { Block } from './blocks.ts';

export { shownValues, stateOf } from './fields.ts';
export type { Mischief } from './mischief.ts';
export * from './people.ts';

export type { Change, JsonObject, OpenView, SlackMessage, StandInUser, Violation } from './types.ts';
export { visibleText, wordsIn } from './visible-text.ts';

export interface SlackStandInOptions {
  signingSecret: string;
  botToken: string;
  /** Default `T0DEMO`. */
  teamId?: string;
  teamName: string;
  /** The app's address for commands, interactivity and events; asked before each request. */
  eventsUrl(): string;
  users: readonly StandInUser[];
  bot?: Partial<Bot>;
  /** Lets the app be installed by OAuth. */
  oauth?: OAuthApp;
  /** Milliseconds by a clock that never turns; default Date.now. */
  machine?: () => number;
  /** The time shown on messages; default the machine's. The sandbox gives the business clock. */
  now?: () => Date;
}

/** A Slack workspace on this machine: the Web API for the app, and people who act. */
export interface SlackStandIn extends CommandActs, BlockActs, ViewActs, EventActs {
  /** Listens on loopback (a free port unless one is given). `url` is for the SDK's `slackApiUrl`. */
  start(port?: number): Promise<{ url: string }>;
  stop(): Promise<void>;

  readonly team: Workspace['team'];
  readonly bot: Bot;
  readonly mischief: Mischief;
  /** What Slack would refuse or show badly; empty as long as the app behaves. */
  readonly violations: readonly Violation[];
  /** The app's latest 1,000 Web API calls, oldest first. */
  readonly calls: readonly ApiCall[];

  /** A person agrees to an installation on Slack's page. Returns where the browser is sent. */
  agree: OAuth['agree'];
  addUser(user: StandInUser): void;
  addChannel: Workspace['addChannel'];
  users(): StandInUser[];
  channels(): Channel[];
  /** By id, name or a person's id (their direct message with the bot). @throws Error when there is none */
  channel(reference: string): Channel;
  /** All messages of a channel, replies included, in order of arrival. */
  messages(channel: string): SlackMessage[];
  message(channel: string, ts: string): SlackMessage | undefined;
  /** A thread's root and its replies. */
  thread(channel: string, rootTs: string): SlackMessage[];
  ephemerals(userId: string): SlackMessage[];
  /** The views of a person's open modal, the visible one last. */
  stack(userId: string): readonly OpenView[];
  home(userId: string): OpenView | undefined;
  files(): StoredFile[];

  /** Calls `listener` after each change; the answer ends it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Waits until `look` finds something, looking again after each change in Slack. Rejects after `withinMs` (5,000). */
  waitFor<T>(look: () => T | null | undefined | false, what: string, withinMs?: number): Promise<T>;
  /** Sends the app a request as Slack would not: unsigned, stale, with another secret. */
  send(body: string, contentType: string, forgery?: Forgery): Promise<AppAnswer>;
}

/** A local Slack that speaks the real wire protocol on both sides. It starts with #general and #drives. */
export function createSlackStandIn(options: SlackStandInOptions): SlackStandIn {
  const machine = options.machine ?? Date.now;
  const name = options.teamName;
  const workspace = createWorkspace({
    team: { id: options.teamId ?? 'T0DEMO', name, domain: name.toLowerCase().replace(/[^a-z0-9]+/g, '-') },
    bot: { userId: 'U0LEADBOT', botId: 'B0LEADBOT', appId: 'A0LEADBOT', name: 'LeadRescue', ...options.bot },
    users: options.users,
    machine,
    now: options.now ?? (() => new Date(machine())),
  });
  let origin = '';
  const desk = createDesk(workspace, () => origin, options);
  const server = createSlackServer(desk, options.botToken);
  const stage = createStage(desk, createAppClient({ workspace, ...options }));
  const blockActs = createBlockActs(stage);
  workspace.addChannel('general');
  workspace.addChannel('drives');

  function channel(reference: string): Channel {
    const found = workspace.channelFor(reference);
    if (found === undefined) throw new Error(`no channel ${reference}`);
    return found;
  }

  return {
    ...createCommandActs(stage),
    ...blockActs,
    ...createViewActs(stage, blockActs),
    ...createEventActs(stage),
    async start(port = 0) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
      origin = `http://127.0.0.1:${address.port}`;
      return { url: `${origin}/api/` };
    },
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    team: workspace.team,
    bot: workspace.bot,
    mischief: desk.mischief,
    violations: workspace.violations,
    calls: desk.calls,
    agree: desk.oauth.agree,
    addUser: workspace.addUser,
    addChannel: workspace.addChannel,
    users: () => [...workspace.users.values()],
    channels: () => [...workspace.channels.values()],
    channel,
    messages: (reference) => desk.messages.of(channel(reference).id),
    message: (reference, ts) => desk.messages.find(channel(reference).id, ts),
    thread: (reference, rootTs) => desk.messages.thread(channel(reference).id, rootTs),
    ephemerals: desk.messages.ephemeralsOf,
    stack: desk.views.stack,
    home: desk.views.home,
    files: desk.files.all,
    subscribe: workspace.subscribe,
    waitFor: stage.waitFor,
    send: stage.app.send,
  };
}
