import bolt from '@slack/bolt';
import type { FetchFunction } from '@slack/web-api';
import type { Application, Request, RequestHandler } from 'express';
import type { Clock } from '../lib/clock.ts';
import { parseForeign } from '../lib/json.ts';
import type { Logger } from '../lib/logger.ts';
import type { Background } from './background.ts';
import { type Dispatch, ephemeral, type Respond } from './dispatch.ts';
import { createGate } from './gate.ts';
import { EVENTS_PATH } from './manifest.ts';
import {
  actionSent,
  appRemoved,
  commandSent,
  FORM,
  homeOpened,
  shortcutSent,
  submissionSent,
  userChanged,
} from './payloads.ts';
import { sdkLogger } from './sdk-logger.ts';
import { inOurWords } from './web-client.ts';

/*
 * Bolt, with one listener for each kind of request: its cost grows with every listener, so the features are found by our
 * own dispatch. Bolt has no token of ours and makes no calls; those are made by the client of the tenant.
 */

/** Slack waits three seconds for a command; what takes longer is answered by the response URL. */
const ANSWER_MS = 2000;

/** Slack greets at once on a new socket. */
const HELLO_MS = 20_000;

export interface BoltDeps {
  app: Application;
  config: { signingSecret?: string | undefined; appToken?: string | undefined; apiUrl?: string | undefined };
  clock: Pick<Clock, 'machine'>;
  log: Logger;
  fetch: FetchFunction;
  dispatch: Dispatch;
  background: Background;
  /** Slack says that the app was taken out of a workspace, or that its token there is no longer good. */
  onRemoved(teamId: string): Promise<void>;
  /** Slack says that somebody of a workspace has changed: their name, whether they are still there. */
  onUser(teamId: string, user: unknown): Promise<void>;
  /** The socket has closed. */
  onLost(): void;
}

/** How requests reach us. Over HTTP there is nothing to connect. */
export interface SlackLine {
  /** Throws while Slack cannot be reached; connected already, it does nothing. */
  connect(): Promise<void>;
  connected(): boolean;
  disconnect(): Promise<void>;
}

type BoltApp = InstanceType<typeof bolt.App>;
type Receiver = NonNullable<NonNullable<ConstructorParameters<typeof bolt.App>[0]>['receiver']>;

/** Mounts Slack's address on the app, or prepares a socket when there is an app token. */
export function createLine(deps: BoltDeps): SlackLine {
  const { config, log, fetch } = deps;
  const { receiver, line } = config.appToken ? socket(config.appToken, deps) : http(deps);
  const app = new bolt.App({
    receiver,
    logger: sdkLogger(log),
    // never `headers`: the SDK writes the token of the first team into them (and sends it for the next)
    clientOptions: { retryConfig: { retries: 0 }, fetch, ...(config.apiUrl && { slackApiUrl: config.apiUrl }) },
    authorize: async () => ({}),
    convoStore: false,
    ignoreSelf: false,
    attachFunctionToken: false,
  });
  listen(app, deps);
  // by HTTP it is written down before it is acknowledged
  if (config.appToken) app.event(/^(app_uninstalled|tokens_revoked)$/, ({ body }) => removed(body, deps));
  app.error(async (error) => {
    log.error({ err: error }, 'a request from Slack failed outside of every feature');
    throw error; // so that Slack is not told that all is well
  });
  return line;
}

/** Ends an installation that Slack says is over. */
async function removed(body: unknown, { log, onRemoved }: Pick<BoltDeps, 'log' | 'onRemoved'>): Promise<void> {
  const end = appRemoved.safeParse(body);
  if (!end.success) return; // something else, or a person's own token was revoked: we hold none
  log.warn({ event: end.data.event.type, team: end.data.team_id }, 'the app was taken out of a workspace');
  await onRemoved(end.data.team_id);
}

/** Bolt acknowledges an event before anything is done; what must not be lost is done first, else Slack sends it again. */
function endsFirst(deps: BoltDeps): RequestHandler {
  return async (request: Request & { rawBody?: Buffer }, response, next) => {
    const body = request.rawBody;
    if (!body?.includes('app_uninstalled') && !body?.includes('tokens_revoked')) return next();
    try {
      if (!request.is(FORM)) await removed(parseForeign(body.toString('utf8')), deps);
    } catch (error) {
      deps.log.warn({ err: error }, 'an end was not written down; Slack sends it again');
      return void response.status(500).end();
    }
    next();
  };
}

