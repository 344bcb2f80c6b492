import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId, StaffId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { bodyPlace } from './prepare.ts';

/** One message of a lead as the card, the thread and the ledger show it. */
export interface ThreadMessage {
  id: MessageId;
  direction: 'in' | 'out';
  purpose: string;
  stepKey: string | null;
  templateKey: string | null;
  language: string | null;
  channel: string;
  state: string;
  reason: string | null;
  attempt: number;
  dueAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  authorId: StaffId | null;
  createdAt: Date;
}

const FIELDS = `m.id, m.direction, m.purpose, m.step_key as "stepKey", m.template_key as "templateKey", m.language, m.channel, m.state, m.reason,
  m.attempt, m.due_at as "dueAt", m.sent_at as "sentAt", m.delivered_at as "deliveredAt", m.read_at as "readAt",
  m.author_id as "authorId", m.created_at as "createdAt"`;

/** Everything said to and by the lead's person about this lead, planned messages included, in order of time. */
export async function threadOf(tx: Tx, leadId: LeadId): Promise<ThreadMessage[]> {
  // messages_person
  return tx.query<ThreadMessage>(
    {
      name: 'messages-of-lead',
      text: `select ${FIELDS} from messages m join leads l on l.id = $1 and m.person_id = l.person_id
        where m.lead_id = $1 order by coalesce(m.sent_at, m.due_at), m.id`,
    },
    [leadId],
  );
}

/** The words of one message, opened with the tenant's key; null when they were erased or never written. */
export async function readBody(tx: Tx, dataKey: Buffer, id: MessageId): Promise<string | null> {
  const [row] = await tx.query<{ body: Buffer | null }>('select body from messages where id = $1', [id]);
  if (!row?.body) return null;
  return open(dataKey, bodyPlace({ tenantId: tx.tenantId, id }), row.body).toString();
}
