import { KnownError, validationError } from '../../lib/errors.ts';
import type { LeadId, MessageId } from '../../lib/ids.ts';
import { AnsweredMeanwhile, channelName, MAX_REPLY, type PickedAnswer, readBody } from '../../messaging/index.ts';
import type { Action, Asked, MessageShortcut, Modal, ShortcutMessage, Submitted } from '../feature.ts';
import { knownZone, timesFor } from '../format.ts';
import type { LeadDeps } from './deps.ts';
import { change, leadIdOf, show } from './modals.ts';
import type { createAnnounce } from './reply-notes.ts';
import { type Draft, replyForm, replyPreview, type Surroundings, unpacked, wordsName } from './reply-views.ts';

/**
 * Writing to the customer: a form, a preview of exactly what they get, and ten seconds to take it back. These are the only
 * ways from Slack to a customer; what is typed in a thread stays there unless somebody sends it by its shortcut.
 */
export function createReply(
  deps: LeadDeps,
  announce: ReturnType<typeof createAnnounce>,
): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
  messageShortcuts: Record<string, MessageShortcut>;
} {
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

  async function around(asked: Asked, leadId: LeadId): Promise<Surroundings> {
    const { staff, tenant } = asked;
    const route = await desk.replyRoute(staff, leadId);
    const { name } = await desk.lead(staff, leadId);
    const others = await desk.others(staff, leadId);
    const now = deps.clock.now();
    const times = timesFor({ zone: knownZone(staff.zone, tenant.zone), country: tenant.country, now });
    return { name, route, others, times, now };
  }

  const fresh = (leadId: string, { route, others }: Surroundings): Draft => ({
    leadId,
    channel: route.channel,
    seen: others[0]?.id ?? '',
    filled: 0,
    words: '',
  });

  /** The words as they would leave now, with what has changed since an earlier preview said first. */
  async function previewOf(asked: Asked, draft: Draft, before: Draft | null) {
    const now = await around(asked, leadIdOf(draft.leadId));
    const seen = now.others[0]?.id ?? '';
    const notices = [
      ...(before && before.channel !== now.route.channel
        ? [`*It would go by ${channelName(now.route.channel)} now:* look once more.`]
        : []),
      ...(before && before.seen !== seen && seen !== '' ? ['*Somebody has answered meanwhile:* look once more.'] : []),
    ];
    return replyPreview({ ...draft, channel: now.route.channel, seen }, now, notices);
  }

  const preview = async (asked: Asked, draft: Draft, before: Draft | null): Promise<Submitted> => ({
    kind: 'update',
    view: await previewOf(asked, draft, before),
  });

  async function send(asked: Asked, draft: Draft, key: string): Promise<Submitted> {
    const leadId = leadIdOf(draft.leadId);
    const route = await desk.replyRoute(asked.staff, leadId);
    if (route.channel !== draft.channel) return preview(asked, draft, draft);
    try {
      const seen = draft.seen === '' ? null : (draft.seen as MessageId);
      const sent = await desk.reply(asked.staff, leadId, draft.words, key, seen);
      asked.afterwards(() => announce(asked, leadId, { ...sent, words: draft.words }));
      return { kind: 'close' };
    } catch (error) {
      if (error instanceof AnsweredMeanwhile) return preview(asked, draft, draft);
      throw error;
    }
  }

  /** The lead whose card is at the root of a thread. */
  async function leadOf(asked: Asked, { channelId, threadTs }: ShortcutMessage): Promise<LeadId | undefined> {
    const [thread] = await deps.db.inTenant(asked.tenant.id, (tx) =>
      tx.query<{ leadId: LeadId }>(
        // slack_threads_place
        'select lead_id as "leadId" from slack_threads where tenant_id = $1 and channel = $2 and ts = $3',
        [asked.tenant.id, channelId, threadTs],
      ),
    );
    return thread?.leadId;
  }

  return {
    actions: {
      lead_reply: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          const leadId = leadIdOf(value);
          const now = await around(asked, leadId);
          const [last, canned] = [await lastWords(asked, leadId), await desk.canned(asked.staff, leadId)];
          await show(asked, place, replyForm(fresh(leadId, now), now, last, canned));
        },
      },
      reply_canned: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          if (place.viewId === null) return;
          const draft = unpacked(place.metadata);
          const leadId = leadIdOf(draft.leadId);
          const canned = await desk.canned(asked.staff, leadId);
          const typed = place.values.text(wordsName(draft)).trim();
          const words = withPicked(typed, value, canned);
          const now = await around(asked, leadId);
          const next = { ...fresh(leadId, now), filled: draft.filled + 1, words };
          await change(asked, place.viewId, replyForm(next, now, await lastWords(asked, leadId), canned));
        },
      },
    },
    modals: {
      lead_reply: {
        permission: 'customer.reply',
        async submit(asked, values, metadata) {
          const draft = unpacked(metadata);
          const words = values.text(wordsName(draft)).trim();
          if (words === '') {
            const field = wordsName(draft);
            throw validationError([{ field, message: 'Write what the customer should read.' }]);
          }
          return preview(asked, { ...draft, words }, null);
        },
      },
      lead_reply_send: {
        permission: 'customer.reply',
        async submit(asked, values, metadata, key) {
          const draft = unpacked(metadata);
          const words = values.text(wordsName(draft)).trim() || draft.words;
          return words === draft.words ? send(asked, draft, key) : preview(asked, { ...draft, words }, null);
        },
      },
    },
    messageShortcuts: {
      send_to_customer: {
        permission: 'customer.reply',
        async run(asked, message) {
          const leadId = await leadOf(asked, message);
          if (!leadId) throw refused('Use this on a message in the thread of a lead: it is sent to that customer.');
          const words = message.words.trim();
          if (message.byApp || message.ts === message.threadTs) {
            throw refused('This was written by an app. Use it on a message that a person wrote in this thread.');
          }
          if (words === '') throw refused('There are no words in this message; pictures and files are not sent.');
          if (words.length > MAX_REPLY) {
            throw refused(`This message is longer than ${MAX_REPLY} characters. Press Reply and write it shorter.`);
          }
          const draft = { ...fresh(leadId, await around(asked, leadId)), words };
          await show(asked, null, await previewOf(asked, draft, null));
        },
      },
    },
  };
}

/** A picked answer takes the place of another one that was picked before; what somebody typed stays. Pure. */
export function withPicked(typed: string, key: string, canned: readonly PickedAnswer[]): string {
  const picked = canned.find((each) => each.key === key)?.words;
  if (picked === undefined) return typed;
  const isPicked = canned.some(({ words }) => words === typed);
  return (typed === '' || isPicked ? picked : `${typed}\n\n${picked}`).slice(0, MAX_REPLY);
}

function refused(words: string): KnownError {
  return new KnownError('validation_error', 'not a message to send', words);
}
