import type { Tx } from '../db/index.ts';
import type { LeadId, MessageId, PersonId, StaffId } from '../lib/ids.ts';

/* What other rooms do for the agent; handed in, since they lie beside or above it. */

/** Who owes an answer. Every call happens in the turn's own transaction, with the person locked. */
export interface AnswerBook {
  /** The agent's answer was written: nothing is owed, until it turns out that it has not left. */
  answered(
    tx: Tx,
    answer: { personId: PersonId; leadId: LeadId; messageId: MessageId; staffId: StaffId | null },
    now: Date,
  ): Promise<unknown>;
  /** Answered in another way: nothing is owed any more. */
  settled(tx: Tx, personId: PersonId): Promise<unknown>;
}

interface Bookable {
  startsAt: Date;
  endsAt: Date;
  staffId: StaffId;
}

/** Who talks about which times. */
export interface TalkAbout {
  personId: PersonId;
  leadId: LeadId;
  text: string;
  intent: string;
  /** What they were offered last, in the order it was told. */
  offered: readonly Bookable[];
  language: string;
}

/** What words mean for an appointment; see `TimeTalk`. */
export type BookingTalk =
  | { kind: 'book'; slot: Bookable }
  | { kind: 'cancel' }
  | { kind: 'unclear' }
  | { kind: 'offer'; slots: readonly Bookable[]; why: 'wish' | 'taken' | 'no_wish' }
  | { kind: 'ask'; slots: readonly Bookable[] }
  | { kind: 'later' }
  | { kind: 'nothing' };

/** Appointments. Changes happen in the turn's own transaction; a time that is gone is refused with a `conflict`. */
export interface BookingDesk {
  talk(tx: Tx, about: TalkAbout): Promise<BookingTalk>;
  offer(tx: Tx, about: Pick<TalkAbout, 'leadId' | 'language'> & { text: string | null }): Promise<readonly Bookable[]>;
  /** The person's coming appointment. */
  next(tx: Tx, personId: PersonId): Promise<{ id: string; startsAt: Date; zone: string } | undefined>;
  /** Books the time, or moves the appointment they have to it. The person is locked. */
  bookInTx(
    tx: Tx,
    wanted: { personId: PersonId; leadId: LeadId; kind: string; startsAt: Date; staffId: StaffId },
  ): Promise<void>;
  /** Cancels the appointment they have, if any. The person is locked. */
  cancelInTx(tx: Tx, personId: PersonId): Promise<void>;
}
