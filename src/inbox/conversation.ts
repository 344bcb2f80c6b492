import type { Sql, Tx } from '../db/index.ts';
import type { LeadId, MessageId, PersonId, StaffId, TenantId } from '../lib/ids.ts';

/*
 * Where the conversation with one person stands. Its row is written in the transaction that stores a customer's message
 * or an answer, with the person locked.
 *
 * Glossary: *owed* a message of the customer waits for an answer; *answered* a person's or the agent's message was
 * written for it; *settled* somebody decided that it needs none; *taken* a person answers, the agent is silent.
 */

export interface Conversation {
  personId: PersonId;
  /** The lead that is talked about; null for a stranger. */
  leadId: LeadId | null;
  lastInboundId: MessageId | null;
  lastInboundAt: Date | null;
  unread: number;
  owedSince: Date | null;
  takenBy: StaffId | null;
  takenAt: Date | null;
  introducedAt: Date | null;
  agentTurns: number;
  /** Sealed. */
  notes: Buffer | null;
}

const FIND = {
  name: 'conversations-find',
  text: `select person_id as "personId", lead_id as "leadId", last_inbound_id as "lastInboundId",
      last_inbound_at as "lastInboundAt", unread, owed_since as "owedSince", taken_by as "takenBy", taken_at as "takenAt",
      introduced_at as "introducedAt", agent_turns as "agentTurns", notes
    from conversations where person_id = $1`,
};

/** The conversation with a person; undefined while neither they nor a person of ours has written. Locks nothing. */
export async function conversationOf(tx: Tx, personId: PersonId): Promise<Conversation | undefined> {
  const [row] = await tx.query<Conversation>(FIND, [personId]);
  return row;
}

/** A person answers: the agent is silent until it is handed back. */
export const isTaken = (conversation: Pick<Conversation, 'takenBy'> | undefined): boolean =>
  conversation !== undefined && conversation.takenBy !== null;

const ANSWERED = {
  name: 'conversations-answered',
  // what was owed is kept beside the answer, for the case that it never leaves
  text: `with was as (select taken_by from conversations where person_id = $1)
    insert into conversations as c (person_id, tenant_id, lead_id, answer_id, taken_by, taken_at)
    values ($1, $2, $3, $4, $5::uuid, case when $5::uuid is not null then $6::timestamptz end)
    on conflict (person_id) do update set
      -- a person's answer stands in for one of the agent that it may have overtaken
      answer_id = case when c.owed_since is null and ($5::uuid is null or c.owed_before is null) then c.answer_id
        else excluded.answer_id end,
      owed_before = coalesce(c.owed_since, c.owed_before),
      owed_since = null, unread = 0,
      taken_at = case when excluded.taken_by is null or excluded.taken_by = c.taken_by then c.taken_at
        else excluded.taken_at end,
      taken_by = coalesce(excluded.taken_by, c.taken_by),
      agent_turns = case when excluded.taken_by is null then c.agent_turns else 0 end
    returning $5::uuid is not null and (select taken_by from was) is distinct from $5::uuid as taken`,
};

/**
 * An answer was written: nothing is owed and nothing unread. By a person (`staffId`) it also takes the conversation over
 * and gives the agent its turns back; `taken` is true when that is new. The agent keeps count of its turns itself.
 */
export async function answered(
  tx: Tx,
  answer: { personId: PersonId; leadId: LeadId | null; messageId: MessageId; staffId: StaffId | null },
  now: Date,
): Promise<{ taken: boolean }> {
  const { personId, leadId, messageId, staffId } = answer;
  const [row] = await tx.query<{ taken: boolean }>(ANSWERED, [personId, tx.tenantId, leadId, messageId, staffId, now]);
  return { taken: row?.taken ?? false };
}

/** What the answer `messageId` had settled is owed again: it was taken back. */
export async function takenBack(tx: Tx, messageId: MessageId): Promise<void> {
  await tx.query(
    `update conversations set owed_since = least(owed_before, owed_since), unread = greatest(unread, 1),
       owed_before = null, answer_id = null
     where answer_id = $1 and owed_before is not null`,
    [messageId],
  );
}

/** Somebody decided that what the customer wrote needs no answer. False when none was owed. */
export async function settled(tx: Tx, personId: PersonId): Promise<boolean> {
  const [row] = await tx.query<{ owed: boolean }>(
    `with was as (select owed_since from conversations where person_id = $1)
     update conversations set owed_since = null, unread = 0, owed_before = null, answer_id = null where person_id = $1
     returning (select owed_since is not null from was) as owed`,
    [personId],
  );
  return row?.owed ?? false;
}

/** A person answers from now on. False when this one did already. */
export async function take(
  tx: Tx,
  conversation: { personId: PersonId; leadId: LeadId; staffId: StaffId },
  now: Date,
): Promise<boolean> {
  const { personId, leadId, staffId } = conversation;
  const rows = await tx.query(
    `insert into conversations as c (person_id, tenant_id, lead_id, taken_by, taken_at) values ($1, $2, $3, $4, $5)
     on conflict (person_id) do update set taken_by = excluded.taken_by, taken_at = excluded.taken_at
       where c.taken_by is distinct from excluded.taken_by
     returning person_id`,
    [personId, tx.tenantId, leadId, staffId, now],
  );
  return rows.length > 0;
}

/** Nobody has it any more: the agent may answer again, and has all its turns. False when nobody had taken it. */
export async function giveBack(tx: Tx, personId: PersonId): Promise<boolean> {
  const rows = await tx.query(
    `update conversations set taken_by = null, taken_at = null, agent_turns = 0
     where person_id = $1 and taken_by is not null returning person_id`,
    [personId],
  );
  return rows.length > 0;
}

/** Nothing is owed any more to people who have opted out, by whichever way. */
export async function forgetOptedOut(sql: Sql): Promise<void> {
  // conversations_owed
  await sql.query(
    `update conversations c set owed_since = null, unread = 0, owed_before = null, answer_id = null from (
       select d.person_id from conversations d join persons p on p.id = d.person_id
       where d.owed_since is not null and p.opted_out_at is not null
       order by d.person_id limit 500 for update of d skip locked) gone
     where c.person_id = gone.person_id`,
  );
}

/**
 * Looks after answers that were written and may not have left: what one of them had settled is owed again once it has
 * failed. Returns the conversations that it reopened.
 */
export async function reopenFailed(sql: Sql, now: Date): Promise<{ tenantId: TenantId; leadId: LeadId | null }[]> {
  // conversations_answer; nothing is owed to who opted out or is somebody else, nor after a person has let it be
  return sql.query(
    `with known as (
       select c.person_id, m.state in ('failed', 'skipped', 'cancelled') and p.opted_out_at is null
         and m.reason is distinct from 'left' and m.reason is distinct from 'wrong_number' as failed
       from conversations c join messages m on m.id = c.answer_id join persons p on p.id = c.person_id
       where m.state in ('failed', 'skipped', 'cancelled', 'delivered', 'read')
         or (m.state = 'sent' and m.sent_at < $1::timestamptz - interval '1 hour')
       order by c.person_id limit 500 for update of c skip locked),
     closed as (
       update conversations c set answer_id = null, owed_before = null,
         owed_since = case when k.failed then least(c.owed_before, c.owed_since) else c.owed_since end,
         unread = case when k.failed then greatest(c.unread, 1) else c.unread end
       from known k where k.person_id = c.person_id
       returning c.tenant_id, c.lead_id, k.failed)
     select tenant_id as "tenantId", lead_id as "leadId" from closed where failed`,
    [now],
  );
}
