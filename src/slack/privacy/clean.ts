import { z } from 'zod';
import { ComeBackLater, type EffectHandler } from '../../events/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import { cardEmptied, erasedCard } from '../../privacy/index.ts';
import { ERASED_CARD, isGone, revise } from '../card/index.ts';
import { type SlackClient, SlackRefusal } from '../client.ts';
import type { PrivacyDeps } from './deps.ts';

const replies = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      bot_id: z.string().nullish(),
      files: z.array(z.object({ id: z.string() })).nullish(),
    }),
  ),
});

/** A note that was on its way at the time of the erasure has come by then. */
const AGAIN_SECONDS = 60;

/** Slack does not let us delete it: another app's, or gone already. */
const NOT_OURS = new Set([
  'cant_delete_message',
  'message_not_found',
  'cant_delete_file',
  'file_not_found',
  'file_deleted',
]);

/**
 * Empties the card of an erased person and deletes what we said in its thread, files included; then once more, a minute
 * later. What people wrote there is theirs, and the card says that it stays.
 */
export function createClean(deps: PrivacyDeps): EffectHandler {
  async function remove(client: SlackClient, method: string, args: Record<string, string>): Promise<void> {
    try {
      await client.call(method, args, z.unknown());
    } catch (error) {
      if (!(error instanceof SlackRefusal) || !NOT_OURS.has(error.code)) throw error;
    }
  }

  async function empty(client: SlackClient, channel: string, ts: string): Promise<void> {
    await revise(client, { channel, ts }, ERASED_CARD);
    const { messages } = await client.call('conversations.replies', { channel, ts, limit: 999 }, replies);
    for (const message of messages) {
      if (message.ts === ts || !message.bot_id) continue;
      for (const { id } of message.files ?? []) await remove(client, 'files.delete', { file: id });
      await remove(client, 'chat.delete', { channel, ts: message.ts });
    }
  }

  return async ({ tenantId, key }) => {
    const leadId = key as LeadId;
    const card = await deps.db.inTenant(tenantId, (tx) => erasedCard(tx, leadId));
    if (!card) return;
    const client = await deps.clientOf(tenantId);
    if (card.channel !== null && card.ts !== null) {
      await empty(client, card.channel, card.ts).catch((error) => {
        if (!isGone(error)) throw error;
      });
    }
    if (await deps.db.inTenant(tenantId, (tx) => cardEmptied(tx, leadId))) throw new ComeBackLater(AGAIN_SECONDS);
  };
}
