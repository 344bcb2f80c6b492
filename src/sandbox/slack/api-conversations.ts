import { type Args, page } from './args.ts';
import type { Desk } from './desk.ts';
import { toWire } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Channel, JsonObject, SlackMessage } from './types.ts';

/**
 * The conversation an argument names. Private channels the bot is not in do not exist for it.
 * @throws Refusal `channel_not_found`
 */
export function channelOf(args: Args, desk: Desk, key = 'channel'): Channel {
  const channel = desk.workspace.channelFor(args.need(key, 'channel_not_found'));
  const { bot } = desk.workspace;
  if (channel === undefined || (channel.kind === 'private' && !channel.members.has(bot.userId))) {
    throw new Refusal('channel_not_found');
  }
  return channel;
}

/** @throws Refusal `not_in_channel`, `is_archived` or `channel_not_found` */
export function writableChannel(args: Args, desk: Desk, key = 'channel'): Channel {
  const channel = channelOf(args, desk, key);
  if (channel.archived) throw new Refusal('is_archived');
  if (!channel.members.has(desk.workspace.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

function channelToWire(channel: Channel, desk: Desk): JsonObject {
  const im = channel.kind === 'im';
  return {
    id: channel.id,
    ...(im ? { user: channel.userId } : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: im,
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_general: channel.name === 'general',
    is_member: channel.members.has(desk.workspace.bot.userId),
    is_shared: channel.extShared,
    is_ext_shared: channel.extShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    context_team_id: desk.workspace.team.id,
    created: 0,
  };
}

function open(args: Args, desk: Desk): JsonObject {
  const ids = args.need('users', 'users_list_not_supplied').split(',');
  for (const id of ids) {
    const user = desk.workspace.users.get(id);
    if (user === undefined) throw new Refusal('user_not_found');
    if (user.deleted === true) throw new Refusal('user_disabled');
    if (user.bot === true) throw new Refusal('cannot_dm_bot');
  }
  const [first = ''] = ids;
  if (ids.length === 1) return { channel: channelSummary(desk.workspace.directMessage(first), args, desk) };
  const members = new Set([...ids, desk.workspace.bot.userId]);
  const name = `mpdm-${[...members].sort().join('--').toLowerCase()}-1`;
  const group = desk.workspace.channelFor(name) ?? desk.workspace.addChannel(name, { kind: 'private', members });
  return { channel: channelSummary(group, args, desk) };
}

function channelSummary(channel: Channel, args: Args, desk: Desk): JsonObject {
  return args.flag('return_im') ? channelToWire(channel, desk) : { id: channel.id };
}

function info(args: Args, desk: Desk): JsonObject {
  const channel = channelOf(args, desk);
  const count = args.flag('include_num_members') ? { num_members: channel.members.size } : {};
  return { channel: { ...channelToWire(channel, desk), ...count } };
}

function list(args: Args, desk: Desk): JsonObject {
  const kinds = (args.text('types') ?? 'public_channel').split(',');
  const { bot, channels } = desk.workspace;
  const visible = [...channels.values()].filter(
    (c) =>
      (c.kind === 'public' && kinds.includes('public_channel')) ||
      (c.kind === 'private' && kinds.includes('private_channel') && c.members.has(bot.userId)) ||
      (c.kind === 'im' && kinds.includes('im')),
  );
  const { items, next } = page(visible, args, 100);
  return { channels: items.map((c) => channelToWire(c, desk)), response_metadata: { next_cursor: next } };
}

function members(args: Args, desk: Desk): JsonObject {
  const { items, next } = page([...channelOf(args, desk).members], args, 100);
  return { members: items, response_metadata: { next_cursor: next } };
}

function join(args: Args, desk: Desk): JsonObject {
  const channel = channelOf(args, desk);
  if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
  channel.members.add(desk.workspace.bot.userId);
  desk.workspace.emit({ type: 'channel', channel });
  return { channel: channelToWire(channel, desk) };
}

/** Metadata is only shown when asked for. */
function listed(message: SlackMessage, args: Args): JsonObject {
  const { metadata, ...wire } = toWire(message);
  return args.flag('include_all_metadata') && metadata !== undefined ? { ...wire, metadata } : wire;
}

function withinBounds(message: SlackMessage, args: Args): boolean {
  const at = Number(message.ts);
  const oldest = Number(args.text('oldest') ?? 0);
  const latest = Number(args.text('latest') ?? Number.POSITIVE_INFINITY);
  return args.flag('inclusive') ? at >= oldest && at <= latest : at > oldest && at < latest;
}

function history(args: Args, desk: Desk): JsonObject {
  const channel = readable(args, desk);
  const roots = desk.messages.of(channel.id).filter((m) => m.thread_ts === undefined || m.thread_ts === m.ts);
  const newestFirst = roots.filter((m) => withinBounds(m, args)).reverse();
  const { items, next } = page(newestFirst, args, 100, desk.mischief.pageSize);
  const messages = items.map((message) => {
    const replies = desk.messages.thread(channel.id, message.ts).slice(1);
    const thread = { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
    return replies.length === 0 ? listed(message, args) : { ...listed(message, args), ...thread };
  });
  return { messages, has_more: next !== '', response_metadata: { next_cursor: next } };
}

function replies(args: Args, desk: Desk): JsonObject {
  const channel = readable(args, desk);
  const thread = desk.messages.thread(channel.id, args.need('ts', 'thread_not_found'));
  if (thread.length === 0) throw new Refusal('thread_not_found');
  const [root, ...rest] = thread;
  const wanted = rest.filter((m) => withinBounds(m, args));
  const { items, next } = page(root === undefined ? wanted : [root, ...wanted], args, 1000, desk.mischief.pageSize);
  return {
    messages: items.map((m) => listed(m, args)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

/** @throws Refusal `not_in_channel`: reading needs membership even in public channels */
function readable(args: Args, desk: Desk): Channel {
  const channel = channelOf(args, desk);
  if (!channel.members.has(desk.workspace.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

export const conversationMethods = {
  'conversations.history': history,
  'conversations.info': info,
  'conversations.join': join,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.open': open,
  'conversations.replies': replies,
};
