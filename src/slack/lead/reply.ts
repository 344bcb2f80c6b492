import { validationError } from '../../lib/errors.ts';
import type { LeadId, MessageId } from '../../lib/ids.ts';
import { channelName, readBody } from '../../messaging/index.ts';
import type { Action, Asked, Modal, Submitted } from '../feature.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, show } from './modals.ts';
import type { ReplyNotes } from './reply-notes.ts';
import { type Draft, replyForm, replyPreview, unpacked } from './reply-views.ts';

/**
 * Writing to the customer: a form, a preview of exactly what they get, and ten seconds to take it back. It is the only
 * way from Slack to a customer; what is typed in a thread stays there.
 */
export function createReply(
  deps: LeadDeps,
  notes: ReplyNotes,
): { actions: Record<string, Action>; modals: Record<string, Modal> } {
  const { desk } = deps;

  async function lastWords(asked: Asked, leadId: LeadId): Promise<string | null> {
    const { data } = await deps.tenants.keys(asked.tenant.id);
    return deps.db.inTenant(asked.tenant.id, async (tx) => {
      const [last] = await tx.query<{ id: MessageId }>(
        // messages_person
        `select m.id from messages m join leads l on l.id = $1 and m.person_id = l.person_id
         where m.lead_id = $1 and m.direction = 'in' order by m.created_at desc limit 1`,
        [leadId],
      );
      return last ? readBody(tx, data, last.id) : null;
    });
  }

  /** Shows the words as they would leave now. `before` is the channel that an earlier preview named. */
  async function preview(asked: Asked, draft: Draft, before: string | null): Promise<Submitted> {
    const leadId = leadIdOf(draft.leadId);
    const route = await desk.replyRoute(asked.staff, leadId);
    const { name } = await desk.lead(asked.staff, leadId);
    const changed = before !== null && before !== route.channel;
    const notice = changed ? `*It would go by ${channelName(route.channel)} now:* look once more.` : null;
    return { kind: 'update', view: replyPreview({ ...draft, channel: route.channel }, name, route, notice) };
  }

  async function send(asked: Asked, draft: Draft, key: string): Promise<Submitted> {
    const leadId = leadIdOf(draft.leadId);
    const route = await desk.replyRoute(asked.staff, leadId);
    if (route.channel !== draft.channel) return preview(asked, draft, draft.channel);
    const sent = await desk.reply(asked.staff, leadId, draft.words, key);
    asked.afterwards(() => notes.announce(asked, leadId, { ...sent, words: draft.words }));
    return { kind: 'close' };
  }

  return {
    actions: {
      lead_reply: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          const leadId = leadIdOf(value);
          const route = await desk.replyRoute(asked.staff, leadId);
          const { name } = await desk.lead(asked.staff, leadId);
          await show(asked, place, replyForm(leadId, name, route, await lastWords(asked, leadId)));
        },
      },
    },
    modals: {
      lead_reply: {
        permission: 'customer.reply',
        async submit(asked, values, metadata) {
          const words = values.text('words').trim();
          if (words === '') {
            throw validationError([{ field: 'words', message: 'Write what the customer should read.' }]);
          }
          return preview(asked, { ...unpacked(metadata), words }, null);
        },
      },
      lead_reply_send: {
        permission: 'customer.reply',
        async submit(asked, values, metadata, key) {
          const draft = unpacked(metadata);
          const words = values.text('words').trim() || draft.words;
          return words === draft.words ? send(asked, draft, key) : preview(asked, { ...draft, words }, null);
        },
      },
    },
  };
}
