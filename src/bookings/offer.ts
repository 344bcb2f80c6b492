import { IANAZone } from 'luxon';
import type { StaffId } from '../lib/ids.ts';
import type { Slot } from './types.ts';

/** When a customer would like to come: about an instant, or within a stretch of time (`to` excluded). */
export type Wish = { kind: 'at'; instant: Date } | { kind: 'range'; from: Date; to: Date };

interface Offering {
  /** The business's zone. */
  zone: string;
  wish?: Wish;
  /** Who is offered where several are free at the same time. */
  prefer?: StaffId | null;
  count?: number;
}

const USUAL_COUNT = 3;
/** Costs, in hours of distance from what was wished for. */
const ANOTHER_DAY = 8;
const SAME_DAY = 6;
const SAME_HALF = 2;
const TOO_NEAR = 5;
const NEAR_MINUTES = 120;
const OUTSIDE = 1000;
const ODD = 0.7;
/** An hour sooner is worth so much less than an hour nearer. */
const LATER = 20;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * A few good ones of the free slots, in order of time: near the wish, and apart from each other, so that there is a choice
 * of days and of morning and afternoon. The same instant is never offered twice. Pure.
 */
export function pickOffer(slots: readonly Slot[], offering: Offering): Slot[] {
  const left = distinct(slots, offering.prefer).map((slot) => ({
    slot,
    ...placeOf(slot.startsAt, offering.zone),
    cost: 0,
  }));
  const [first] = left;
  if (!first) return [];
  const wished = offering.wish?.kind === 'at' ? placeOf(offering.wish.instant, offering.zone) : undefined;
  for (const each of left) each.cost = distance(each, first, offering.wish, wished) + oddness(each);

  const picked: Slot[] = [];
  const count = offering.count ?? USUAL_COUNT;
  while (picked.length < count && left.length > 0) {
    const best = left.reduce((a, b) => (b.cost < a.cost ? b : a));
    left.splice(left.indexOf(best), 1);
    picked.push(best.slot);
    for (const each of left) each.cost += nearness(each, best);
  }
  return picked.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

/** An instant on the business's clock. */
interface Place {
  at: number;
  /** Days since the epoch. */
  day: number;
  /** Since midnight. */
  minutes: number;
}

function placeOf(instant: Date, zone: string): Place {
  const at = instant.getTime();
  const local = at + IANAZone.create(zone).offset(at) * MINUTE;
  const day = Math.floor(local / DAY);
  return { at, day, minutes: (local - day * DAY) / MINUTE };
}

/** What it costs to offer one beside another: a choice is of different days and halves of the day. */
function nearness(candidate: Place, picked: Place): number {
  if (picked.day !== candidate.day) return isMorning(picked) === isMorning(candidate) ? SAME_HALF : 0;
  return SAME_DAY + (Math.abs(picked.minutes - candidate.minutes) < NEAR_MINUTES ? TOO_NEAR : 0);
}

const isMorning = (place: Place) => place.minutes < 12 * 60;

/** People agree on full and half hours. */
const oddness = ({ minutes }: Place) => (minutes % 30 !== 0 ? ODD : minutes % 60 !== 0 ? ODD / 2 : 0);

/** How far a slot is from the wish, in hours; without one, from the first that is free. */
function distance(place: Place, first: Place, wish: Wish | undefined, wished: Place | undefined): number {
  if (wished) {
    const hours = Math.abs(place.minutes - wished.minutes) / 60;
    return Math.abs(place.day - wished.day) * ANOTHER_DAY + hours;
  }
  if (wish?.kind !== 'range') return hoursBetween(place.at, first.at) / LATER;
  const [from, to] = [wish.from.getTime(), wish.to.getTime()];
  if (place.at >= from && place.at < to) return hoursBetween(place.at, from) / LATER;
  return OUTSIDE + Math.min(hoursBetween(place.at, from), hoursBetween(place.at, to));
}

const hoursBetween = (a: number, b: number) => Math.abs(a - b) / (60 * MINUTE);

/** One slot for each instant: with whom is preferred, else the first. */
function distinct(slots: readonly Slot[], prefer: StaffId | null | undefined): Slot[] {
  const byStart = new Map<number, Slot>();
  for (const slot of slots) {
    const at = slot.startsAt.getTime();
    if (!byStart.has(at) || slot.staffId === prefer) byStart.set(at, slot);
  }
  return [...byStart.values()];
}
