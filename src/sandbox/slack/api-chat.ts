import { channelOf, writableChannel } from './api-conversations.ts';
import type { Args } from './args.ts';
import type { Desk } from './desk.ts';
import { byBot, readContent, readMetadata } from './message-content.ts';
import { toWire } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Channel, JsonObject, SlackMessage } from './types.ts';

/**
 * The root of the thread a message is meant for. Slack does not refuse a thread whose root is gone: it posts to the
 * channel instead, and only the missing `thread_ts` in the answer tells (slack-go/slack issue 1571).
 */
export function threadRoot(args: Args, channel: Channel, desk: Desk): string | undefined {
  const wanted = args.text('thread_ts');
  if (wanted === undefined) return undefined;
  const message = desk.messages.find(channel.id, wanted);
  return message === undefined ? undefined : (message.thread_ts ?? message.ts);
}

function postMessage(args: Args, desk: Desk): JsonObject {
  const channel = writableChannel(args, desk);
  const content = readContent(args, desk, 'chat.postMessage');
  const message = desk.messages.add({
    ...byBot(desk),
    ...content,
    channel: channel.id,
    thread_ts: threadRoot(args, channel, desk),
    metadata: readMetadata(args) ?? undefined,
  });
  return { channel: channel.id, ts: message.ts, message: toWire(message) };
}

function postEphemeral(args: Args, desk: Desk): JsonObject {
  const channel = writableChannel(args, desk);
  const userId = args.need('user', 'user_not_found');
  if (!channel.members.has(userId)) throw new Refusal('user_not_in_channel');
  const content = readContent(args, desk, 'chat.postEphemeral');
  const thread_ts = threadRoot(args, channel, desk);
  const draft = { ...byBot(desk), ...content, channel: channel.id, thread_ts, ephemeral_to: userId };
  return { message_ts: desk.messages.add(draft).ts };
}

/** @throws Refusal `message_not_found`, or `wrongAuthor` when it is not the bot's */
function ownMessage(args: Args, desk: Desk, wrongAuthor: string): SlackMessage {
  const channel = channelOf(args, desk);
  const message = desk.messages.find(channel.id, args.need('ts', 'message_not_found'));
  if (message === undefined) throw new Refusal('message_not_found');
  if (message.bot_id !== desk.workspace.bot.botId) throw new Refusal(wrongAuthor);
  return message;
}

/**
 * Text alone replaces the blocks, blocks alone keep nothing of the text, neither is `no_text`; metadata stays unless given
 * (docs.slack.dev, chat.update).
 */
function update(args: Args, desk: Desk): JsonObject {
  const message = ownMessage(args, desk, 'cant_update_message');
  const metadata = readMetadata(args);
  const content = readContent(args, desk, 'chat.update');
  const byText = content.blocks === undefined;
  const edited = { user: desk.workspace.bot.userId, ts: desk.workspace.mintTs() };
  const changed: SlackMessage = {
    ...message,
    ...content,
    metadata: metadata === undefined ? message.metadata : (metadata ?? undefined),
    edited: byText ? edited : message.edited,
  };
  desk.messages.change(changed);
  return { channel: message.channel, ts: message.ts, text: changed.text, message: toWire(changed) };
}

function remove(args: Args, desk: Desk): JsonObject {
  const message = ownMessage(args, desk, 'cant_delete_message');
  desk.messages.remove(message);
  return { channel: message.channel, ts: message.ts };
}

function permalink(args: Args, desk: Desk): JsonObject {
  const channel = channelOf(args, desk);
  const message = desk.messages.find(channel.id, args.need('message_ts', 'message_not_found'));
  if (message === undefined) throw new Refusal('message_not_found');
  const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
  const link = `${desk.origin()}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { channel: channel.id, permalink: link };
}

/** The message an emoji is put on and the reaction's name. */
function reactionTarget(args: Args, desk: Desk): { message: SlackMessage; name: string } {
  const name = args.need('name', 'invalid_name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new Refusal('invalid_name', ['[ERROR] the name of an emoji has no colons']);
  const message = desk.messages.find(channelOf(args, desk).id, args.need('timestamp', 'no_item_specified'));
  if (message === undefined) throw new Refusal('message_not_found');
  return { message, name };
}

function addReaction(args: Args, desk: Desk): JsonObject {
  const { message, name } = reactionTarget(args, desk);
  const reactions = message.reactions ?? [];
  const { userId } = desk.workspace.bot;
  const users = reactions.find((reaction) => reaction.name === name)?.users ?? [];
  if (users.includes(userId)) throw new Refusal('already_reacted');
  const reaction = { name, users: [...users, userId], count: users.length + 1 };
  desk.messages.change({ ...message, reactions: [...reactions.filter((other) => other.name !== name), reaction] });
  return {};
}

function removeReaction(args: Args, desk: Desk): JsonObject {
  const { message, name } = reactionTarget(args, desk);
  const { userId } = desk.workspace.bot;
  const reaction = message.reactions?.find((other) => other.name === name && other.users.includes(userId));
  if (reaction === undefined) throw new Refusal('no_reaction');
  const users = reaction.users.filter((user) => user !== userId);
  const others = (message.reactions ?? []).filter((other) => other.name !== name);
  const left = users.length === 0 ? others : [...others, { name, users, count: users.length }];
  desk.messages.change({ ...message, reactions: left });
  return {};
}

export const chatMethods = {
  'chat.delete': remove,
  'chat.getPermalink': permalink,
  'chat.postEphemeral': postEphemeral,
  'chat.postMessage': postMessage,
  'chat.update': update,
  'reactions.add': addReaction,
  'reactions.remove': removeReaction,
};
