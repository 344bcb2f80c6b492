import type { Tx } from '../../db/index.ts';
import { type EffectHandler, type NewEffect, request } from '../../events/index.ts';
import type { MediaBook } from '../../inbox/index.ts';
import type { LeadId, MessageId } from '../../lib/ids.ts';
import type { Staff } from '../../tenants/index.ts';
import {
  type CardView,
  clearCard,
  inline,
  isGone,
  mention,
  type Place,
  type Post,
  said,
  urgentPlaces,
} from '../card/index.ts';
import type { LeadDeps } from './deps.ts';

/** What stands where a card was that went to somebody else with its lead. */
const GIVEN_AWAY = said('*A colleague looks after this lead now.* Its card and its thread are with them.');

/**
 * What follows when a lead was given to somebody or taken: a card in a direct message goes to them, with the customer's
 * last words, pictures and drafts, and the thread and what managers were told say who looks after it. May say it twice after a crash.
 */
export function createGiven(
  deps: LeadDeps & { media: Pick<MediaBook, 'showAgain'> },
): Record<'lead.given' | 'card.clear', EffectHandler> {
  const { cards, db, staff, clientOf } = deps;

  /** What was shown in the old thread and is still of use comes again in the new one. */
  async function bringAlong(tx: Tx, leadId: LeadId, { channel }: Place): Promise<void> {
    await tx.query(
      `delete from slack_notes where channel = $2 and message_id in
         (select id from messages where lead_id = $1 union all select id from drafts where lead_id = $1)`,
      [leadId, channel],
    );
    const drafts = await tx.query<{ id: string }>(
      `select id from drafts where lead_id = $1 and state = 'open' order by id`,
      [leadId],
    );
    const [waits] = await tx.query<{ messageId: MessageId }>(
      `select c.last_inbound_id as "messageId" from conversations c join leads l on l.person_id = c.person_id
       where l.id = $1 and c.lead_id = l.id and c.owed_since is not null`,
      [leadId],
    );
    const pictures = await deps.media.showAgain(tx, leadId);
    await request(tx, tx.tenantId, [
      ...(waits
        ? [{ kind: 'staff.tell', key: `given/${leadId}`, data: { what: 'replied', leadId, ...waits } } as const]
        : []),
      ...pictures.map((key): NewEffect => ({ kind: 'media.fetch', key })),
      ...drafts.map(({ id }): NewEffect => ({ kind: 'draft.show', key: id })),
    ]);
  }

  return {
    async 'lead.given'({ tenantId, key, data, attempt }) {
      const leadId = key as LeadId;
      await db.inTenant(tenantId, async (tx) => {
        const told = await urgentPlaces(tx, leadId);
        if (told.length > 0) await request(tx, tenantId, [{ kind: 'alert.keep', key: leadId }]);
      });
      const view = await cards.follow(tenantId, leadId, attempt, (tx, old) => bringAlong(tx, leadId, old));
      if (!view || data.quiet === true) return;
      const note = givenNote(view, String(data.by), await staff.list(tenantId));
      await cards.say(tenantId, leadId, note, attempt);
    },
    async 'card.clear'({ tenantId, data }) {
      const place = { channel: String(data.channel), ts: String(data.ts) };
      await clearCard(await clientOf(tenantId), place, GIVEN_AWAY).catch((error) => {
        if (!isGone(error)) throw error;
      });
    },
  };
}

/** Who looks after a lead from now on, and whose doing that is. Pure. */
export function givenNote({ owner }: Pick<CardView, 'owner'>, by: string, staff: readonly Staff[]): Post {
  const author = staff.find(({ id }) => by === `staff:${id}`);
  const words =
    owner === null
      ? 'Nobody looks after this lead any more. Whoever wants it presses “I take it”.'
      : author?.slackUserId === owner.slackUserId
        ? `${mention(owner.slackUserId)} looks after this lead from now on.`
        : `${mention(owner.slackUserId)} looks after this lead from now on, says ${author ? inline(author.name) : 'another program of yours'}.`;
  return said(words);
}
