import { z } from 'zod';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { type Place, type Post, revise } from './outlets.ts';

const replies = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      bot_id: z.string().nullish(),
      files: z.array(z.object({ id: z.string() })).nullish(),
    }),
  ),
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
  const { messages } = await client.call('conversations.replies', { channel, ts, limit: 999 }, replies);
  for (const message of messages) {
    if (message.ts === ts || !message.bot_id) continue;
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
