import { DateTime } from 'luxon';
import type { StaffId } from '../lib/ids.ts';
import { readCancelling } from './cancel-words.ts';
import { countWords, ordinalIn, plainWords, saysAny, saysCannotCome, saysNo, saysYes } from './decide-words.ts';
import { pickOffer, type Wish } from './offer.ts';
import type { AskWhy, At, Range, Understood } from './times/index.ts';
import type { Booking, BookingId, Slot } from './types.ts';

/** A customer's message, as far as it may be about an appointment. */
export interface BookingTalk {
  /** Their own words. */
  text: string;
  /** What the message is about (`book`, `reschedule`, `interested` …); null where nobody knows. */
  intent: string | null;
  /** What `understandTime` made of the words. */
  time: Understood;
  /** What they were offered last, in the order it was told; empty when nothing is open. */
  offered: readonly Slot[];
  /** What can be booked in the next weeks, and around the time they name. */
  free: readonly Slot[];
  /** Their coming appointment. */
  booked: Pick<Booking, 'id' | 'startsAt'> | null;
  /** The business's zone. */
  zone: string;
  now: Date;
  /** The lead's owner: offered first where several are free. */
  prefer?: StaffId | null;
}

export type BookingDecision =
  /** Book it: they chose it. */
  | { kind: 'book'; slot: Slot }
  | { kind: 'reschedule'; bookingId: BookingId; slot: Slot }
  | { kind: 'cancel'; bookingId: BookingId }
  /** It speaks of cancelling, and perhaps not of cancelling this: a person reads it. */
  | { kind: 'unclear' }
  /**
   * Offer these (none: nothing is free). `wish` they suit what was said; `taken` what was wished for is not free;
   * `no_wish` no time was named; `cannot_come` they cannot come to their appointment. `move`: it replaces the one they have.
   */
  | { kind: 'offer'; slots: Slot[]; why: 'wish' | 'taken' | 'no_wish' | 'cannot_come'; move: boolean }
  /** Ask back: which of the offered ones, or what they meant. */
  | { kind: 'ask'; why: AskWhy | 'which_slot'; candidates: (At | Range)[]; slots: Slot[] }
  /** The message is not about an appointment. */
  | { kind: 'nothing' };

const ABOUT_TIMES = new Set(['book', 'reschedule']);
/** While an offer is open, what else an answer to it may look like to the classifier. */
const MAY_ANSWER = new Set(['interested', 'not_interested', 'thanks', 'other']);
/** Questions about cancelling something else are none of these. */
const MAY_CANCEL = new Set(['book', 'reschedule', 'not_interested', 'other']);
/** A yes to one offer is short; a longer text says more than yes. */
const SHORT_ANSWER = 8;

/**
 * Decides what a message means for the customer's appointment. Pure, and careful: it books only what was offered and
 * chosen, or a free time that was named with its day; an appointment is moved or cancelled only on clear words.
 */
export function decideBooking(talk: BookingTalk): BookingDecision {
  const words = plainWords(talk.text);
  const { booked, time, offered, intent } = talk;
  const named = time !== null && !(time.kind === 'ask' && time.candidates.length === 0);
  const mayCancel = MAY_CANCEL.has(intent ?? 'other');
  const cancelling = mayCancel ? readCancelling(talk.text) : 'no';
  if (!named && mayCancel) {
    if (cancelling !== 'no' && !booked) return { kind: 'nothing' };
    if (cancelling === 'clear' && booked) return { kind: 'cancel', bookingId: booked.id };
    if (cancelling === 'unclear') return { kind: 'unclear' };
    if (booked && saysCannotCome(words)) return offer(talk, undefined, 'cannot_come');
  }

  const chosen = chosenFrom(talk, words);
  if (chosen) return chosen;
  const open = offered.length > 0 && (intent === null || MAY_ANSWER.has(intent));
  const changes = booked !== null && mayCancel && (cancelling === 'clear' || saysCannotCome(words));
  if (!(ABOUT_TIMES.has(intent ?? '') || changes || (named && (open || intent === 'interested')))) {
    return { kind: 'nothing' };
  }
  if (!time) return offer(talk, undefined, 'no_wish');
  return byTime(talk, time, changes);
}

/** An answer to what was offered. */
function chosenFrom(talk: BookingTalk, words: string): BookingDecision | undefined {
  const { offered, intent, time } = talk;
  const mayAnswer = intent === null || MAY_ANSWER.has(intent) || ABOUT_TIMES.has(intent);
  const [only] = offered;
  if (!only || !mayAnswer) return undefined;
  if (time) {
    const fitting = offered.filter((slot) => fits(slot, time, talk.zone));
    const [one] = fitting;
    if (fitting.length === 1 && one && !saysNo(words)) return take(talk, one);
    return fitting.length > 1 && time.kind !== 'ask' ? which(fitting) : undefined;
  }
  const place = ordinalIn(words, offered.length);
  const slot = place === undefined ? hourIn(words, talk) : offered[place];
  if (slot) return take(talk, slot);
  if (countWords(words) > SHORT_ANSWER) return undefined;
  if (saysAny(words)) return take(talk, only);
  if (saysNo(words)) return offer(talk, undefined, 'no_wish', offered);
  if (!saysYes(words)) return undefined;
  return offered.length === 1 ? take(talk, only) : which(offered);
}

