import { z } from 'zod';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { channelName, readBody, reasonInWords, type ThreadMessage, UNDO_SECONDS } from '../../messaging/index.ts';
import { actions, button, type CardView, mention, type Place, type Post, quoted, revise } from '../card/index.ts';
import { SlackRefusal } from '../client.ts';
import type { Asked } from '../feature.ts';
import { knownZone, type Times, timesFor } from '../format.ts';
import { section } from '../views.ts';
import type { LeadDeps } from './deps.ts';

/** A note in the thread tells colleagues of each reply: with Undo while it can be taken back, then what became of it. */
export interface ReplyNotes {
  /** Puts the note into the thread. Never throws: the reply is on its way, and the card has Undo too. */
  announce(asked: Asked, leadId: LeadId, reply: Announced): Promise<void>;
  /** Takes Undo off the notes of replies whose fate is known. */
  settle(tenantId: TenantId, view: CardView): Promise<void>;
}

interface Announced {
  messageId: MessageId;
  channel: string;
  leavesAt: Date;
  words: string;
}

const NOTE = 'lead_reply';
const UNDECIDED = new Set(['scheduled', 'claimed', 'sending', 'uncertain', 'held']);
/** Notes older than this have been settled long ago, or will say that it is too late. */
const RECENT_MS = 3_600_000;
const POSTING_MS = 60_000;
const REMEMBERED = 2000;

const replies = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
    }),
  ),
});

export function createReplyNotes(deps: LeadDeps): ReplyNotes {
  const { cards, log, clock } = deps;
  const settled = remembered();
  const announced = remembered();

  /** The notes in a thread, by message. */
  async function findNotes(tenantId: TenantId, root: Place): Promise<Map<unknown, string>> {
    const client = await deps.clientOf(tenantId);
    const args = { channel: root.channel, ts: root.ts, limit: 999, include_all_metadata: true };
    const { messages } = await client.call('conversations.replies', args, replies);
    const notes = messages.filter(({ metadata }) => metadata?.event_type === NOTE);
    return new Map(notes.map(({ ts, metadata }) => [metadata?.event_payload.message_id, ts]));
  }

  async function settleAll(tenantId: TenantId, view: CardView): Promise<void> {
    const age = (message: ThreadMessage) => clock.now().getTime() - message.createdAt.getTime();
    const decided = view.messages.filter(
      (message) => message.purpose === 'reply' && !UNDECIDED.has(message.state) && age(message) < RECENT_MS,
    );
    const open = decided.filter((message) => !settled.has(message.id));
    const root = open.length > 0 ? await cards.known(tenantId, view.lead.id) : undefined;
    if (!root || !(await cards.outlets.usable(tenantId, root.channel))) return;
    const notes = await findNotes(tenantId, root);
    const client = await deps.clientOf(tenantId);
    const { data } = await deps.tenants.keys(tenantId);
    for (const message of open) {
      const ts = notes.get(message.id);
      if (ts) {
        const words = await deps.db.inTenant(tenantId, (tx) => readBody(tx, data, message.id));
        await revise(client, { channel: root.channel, ts }, outcome(message, words ?? '', timesFor(view.reader)));
      }
      // a note that is not there yet is still being posted
      if (ts || age(message) > POSTING_MS) settled.add(message.id);
    }
  }

  return {
    async announce(asked, leadId, reply) {
      if (announced.has(reply.messageId)) return; // the same window, sent twice
      announced.add(reply.messageId);
      const { staff, tenant } = asked;
      const zone = knownZone(staff.zone, tenant.zone);
      const times = timesFor({ zone, country: tenant.country, now: clock.now() });
      try {
        await cards.say(tenant.id, leadId, leaving(staff.slackUserId, reply, times), 1);
      } catch (error) {
        log.warn({ err: error, lead: leadId }, 'a reply was not noted in its thread; the card has Undo');
      }
    },
    async settle(tenantId, view) {
      try {
        await settleAll(tenantId, view);
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        log.warn({ err: error, lead: view.lead.id }, 'notes of replies could not be brought up to date');
      }
    },
  };
}

function leaving(author: string, reply: Announced, times: Times): Post {
  const channel = channelName(reply.channel);
  const when = times.exact(reply.leavesAt);
  const head = `*Reply leaves in ${UNDO_SECONDS} s* (${when}) by ${channel}, written by ${mention(author)}:`;
  return {
    text: `Reply leaves in ${UNDO_SECONDS} s (${when}) by ${channel}.`,
    blocks: [section(`${head}\n${quoted(reply.words)}`), ...actions([button('message_undo', 'Undo', reply.messageId)])],
    metadata: { event_type: NOTE, event_payload: { message_id: reply.messageId } },
  };
}

function outcome(message: ThreadMessage, words: string, times: Times): Post {
  const what = outcomeWords(message, times);
  return { text: `${what}.`, blocks: [section(`*${what}:*\n${quoted(words)}`)] };
}

function outcomeWords(message: ThreadMessage, times: Times): string {
  const channel = channelName(message.channel);
  switch (message.state) {
    case 'sent':
    case 'delivered':
    case 'read':
      return `Reply sent ${times.full(message.sentAt ?? message.dueAt)} by ${channel}`;
    case 'unconfirmed':
      return `Reply may have left by ${channel}, and nobody can say; the card asks what to do`;
    default:
      return message.reason === 'undone'
        ? 'Reply taken back, nothing was sent'
        : `Reply not delivered: ${reasonInWords(message.reason)}`;
  }
}

/** A set that forgets its oldest members. */
function remembered(): { has(id: string): boolean; add(id: string): void } {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > REMEMBERED && oldest !== undefined) ids.delete(oldest);
    },
  };
}
