import type { Tx } from '../../db/index.ts';
import { enquiriesOf, findLead } from '../../leads/index.ts';
import type { LeadId, MessageId } from '../../lib/ids.ts';
import { readBody } from '../../messaging/index.ts';

/** What staff are told of, as the effect names it. */
export interface Occasion {
  what:
    | 'replied'
    | 'opted_out'
    | 'opted_in'
    | 'unsure'
    | 'help'
    | 'unknown_sender'
    | 'auto_reply'
    | 'wrong_number'
    /** An enquiry that anybody may have sent names a number or mailbox that we do not know of them. */
    | 'claimed'
    /** An answer is owed for a while: its owner is reminded. Later an alert tells the managers. */
    | 'owed';
  leadId: LeadId | null;
  messageId: MessageId | null;
  /** How an opt-out came, and what it covers. */
  by: string;
  scope: string;
  cancelled: number;
  inFlight: boolean;
  /** ISO 8601: which time of waiting a reminder is about. */
  since: string;
}

/** Somebody of the staff. */
export interface Colleague {
  slackUserId: string;
  name: string;
}

/** An occasion with everything that is said about it. */
export interface Told extends Occasion {
  name: string;
  phone: string | null;
  fields: Record<string, string>;
  playbook: string | null;
  /** The customer's words, when there is a message of theirs; empty for a picture alone. */
  words: string | null;
  /** Content types of what came along, as the gateway says. */
  media: string[];
  channel: string | null;
  at: Date;
  /** Planned messages that this reply cancelled; null when nothing was running. */
  ended: number | null;
  /** State of the newest follow-up. */
  followUp: string | null;
  /** What the newest such enquiry names. */
  claimed: readonly string[];
  /** The customer's language and zone. */
  language: string | null;
  zone: string | null;
  owedSince: Date | null;
  takenBy: Colleague | null;
  /** Whether a confirmation of the opt-out leaves, or has left. */
  confirmation: 'none' | 'leaves' | 'left';
  /** Who of the staff stopped it. */
  colleague: string | null;
}

interface Said {
  name: string;
  phone: string | null;
  channel: string;
  at: Date;
  inbound: boolean;
  language: string;
  zone: string;
  owedSince: Date | null;
  takenBy: Colleague | null;
  media: string[];
}

/** Reads what is to be told; null when there is nothing left to tell of: no lead, no message, an answer that was given. */
export async function readTold(tx: Tx, dataKey: Buffer, occasion: Occasion, now: Date): Promise<Told | null> {
  const { leadId, messageId, what } = occasion;
  const lead = leadId ? await findLead(tx, leadId) : undefined;
  const said = messageId ? await saidIn(tx, messageId) : undefined;
  if (!lead && !said) return null;
  const isReminder = what === 'owed';
  if (isReminder && said?.owedSince?.toISOString() !== occasion.since) return null;
  const claimed = leadId && what === 'claimed' ? await claimedOf(tx, dataKey, leadId) : [];
  if (what === 'claimed' && claimed.length === 0) return null;
  const stop = leadId && what === 'opted_out' ? await stopOf(tx, leadId) : undefined;
  return {
    ...occasion,
    name: lead?.name ?? said?.name ?? '',
    phone: lead?.phone ?? said?.phone ?? null,
    fields: lead?.fields ?? {},
    playbook: lead?.playbook ?? null,
    words: messageId && said?.inbound ? ((await readBody(tx, dataKey, messageId)) ?? '') : null,
    media: said?.media ?? [],
    channel: said?.channel ?? null,
    at: stop?.at ?? said?.at ?? now,
    ended: leadId && messageId && !isReminder ? await endedBy(tx, leadId, messageId) : null,
    followUp: lead?.state ?? null,
    claimed,
    language: said?.language ?? null,
    zone: said?.zone ?? null,
    owedSince: said?.owedSince ?? null,
    takenBy: said?.takenBy ?? null,
    confirmation: leadId && stop ? await confirmationOf(tx, leadId, stop.at) : 'none',
    colleague: stop?.colleague ?? null,
  };
}

async function claimedOf(tx: Tx, dataKey: Buffer, leadId: LeadId): Promise<readonly string[]> {
  const enquiries = await enquiriesOf(tx, dataKey, leadId);
  return enquiries.findLast(({ claimed }) => claimed !== undefined)?.claimed ?? [];
}

async function saidIn(tx: Tx, messageId: MessageId): Promise<Said | undefined> {
  const [said] = await tx.query<Said>(
    `select p.name, a.value as phone, m.channel, m.created_at as at, m.direction = 'in' as inbound, p.language, p.zone,
       c.owed_since as "owedSince",
       case when s.id is not null then jsonb_build_object('slackUserId', s.slack_user_id, 'name', s.name) end as "takenBy",
       array(select g.declared from media g where g.message_id = m.id order by g.place) as media
     from messages m join persons p on p.id = m.person_id left join addresses a on a.id = m.address_id
       left join conversations c on c.person_id = m.person_id left join staff t on t.id = c.taken_by
       left join staff s on s.id = coalesce(t.covered_by, t.id)
     where m.id = $1`,
    [messageId],
  );
  return said;
}

/** The last opt-out noted for a lead (events_lead). */
async function stopOf(tx: Tx, leadId: LeadId): Promise<{ at: Date; colleague: string | null } | undefined> {
  const [stop] = await tx.query<{ at: Date; colleague: string | null }>(
    `select e.at, (select s.name from staff s where 'staff:' || s.id = e.actor) as colleague
     from events e where e.lead_id = $1 and e.type = 'person.opted_out' order by e.id desc limit 1`,
    [leadId],
  );
  return stop;
}

async function endedBy(tx: Tx, leadId: LeadId, messageId: MessageId): Promise<number | null> {
  const [ended] = await tx.query<{ cancelled: number }>(
    `select (data->>'cancelled')::int as cancelled from events
     where lead_id = $1 and type = 'enrolment.ended' and message_id = $2`,
    [leadId, messageId],
  );
  return ended?.cancelled ?? null;
}

async function confirmationOf(tx: Tx, leadId: LeadId, at: Date): Promise<Told['confirmation']> {
  const [notice] = await tx.query<{ state: string }>(
    `select m.state from messages m join leads l on l.id = $1 and m.person_id = l.person_id
     where m.purpose = 'notice' and m.template_key = 'opt_out_confirmation' and m.created_at >= $2
     order by m.created_at limit 1`,
    [leadId, at],
  );
  if (!notice || ['skipped', 'cancelled', 'failed', 'held'].includes(notice.state)) return 'none';
  return ['sent', 'delivered', 'read'].includes(notice.state) ? 'left' : 'leaves';
}
