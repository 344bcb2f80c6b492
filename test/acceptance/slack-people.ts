import { createHmac, randomUUID } from 'node:crypto';
import { until } from '../support/until.ts';
import {
  BOT,
  type Message,
  type Person,
  type SlackApi,
  startSlackApi,
  TEAM,
  type View,
  type Whisper,
} from './slack-api.ts';
import {
  asJson,
  asText,
  buttonsOf,
  type Entry,
  inputsOf,
  type Json,
  labelOf,
  stateOf,
  wordsOf,
} from './slack-words.ts';

/** What the app answered to one request. */
export interface Heard {
  status: number;
  body: string;
  ms: number;
}

export interface Commanded extends Heard {
  /** All that the person is shown because of it. */
  words: string;
  blocks: unknown;
  /** The modal that it opened; waits for it, since that may come after the answer. */
  opened(): Promise<View>;
}

/** How one request differs from what Slack sends. */
export interface Forgery {
  /** Seconds by which the timestamp is off. */
  skew?: number;
  secret?: string;
  unsigned?: boolean;
  contentType?: string;
}

/** People in a Slack workspace, who type, press and fill in. They find everything by the words that are shown. */
export interface Slack extends SlackApi {
  readonly secret: string;
  /** Where requests go; the app's address over HTTP unless it is replaced (socket mode). */
  carry: (payload: Json, form: string, forgery?: Forgery) => Promise<Heard>;
  /** Types a slash command. */
  slash(user: string, command: string, text?: string, place?: { channel?: string; team?: string }): Promise<Commanded>;
  /** The modal in front of a person. */
  modal(user: string): View | undefined;
  /** Waits for a modal that shows these words; some open after the request was answered. */
  opens(user: string, words: string | RegExp): Promise<View>;
  /** Fills in the modal by labels (a part of one is enough) and submits it; errors come back by label. */
  submit(
    user: string,
    entries: Record<string, Entry>,
    view?: View,
  ): Promise<Heard & { errors: Record<string, string> }>;
  /** Presses the button with this text, on a message, a whisper or the open modal. */
  press(user: string, where: Message | Whisper | View, text: string): Promise<Heard>;
  shortcut(user: string, callbackId: string): Promise<Heard>;
  /** Writes a message in a thread; the app hears of it as an event. */
  say(user: string, channel: string, thread: string, text: string): Promise<Heard>;
  /** Adds a file, as the file input of a modal does. */
  upload(user: string, bytes: Buffer, mime: string, kept?: boolean): Json;
  /** Messages with the bot of one person. */
  direct(user: string): Message[];
  /** The newest message of a person's direct messages (threads included) that shows all of these. */
  finds(user: string, ...words: (string | RegExp)[]): Promise<Message>;
  whispersTo(user: string): Whisper[];
}

const FORM = 'application/x-www-form-urlencoded';

