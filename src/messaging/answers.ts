import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId, PersonId, StaffId } from '../lib/ids.ts';

/**
 * What the desk tells the room that knows who owes an answer (`inbox`, which lies above this one). Every call happens in
 * the desk's own transaction, with the person locked.
 */
export interface AnswerBook {
  /** A person's answer was written: nothing is owed, and the agent is silent. True when somebody else answered before. */
  answered(
    tx: Tx,
    answer: { personId: PersonId; leadId: LeadId; messageId: MessageId; staffId: StaffId },
    now: Date,
  ): Promise<{ taken: boolean }>;
  /** The answer was taken back before it left: what was owed is owed again. */
  takenBack(tx: Tx, messageId: MessageId): Promise<void>;
  /** Somebody has dealt with what the customer wrote, without an answer. True when one was owed. */
  settled(tx: Tx, personId: PersonId): Promise<boolean>;
}

/** An answer of somebody else, on its way or gone a moment ago. */
export interface OtherAnswer {
  id: MessageId;
  /** Name of the colleague; null for the agent. */
  by: string | null;
  words: string;
  /** It can still be taken back. */
  waits: boolean;
  /** When it leaves, or left. */
  at: Date;
}

/** How long a colleague's answer counts as one that may have been overlooked. */
const LATELY_MS = 10 * 60_000;

const OTHERS = {
  name: 'answers-of-others',
  // messages_person
  text: `select m.id, s.name as by, m.body, m.state in ('scheduled', 'claimed') as waits,
      coalesce(m.sent_at, m.due_at) as at
    from messages m left join staff s on s.id = m.author_id
    where m.person_id = $1 and m.direction = 'out' and m.purpose in ('reply', 'agent') and m.body is not null
      and (m.author_id is null or m.author_id <> $2) and m.created_at > $3
      and m.state not in ('cancelled', 'skipped', 'failed')
    order by m.created_at desc, m.id desc limit 3`,
};

/** What colleagues (and the agent) have written to this person lately, newest first, still sealed. */
export async function answersOfOthers(
  tx: Tx,
  personId: PersonId,
  staffId: StaffId,
  now: Date,
): Promise<(Omit<OtherAnswer, 'words'> & { body: Buffer })[]> {
  return tx.query(OTHERS, [personId, staffId, new Date(now.getTime() - LATELY_MS)]);
}
