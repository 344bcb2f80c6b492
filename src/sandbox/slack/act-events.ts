import { randomUUID } from 'node:crypto';
import { type AppAnswer, JSON_TYPE } from './app-client.ts';
import { richText } from './entering.ts';
import { fileToWire } from './files.ts';
import { mintId } from './ids.ts';
import { toWire } from './messages.ts';
import { eventEnvelope } from './payloads.ts';
import type { Stage } from './stage.ts';
import type { Channel, JsonObject, SlackMessage, StoredFile, UploadInput } from './types.ts';
import { viewToWire } from './views.ts';

/** Deliveries kept to be repeated. */
const KEPT_EVENTS = 100;

/** An event as it was sent; `answer` is null when the bot is not there to hear it. */
interface Delivered {
  eventId: string;
  answer: AppAnswer | null;
}

interface Said extends Delivered {
  message: SlackMessage;
}

export interface EventActs {
  /** Says something in a channel (id, name, or `dm`), in a thread if `thread` (the root's ts) is given. */
  say(
    userId: string,
    channel: string,
    text: string,
    options?: { thread?: string; files?: readonly UploadInput[] },
  ): Promise<Said>;
  /** Says something to the bot by name: the app gets app_mention and message, two events of one message. */
  mention(userId: string, channel: string, text: string, thread?: string): Promise<Said>;
  /** Opens the app's home tab. */
  openHome(userId: string): Promise<AppAnswer | null>;
  /** Uploads a file without sharing it. */
  upload(userId: string, file: UploadInput): StoredFile;
  /** A person deletes their own file. */
  deleteFile(userId: string, fileId: string): Promise<Delivered>;
  /** Takes the bot into a channel. */
  invite(userId: string, channel: string): Promise<Delivered>;
  /** Sends any event, e.g. `{ type: 'app_uninstalled' }`. */
  deliver(event: JsonObject, channelId?: string): Promise<Delivered>;
  /** Sends an event again as Slack retries, by default the latest; retry numbers run from 1 to 3. */
  redeliver(eventId?: string, retry?: { num: number; reason: string }): Promise<AppAnswer>;
  /** The handshake when an address is configured; true when the challenge came back. */
  verifyUrl(): Promise<boolean>;
}

export function createEventActs(stage: Stage): EventActs {
  const { desk, app } = stage;
  const { workspace } = desk;
  const sent = new Map<string, string>();

  async function deliver(event: JsonObject, channelId?: string): Promise<Delivered> {
    const channel = channelId === undefined ? undefined : workspace.channels.get(channelId);
    const eventId = mintId('Ev');
    if (channel?.members.has(workspace.bot.userId) === false) return { eventId, answer: null };
    const body = JSON.stringify(eventEnvelope(desk, event, eventId, channel));
    sent.set(eventId, body);
    const [oldest] = sent.keys();
    if (sent.size > KEPT_EVENTS && oldest !== undefined) sent.delete(oldest);
    return { eventId, answer: await app.deliver(`event ${String(event.type)}`, body, JSON_TYPE) };
  }

  function share(userId: string, channel: Channel, files: readonly UploadInput[]): JsonObject[] {
    return files.map((file) => {
      const stored = desk.files.add(userId, file);
      desk.files.share(stored, channel.id);
      return fileToWire(desk.files.find(stored.id) ?? stored, workspace.team.id, desk.origin());
    });
  }

  function put(userId: string, channel: Channel, text: string, thread?: string, files: JsonObject[] = []) {
    const root = thread === undefined ? undefined : desk.messages.find(channel.id, thread);
    if (thread !== undefined && root === undefined) throw new Error(`no message ${thread} in ${channel.name}`);
    return desk.messages.add({
      channel: channel.id,
      user: stage.person(userId).id,
      text,
      client_msg_id: randomUUID(),
      blocks: undefined,
      thread_ts: root === undefined ? undefined : (root.thread_ts ?? root.ts),
      parent_user_id: root?.user,
      ...(files.length === 0 ? {} : { files, subtype: 'file_share' }),
    });
  }

  function messageEvent(message: SlackMessage, channel: Channel): JsonObject {
    const kinds = { public: 'channel', private: 'group', im: 'im' } as const;
    const user = workspace.users.get(message.user);
    return {
      ...toWire(message),
      blocks: [{ ...richText(message.text), block_id: mintId('', 5) }],
      team: user?.teamId ?? workspace.team.id,
      channel: channel.id,
      channel_type: kinds[channel.kind],
      event_ts: message.ts,
    };
  }

  async function say(userId: string, reference: string, text: string, options: Parameters<EventActs['say']>[3] = {}) {
    const channel = stage.channel(reference, userId);
    const files = share(userId, channel, options.files ?? []);
    const message = put(userId, channel, text, options.thread, files);
    for (const file of files) {
      const shared = { file_id: file.id, user_id: userId, file: { id: file.id }, channel_id: channel.id };
      await deliver({ type: 'file_shared', ...shared, event_ts: message.ts }, channel.id);
    }
    return { message, ...(await deliver(messageEvent(message, channel), channel.id)) };
  }

  return {
    say,
    async mention(userId, reference, text, thread) {
      const channel = stage.channel(reference, userId);
      const message = put(userId, channel, `<@${workspace.bot.userId}> ${text}`.trim(), thread);
      const event = messageEvent(message, channel);
      const { channel_type: _kind, ...mentioned } = event;
      const first = await deliver({ ...mentioned, type: 'app_mention' }, channel.id);
      await deliver(event, channel.id);
      return { message, ...first };
    },
    async openHome(userId) {
      const home = desk.views.home(stage.person(userId).id);
      const channel = workspace.directMessage(userId);
      const view = home === undefined ? {} : { view: viewToWire(home.view) };
      const event = { type: 'app_home_opened', user: userId, channel: channel.id, tab: 'home', ...view };
      return (await deliver({ ...event, event_ts: workspace.mintTs() })).answer;
    },
    upload: (userId, file) => desk.files.add(stage.person(userId).id, file),
    async deleteFile(userId, fileId) {
      const file = desk.files.find(fileId);
      if (file === undefined || file.userId !== userId) throw new Error(`${userId} has no file ${fileId}`);
      desk.files.remove(file);
      return deliver({ type: 'file_deleted', file_id: fileId, event_ts: workspace.mintTs() });
    },
    async invite(userId, reference) {
      const channel = stage.channel(reference, userId);
      const { userId: user } = workspace.bot;
      channel.members.add(user);
      workspace.emit({ type: 'channel', channel });
      const joined = { type: 'member_joined_channel', user, channel: channel.id, inviter: userId };
      return deliver({ ...joined, team: workspace.team.id, event_ts: workspace.mintTs() }, channel.id);
    },
    deliver,
    async redeliver(eventId = [...sent.keys()].at(-1) ?? '', retry = { num: 1, reason: 'http_timeout' }) {
      const body = sent.get(eventId);
      if (body === undefined) throw new Error(`no event ${eventId} was sent`);
      const headers = { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason };
      return app.deliver('event retry', body, JSON_TYPE, headers);
    },
    async verifyUrl() {
      const challenge = randomUUID();
      const body = JSON.stringify({ token: '', challenge, type: 'url_verification' });
      const answer = await app.deliver('url_verification', body, JSON_TYPE);
      return answer.status === 200 && answer.body.includes(challenge);
    },
  };
}
