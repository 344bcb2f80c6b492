import { DateTime } from 'luxon';
import type { StaffId } from '../lib/ids.ts';
import type { Settings } from '../tenants/index.ts';
import type { Slot, Stretch } from './types.ts';

/** What decides whether a time can be booked. Times of day are those of `zone`, the business's. */
export interface SlotRules {
  opening: Settings['opening'];
  /** `YYYY-MM-DD`. */
  closedDays: readonly string[];
  zone: string;
  /** Minutes. */
  appointment: Settings['appointment'];
  /** When people of ours are not to be booked. */
  busy: readonly Slot[];
  /** What is booked already; an appointment that is to be moved is left out. */
  bookings: readonly Slot[];
  now: Date;
  /** Minutes between now and the earliest start; 60 unless told. */
  notice?: number;
}

/** From the opening on, unless somebody asks for another time. */
const GRID_MINUTES = 15;
export const NOTICE_MINUTES = 60;
/** Nobody agrees on a time further ahead. */
const MOST_DAYS = 120;
const MINUTE = 60_000;

/**
 * Times that can be booked with each of `staff`, beginning from `from` and before `to`, in order of time, then of `staff`.
 * Never in the past nor within the notice; inside one span of the opening; clear of busy times, and of other
 * appointments and the pause after them. Right across a change of the clocks. Pure.
 */
export function freeSlots(rules: SlotRules & { staff: readonly StaffId[]; from: Date; to: Date }): Slot[] {
  const { appointment, staff } = rules;
  const from = Math.max(rules.from.getTime(), earliest(rules));
  const to = Math.min(rules.to.getTime(), from + MOST_DAYS * 24 * 60 * MINUTE);
  const calendars = staff.map((staffId) => ({ staffId, blocks: blocksOf(rules, staffId) }));
  const slots: Slot[] = [];
  for (const span of openSpans(rules, from, to)) {
    const last = span.endsAt.getTime() - appointment.minutes * MINUTE;
    for (let at = span.startsAt.getTime(); at <= last; at += GRID_MINUTES * MINUTE) {
      if (at < from || at >= to) continue;
      for (const { staffId, blocks } of calendars) {
        const slot = slotAt(rules, new Date(at), staffId);
        if (isClear(blocks, slot)) slots.push(slot);
      }
    }
  }
  return slots;
}

/** Why a time cannot be booked. */
export type Obstacle = 'past' | 'too_soon' | 'closed' | 'busy' | 'booked';

/** What stands against a slot, the first of: past, too soon, closed, busy, booked; undefined when it is free. Pure. */
export function obstacleTo(rules: SlotRules, slot: Slot): Obstacle | undefined {
  const at = slot.startsAt.getTime();
  if (at < rules.now.getTime()) return 'past';
  if (at < earliest(rules)) return 'too_soon';
  const within = openSpans(rules, at, at + 1).some(
    (span) => span.startsAt <= slot.startsAt && slot.endsAt <= span.endsAt,
  );
  if (!within) return 'closed';
  if (rules.busy.some((busy) => busy.staffId === slot.staffId && overlap(busy, slot))) return 'busy';
  return isClear(blocksOf(rules, slot.staffId), slot) ? undefined : 'booked';
}

/** An appointment of the usual length. */
export function slotAt(rules: Pick<SlotRules, 'appointment'>, startsAt: Date, staffId: StaffId): Slot {
  return { staffId, startsAt, endsAt: new Date(startsAt.getTime() + rules.appointment.minutes * MINUTE) };
}

const earliest = ({ now, notice = NOTICE_MINUTES }: SlotRules) => now.getTime() + notice * MINUTE;

const overlap = (a: Stretch, b: Stretch) => a.startsAt < b.endsAt && b.startsAt < a.endsAt;

/** Milliseconds in which no appointment may begin or last. */
interface Block {
  from: number;
  to: number;
}

/** What stands in somebody's calendar; an appointment needs its pause on either side. */
function blocksOf({ busy, bookings, appointment }: SlotRules, staffId: StaffId): Block[] {
  const pause = appointment.pause * MINUTE;
  const mine = (each: Slot) => each.staffId === staffId;
  return [
    ...busy.filter(mine).map((each) => ({ from: each.startsAt.getTime(), to: each.endsAt.getTime() })),
    ...bookings
      .filter(mine)
      .map((each) => ({ from: each.startsAt.getTime() - pause, to: each.endsAt.getTime() + pause })),
  ];
}

function isClear(blocks: readonly Block[], slot: Slot): boolean {
  const from = slot.startsAt.getTime();
  const to = slot.endsAt.getTime();
  return !blocks.some((block) => from < block.to && block.from < to);
}

/** The open spans of all local days that touch [from, to). */
function openSpans({ opening, closedDays, zone }: SlotRules, from: number, to: number): Stretch[] {
  const spans: Stretch[] = [];
  let day = DateTime.fromMillis(from, { zone }).startOf('day');
  for (; day.toMillis() < to; day = day.plus({ days: 1 }).startOf('day')) {
    if (closedDays.includes(day.toISODate() ?? '')) continue;
    for (const hours of opening[String(day.weekday) as keyof Settings['opening']] ?? []) {
      const startsAt = onDay(day, hours.from);
      const endsAt = onDay(day, hours.to);
      if (startsAt < endsAt) spans.push({ startsAt, endsAt });
    }
  }
  return spans.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
}

/** A time of day; one that the clocks skip is as much later as they skip, one that comes twice is the first. */
function onDay(day: DateTime, time: string): Date {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute }).toJSDate();
}
