import type { Sql } from '../db/index.ts';
import type { AccountId, AddressId, EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import type { PersonPlace } from '../people/index.ts';
import type { ChannelName } from './port.ts';

/** The appointment that a notice speaks of, as it stands now. */
export interface DueBooking {
  id: string;
  /** ISO 8601. */
  startsAt: string;
  endsAt: string;
  /** How often it was moved. */
  moves: number;
  zone: string;
  state: 'booked' | 'cancelled';
  staffName: string;
}

/** An earlier letter of the conversation: ours by its id and template, the customer's by its sealed facts. */
export interface DueLetter {
  messageId: MessageId;
  id: string | null;
  templateKey: string | null;
  /** Sealed, in base64. */
  facts: string | null;
}

/** A message that is due, with everything needed to decide and write it; read once it is claimed. */
export interface DueMessage {
  id: MessageId;
  tenantId: TenantId;
  personId: PersonId;
  leadId: LeadId | null;
  enrolmentId: EnrolmentId | null;
  purpose: 'cadence' | 'reply' | 'agent' | 'notice';
  stepKey: string | null;
  templateKey: string | null;
  /** Several wordings are compared; absent and null: none are. */
  trial?: string | null;
  language: string | null;
  channel: ChannelName;
  accountId: AccountId;
  addressId: AddressId;
  attempt: number;
  /** The end of the claim, to the microsecond. */
  lease?: string | null;
  dueAt: Date;
  expiresAt: Date | null;
  body: Buffer | null;
  name: string;
  zone: string;
  personLanguage: string;
  place: PersonPlace;
  optedOutAt: Date | null;
  optedOutChannels: string[];
  addresses: { id: AddressId; kind: string; value: string; unreachable: string[] }[];
  enrolmentState: string | null;
  /** The settings that its follow-up was planned with; absent for what belongs to none. */
  settingsVersion?: number | null;
  playbook: string | null;
  fields: Record<string, string> | null;
  salesperson: string | null;
  booking?: DueBooking | null;
  /** The conversation by e-mail so far, oldest first; read for messages on that channel. */
  letters?: DueLetter[] | null;
  /** The channels that the person agreed to and has not taken back. */
  consentChannels: string[];
  /** It was given to this channel because the one before refused it. */
  fellBack: boolean;
  /** It was given to this account because the gateway of the one before could not be reached. */
  moved?: boolean | null;
  /** When the customer last wrote to this sender on WhatsApp. */
  lastInboundAt: Date | null;
  /** The agent's answer is out of date: a person took over, or the customer wrote again. */
  overtaken?: 'taken_over' | 'newer_message' | null;
  /** When another step of this enrolment last left, and how many automated messages the person had in 24 hours. */
  lastSentAt: Date | null;
  sentLastDay: number;
  /** It may have left in the time that a restored copy does not know of: it is looked up, not sent. */
  lost?: boolean;
  /** What this sender has sent to this address in the last minute, on WhatsApp; absent on other channels. */
  sentLastMinute?: number | null;
}

/** Seconds a claim may be held before somebody else takes it over: far longer than it takes to begin or to give it back. */
export const CLAIM_LEASE_SECONDS = 20;

/** What an account has sent on this UTC day. */
export const USED_TODAY = `case when used_day = (clock_timestamp() at time zone 'utc')::date then used else 0 end`;

/** The person of `m` has written to an account in $5, or may have got something from it. By messages_person and the key of sends. */
const HAD_TO_DO = `exists (select from messages x where x.person_id = m.person_id
    and ((x.direction = 'in' and x.account_id = any($5::uuid[])) or exists (
      select from sends s where s.message_id = x.id and s.account_id = any($5::uuid[]) and s.state <> 'not_sent')))`;

/*
 * Claiming, fair between tenants and below each account's rate, in one statement:
 *  lane    every (account, priority, tenant) with something planned, found by skipping along the index messages_due
 *  due     the next few of each lane, skipping rows another worker has locked
 *  ranked  urgency first; within one urgency the tenants take turns
 *  budget  each account's token bucket, locked so that workers draw from it one after the other, and never more than what
 *          is left of its day: what is claimed and has not begun counts as used (messages_leased)
 *  resting accounts that do not work: only tenants with another one are served, whose messages go there; so it takes no tokens
 *  $5      accounts that could not say what came in a gap: they rest, and whoever may have stopped there waits
 */
const CLAIM = {
  name: 'messages-claim',
  // a claim that a crash takes back was nobody's yet, and what is begun on it takes it to the disk: no need to wait for that here
  text: `with recursive soon as materialized (select set_config('synchronous_commit', 'off', true)),
    resting as (
      select id from accounts where id = any($4::uuid[]) and (rests_until > clock_timestamp() or id = any($5::uuid[]))),
    lane as (
      (select account_id, priority, tenant_id from messages where state = 'scheduled' and account_id is not null
        order by account_id, priority, tenant_id limit 1)
      union all
      select n.account_id, n.priority, n.tenant_id from lane l cross join lateral (
        select m.account_id, m.priority, m.tenant_id from messages m
        where m.state = 'scheduled' and (m.account_id, m.priority, m.tenant_id) > (l.account_id, l.priority, l.tenant_id)
        order by m.account_id, m.priority, m.tenant_id limit 1) n),
    due as (
      select d.id, d.account_id, d.priority, d.due_at,
        row_number() over (partition by d.account_id, d.priority, d.tenant_id order by d.due_at) as place
      from lane l cross join lateral (
        select m.id, m.account_id, m.priority, m.tenant_id, m.due_at from messages m
        where m.state = 'scheduled' and m.account_id = l.account_id and m.priority = l.priority
          and m.tenant_id = l.tenant_id and m.due_at <= $1 and l.account_id = any($4::uuid[])
          and (l.account_id not in (select id from resting) or exists (select from routes r where r.tenant_id = l.tenant_id and r.retired_at is null
            and r.account_id = any($4::uuid[]) and r.account_id not in (select id from resting)))
          and (cardinality($5::uuid[]) = 0 or (m.purpose <> 'cadence' and m.account_id <> all($5::uuid[])) or not ${HAD_TO_DO})
        order by m.due_at limit $2 for update skip locked) d),
    ranked as (
      select id, account_id, row_number() over (partition by account_id order by priority, place, due_at) as turn from due),
    budget as (
      select id, case when id in (select id from resting) then $2 else least(greatest(rate, 1),
        tokens + rate * extract(epoch from clock_timestamp() - refilled_at),
        daily_limit - ${USED_TODAY} - (select count(*) from messages x where x.state = 'claimed' and x.account_id = accounts.id)) end
        as tokens
      from accounts where id = any($4::uuid[]) order by id for update),
    picked as (
      select r.id, r.account_id from ranked r join budget b on b.id = r.account_id and r.turn <= b.tokens
      order by r.turn limit $2),
    spent as (
      update accounts a set refilled_at = clock_timestamp(),
        tokens = b.tokens - (select count(*) from picked p where p.account_id = a.id)
      from budget b where a.id = b.id and a.id not in (select id from resting)),
    claimed as (
      update messages m set state = 'claimed', lease_owner = $3,
        lease_until = clock_timestamp() + interval '${CLAIM_LEASE_SECONDS} seconds'
      where m.id = any(array(select id from picked)) returning m.id)
    select coalesce((select array_agg(id) from claimed), '{}') as ids,
      (select count(*) from ranked) > (select count(*) from picked) as more from soon`,
};

/*
 * Everything that is needed to decide and write claimed messages. Asked for by an array of ids, as all statements here:
 * the planner then keeps one plan that goes by the indexes, whatever the tables' sizes are.
 */
export const READ_DUE = {
  name: 'messages-read',
  text: `select m.id, m.tenant_id as "tenantId", m.person_id as "personId", m.lead_id as "leadId",
      m.enrolment_id as "enrolmentId", m.purpose, m.step_key as "stepKey", m.template_key as "templateKey", m.trial, m.language,
      m.channel, m.account_id as "accountId", m.address_id as "addressId", m.attempt, m.lease_until::text as lease, m.due_at as "dueAt",
      m.expires_at as "expiresAt", m.body, coalesce(m.reason like 'fallback:%', false) as "fellBack", m.reason like 'moved:%' as moved, p.name, p.zone,
      p.language as "personLanguage", p.place,
      p.opted_out_at as "optedOutAt", p.opted_out_channels as "optedOutChannels",
      (select json_agg(json_build_object('id', a.id, 'kind', a.kind, 'value', a.value, 'unreachable', a.unreachable))
        from addresses a where a.person_id = m.person_id) as addresses,
      e.state as "enrolmentState", e.settings_version as "settingsVersion", l.playbook, l.fields, s.name as salesperson,
      case when b.id is not null then json_build_object('id', b.id, 'startsAt', b.starts_at, 'endsAt', b.ends_at,
        'moves', b.moves, 'zone', b.zone,
        'state', b.state, 'staffName', (select w.name from staff w where w.id = b.staff_id)) end as booking,
      case when m.channel = 'email' then (select json_agg(t order by t.at) from (
        (select x.id as "messageId", s.gateway_id as id, x.template_key as "templateKey", null as facts, s.started_at as at
          from messages x join sends s on s.message_id = x.id and s.gateway_id is not null
          where x.person_id = m.person_id and x.channel = 'email' and x.direction = 'out' order by s.started_at desc limit 5)
        union all
        (select l.message_id, null, null, encode(l.facts, 'base64'), l.received_at from mail_letters l
          where l.person_id = m.person_id order by l.received_at desc limit 3)) t) end as letters,
      array(select unnest(c.channels) from consents c where c.person_id = m.person_id and c.withdrawn_at is null)
        as "consentChannels",
      (select max(w.last_inbound_at) from service_windows w where w.address_id = m.address_id
        and w.account_id in (select r.account_id from routes r where r.tenant_id = m.tenant_id and r.retired_at is null)) as "lastInboundAt",
      case when m.purpose = 'agent' then (select case when c.taken_at > m.created_at then 'taken_over'
        when c.last_inbound_at > m.created_at then 'newer_message' end from conversations c where c.person_id = m.person_id)
        end as overtaken,
      h.last_sent_at as "lastSentAt", h.sent_last_day as "sentLastDay",
      m.lost_since is not null as lost,
      case when m.channel = 'whatsapp' then h.sent_last_minute end as "sentLastMinute"
    from messages m
    join persons p on p.id = m.person_id
    left join enrolments e on e.id = m.enrolment_id
    left join leads l on l.id = m.lead_id
    left join staff s on s.id = l.owner_id
    left join bookings b on b.id = m.booking_id
    cross join lateral (
      -- one that is on its way, or claimed and before this one, counts as sent now
      select max(coalesce(x.sent_at, $2)) filter (where x.enrolment_id = m.enrolment_id) as last_sent_at,
        count(*) filter (where x.sent_at > $2::timestamptz - interval '24 hours' and x.purpose = 'cadence') as sent_last_day,
        count(*) filter (where coalesce(x.sent_at, $2) > $2::timestamptz - interval '1 minute' and x.channel = 'whatsapp'
          and x.account_id = m.account_id and x.address_id = m.address_id) as sent_last_minute
      from messages x where x.person_id = m.person_id and x.id <> m.id and (x.sent_at is not null
        or x.state in ('claimed', 'sending', 'uncertain') and (x.due_at, x.id) < (m.due_at, m.id))) h
    where m.id = any($1)
    order by m.priority, m.due_at`,
};

export interface Claim {
  messages: DueMessage[];
  /** More was due than the accounts' rates or the limit allowed: ask again soon. */
  more: boolean;
}

/**
 * Claims up to `limit` due messages of these accounts for `worker`. Business time decides what is due. What waits on accounts that
 * are `unheard` is claimed to go by another one, of people who have never had to do with those.
 */
export async function claim(
  sql: Sql,
  worker: number,
  now: Date,
  limit: number,
  accounts: readonly AccountId[],
  unheard: readonly AccountId[] = [],
): Promise<Claim> {
  const offered = unheard.length > 0 ? [...new Set([...accounts, ...unheard])] : accounts;
  const values = [now, limit, worker, offered, unheard];
  const [claimed] = await sql.query<{ ids: MessageId[]; more: boolean }>(CLAIM, values);
  if (!claimed || claimed.ids.length === 0) return { messages: [], more: claimed?.more ?? false };
  return { messages: await sql.query<DueMessage>(READ_DUE, [claimed.ids, now]), more: claimed.more };
}

/** Gives expired claims back: their worker died or was frozen before it began to send. Returns how many. */
export async function releaseExpired(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `update messages set state = 'scheduled', lease_owner = null, lease_until = null
     where id = any(array(select id from messages where state = 'claimed' and lease_until < clock_timestamp()
       order by id for update skip locked)) returning id`, // whoever has one locked is changing it
  );
  return rows.length;
}

/** Gives claims of `worker` back that it will not send: it stops, or they have waited too long. */
export async function giveBack(sql: Sql, worker: number, ids: readonly MessageId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.query(
    `update messages set state = 'scheduled', lease_owner = null, lease_until = null
     where id = any(array(select id from messages where id = any($2::uuid[]) and state = 'claimed' and lease_owner = $1
       order by id for update))`,
    [worker, ids],
  );
}

/** Gives back what `worker` has claimed without hearing of it: everything but what it knows to hold. */
export async function giveBackUnheard(sql: Sql, worker: number, held: readonly MessageId[]): Promise<void> {
  await sql.query(
    `update messages set state = 'scheduled', lease_owner = null, lease_until = null
     where id = any(array(select id from messages where state = 'claimed' and lease_owner = $1 and not id = any($2::uuid[])
       order by id for update))`,
    [worker, held],
  );
}
