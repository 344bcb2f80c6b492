import { z } from 'zod';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { channelName, readBody, reasonInWords, type ThreadMessage, UNDO_SECONDS } from '../../messaging/index.ts';
import { actions, button, isGone, mention, type Place, type Post, post, quoted, revise, section } from '../card/index.ts';
import type { Asked } from '../feature.ts';
import { knownZone, type Times, timesFor } from '../format.ts';
import { SlackRefusal } from '../client.ts';
import type { LeadDeps } from './deps.ts';

/** A note in the thread tells colleagues of each reply: with Undo while it can be taken back, then what became of it. */
export interface ReplyNotes {
  /** Puts the note into the thread, in the background: the window must close at once. */
  announce(
    asked: Asked,
    leadId: LeadId,
    reply: { messageId: MessageId; channel: string; leavesAt: Date; words: string },
  ): void;
  /** Takes Undo off the notes of replies whose fate is known. */
  settle(tenantId: TenantId, leadId: LeadId): Promise<void>;
  /** Waits for notes that are being posted. */
  idle(): Promise<void>;
}

const NOTE = 'lead_reply';
const UNDECIDED = new Set(['scheduled', 'claimed', 'sending', 'uncertain', 'held']);
/** Notes older than this have been settled long ago. */
const RECENT_MS = 3_600_000;
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
  const posting = new Set<Promise<void>>();

  async function place(tenantId: TenantId, leadId: LeadId): Promise<Place | undefined> {
    const known = await cards.known(tenantId, leadId);
    return known && (await cards.outlets.usable(tenantId, known.channel)) ? known : undefined;
  }

  async function findNotes(tenantId: TenantId, root: Place): Promise<Map<unknown, string>> {
    const client = await deps.clientOf(tenantId);
    const args = { channel: root.channel, ts: root.ts, limit: 999, include_all_metadata: true };
    const { messages } = await client.call('conversations.replies', args, replies);
    const notes = messages.filter(({ metadata }) => metadata?.event_type === NOTE);
    return new Map(notes.map(({ ts, metadata }) => [metadata?.event_payload.message_id, ts]));
  }

  async function settleAll(tenantId: TenantId, leadId: LeadId): Promise<void> {
    const view = await cards.view(tenantId, leadId);
    const recent = clock.now().getTime() - RECENT_MS;
    const open = (view?.messages ?? []).filter(
      (message) =>
        message.purpose === 'reply' &&
        !UNDECIDED.has(message.state) &&
        !settled.has(message.id) &&
        message.createdAt.getTime() > recent,
    );
    const root = open.length > 0 ? await place(tenantId, leadId) : undefined;
    if (!view || !root) return;
    const notes = await findNotes(tenantId, root);
    const times = timesFor(view.reader);
    const { data } = await deps.tenants.keys(tenantId);
    for (const message of open) {
      const ts = notes.get(message.id);
      const words = await deps.db.inTenant(tenantId, (tx) => readBody(tx, data, message.id));
      if (ts) await revise(await deps.clientOf(tenantId), { channel: root.channel, ts }, outcome(message, words ?? '', times));
      settled.add(message.id);
    }
  }

  return {
    announce(asked, leadId, reply) {
      if (announced.has(reply.messageId)) return; // the same window sent twice
      announced.add(reply.messageId);
      const times = timesFor({ zone: knownZone(asked.staff.zone, asked.tenant.zone), country: asked.tenant.country, now: clock.now() });
      const run: Promise<void> = cards
        .say(asked.tenant.id, leadId, leaving(asked.staff.slackUserId, reply, times), 1)
        .then(() => {})
        .catch((error) => log.warn({ err: error, lead: leadId }, 'a reply was not noted in its thread; the card has Undo'))
        .finally(() => posting.delete(run));
      posting.add(run);
    },
    async settle(tenantId, leadId) {
      try {
        await settleAll(tenantId, leadId);
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error;
        log.warn({ err: error, lead: leadId }, 'notes of replies could not be brought up to date');
      }
    },
    async idle() {
      await Promise.all(posting);
    },
  };
}

function leaving(
  author: string,
  reply: { messageId: MessageId; channel: string; leavesAt: Date; words: string },
  times: Times,
): Post {
  const head = `*Reply leaves in ${UNDO_SECONDS} s* (${times.exact(reply.leavesAt)}) by ${channelName(reply.channel)}, written by ${mention(author)}:`;
  return {
    text: `A reply leaves at ${times.exact(reply.leavesAt)} by ${channelName(reply.channel)}.`,
    blocks: [section(`${head}\n${quoted(reply.words)}`), ...actions([button('message_undo', 'Undo', reply.messageId)])],
    metadata: { event_type: NOTE, event_payload: { message_id: reply.messageId } },
  };
}

function outcome(message: ThreadMessage, words: string, times: Times): Post {
  const channel = channelName(message.channel);
  const what =
    message.sentAt && message.state !== 'failed'
      ? `Reply sent ${times.full(message.sentAt)} by ${channel}`
      : message.state === 'unconfirmed'
        ? `Reply may have left by ${channel}, and nobody can say`
        : message.reason === 'undone'
          ? 'Reply taken back, nothing was sent'
          : `Reply not sent: ${reasonInWords(message.reason)}`;
  return { text: `${what}.`, blocks: [section(`*${what}:*\n${quoted(words)}`)] };
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
