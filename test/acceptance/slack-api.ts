import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asJson, asText, type Json } from './slack-words.ts';

/*
 * Slack's Web API, written from its documentation and apart from the stand-in of the product, so that both do not share
 * a mistake. It keeps what the app posts, opens and asks for.
 */

export interface Person {
  id: string;
  name: string;
  /** Another workspace: somebody met through Slack Connect. */
  team?: string;
  guest?: boolean;
  zone?: string;
  locale?: string;
}

export interface Message {
  channel: string;
  ts: string;
  thread: string | undefined;
  text: string;
  blocks: unknown;
  metadata: unknown;
  /** How often it was changed in place. */
  changes: number;
}

export interface Whisper {
  user: string;
  text: string;
  blocks: unknown;
  replaces: boolean;
}

export interface View extends Json {
  id: string;
}

export interface StoredFile {
  id: string;
  bytes: Buffer;
  mime: string;
  owner: string;
  /** The app may not delete it: it belongs to the person. */
  kept: boolean;
  deleted: boolean;
  /** Authorization headers of those who fetched it. */
  fetchedWith: string[];
}

export const TEAM = { id: 'T0NORDIC', name: 'Nordic Motors' };
export const BOT = { id: 'U0BOT', botId: 'B0BOT' };

export interface SlackApi {
  readonly url: string;
  readonly token: string;
  /** The app-level token, for socket mode. */
  readonly appToken: string;
  readonly people: Map<string, Person>;
  readonly messages: Message[];
  readonly whispers: Whisper[];
  readonly files: Map<string, StoredFile>;
  readonly calls: { method: string; args: Json; at: number }[];
  /** Open modals of each person, the visible one last. */
  readonly views: Map<string, View[]>;
  readonly server: Server;
  /** A trigger that opens one modal within three seconds. */
  trigger(user: string): string;
  /** What was opened with a trigger. */
  readonly opened: Map<string, View>;
  responseUrl(user: string): string;
  newTs(): string;
  /** Gives the blocks their ids, as Slack does, and puts the modal on top of the person's others. */
  shows(user: string, view: Json): View;
  stop(): Promise<void>;
}

type Method = (args: Json) => Json;
const no = (error: string): Json => ({ ok: false, error });