/** Slack's signature: v0, seconds and body, by HMAC-SHA256. */
const signed = (secret: string, stamp: number, body: string) =>
  `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;

export async function startSlack(people: readonly Person[], eventsUrl: () => string): Promise<Slack> {
  const api = await startSlackApi(people);
  const secret = randomUUID();

  async function carry(_payload: Json, body: string, forgery: Forgery = {}): Promise<Heard> {
    const stamp = Math.floor(Date.now() / 1000) + (forgery.skew ?? 0);
    const since = performance.now();
    const response = await fetch(eventsUrl(), {
      method: 'POST',
      headers: {
        'content-type': forgery.contentType ?? FORM,
        ...(!forgery.unsigned && {
          'x-slack-request-timestamp': String(stamp),
          'x-slack-signature': signed(forgery.secret ?? secret, stamp, body),
        }),
      },
      body,
    });
    return { status: response.status, body: await response.text(), ms: performance.now() - since };
  }

  const who = (user: string) => {
    const { id, team = TEAM.id } = api.people.get(user) ?? { id: user };
    return { team: { id: TEAM.id, domain: 'nordic' }, user: { id, name: id, username: id, team_id: team } };
  };
  const basis = { api_app_id: 'A0APP', token: 'old', enterprise: null, is_enterprise_install: false };

  const slack: Slack = {
    ...api,
    secret,
    carry,
    async slash(user, command, text = '', place = {}) {
      const before = api.whispers.length;
      const fields = {
        token: 'old',
        team_id: place.team ?? TEAM.id,
        team_domain: 'nordic',
        channel_id: place.channel ?? `D${user}`,
        channel_name: 'directmessage',
        user_id: user,
        user_name: user,
        command,
        text,
        api_app_id: 'A0APP',
        is_enterprise_install: 'false',
        response_url: api.responseUrl(user),
        trigger_id: api.trigger(user),
      };
      const heard = await slack.carry(fields, new URLSearchParams(fields).toString());
      const answer = heard.body.startsWith('{') ? asJson(JSON.parse(heard.body)) : { text: heard.body };
      const late = () => api.whispers.slice(before).filter((whisper) => whisper.user === user);
      // what takes the product longer is answered after its acknowledgement
      if (heard.status === 200 && heard.body === '') {
        await until(
          () => api.opened.has(fields.trigger_id) || late().length > 0,
          () => `an answer to ${command}`,
        );
      }
      const opened = () =>
        until(
          () => api.opened.get(fields.trigger_id),
          () => `a modal because of ${command}; it said ${heard.body}`,
        );
      return { ...heard, opened, blocks: answer.blocks, words: wordsOf([answer, ...late()]) };
    },
    modal: (user) => api.views.get(user)?.at(-1),
    opens: (user, words) =>
      until(
        () => {
          const view = slack.modal(user);
          return wordsOf(view).search(words) >= 0 ? view : undefined;
        },
        () => `a modal for ${user} with ${words}; there is:\n${wordsOf(slack.modal(user))}`,
      ),
    async submit(user, entries, given) {
      const view = given ?? slack.modal(user);
      if (!view) throw new Error(`${user} has no modal open`);
      const inputs = inputsOf(view);
      for (const label of Object.keys(entries)) {
        if (!inputs.some((input) => input.label.includes(label)))
          throw new Error(`no input "${label}" in:\n${wordsOf(view)}`);
      }
      const values: Record<string, Json> = {};
      for (const input of inputs) {
        const entry = Object.entries(entries).find(([label]) => input.label.includes(label))?.[1];
        values[input.blockId] = { [input.actionId]: stateOf(input, entry) };
      }
      const payload = {
        type: 'view_submission',
        ...who(user),
        ...basis,
        trigger_id: api.trigger(user),
        response_urls: [],
        view: { ...view, team_id: TEAM.id, state: { values }, app_installed_team_id: TEAM.id, bot_id: BOT.botId },
      };
      const heard = await send(payload);
      const answer = heard.body === '' ? {} : asJson(JSON.parse(heard.body));
      const label = (blockId: string) => inputs.find((input) => input.blockId === blockId)?.label ?? blockId;
      const errors = Object.entries(asJson(answer.errors)).map(([blockId, words]) => [label(blockId), asText(words)]);
      const stack = api.views.get(user) ?? [];
      if (answer.response_action === 'push') api.shows(user, asJson(answer.view));
      else if (answer.response_action === 'update') {
        api.views.set(user, stack.slice(0, -1));
        api.shows(user, asJson(answer.view));
      } else if (answer.response_action === 'clear') api.views.set(user, []);
      else if (errors.length === 0) api.views.set(user, stack.slice(0, -1));
      return { ...heard, errors: Object.fromEntries(errors) };
    },
    async press(user, where, text) {
      const button = buttonsOf(where.blocks).find((each) => labelOf(each) === text);
      if (!button) throw new Error(`no button "${text}" in:\n${wordsOf(where.blocks)}`);
      const { action_id, block_id = 'b', value, url } = button;
      const action = {
        type: 'button',
        action_id,
        block_id,
        value,
        ...(url !== undefined && { url }),
        action_ts: api.newTs(),
      };
      return send({
        type: 'block_actions',
        ...who(user),
        ...basis,
        trigger_id: api.trigger(user),
        ...scene(user, where),
        actions: [action],
      });
    },
    shortcut: (user, callback_id) =>
      send({
        type: 'shortcut',
        ...who(user),
        ...basis,
        callback_id,
        trigger_id: api.trigger(user),
        action_ts: api.newTs(),
      }),
    say(user, channel, thread_ts, text) {
      const ts = api.newTs();
      const event = { type: 'message', channel_type: 'im', channel, user, text, ts, event_ts: ts, thread_ts };
      const envelope = {
        token: 'old',
        team_id: TEAM.id,
        api_app_id: 'A0APP',
        type: 'event_callback',
        event_id: `Ev${ts}`,
        event_time: 1,
        event,
      };
      return slack.carry(envelope, JSON.stringify(envelope), { contentType: 'application/json' });
    },
    upload(user, bytes, mime, kept = false) {
      const id = `F0${randomUUID().slice(0, 8).toUpperCase()}`;
      api.files.set(id, { id, bytes, mime, owner: user, kept, deleted: false, fetchedWith: [] });
      return { id, name: 'licence.jpg', mimetype: mime, filetype: 'jpg', size: bytes.length, user };
    },
    direct: (user) => api.messages.filter((message) => message.channel === `D${user}`),
    finds(user, ...words) {
      const has = (message: Message) => {
        const shown = `${message.text}\n${wordsOf(message.blocks)}`;
        return words.every((word) => (typeof word === 'string' ? shown.includes(word) : word.test(shown)));
      };
      const shown = () => slack.direct(user).map((message) => wordsOf(message.blocks) || message.text);
      return until(
        () => slack.direct(user).findLast(has),
        () => `${user} to see ${words.join(' + ')} among:\n${shown().slice(-6).join('\n--\n')}`,
      );
    },
    whispersTo: (user) => api.whispers.filter((whisper) => whisper.user === user),
  };

  function send(payload: Json): Promise<Heard> {
    return slack.carry(payload, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
  }

  function scene(user: string, where: Message | Whisper | View): Json {
    if ('type' in where)
      return { container: { type: 'view', view_id: where.id }, view: { ...where, state: { values: {} } } };
    const channel = 'channel' in where ? where.channel : `D${user}`;
    const ts = 'ts' in where ? where.ts : '1.000001';
    const thread = 'thread' in where && where.thread ? { thread_ts: where.thread } : {};
    const container = {
      type: 'message',
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: !('ts' in where),
      ...thread,
    };
    return {
      container,
      channel: { id: channel, name: 'directmessage' },
      response_url: api.responseUrl(user),
      state: { values: {} },
    };
  }

  return slack;
}
