import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { bodyPlace } from './prepare.ts';

/** One message with its words. */
export interface SpokenMessage {
  id: MessageId;
  direction: 'in' | 'out';
  purpose: string;
  channel: string;
  state: string;
  /** Null before it was written, and when it was erased. */
  words: string | null;
  /** When it left or came; else when it is due. */
  at: Date;
}

/** A page of what was said to and by a lead, newest first, with the words; plans that were dropped are left out. */
export async function readConversation(
  tx: Tx,
  dataKey: Buffer,
  leadId: LeadId,
  page: { after?: { at: Date; id: MessageId } | undefined; limit: number },
): Promise<SpokenMessage[]> {
  const rows = await tx.query<Omit<SpokenMessage, 'words'> & { body: Buffer | null }>(
    // messages_person
    `select m.id, m.direction, m.purpose, m.channel, m.state, m.body, coalesce(m.sent_at, m.due_at) as at
     from messages m join leads l on l.id = $1 and m.person_id = l.person_id
     where m.lead_id = $1 and m.state not in ('cancelled', 'skipped')
       and ($2::timestamptz is null or (date_trunc('milliseconds', coalesce(m.sent_at, m.due_at)), m.id) < ($2, $3::uuid))
     order by date_trunc('milliseconds', coalesce(m.sent_at, m.due_at)) desc, m.id desc limit $4`,
    [leadId, page.after?.at ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map(({ body, ...message }) => ({
    ...message,
    words: body && open(dataKey, bodyPlace({ tenantId: tx.tenantId, id: message.id }), body).toString(),
  }));
}
