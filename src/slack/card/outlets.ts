import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import type { TenantId } from '../../lib/ids.ts';
import type { Logger } from '../../lib/logger.ts';
import { memo } from '../../lib/memo.ts';
import { may, type Staff } from '../../tenants/index.ts';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { section } from '../views.ts';
import { headed, type Masthead } from './masthead.ts';

/** What is posted; `text` is what notifications and screen readers get. */
export interface Post {
  text: string;
  blocks: object[];
  /** Ids only: every app of the workspace can read it. */
  metadata?: { event_type: string; event_payload: Record<string, string> };
  /** Whose it is, where that has to be said; not inside of threads. */
  masthead?: Masthead | null;
}

/** A message in Slack. */
export interface Place {
  channel: string;
  ts: string;
}

export interface Outlets {
  /** True when the app may post there: it exists, and no other organisation shares it. Asked at most once a minute. */
  usable(tenantId: TenantId, channel: string): Promise<boolean>;
  /** The direct message with the first of these people who can be reached. */
  directMessage(client: SlackClient, people: readonly { slackUserId: string }[]): Promise<string | undefined>;
  /** Tells as many of these people, each by direct message; who has left is passed over. Returns where it was said. */
  tell(client: SlackClient, people: readonly { slackUserId: string }[], message: Post, most?: number): Promise<Place[]>;
}

/** Slack says that a conversation or a message is out of our reach for good. */
const GONE = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'restricted_action',
  'user_not_found',
  'user_disabled',
  'user_not_visible',
  'cannot_dm_bot',
]);
const FRESH_MS = 60_000;

const answers = {
  opened: z.object({ channel: z.object({ id: z.string() }) }),
  posted: z.object({ channel: z.string(), ts: z.string() }),
  info: z.object({
    channel: z.object({
      is_ext_shared: z.boolean().default(false),
      is_pending_ext_shared: z.boolean().default(false),
      is_archived: z.boolean().default(false),
    }),
  }),
  any: z.unknown(),
};

export const isGone = (error: unknown): boolean => error instanceof SlackRefusal && GONE.has(error.code);

export const isDirect = (channel: string): boolean => channel.startsWith('D');

export function createOutlets(deps: {
  clock: Clock;
  log: Logger;
  clientOf(tenantId: TenantId): Promise<SlackClient>;
}): Outlets {
  const { clock, log, clientOf } = deps;

  const known = memo(clock, FRESH_MS, async (key: string) => {
    const [tenantId = '', channel = ''] = key.split('/');
    const client = await clientOf(tenantId as TenantId);
    try {
      const { channel: found } = await client.call('conversations.info', { channel }, answers.info);
      const shared = found.is_ext_shared || found.is_pending_ext_shared;
      if (shared) log.warn({ tenant: tenantId, channel }, 'a channel shared with another organisation is not used');
      return !shared && !found.is_archived;
    } catch (error) {
      if (!isGone(error)) throw error;
      log.warn({ err: error, tenant: tenantId, channel }, 'a channel cannot be used any more');
      return false;
    }
  });

  async function directMessage(client: SlackClient, people: readonly { slackUserId: string }[]) {
    for (const { slackUserId } of people) {
      try {
        const { channel } = await client.call('conversations.open', { users: slackUserId }, answers.opened);
        return channel.id;
      } catch (error) {
        if (!isGone(error)) throw error; // that person has left: the next one hears of it
      }
    }
    return undefined;
  }

  return {
    directMessage,
    async tell(client, people, message, most = people.length) {
      const told: Place[] = [];
      for (const person of people) {
        if (told.length >= most) break;
        const channel = await directMessage(client, [person]);
        const place = channel === undefined ? null : await posted(client, channel, message);
        if (place) told.push(place);
      }
      return told;
    },
    usable: async (tenantId, channel) => isDirect(channel) || known.get(`${tenantId}/${channel}`),
  };
}

/** A message of one paragraph. */
export const said = (mrkdwn: string): Post => ({ text: mrkdwn, blocks: [section(mrkdwn)] });

/** Posts a message, in a thread when there is one. */
export async function post(client: SlackClient, channel: string, message: Post, threadTs?: string): Promise<Place> {
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  const quiet = { unfurl_links: false, unfurl_media: false };
  const { channel: where, ts } = await inFull(message, (shown) =>
    client.call('chat.postMessage', { channel, ...thread, ...shown, ...quiet }, answers.posted),
  );
  return { channel: where, ts };
}

/** The same where the channel may be out of reach for good: null when it was not posted. */
export async function posted(client: SlackClient, channel: string, message: Post): Promise<Place | null> {
  try {
    return await post(client, channel, message);
  } catch (error) {
    if (!isGone(error)) throw error;
    return null;
  }
}

/** Replaces a message's words and buttons. */
export async function revise(client: SlackClient, place: Place, message: Post): Promise<void> {
  await inFull(message, (shown) =>
    client.call('chat.update', { channel: place.channel, ts: place.ts, ...shown }, answers.any),
  );
}

/** Sends a message under its head. Slack fetches pictures itself and refuses the whole post when it cannot: the post counts more. */
async function inFull<T>({ masthead, ...message }: Post, send: (shown: Post) => Promise<T>): Promise<T> {
  if (!masthead) return send(message);
  try {
    return await send(headed(masthead, message, { logo: true }));
  } catch (error) {
    if (!masthead.logo || !(error instanceof SlackRefusal && error.code === 'invalid_blocks')) throw error;
    return send(headed(masthead, message, { logo: false }));
  }
}

/** The tenant's people who look after what nobody owns: admins first, then managers. */
export function leaders(staff: readonly Staff[]): Staff[] {
  const admins = staff.filter((each) => each.role === 'admin');
  return [...admins, ...staff.filter((each) => each.role !== 'admin' && may(each.role, 'lead.see_all'))];
}
