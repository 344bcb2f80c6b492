import { completeOver } from '../cadence/index.ts';
import type { Sql } from '../db/index.ts';
import { EVENTS, type NewEvent } from '../events/index.ts';
import type { AccountId, AddressId, EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import type { ChannelName } from './port.ts';

/** One step of a message from one state to the next, with what is to be kept of it. */
export interface Transition {
  id: MessageId;
  attempt: number;
  /**
   * `claimed`: decided before sending; `sending`: the outcome of an attempt; `unheard`: nothing was written of an attempt that
   * this worker may have begun; `reported`: the gateway says so later.
   */
  from: 'claimed' | 'sending' | 'unheard' | 'reported';
  state: 'scheduled' | 'sent' | 'uncertain' | 'held' | 'failed' | 'skipped' | 'unconfirmed';
  reason?: string | null;
  send?: { state: 'accepted' | 'not_sent' | 'uncertain' | 'unconfirmed'; gatewayId?: string; code?: string };
  dueAt?: Date;
  channel?: ChannelName;
  accountId?: AccountId;
  addressId?: AddressId;
  event?: Pick<NewEvent, 'type' | 'data'>;
}

export interface Recorded {
  id: MessageId;
  tenantId: TenantId;
  personId: PersonId;
  leadId: LeadId | null;
  state: string;
  /** The follow-up that it was of, while another message of it is on its way: who is last ends it. */
  beside: EnrolmentId | null;
}

/** A message that a gateway did not take because its person is blocked there. */
export type Blocked = Pick<Recorded, 'id' | 'tenantId' | 'personId'>;

/*
 * By enrolments_pkey, one look for each message. Said as the index of running ones says it, that index is offered too, and
 * statistics of a quiet moment make reading all of it for every message look cheap.
 */
const IS_ACTIVE = `coalesce(e.state, '') = 'active'`;
/** A paused one ends too: it may have been paused while its last message was on its way. */
export const IS_RUNNING = `coalesce(e.state, '') in ('active', 'paused')`;

/** States in which a message of a follow-up is not over. */
const OPEN = `('scheduled', 'claimed', 'sending', 'uncertain', 'held', 'unconfirmed')`;

/**
 * Reads what became of follow-ups of which a message in `moved` (columns id, state, enrolment_id) is over: `over` when nothing is
 * left of them, `beside` when another message of theirs is on its way. What moved in the same statement counts as it is now,
 * which the statement's snapshot does not show; it is looked up in a hash (joined, it would be read once for each message). By
 * messages_step.
 */
export const endings = (moved: string) => `select x.enrolment_id as id,
      not bool_or(case when x.id in (select id from ${moved}) then x.id in (select id from ${moved} where state in ${OPEN})
        else x.state in ${OPEN} end) as over,
      bool_or(x.state in ('claimed', 'sending', 'uncertain') and not x.id in (select id from ${moved})) as beside
    from messages x
    where x.enrolment_id = any(array(select enrolment_id from ${moved} where state in ('sent', 'delivered', 'read', 'failed', 'skipped')))
    group by x.enrolment_id`;

/*
 * Many transitions in one statement: the message, the attempt, the enrolment that may be completed by it, the event,
 * and the refresh of the lead's card, locked in everybody's order (README, "Locks"). What goes back into the plan after an
 * attempt waits for whoever has locked the person, a stop above all, and goes by what they did: it is cancelled when the person
 * stopped since, and held in a paused follow-up.
 * Without the lock a stop that has looked at the message while it was on its way would not find it. `accepted` also
 * corrects a verdict that came too early. An attempt that a restored copy doubts was made by nobody here, so nobody can say
 * that it was not.
 */
const RECORD = {
  name: 'messages-record',
  text: `with o as (
      select * from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
        $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[], $17::uuid[])
        as o(id, attempt, "from", state, reason, due_at, channel, account_id, send_state, gateway_id, code,
          event_type, event_data, address_id)),
    back as (
      select p.id, p.opted_out_at from persons p where p.id = any(array(
        select x.person_id from o join messages x on x.id = o.id where o.state = 'scheduled' and o."from" <> 'claimed'))
      order by p.created_at, p.id for share),
    held as materialized (
      select id from messages where id = any($1::uuid[]) and (select count(*) from back) >= 0 order by id for update),
    follow as (
      select e.id, e.state from enrolments e
      where e.person_id in (select id from back) and (select count(*) from held) >= 0 and e.id = any(array(
        select x.enrolment_id from o join messages x on x.id = o.id where o.state = 'scheduled' and o."from" <> 'claimed'))
      order by e.id for share of e),
    landing as materialized (
      select x.id, case when f.state = 'paused' then 'held'
          when f.state <> 'active' or b.opted_out_at > x.created_at then 'cancelled' else 'scheduled' end as state,
        case when f.state <> 'active' then f.state when b.opted_out_at > x.created_at then 'opted_out' end as reason
      from back b join messages x on x.person_id = b.id join o on o.id = x.id and o.state = 'scheduled'
        left join follow f on f.id = x.enrolment_id),
    s as (
      update sends s set state = o.send_state, gateway_id = coalesce(o.gateway_id, s.gateway_id),
        code = coalesce(o.code, s.code),
        check_at = case when o.send_state = 'uncertain' then clock_timestamp() + make_interval(secs => $16) else s.check_at end
      from o where (select count(*) from held) >= 0 and s.message_id = o.id and s.attempt = o.attempt and o.send_state is not null
        and s.state in ('sending', 'uncertain', 'unconfirmed') and (o."from" <> 'unheard' or (s.worker = $15 and s.doubted_at is null))
      returning s.message_id),
    m as (
      update messages m set
        state = coalesce(l.state, case when o.state = 'scheduled' and m.purpose = 'cadence' and not exists (
            select from enrolments e where e.id = m.enrolment_id and ${IS_ACTIVE})
          then 'cancelled' else o.state end),
        reason = coalesce(l.reason, o.reason),
        due_at = coalesce(o.due_at, m.due_at), channel = coalesce(o.channel, m.channel),
        account_id = coalesce(o.account_id, m.account_id), address_id = coalesce(o.address_id, m.address_id),
        sent_at = case when o.state = 'sent' then coalesce(m.sent_at, $14) else m.sent_at end,
        lease_owner = null, lease_until = null
      from o left join landing l on l.id = o.id where (select count(*) from held) >= 0 and m.id = o.id and (
        (o."from" = 'claimed' and m.state = 'claimed' and m.lease_owner = $15)
        or (o."from" = 'sending' and m.state in ('sending', 'uncertain', 'unconfirmed') and m.attempt = o.attempt)
        or (o."from" = 'unheard' and m.state in ('sending', 'uncertain', 'unconfirmed') and m.attempt = o.attempt
          and exists (select from sends x where x.message_id = o.id and x.attempt = o.attempt and x.worker = $15 and x.doubted_at is null))
        or (o."from" = 'reported' and m.attempt = o.attempt
          and (m.state in ('sending', 'uncertain', 'unconfirmed', 'sent') or m.state = 'delivered' and m.channel = 'email')))
      returning m.id, m.tenant_id, m.person_id, m.lead_id, m.enrolment_id, m.state, o.event_type, o.event_data),
    ends as materialized (${endings('m')}),
    completed as (
      update enrolments e set state = 'completed', ended_at = $14
      from ends where ends.over and e.id = ends.id and ${IS_RUNNING} and (select count(*) from s) >= 0
      returning e.tenant_id, e.person_id, e.lead_id),
    logged as (
      insert into events (tenant_id, type, at, actor, person_id, lead_id, message_id, data)
      select tenant_id, event_type, $14, 'system', person_id, lead_id, id, event_data from m where event_type is not null
      union all
      select tenant_id, 'enrolment.ended', $14, 'system', person_id, lead_id, null,
        '{"state": "completed", "cancelled": 0}' from completed),
    asked as (
      insert into effects (tenant_id, kind, key, priority)
      select distinct tenant_id, 'card.refresh', lead_id::text, 5 from m
      where lead_id is not null and (select count(*) from completed) >= 0 order by 1, 3
      on conflict (tenant_id, kind, key) do update set requested = effects.requested + 1, parked_at = null)
    select m.id, tenant_id as "tenantId", person_id as "personId", lead_id as "leadId", m.state,
      case when not ends.over and ends.beside then ends.id end as beside
    from m left join ends on ends.id = m.enrolment_id`,
};

/**
 * Records transitions and what follows from them. `at` is business time; `worker` the holder of the claims;
 * `checkAfterSeconds` when an uncertain attempt may be looked up. Returns the messages that really moved.
 */
export async function record(
  sql: Sql,
  worker: number,
  at: Date,
  checkAfterSeconds: number,
  moves: readonly Transition[],
): Promise<Recorded[]> {
  if (moves.length === 0) return [];
  const recorded = await sql.query<Recorded>(RECORD, [
    moves.map((move) => move.id),
    moves.map((move) => move.attempt),
    moves.map((move) => move.from),
    moves.map((move) => move.state),
    moves.map((move) => move.reason ?? null),
    moves.map((move) => move.dueAt ?? null),
    moves.map((move) => move.channel ?? null),
    moves.map((move) => move.accountId ?? null),
    moves.map((move) => move.send?.state ?? null),
    moves.map((move) => move.send?.gatewayId ?? null),
    moves.map((move) => move.send?.code ?? null),
    moves.map((move) => move.event?.type ?? null),
    moves.map((move) => (move.event ? JSON.stringify(EVENTS[move.event.type].parse(move.event.data)) : null)),
    at,
    worker,
    checkAfterSeconds,
    moves.map((move) => move.addressId ?? null),
  ]);
  await completeBeside(sql, recorded, at);
  return recorded;
}

/** Looks again at follow-ups whose messages were recorded side by side: each of the statements saw the other's as on its way. */
export async function completeBeside(sql: Sql, recorded: readonly Pick<Recorded, 'beside'>[], at: Date): Promise<void> {
  await completeOver(
    sql,
    recorded.flatMap(({ beside }) => beside ?? []),
    at,
  );
}

/**
 * Remembers that the address of an attempt does not work on its channel, so that the next step is not planned there. The
 * message itself may be on its way to another address by now.
 */
export async function markUnreachable(
  sql: Sql,
  attempts: readonly { id: MessageId; attempt: number; channel: ChannelName }[],
): Promise<void> {
  if (attempts.length === 0) return;
  await sql.query(
    `update addresses a set unreachable = a.unreachable || u.channel
     from (select n.id, u.channel from unnest($1::uuid[], $2::smallint[], $3::text[]) as u(id, attempt, channel)
         join sends s on s.message_id = u.id and s.attempt = u.attempt join addresses n on n.id = s.address_id
       order by n.id for no key update of n) u
     where a.id = u.id and not u.channel = any(a.unreachable)`,
    [attempts.map(({ id }) => id), attempts.map(({ attempt }) => attempt), attempts.map(({ channel }) => channel)],
  );
}

/** Lets an account rest: no tokens until then (machine time). */
export async function coolDown(sql: Sql, accountId: AccountId, seconds: number): Promise<void> {
  await sql.query(
    `update accounts set tokens = 0, refilled_at = clock_timestamp() + make_interval(secs => $2)
     where id = $1 and refilled_at < clock_timestamp() + make_interval(secs => $2)`,
    [accountId, seconds],
  );
}
