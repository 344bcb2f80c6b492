import { type SealedIn, sealOf } from '../../audit/index.ts';
import type { Tx } from '../../db/index.ts';
import type { LeadId, MessageId, PersonId } from '../../lib/ids.ts';
import { readBody } from '../../messaging/index.ts';

/** An event of the log, as Why? quotes it. */
export interface WhyEvent {
  id: number;
  type: string;
  at: Date;
  actor: string;
  messageId: MessageId | null;
  data: Record<string, unknown>;
}

export interface WhyFacts {
  /** In the order of the log. */
  events: WhyEvent[];
  /** Customers' words that ended something, by message. */
  words: Record<string, string>;
  /** The channels of those messages. */
  channels: Record<string, string>;
  /** Staff who acted, by id. */
  names: Record<string, string>;
  /** The sealed batch of each event; the newest are not sealed yet. */
  seals: ReadonlyMap<number, SealedIn>;
}

/** What happened to a follow-up as a whole. */
const TURNS = [
  'enrolment.ended',
  'enrolment.paused',
  'enrolment.resumed',
  'lead.moved',
  'sequence.passed',
  'person.unsure',
  'conversation.taken',
  'conversation.handed_back',
  'conversation.settled',
  'person.renumbered',
  'conversation.reminded',
];
/** What happened to single messages. */
const ATTEMPTS = [
  'message.sent',
  'message.refused',
  'message.failed',
  'message.uncertain',
  'message.reconciled',
  'message.decided',
];
/** These count for the person, whichever lead they came by. */
const PERSONAL = ['person.opted_out', 'person.opted_in'];

const EVENTS_OF = {
  name: 'why-events',
  // leads_person, events_lead
  text: `select e.id, e.type, e.at, e.actor, e.message_id as "messageId", e.data from events e
    where e.lead_id in (select l.id from leads l where l.person_id = $2)
      and ((e.lead_id = $1 and e.type = any($3::text[])) or e.type = any($4::text[]))
    order by e.id`,
};

/** Reads the part of the event log that explains a lead, with the words that ended its follow-up. */
export async function readWhy(tx: Tx, dataKey: Buffer, leadId: LeadId, personId: PersonId): Promise<WhyFacts> {
  const events = await tx.query<WhyEvent>(EVENTS_OF, [leadId, personId, [...TURNS, ...ATTEMPTS], PERSONAL]);
  const quoted = events.filter((event) => [...TURNS, ...PERSONAL].includes(event.type)).map((event) => event.messageId);
  const inbound = await tx.query<{ id: MessageId; channel: string }>(
    `select id, channel from messages where id = any($1::uuid[]) and direction = 'in'`,
    [quoted.filter((id) => id !== null)],
  );
  const words: Record<string, string> = {};
  for (const { id } of inbound) words[id] = (await readBody(tx, dataKey, id)) ?? '';
  const staffIds = events.flatMap((event) => (event.actor.startsWith('staff:') ? [event.actor.slice(6)] : []));
  const staff = await tx.query<{ id: string; name: string }>('select id, name from staff where id = any($1::uuid[])', [
    staffIds,
  ]);
  return {
    events,
    words,
    channels: Object.fromEntries(inbound.map(({ id, channel }) => [id, channel])),
    names: Object.fromEntries(staff.map(({ id, name }) => [id, name])),
    seals: await sealOf(
      tx,
      events.map(({ id }) => id),
    ),
  };
}
