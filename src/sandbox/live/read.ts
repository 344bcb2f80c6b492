import type { Sql } from '../../db/index.ts';
import type { ThreadMessage } from '../../messaging/index.ts';
import type { User } from '../wire.ts';
import type { AttemptEvent, Send } from './attempts.ts';

/*
 * What the database says about the business, read across tenants a few times a second while somebody watches: the newest
 * leads and people, and what was said to them.
 */

/** Leads with their timelines, and people with phones, shown at most. */
const LEADS = 40;
const PEOPLE = 100;
const MESSAGES = 4000;

export interface BusinessRow {
  name: string;
  zone: string;
  language: string;
}

export interface LeadRow {
  id: string;
  personId: string;
  playbook: string;
  stage: string;
  fields: Record<string, string>;
  capturedAt: Date;
  owner: string | null;
  name: string;
  zone: string;
  number: string | null;
  /** Of its newest follow-up. */
  state: string | null;
}

export interface MessageRow extends ThreadMessage {
  personId: string;
  leadId: string | null;
  author: string | null;
}

export interface PersonRow {
  number: string;
  name: string;
  zone: string;
  language: string;
  email: string | null;
  optedOut: boolean;
}

export interface Books {
  business: BusinessRow | undefined;
  roles: Map<string, User['role']>;
  leads: LeadRow[];
  /** In order of time. */
  messages: MessageRow[];
  sends: (Send & { messageId: string })[];
  events: (AttemptEvent & { messageId: string })[];
  people: PersonRow[];
  /** When the next planned message of anybody is due. */
  next: Date | null;
}

/** Before anything was read. */
export const NOTHING: Books = {
  business: undefined,
  roles: new Map(),
  leads: [],
  messages: [],
  sends: [],
  events: [],
  people: [],
  next: null,
};

export async function readBooks(sql: Sql, now: Date): Promise<Books> {
  const [businesses, staff, leads, people, [due]] = await Promise.all([
    sql.query<BusinessRow>('select name, zone, language from tenants order by created_at limit 1'),
    sql.query<{ slackId: string; role: User['role'] }>('select slack_user_id as "slackId", role from staff limit 500'),
    sql.query<LeadRow>(
      `select l.id, l.person_id as "personId", l.playbook, l.stage, l.fields, l.captured_at as "capturedAt",
         s.name as owner, p.name, p.zone,
         (select a.value from addresses a where a.person_id = p.id order by a.kind = 'email', a.created_at limit 1) as number,
         (select e.state from enrolments e where e.lead_id = l.id order by e.started_at desc, e.id desc limit 1) as state
       from leads l join persons p on p.id = l.person_id left join staff s on s.id = l.owner_id
       order by l.id desc limit ${LEADS}`,
    ),
    sql.query<PersonRow>(
      `select coalesce(a.value, m.value) as number, p.name, p.zone, p.language, p.opted_out_at is not null as "optedOut",
         m.value as email
       from persons p left join addresses a on a.person_id = p.id and a.kind = 'phone'
         left join lateral (select e.value from addresses e where e.person_id = p.id and e.kind = 'email'
           order by e.created_at limit 1) m on true
       where a.value is not null or m.value is not null
       order by p.id desc limit ${PEOPLE}`,
    ),
    sql.query<{ next: Date | null }>(
      `select min(due_at) as next from messages where state = 'scheduled' and due_at > $1`,
      [now],
    ),
  ]);
  const messages = await sql.query<MessageRow>(
    `select m.id, m.direction, m.purpose, m.step_key as "stepKey", m.template_key as "templateKey", m.channel, m.state,
       m.reason, m.attempt, m.due_at as "dueAt", m.sent_at as "sentAt", m.delivered_at as "deliveredAt",
       m.read_at as "readAt", m.author_id as "authorId", m.created_at as "createdAt", m.person_id as "personId",
       m.lead_id as "leadId", s.name as author
     from messages m left join staff s on s.id = m.author_id
     where m.person_id = any($1::uuid[]) order by coalesce(m.sent_at, m.due_at) desc, m.id desc limit ${MESSAGES}`,
    [leads.map((lead) => lead.personId)],
  );
  const ids = messages.map((message) => message.id);
  const [sends, events] = await Promise.all([
    sql.query<Send & { messageId: string }>(
      `select message_id as "messageId", attempt, channel, state, code, status, started_at as "startedAt"
       from sends where message_id = any($1::uuid[]) order by message_id, attempt`,
      [ids],
    ),
    sql.query<AttemptEvent & { messageId: string }>(
      `select message_id as "messageId", type, at, data from events
       where lead_id = any($1::uuid[]) and type like 'message.%' and data ? 'attempt' order by id`,
      [leads.map((lead) => lead.id)],
    ),
  ]);
  return {
    business: businesses[0],
    roles: new Map(staff.map(({ slackId, role }) => [slackId, role])),
    leads,
    messages: messages.reverse(),
    sends,
    events,
    people,
    next: due?.next ?? null,
  };
}
