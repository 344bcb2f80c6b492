import { DateTime } from 'luxon';
import type { StaffId } from '../lib/ids.ts';
import { hesitation, isCourtesy, readAnswer } from './answer.ts';
import { readCancelling } from './cancel-words.ts';
import { plainWords, saysCannotCome } from './decide-words.ts';
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
  /** They want to think, or to ask somebody, before they decide. */
  | { kind: 'later' }
  /** The message is not about an appointment. */
  | { kind: 'nothing' };

const ABOUT_TIMES = new Set(['book', 'reschedule']);
/** While an offer is open, what else an answer to it may look like to the classifier. */
const MAY_ANSWER = new Set(['interested', 'not_interested', 'thanks', 'other']);
/** Questions about cancelling something else are none of these. */
const MAY_CANCEL = new Set(['book', 'reschedule', 'not_interested', 'other']);

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

  // who wants to think first is not about times any more, unless they ask for one
  const hesitates = hesitation(talk.text);
  if (hesitates === 'later' && !ABOUT_TIMES.has(intent ?? '')) return { kind: 'later' };
  const chosen = chosenFrom(talk);
  if (chosen) return chosen;
  const open = offered.length > 0 && (intent === null || MAY_ANSWER.has(intent));
  const changes = booked !== null && mayCancel && (cancelling === 'clear' || saysCannotCome(words));
  if (!(ABOUT_TIMES.has(intent ?? '') || changes || (named && (open || intent === 'interested')))) {
    return { kind: 'nothing' };
  }
  if (!time)
    return offered.length > 0 && isCourtesy(talk.text) ? which(talk, offered) : offer(talk, undefined, 'no_wish');
  return byTime(talk, onOfferedDay(talk, time), changes);
}

/** "Rather at 11", said to times of one day, means that day. */
function onOfferedDay({ offered, zone }: BookingTalk, time: Exclude<Understood, null>): Exclude<Understood, null> {
  const [day, another] = new Set(offered.map(({ startsAt }) => local(startsAt, zone).toISODate()));
  if (time.kind === 'ask' || !time.assumedDay || !day || another) return time;
  const { year, month, day: date } = DateTime.fromISO(day);
  const moved = (at: Date) => local(at, zone).set({ year, month, day: date }).toJSDate();
  if (time.kind === 'at') return { ...time, instant: moved(time.instant) };
  const from = moved(time.from);
  return { ...time, from, to: new Date(from.getTime() + (time.to.getTime() - time.from.getTime())) };
}

/** An answer to what was offered. */
function chosenFrom(talk: BookingTalk): BookingDecision | undefined {
  const { text, offered, intent, time, zone } = talk;
  const mayAnswer = intent === null || MAY_ANSWER.has(intent) || ABOUT_TIMES.has(intent);
  const [only] = offered;
  if (!only || !mayAnswer) return undefined;
  const answer = readAnswer(text, offered.length);
  if (time) {
    const fitting = offered.filter((slot) => fits(slot, time, zone));
    const [one] = fitting;
    if (fitting.length === 1 && one && !hesitation(text) && answer.kind !== 'no') return take(talk, one);
    return fitting.length > 1 && time.kind !== 'ask' ? which(talk, fitting) : undefined;
  }
  switch (answer.kind) {
    case 'place':
      return take(talk, offered[answer.place] ?? only);
    case 'number':
      return numbered(talk, answer.number);
    case 'any':
      return take(talk, only);
    case 'yes':
      return offered.length === 1 ? take(talk, only) : which(talk, offered);
    case 'no':
      return offer(talk, undefined, 'no_wish', offered);
    case 'doubt':
      return which(talk, offered);
    case 'later':
    case 'other':
      return undefined;
  }
}

/** Asks which of those offered ones that are still free. */
function which(talk: BookingTalk, offered: readonly Slot[]): BookingDecision {
  const slots = offered.flatMap((slot) => openAt(talk, slot) ?? []);
  const [first] = offered;
  if (slots.length === 0 && first) return offer(talk, { kind: 'at', instant: first.startsAt }, 'taken');
  return {
    kind: 'ask',
    why: 'which_slot',
    candidates: slots.map((slot) => ({ kind: 'at', instant: slot.startsAt })),
    slots,
  };
}

/** The same time as it can be booked now: with whom it was offered, else with whom is preferred. */
function openAt({ free, prefer }: BookingTalk, slot: Slot): Slot | undefined {
  const open = free.filter((each) => +each.startsAt === +slot.startsAt);
  const by = (staffId: unknown) => open.find((each) => each.staffId === staffId);
  return by(slot.staffId) ?? by(prefer) ?? open[0];
}

/** "11" while 10:00 and 11:00 are offered is an hour, "2" is the second of them; what may be both is asked. */
function numbered(talk: BookingTalk, number: number): BookingDecision | undefined {
  const { offered, zone } = talk;
  const fitting = offered.filter((slot) => local(slot.startsAt, zone).hour % 12 === number % 12);
  const placed = offered[number - 1];
  const meant = new Set([...(fitting.length === 1 ? fitting : []), ...(placed ? [placed] : [])]);
  const [one, another] = meant;
  if (another) return which(talk, [...meant]);
  return one && take(talk, one);
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

/** Books a slot, or moves the appointment to it; where it is gone meanwhile, others are offered. */
function take(talk: BookingTalk, slot: Slot): BookingDecision {
  const { booked } = talk;
  if (booked && +booked.startsAt === +slot.startsAt) return { kind: 'nothing' };
  const found = openAt(talk, slot);
  if (!found) return offer(talk, { kind: 'at', instant: slot.startsAt }, 'taken');
  return booked ? { kind: 'reschedule', bookingId: booked.id, slot: found } : { kind: 'book', slot: found };
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
  const clear = !time.assumedDay && !hesitation(talk.text) && (!booked || changes || intent === 'reschedule');
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
