import { findDraft, openNotes } from '../agent/index.ts';
import type { Tx } from '../db/index.ts';
import { readDetail } from '../events/index.ts';
import { enquiriesOf } from '../leads/index.ts';
import type { LeadId, MessageId, PersonId } from '../lib/ids.ts';
import { readBody } from '../messaging/index.ts';
import { type ConsentEntry, consentLedger, eventsOf } from './consent-ledger.ts';

/** All that is held of one person, opened (GDPR, articles 15 and 20). Photos and files are listed, not contained. */
export interface PersonExport {
  format: 'leadrescue.person/1';
  exportedAt: Date;
  business: string;
  person: {
    id: PersonId;
    name: string;
    language: string;
    zone: string;
    place: unknown;
    knownSince: Date;
    optedOutAt: Date | null;
    closedChannels: string[];
  };
  addresses: { kind: string; value: string; unreachable: string[]; whatsappId: string | null; knownSince: Date }[];
  consents: ConsentEntry[];
  leads: Record<string, unknown>[];
  /** Enquiries as they were made, of leads that were asked about more than once. */
  enquiries: Record<string, unknown>[];
  /** Under which other systems know them. */
  otherIds: Record<string, unknown>[];
  followUps: Record<string, unknown>[];
  messages: (Record<string, unknown> & { words: string | null })[];
  appointments: Record<string, unknown>[];
  /** What the assistant understood, by enquiry; the customer's own account. */
  notes: Record<string, unknown>[];
  drafts: Record<string, unknown>[];
  photos: Record<string, unknown>[];
  files: Record<string, unknown>[];
  /** The log's facts, with their private parts. */
  events: Record<string, unknown>[];
}

const PARTS = {
  addresses: `select kind, value, unreachable, hidden_as as "whatsappId", created_at as "knownSince" from addresses where person_id = $1 order by created_at`,
  leads: `select l.id, l.playbook, l.stage, l.fields, l.enriched as "foundOut", l.source, sc.points as score,
      l.deal_value as "dealValue", s.name as "lookedAfterBy", l.captured_at as "capturedAt",
      l.stage_at as "inStageSince" from leads l left join staff s on s.id = l.owner_id left join scores sc on sc.lead_id = l.id
    where l.person_id = $1 order by l.id`,
  otherIds: `select system, external_id as id, created_at as "knownSince" from external_ids where person_id = $1`,
  followUps: `select lead_id as lead, cadence, state, started_at as "startedAt", ended_at as "endedAt" from enrolments
    where person_id = $1 order by started_at`,
  messages: `select m.id, m.lead_id as lead, m.direction, m.purpose, m.channel, m.state, m.reason, m.language,
      m.step_key as step, m.template_key as template, s.name as "writtenBy", m.created_at as "createdAt", m.due_at as "dueAt",
      m.sent_at as "sentAt", m.delivered_at as "deliveredAt", m.read_at as "readAt"
    from messages m left join staff s on s.id = m.author_id where m.person_id = $1
    order by coalesce(m.sent_at, m.due_at), m.id`,
  appointments: `select b.id, b.kind, b.starts_at as "startsAt", b.ends_at as "endsAt", b.zone, b.state, s.name as with
    from bookings b join staff s on s.id = b.staff_id where b.person_id = $1 order by b.starts_at`,
  drafts: `select id, inbound_id as "answers", agent, reason, state, created_at as "createdAt" from drafts
    where person_id = $1 order by created_at`,
  photos: `select a.id, a.kind, a.mime, a.original as "originalInSlack", a.created_at as "storedAt"
    from assets a join leads l on l.id = a.lead_id where l.person_id = $1 order by a.id`,
  files: `select g.id, g.message_id as message, g.declared, g.mime, g.size, g.state, g.content is not null as kept,
      g.created_at as "receivedAt" from media g join messages m on m.id = g.message_id where m.person_id = $1 order by g.id`,
};

/** Collects it in the caller's transaction; undefined for nobody, or somebody who was erased. */
export async function collectPerson(
  tx: Tx,
  personId: PersonId,
  deps: { dataKey: Buffer; business: string; now: Date },
): Promise<PersonExport | undefined> {
  const { dataKey } = deps;
  const ledger = await consentLedger(tx, personId);
  const [person] = await tx.query<Omit<PersonExport['person'], 'optedOutAt' | 'closedChannels' | 'name'>>(
    'select id, language, zone, place, created_at as "knownSince" from persons where id = $1',
    [personId],
  );
  if (!ledger || !person) return undefined;
  const part = <T extends object>(name: keyof typeof PARTS) => tx.query<T>(PARTS[name], [personId]);
  const { name, optedOutAt, closedChannels, consents } = ledger;

  const messages: PersonExport['messages'] = [];
  for (const row of await part<{ id: MessageId }>('messages')) {
    messages.push({ ...row, words: await readBody(tx, dataKey, row.id) });
  }
  const leads = await part<{ id: LeadId }>('leads');
  const enquiries: PersonExport['enquiries'] = [];
  for (const { id } of leads) {
    for (const enquiry of await enquiriesOf(tx, dataKey, id)) enquiries.push({ lead: id, ...enquiry });
  }
  const drafts: PersonExport['drafts'] = [];
  for (const row of await part<{ id: string }>('drafts')) {
    const draft = await findDraft(tx, dataKey, row.id);
    drafts.push({ ...row, words: draft?.text ?? null, detail: draft?.detail ?? {} });
  }
  const events: PersonExport['events'] = [];
  for (const { id, type, at, colleague, actor, data } of await eventsOf(tx, personId)) {
    const detail = await readDetail(tx, dataKey, id);
    const { commitment: _ours, ...facts } = data;
    const by = colleague ?? (actor.startsWith('staff:') ? 'a former colleague' : actor);
    events.push({ type, at, by, facts, ...(detail !== undefined && { detail }) });
  }
  const noted = await tx.query<{ lead: LeadId; notes: Buffer }>(
    'select id as lead, notes from leads where person_id = $1 and notes is not null order by id',
    [personId],
  );
  return {
    format: 'leadrescue.person/1',
    exportedAt: deps.now,
    business: deps.business,
    person: { ...person, name, optedOutAt, closedChannels },
    addresses: await part('addresses'),
    consents,
    leads,
    enquiries,
    otherIds: await part('otherIds'),
    followUps: await part('followUps'),
    messages,
    appointments: await part('appointments'),
    notes: noted.map(({ lead, notes }) => ({ lead, ...openNotes(dataKey, tx.tenantId, personId, notes) })),
    drafts,
    photos: await part('photos'),
    files: await part('files'),
    events,
  };
}