const which = (slots: readonly Slot[]): BookingDecision => ({
  kind: 'ask',
  why: 'which_slot',
  candidates: slots.map((slot) => ({ kind: 'at', instant: slot.startsAt })),
  slots: [...slots],
});

/** "11" while 10:00 and 11:00 are offered. */
function hourIn(words: string, { offered, zone }: BookingTalk): Slot | undefined {
  const hour = /^ (\d{1,2}) $/.exec(words)?.[1];
  if (hour === undefined) return undefined;
  const fitting = offered.filter((slot) => local(slot.startsAt, zone).hour % 12 === Number(hour) % 12);
  return fitting.length === 1 ? fitting[0] : undefined;
}

const local = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone });

/** Whether a slot is what was said; where no day was said, the time of day decides. */
function fits(slot: Slot, time: At | Range | Exclude<Understood, null>, zone: string): boolean {
  if (time.kind === 'ask') return time.candidates.some((candidate) => fits(slot, candidate, zone));
  if (!time.assumedDay) {
    return time.kind === 'at'
      ? +slot.startsAt === +time.instant
      : slot.startsAt >= time.from && slot.startsAt < time.to;
  }
  const at = minutesOf(slot.startsAt, zone);
  if (time.kind === 'at') return at === minutesOf(time.instant, zone);
  const end = minutesOf(time.to, zone) || 24 * 60;
  return at >= minutesOf(time.from, zone) && at < end;
}

function minutesOf(at: Date, zone: string): number {
  const { hour, minute } = local(at, zone);
  return hour * 60 + minute;
}

/** Books a slot, or moves the appointment to it. */
function take({ booked }: BookingTalk, slot: Slot): BookingDecision {
  if (!booked) return { kind: 'book', slot };
  return +booked.startsAt === +slot.startsAt ? { kind: 'nothing' } : { kind: 'reschedule', bookingId: booked.id, slot };
}

/** What was named, without an offer that it answers. */
function byTime(talk: BookingTalk, time: Exclude<Understood, null>, changes: boolean): BookingDecision {
  const { free, zone, booked, intent, prefer } = talk;
  if (time.kind === 'ask') return ask(talk, time);
  if (time.kind === 'range') {
    const within = free.filter((slot) => fits(slot, time, zone));
    // "after three" without a day: on whichever day
    const wish: Wish | undefined = time.assumedDay ? undefined : time;
    if (within.length > 0) return offerOf(talk, within, wish, 'wish');
    return offer(talk, time, 'taken');
  }
  if (booked && +booked.startsAt === +time.instant) return { kind: 'nothing' };
  const fitting = free.filter((slot) => +slot.startsAt === +time.instant);
  const slot = fitting.find((each) => each.staffId === prefer) ?? fitting[0];
  if (!slot) return offer(talk, time, 'taken');
  // without a day, or where another appointment would silently give way, a yes is worth the question
  const clear = !time.assumedDay && (!booked || changes || intent === 'reschedule');
  return clear ? take(talk, slot) : { kind: 'offer', slots: [slot], why: 'wish', move: booked !== null };
}

function ask(talk: BookingTalk, time: Extract<Understood, { kind: 'ask' }>): BookingDecision {
  const slots = talk.free.filter((slot) =>
    time.candidates.some((each) => each.kind === 'at' && fits(slot, each, talk.zone)),
  );
  const [first] = time.candidates;
  // several were named, or the time is over: say what is free of it
  if (time.why === 'past') return offer(talk, first, 'taken');
  if (time.why === 'which') {
    const within = talk.free.filter((slot) => fits(slot, time, talk.zone));
    return within.length > 0 ? offerOf(talk, within, undefined, 'wish') : offer(talk, first, 'taken');
  }
  return { kind: 'ask', why: time.why, candidates: time.candidates, slots };
}

type Why = Extract<BookingDecision, { kind: 'offer' }>['why'];

function offer(talk: BookingTalk, wish: Wish | undefined, why: Why, except: readonly Slot[] = []): BookingDecision {
  const left = talk.free.filter((slot) => !except.some((other) => +other.startsAt === +slot.startsAt));
  return offerOf(talk, left, wish, why);
}

function offerOf(talk: BookingTalk, slots: readonly Slot[], wish: Wish | undefined, why: Why): BookingDecision {
  const { zone, prefer = null, booked } = talk;
  return {
    kind: 'offer',
    slots: pickOffer(slots, { zone, prefer, ...(wish && { wish }) }),
    why,
    move: booked !== null,
  };
}