export async function startSlackApi(people: readonly Person[]): Promise<SlackApi> {
  const token = `xoxb-acceptance-${randomUUID()}`;
  const triggers = new Map<string, { user: string; until: number }>();
  const hooks = new Map<string, string>();
  let serial = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const newTs = () => `${Math.floor(Date.now() / 1000)}.${String(++serial).padStart(6, '0')}`;
  const api: SlackApi = {
    url: `${origin}/api/`,
    token,
    appToken: `xapp-acceptance-${randomUUID()}`,
    people: new Map(people.map((person) => [person.id, person])),
    messages: [],
    whispers: [],
    files: new Map(),
    calls: [],
    views: new Map(),
    opened: new Map(),
    server,
    trigger(user) {
      const id = `${randomUUID()}.trigger`;
      triggers.set(id, { user, until: Date.now() + 20_000 });
      return id;
    },
    responseUrl(user) {
      const id = randomUUID();
      hooks.set(id, user);
      return `${origin}/hooks/${id}`;
    },
    newTs,
    shows(user, view) {
      const blocks = (view.blocks as Json[]).map((block) => ({ block_id: `b${++serial}`, ...block }));
      const shown = { private_metadata: '', ...view, blocks, id: `V${++serial}`, hash: randomUUID() };
      api.views.set(user, [...(api.views.get(user) ?? []), shown]);
      return shown;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function open(args: Json, push: boolean): Json {
    const trigger = triggers.get(asText(args.trigger_id));
    if (!trigger) return no('invalid_trigger_id');
    triggers.delete(asText(args.trigger_id));
    if (trigger.until < Date.now()) return no('expired_trigger_id');
    if (!push) api.views.set(trigger.user, []);
    const view = api.shows(trigger.user, asJson(args.view));
    api.opened.set(asText(args.trigger_id), view);
    return { ok: true, view };
  }

  const dm = (user: string) => `D${user}`;
  const known = (channel: string) => /^C0/.test(channel) || api.people.has(channel.slice(1));
  const methods: Record<string, Method> = {
    'auth.test': () => ({ ok: true, team: TEAM.name, team_id: TEAM.id, user_id: BOT.id, bot_id: BOT.botId }),
    'users.info': ({ user }) => {
      const person = api.people.get(asText(user));
      if (!person) return no('user_not_found');
      const { id, name, team = TEAM.id, guest = false, zone = 'Europe/Stockholm', locale = 'en-US' } = person;
      const profile = { real_name: name, display_name: name.split(' ')[0] };
      const flags = { deleted: false, is_bot: false, is_restricted: guest, is_ultra_restricted: false };
      const outside = team === TEAM.id ? {} : { is_stranger: true };
      return {
        ok: true,
        user: { id, team_id: team, name: id, real_name: name, profile, tz: zone, locale, ...flags, ...outside },
      };
    },
    'views.open': (args) => open(args, false),
    'views.push': (args) => open(args, true),
    'views.update': ({ view_id, view }) => {
      for (const [user, stack] of api.views) {
        const at = stack.findIndex((each) => each.id === view_id);
        if (at < 0) continue;
        api.views.set(user, stack.with(at, { ...asJson(view), id: asText(view_id), hash: randomUUID() }));
        return { ok: true, view: { id: view_id } };
      }
      return no('not_found');
    },
    'chat.postMessage': ({ channel, text, blocks, thread_ts, metadata }) => {
      const where = api.people.has(asText(channel)) ? dm(asText(channel)) : asText(channel);
      if (!known(where)) return no('channel_not_found');
      if (!asText(text) && !blocks) return no('no_text');
      const thread = asText(thread_ts) || undefined;
      const message = { channel: where, ts: newTs(), thread, text: asText(text), blocks, metadata, changes: 0 };
      api.messages.push(message);
      return { ok: true, channel: where, ts: message.ts, message };
    },
    'chat.update': ({ channel, ts, text, blocks }) => {
      const message = api.messages.find((each) => each.channel === channel && each.ts === ts);
      if (!message) return no('message_not_found');
      Object.assign(message, { text: asText(text), blocks, changes: message.changes + 1 });
      return { ok: true, channel, ts, text };
    },
    'chat.getPermalink': ({ channel, message_ts }) => ({ ok: true, channel, permalink: `${origin}/p/${message_ts}` }),
    'conversations.open': ({ users }) => {
      const user = asText(users);
      return api.people.has(user) ? { ok: true, channel: { id: dm(user) } } : no('user_not_found');
    },
    'conversations.info': ({ channel }) => {
      if (!known(asText(channel))) return no('channel_not_found');
      const shared = asText(channel).includes('SHARED');
      return {
        ok: true,
        channel: { id: channel, is_im: asText(channel).startsWith('D'), is_member: true, is_ext_shared: shared },
      };
    },
    'conversations.join': ({ channel }) => ({ ok: true, channel: { id: channel } }),
    'conversations.history': ({ channel }) => listed(channel, (message) => message.thread === undefined),
    'conversations.replies': ({ channel, ts }) =>
      listed(channel, (message) => message.ts === ts || message.thread === ts),
    'files.info': ({ file }) => {
      const found = api.files.get(asText(file));
      if (!found || found.deleted) return no('file_not_found');
      const url = `${origin}/files-pri/${TEAM.id}-${found.id}`;
      const { id, mime, bytes, owner } = found;
      return {
        ok: true,
        file: {
          id,
          mimetype: mime,
          size: bytes.length,
          user: owner,
          url_private: url,
          url_private_download: `${url}/download`,
          permalink: `${origin}/permalink/${id}`,
        },
      };
    },
    'files.delete': ({ file }) => {
      const found = api.files.get(asText(file));
      if (!found || found.deleted) return no('file_not_found');
      if (found.kept) return no('cant_delete_file');
      found.deleted = true;
      return { ok: true };
    },
  };

  function listed(channel: unknown, wanted: (message: Message) => boolean): Json {
    const messages = api.messages.filter((message) => message.channel === channel && wanted(message));
    return {
      ok: true,
      has_more: false,
      messages: messages.map(({ ts, text, metadata, thread }) => ({ ts, text, metadata, thread_ts: thread })),
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? '/', origin);
    const json = (value: Json) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    const hook = hooks.get(pathname.replace('/hooks/', ''));
    if (hook !== undefined) {
      const { text, blocks, replace_original } = JSON.parse(body) as Json;
      api.whispers.push({ user: hook, text: asText(text), blocks, replaces: replace_original === true });
      return void json({ ok: true });
    }
    if (pathname.startsWith('/files-pri/')) return download(request, response, pathname);
    const authorized = request.headers.authorization === `Bearer ${token}`;
    const method = pathname.replace('/api/', '');
    const args = parsed(body);
    api.calls.push({ method, args, at: Date.now() });
    if (method === 'apps.connections.open' && request.headers.authorization === `Bearer ${api.appToken}`) {
      return void json({ ok: true, url: `${origin.replace('http', 'ws')}/socket` });
    }
    if (!authorized) return void json(no('invalid_auth'));
    json(methods[method]?.(args) ?? no('unknown_method'));
  }

  function download(request: IncomingMessage, response: ServerResponse, pathname: string): void {
    const file = [...api.files.values()].find(({ id }) => pathname.includes(id));
    const given = request.headers.authorization ?? '';
    file?.fetchedWith.push(given);
    // without the token Slack answers 200 with its sign-in page
    if (!file || file.deleted || given !== `Bearer ${token}`) {
      return void response.setHeader('content-type', 'text/html').end('<html>Sign in</html>');
    }
    response.setHeader('content-type', file.mime).end(file.bytes);
  }

  return api;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The SDK sends forms in which objects are JSON. */
function parsed(body: string): Json {
  const args: Json = {};
  for (const [key, value] of new URLSearchParams(body)) {
    args[key] =
      /^[[{]/.test(value) && ['view', 'blocks', 'metadata', 'files'].includes(key) ? JSON.parse(value) : value;
  }
  return args;
}
