import { z } from 'zod';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { messagesOf } from '../messages.ts';
import { type Place, type Post, revise } from './outlets.ts';

const reply = z.object({
  ts: z.string(),
  bot_id: z.string().nullish(),
  files: z.array(z.object({ id: z.string() })).nullish(),
});

/** Slack does not let us delete it: another app's, or gone already. */
const NOT_OURS = new Set([
  'cant_delete_message',
  'message_not_found',
  'cant_delete_file',
  'file_not_found',
  'file_deleted',
]);

/** Puts `instead` where a card was and deletes what we said in its thread, files included. What people wrote stays. */
export async function clearCard(client: SlackClient, place: Place, instead: Post): Promise<void> {
  const { channel, ts } = place;
  await revise(client, place, instead);
  // read to the end first: what is deleted meanwhile would move the pages
  const ours: z.infer<typeof reply>[] = [];
  for await (const message of messagesOf(client, 'conversations.replies', { channel, ts }, reply)) {
    if (message.ts !== ts && message.bot_id) ours.push(message);
  }
  for (const message of ours) {
    for (const { id } of message.files ?? []) await remove(client, 'files.delete', { file: id });
    await remove(client, 'chat.delete', { channel, ts: message.ts });
  }
}

async function remove(client: SlackClient, method: string, args: Record<string, string>): Promise<void> {
  try {
    await client.call(method, args, z.unknown());
  } catch (error) {
    if (!(error instanceof SlackRefusal) || !NOT_OURS.has(error.code)) throw error;
  }
}
