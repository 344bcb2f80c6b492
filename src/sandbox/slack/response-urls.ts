import { Args, parseObject } from './args.ts';
import type { Desk } from './desk.ts';
import { byBot, readContent } from './message-content.ts';
import { Refusal } from './refusal.ts';
import type { ReplyPlace } from './tickets.ts';
import type { JsonObject, SlackMessage } from './types.ts';

/** How a response URL answers: Slack says `ok` in plain text, or names the error with a status that is not 200. */
export interface ReplyAnswer {
  status: number;
  text: string;
}

/** Takes what the app posts to a response URL (its path without `/hooks`). */
export function answerReply(path: string, body: string, desk: Desk): ReplyAnswer {
  const place = desk.tickets.useReply(path);
  if (typeof place === 'string') {
    desk.workspace.report('response_url', place, 'a response URL is good for 5 answers within 30 minutes');
    return { status: 404, text: place };
  }
  const sent = parseObject(body);
  if (sent === undefined) {
    desk.workspace.report('response_url', 'invalid_payload', 'the body is no JSON object');
    return { status: 400, text: 'invalid_payload' };
  }
  try {
    reply(sent, place, desk);
    return { status: 200, text: 'ok' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.mistake) desk.workspace.report('response_url', error.code, error.messages.join('; '));
    return { status: 400, text: error.code };
  }
}

/**
 * Shows an answer where `place` says: deletes or replaces the message it answers, or adds a new one, ephemeral unless
 * `response_type` is `in_channel`. Used for response URLs and for the immediate answer to a slash command.
 * @throws Refusal when the content would be refused
 */
export function reply(sent: JsonObject, place: ReplyPlace, desk: Desk): SlackMessage | null {
  const args = new Args(sent);
  const original = originalMessage(place, desk);
  if (args.flag('delete_original')) {
    if (original !== undefined) desk.messages.remove(original);
    return null;
  }
  const content = readContent(args, desk, 'response_url');
  if (args.flag('replace_original') && original !== undefined) {
    const changed = { ...original, ...content };
    desk.messages.change(changed);
    return changed;
  }
  const ephemeral = args.text('response_type') !== 'in_channel';
  const message = desk.messages.add({
    ...byBot(desk),
    ...content,
    channel: place.channelId,
    thread_ts: args.text('thread_ts'),
    ephemeral_to: ephemeral ? place.userId : undefined,
  });
  place.original ??= { ts: message.ts, ephemeral };
  return message;
}

function originalMessage(place: ReplyPlace, desk: Desk): SlackMessage | undefined {
  const { original } = place;
  if (original === undefined) return undefined;
  if (!original.ephemeral) return desk.messages.find(place.channelId, original.ts);
  return desk.messages.ephemeralsOf(place.userId).find((message) => message.ts === original.ts);
}
