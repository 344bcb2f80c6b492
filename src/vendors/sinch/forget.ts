import { z } from 'zod';
import type { Forgotten, Gateway } from '../../messaging/port.ts';
import { digitsOf } from './addresses.ts';
import type { App } from './app.ts';
import { noEmail, type Reader } from './lists.ts';
import { answerOf } from './problems.ts';
import type { Site } from './site.ts';

/** Before any message was sent through Sinch. */
const EVER = new Date(0);

/**
 * Deleting what Sinch keeps of a conversation, message by message: a contact belongs to the whole project, and with it go
 * conversations of others. Files that a customer sent along go with their message.
 * https://developers.sinch.com/docs/conversation/api-reference/conversation/messages/messages_deletemessage
 */
export function createForget(site: Site, app: App, { collect, isFrom }: Reader): Required<Pick<Gateway, 'forget'>> {
  /** False: it was gone already. */
  async function remove(id: string, messages_source: string): Promise<boolean> {
    const query = new URLSearchParams({ messages_source });
    const path = `/v1/projects/${site.projectId}/messages/${encodeURIComponent(id)}?${query}`;
    const result = await site.read({ method: 'DELETE', path });
    if (result.kind === 'reply' && result.status === 404) return false;
    answerOf(z.unknown(), result, 'delete a message');
    return true;
  }

  return {
    async forget({ channel, sender, customer, sent, isOurs }) {
      if (channel === 'email') throw noEmail();
      const received = await collect(channel, EVER, { channel_identity: digitsOf(customer), direction: 'TO_APP' });
      const theirs = received.filter(
        (message) => message.direction === 'TO_APP' && isFrom(message, sender) && isOurs(message.id),
      );
      const source = await app.source();
      const forgotten: Forgotten = { messages: 0, media: 0, pending: 0 };
      for (const id of [...theirs.map((message) => message.id), ...sent]) {
        if (await remove(id, source)) forgotten.messages++;
      }
      return forgotten;
    },
  };
}
