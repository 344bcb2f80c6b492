import { z } from 'zod';
import type { EffectHandler } from '../../events/index.ts';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { channelName, readBody, reasonInWords } from '../../messaging/index.ts';
import { type CardDeps, isGone, type Post, quoted, revise } from '../card/index.ts';
import { type SlackClient, SlackRefusal } from '../client.ts';
import { knownZone, type Times, timesFor } from '../format.ts';
import { section } from '../views.ts';
import { markOf } from './notes.ts';

interface Note {
  channel: string;
  ts: string;
  shown: string;
  purpose: string;
  message: string;
  state: string;
  reason: string | null;
  at: Date;
  leadId: LeadId | null;
  zone: string | null;
}

const NOTE = `select n.channel, n.ts, n.shown, m.purpose, m.channel as message, m.state, m.reason,
    coalesce(m.sent_at, m.due_at) as at, m.lead_id as "leadId", s.zone
  from slack_notes n join messages m on m.id = n.message_id left join staff s on s.id = m.author_id
  where n.message_id = $1`;

/** Slack says that it is so already, or that it will not be: nothing to try again. */
const SETTLED = new Set(['already_reacted', 'no_reaction', 'not_reactable', 'too_many_reactions', 'too_many_emoji']);

/**
 * Shows on a note how far its message got: one reaction of ours at a time, and for what a person wrote also in words, once
 * it can no longer be taken back.
 */
export function createTicks(deps: CardDeps): EffectHandler {
  async function forget(tenantId: TenantId, messageId: MessageId): Promise<void> {
    await deps.db.inTenant(tenantId, (tx) => tx.query('delete from slack_notes where message_id = $1', [messageId]));
  }

  async function react(client: SlackClient, note: Note, method: 'add' | 'remove', name: string): Promise<void> {
    if (name === '') return;
    try {
      await client.call(`reactions.${method}`, { channel: note.channel, timestamp: note.ts, name }, z.unknown());
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      if (SETTLED.has(error.code)) return;
      // a workspace that was connected before we asked for this permission does without
      if (error.code !== 'missing_scope') throw error;
      deps.log.warn({ err: error }, 'how far a message got is not shown: the app lacks reactions:write');
    }
  }

  return async ({ tenantId, key }) => {
    const messageId = key as MessageId;
    const { data } = await deps.tenants.keys(tenantId);
    const tenant = await deps.tenants.byId(tenantId);
    const found = await deps.db.inTenant(tenantId, async (tx) => {
      const [note] = await tx.query<Note>(NOTE, [messageId]);
      return note && { note, words: (await readBody(tx, data, messageId)) ?? '' };
    });
    if (!found) return;
    const { note, words } = found;
    const mark = markOf(note);
    if (mark === note.shown) return;
    const client = await deps.clientOf(tenantId);
    try {
      if (note.purpose === 'reply' && mark !== '') {
        const zone = knownZone(note.zone, tenant.zone);
        const times = timesFor({ zone, country: tenant.country, now: deps.clock.now() });
        await revise(client, note, outcome(note, words, times));
      }
      await react(client, note, 'add', mark);
      await react(client, note, 'remove', note.shown);
    } catch (error) {
      if (!isGone(error)) throw error;
      return forget(tenantId, messageId); // somebody deleted it
    }
    await deps.db.inTenant(tenantId, (tx) =>
      tx.query('update slack_notes set shown = $2 where message_id = $1 and shown = $3', [messageId, mark, note.shown]),
    );
  };
}

function outcome(note: Note, words: string, times: Times): Post {
  const what = outcomeWords(note, times);
  return { text: `${what}.`, blocks: [section(`*${what}:*\n${quoted(words)}`)] };
}

function outcomeWords(note: Note, times: Times): string {
  const channel = channelName(note.message);
  switch (note.state) {
    case 'sent':
    case 'delivered':
    case 'read':
      return `Reply sent ${times.full(note.at)} by ${channel}`;
    case 'unconfirmed':
      return `Reply may have left by ${channel}, and nobody can say; the card asks what to do`;
    default:
      return note.reason === 'undone'
        ? 'Reply taken back, nothing was sent'
        : `Reply not delivered: ${reasonInWords(note.reason)}`;
  }
}
