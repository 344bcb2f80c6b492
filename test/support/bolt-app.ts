import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import bolt from '@slack/bolt';
import { type JsonObject, type OpenView, startSlack, type TestSlack, U_SOFIA } from './slack.ts';

export type Web = InstanceType<typeof bolt.webApi.WebClient>;

/** What a listener of the app gets. */
interface Heard {
  body: JsonObject;
  client: Web;
  ack(answer?: unknown): Promise<void>;
  respond(message: unknown): Promise<unknown>;
  retryNum: number | undefined;
}

type Kind = 'command' | 'action' | 'view' | 'shortcut' | 'options' | 'event';

/** The real Bolt and the real WebClient against the stand-in: what they accept, our app may rely on. */
export interface BoltApp {
  slack: TestSlack;
  web: Web;
  /** What the app does this time; kinds that are not set are just acknowledged. */
  on: Partial<Record<Kind, (heard: Heard) => Promise<void>>>;
  /** Sets how far the stand-in's clock is ahead of the machine's, in milliseconds. */
  ahead(ms: number): void;
  /** A client with another token. */
  clientWith(token: string): Web;
  /** Back to a good day: no listeners, no mischief, the right time. */
  reset(): void;
  stop(): Promise<void>;
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => bolt.LogLevel.ERROR,
  setName: () => undefined,
};

export async function startBoltApp(): Promise<BoltApp> {
  let offset = 0;
  let port = 0;
  const on: BoltApp['on'] = {};
  const eventsUrl = () => `http://127.0.0.1:${port}/slack/events`;
  const slack = await startSlack({ eventsUrl, machine: () => Date.now() + offset });
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  const clientWith = (token: string) => new bolt.webApi.WebClient(token, { ...clientOptions, logger: silent });
  const server = await listen(slack, clientOptions, on);
  port = (server.address() as AddressInfo).port;
  return {
    slack,
    web: clientWith(slack.botToken),
    on,
    clientWith,
    ahead(ms) {
      offset = ms;
    },
    reset() {
      offset = 0;
      for (const kind of Object.keys(on) as Kind[]) delete on[kind];
      slack.mischief.reset();
    },
    async stop() {
      await slack.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(slack: TestSlack, clientOptions: object, on: BoltApp['on']): Promise<Server> {
  const receiver = new bolt.ExpressReceiver({ signingSecret: slack.signingSecret, logger: silent });
  const { botId, userId: botUserId } = slack.bot;
  const authorize = async () => ({ botToken: slack.botToken, botId, botUserId });
  const app = new bolt.App({ receiver, clientOptions, authorize, logger: silent });
  const pass = async (kind: Kind, args: object) => {
    const { ack, ...rest } = args as Heard & { context: { retryNum?: number } };
    const heard = { ...rest, ack: ack ?? (async () => undefined), retryNum: rest.context.retryNum };
    await (on[kind] ?? (() => heard.ack()))(heard);
  };
  app.command(/.*/, (args) => pass('command', args));
  app.action(/.*/, (args) => pass('action', args));
  app.view(/.*/, (args) => pass('view', args));
  app.view({ type: 'view_closed', callback_id: /.*/ }, (args) => pass('view', args));
  app.shortcut(/.*/, (args) => pass('shortcut', args));
  app.options(/.*/, (args) => pass('options', args));
  app.event(/.*/, (args) => pass('event', args));
  return (await app.start(0)) as Server;
}

export const text = (words: string) => ({ type: 'plain_text' as const, text: words });
export const option = (words: string, value: string) => ({ text: text(words), value });
export const says = (words: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text: words } });

/** A form with one field of each kind that matters; Customer and Language are filled in. */
export function formModal(): JsonObject {
  const input = (block_id: string, label: string, element: object, more = {}) => ({
    type: 'input',
    block_id,
    label: text(label),
    element: { action_id: 'value', ...element },
    ...more,
  });
  const languages = [option('Svenska', 'sv'), option('English', 'en')];
  const photo = { type: 'file_input', filetypes: ['jpg', 'png'], max_files: 1 };
  const consent = { type: 'checkboxes', options: [option('Anna agreed to be contacted', 'yes')] };
  return {
    type: 'modal',
    callback_id: 'log_drive',
    private_metadata: 'C1',
    title: text('Log a test drive'),
    submit: text('Log drive'),
    close: text('Cancel'),
    blocks: [
      input('name', 'Customer', { type: 'plain_text_input', initial_value: 'Anna' }),
      input('phone', 'Mobile', { type: 'plain_text_input' }),
      input('lang', 'Language', { type: 'static_select', options: languages, initial_option: languages[0] }),
      input('photo', 'Licence photo', photo, { optional: true }),
      input('consent', 'Consent', consent),
      input('seller', 'Seller', { type: 'users_select' }, { optional: true }),
    ],
  };
}

/** What is still needed to submit `formModal`, by label. */
export const filled = { Mobile: '+46 70 123 45 67', Consent: true };

/** Opens a modal as an app does: on a slash command, with its trigger. */
export async function openModal(
  { on, slack }: BoltApp,
  view: JsonObject = formModal(),
  userId = U_SOFIA,
): Promise<OpenView> {
  on.command = async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: String(body.trigger_id), view: view as never });
  };
  return (await slack.slash(userId, '/drive')).modal();
}

/** Runs `act` and gives the codes of the violations it caused. */
export async function violationsOf(slack: TestSlack, act: () => Promise<unknown>): Promise<string[]> {
  const before = slack.violations.length;
  await act();
  return slack.violations.slice(before).map((violation) => violation.code);
}
