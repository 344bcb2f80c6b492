import type { Sql, Tx } from '../db/index.ts';
import type { EnrolmentId, LeadId, PersonId } from '../lib/ids.ts';

/** What the event `enrolment.ended` says of one that had nothing left to send. */
export const COMPLETED = JSON.stringify({ state: 'completed', cancelled: 0 });

/** Why a follow-up ends; the state its enrolment ends in. */
export type EndState = 'replied' | 'opted_out' | 'converted' | 'closed';

export interface Stopped {
  /** The enrolment that was ended, when one was running. */
  enrolmentId: EnrolmentId | null;
  leadId: LeadId | null;
  /** Messages that will now never leave. */
  cancelled: number;
  /** A request for this person is with a gateway at this moment, or was, and nobody knows yet whether it left. */
  inFlight: boolean;
}

/*
 * One statement ends everything that is planned for a person. Whoever is about to send has claimed the row and must
 * still change it from `claimed` to `sending`: that change waits for ours and then finds nothing, or came first and is
 * reported as in flight. An opt-out takes all with it; a reply leaves what people have written by hand. Messages are locked before
 * the enrolment, as by whoever records the outcome of its last one.
 */
const STOP = {
  name: 'cadence-stop',
  // messages_person, enrolments_one_active
  text: `with cancelled as (
      update messages set state = 'cancelled', reason = $2, lease_owner = null, lease_until = null
      where id = any(array(select id from messages
        where person_id = $1 and state in ('scheduled', 'claimed', 'held') and direction = 'out'
          and ($2 = 'opted_out' or purpose in ('cadence', 'agent')) order by id for update))
      returning id),
    ended as (
      update enrolments set state = $2, ended_at = $3
      where person_id = $1 and state in ('active', 'paused') and (select count(*) from cancelled) >= 0
      returning id, lead_id)
    select (select id from ended) as "enrolmentId", (select lead_id from ended) as "leadId",
      (select count(*) from cancelled) as cancelled`,
};

// a statement of its own, behind the one above: that may have waited for a change to `sending` that its snapshot does not show
const IN_FLIGHT = {
  name: 'cadence-in-flight',
  text: `select exists (select from messages where person_id = $1
    and state in ('sending', 'uncertain')) as "inFlight"`,
};

/** Ends whatever runs for a person whose row the caller has locked. The caller appends the event. */
export async function stopFollowUp(tx: Tx, personId: PersonId, state: EndState, now: Date): Promise<Stopped> {
  const [[stopped], inFlight] = await Promise.all([
    tx.query<Omit<Stopped, 'inFlight'>>(STOP, [personId, state, now]),
    isInFlight(tx, personId),
  ]);
  if (!stopped) throw new Error('stop returned nothing');
  return { ...stopped, inFlight };
}

/** Whether a request for this person is with a gateway now, or has ended in doubt. */
export async function isInFlight(tx: Tx, personId: PersonId): Promise<boolean> {
  const [row] = await tx.query<{ inFlight: boolean }>(IN_FLIGHT, [personId]);
  return row?.inFlight ?? true;
}

/** Ends what `over` says, at $1, and appends that it ended. */
const COMPLETE = (over: string) => `with over as (
    update enrolments e set state = 'completed', ended_at = $1 where e.state in ('active', 'paused') and ${over}
      and not exists (select from messages m where m.enrolment_id = e.id
        and m.state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held', 'unconfirmed'))
    returning e.tenant_id, e.person_id, e.lead_id)
  insert into events (tenant_id, type, at, actor, person_id, lead_id, data)
  select tenant_id, 'enrolment.ended', $1, 'system', person_id, lead_id, '${COMPLETED}'::jsonb from over`;

/** Completes a follow-up that has nothing left to send, after a person decided about its last message. */
export async function completeIfOver(tx: Tx, personId: PersonId, now: Date): Promise<void> {
  await tx.query(COMPLETE('e.person_id = $2'), [now, personId]);
}

/** Completes those of these follow-ups that have nothing left to send; one after the other, so that each locks nothing else. */
export async function completeOver(sql: Sql, ids: readonly EnrolmentId[], now: Date): Promise<void> {
  for (const id of new Set(ids)) await sql.query(COMPLETE('e.id = $2'), [now, id]);
}

/**
 * Completes follow-ups that have had nothing left to send for a month: whatever ended them (a message that a person sent
 * out of its order, say) was not the last step.
 */
export async function completeStale(sql: Sql, now: Date): Promise<void> {
  const stale = `e.id in (select id from enrolments
    where state in ('active', 'paused') and started_at < $1::timestamptz - interval '30 days' order by id for update skip locked)`;
  await sql.query(COMPLETE(stale), [now]);
}