interface Door {
  receiver: Receiver;
  line: SlackLine;
}

function http(deps: BoltDeps): Door {
  const { app, config, clock, log } = deps;
  const signingSecret = config.signingSecret ?? '';
  app.post(EVENTS_PATH, ...createGate({ signingSecret, clock, log }), endsFirst(deps));
  const receiver = new bolt.ExpressReceiver({
    app,
    signingSecret,
    endpoints: EVENTS_PATH,
    logger: sdkLogger(log),
    unhandledRequestHandler: ({ response }) => {
      log.error('a request from Slack was not answered in time');
      if (!response.headersSent) response.writeHead(503).end();
    },
    processEventErrorHandler: async ({ response }) => {
      if (!response.headersSent) response.writeHead(500).end();
      return true;
    },
  });
  return { receiver, line: { connect: async () => {}, connected: () => true, disconnect: async () => {} } };
}

function socket(appToken: string, { config, log, fetch, onLost }: BoltDeps): Door {
  let state: 'open' | 'closed' | 'closing' = 'closed';
  const receiver = new bolt.SocketModeReceiver({
    appToken,
    logger: sdkLogger(log),
    // by itself it would end the process when Slack cannot be reached while it reconnects (an unhandled rejection)
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { retryConfig: { retries: 0 }, fetch, ...(config.apiUrl && { slackApiUrl: config.apiUrl }) },
    },
  });
  receiver.client.on('disconnected', () => {
    const wasOpen = state === 'open';
    if (state !== 'closing') state = 'closed';
    if (wasOpen) onLost();
  });
  return {
    receiver,
    line: {
      async connect() {
        if (state !== 'closed') return;
        const opened = await within(HELLO_MS, receiver.start()).catch((error: unknown) => {
          throw inOurWords('apps.connections.open', error);
        });
        if (opened === 'later') {
          await receiver.client.disconnect();
          throw new Error('the socket was opened, but Slack said no hello');
        }
        state = 'open';
      },
      connected: () => state === 'open',
      async disconnect() {
        if (state !== 'open') return;
        state = 'closing';
        await receiver.client.disconnect();
      },
    },
  };
}

function listen(app: BoltApp, { dispatch, background, log, onUser }: BoltDeps): void {
  const all = /.*/;
  app.command(all, async ({ body, ack, respond }) => {
    const work = dispatch.command(commandSent.parse(body), respondBy(respond));
    const answer = await within(ANSWER_MS, work);
    await ack(answer === 'later' ? undefined : answer && (ephemeral(answer) as { text: string }));
    if (answer !== 'later') return;
    background.run('late answer to a command', async () => {
      const late = await work;
      if (late) await respondBy(respond)(ephemeral(late));
    });
  });
  app.action(all, async ({ body, ack, respond }) => {
    const sent = actionSent.parse(body);
    await ack();
    // a modal has no response URL, whatever the types say
    background.run('action', () => dispatch.action(sent, respond && respondBy(respond)));
  });
  app.view({ callback_id: all, type: 'view_submission' }, async ({ body, ack }) => {
    const answer = await dispatch.submit(submissionSent.parse(body));
    await ack(answer as { response_action: 'clear' } | undefined);
  });
  app.view({ callback_id: all, type: 'view_closed' }, ({ ack }) => ack());
  app.shortcut(all, async ({ body, ack, respond }) => {
    const sent = shortcutSent.parse(body);
    await ack();
    background.run('shortcut', () => dispatch.shortcut(sent, respond && respondBy(respond)));
  });
  app.options(all, ({ ack }) => ack({ options: [] }));
  app.event(all, async ({ event, body }) => {
    const opened = homeOpened.safeParse(body);
    const changed = userChanged.safeParse(body);
    if (opened.success) background.run('App Home', () => dispatch.home(opened.data));
    else if (changed.success) {
      const { team_id: teamId, event: about } = changed.data;
      background.run('somebody changed', () => onUser(teamId, about.user));
    } else log.debug({ event: event.type }, 'event heard');
  });
}

const respondBy =
  (respond: (message: never) => Promise<unknown>): Respond =>
  (message) =>
    respond(message as never);

/** What the work gives, or `later` when it takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | 'later'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'later'>((resolve) => {
    timer = setTimeout(resolve, ms, 'later');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
