import { z } from 'zod';
import type { SlackClient } from './client.ts';

/** Of a page; Slack gives as many as it likes, 15 to apps outside its marketplace. */
const PAGE = 200;

/**
 * Messages of a channel (newest first) or a thread, page by page, at most `most` of them. Whoever has found what they look for
 * stops reading.
 */
export async function* messagesOf<T extends z.ZodType>(
  client: SlackClient,
  method: 'conversations.history' | 'conversations.replies',
  args: Record<string, unknown>,
  message: T,
  most = 2000,
): AsyncGenerator<z.infer<T>> {
  const page = z.object({
    messages: z.array(message),
    response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
  });
  let cursor = '';
  for (let read = 0; read < most; ) {
    const sent = { ...args, limit: Math.min(PAGE, most - read), ...(cursor !== '' && { cursor }) };
    const answer = await client.call(method, sent, page);
    yield* answer.messages;
    read += answer.messages.length;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '' || answer.messages.length === 0) return;
  }
}
