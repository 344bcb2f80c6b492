import type { CadenceStep } from '../tenants/index.ts';
import { findOpening, minuteOf, type Place, type SendHours } from './hours.ts';
import { DAY, instantsOf, localDayAt, MINUTE } from './local-time.ts';

/** A step of the playbook with its time; `day` stays the day it was planned for. */
export interface PlannedStep {
  key: string;
  day: number;
  template: string;
  dueAt: Date;
  /** The hours and the law leave no time of day for it. */
  closed: boolean;
}

/** A step that had to wait keeps at least this far from the one after it. */
const MIN_GAP_MS = 12 * 3_600_000;

/**
 * When each step is due, in order of day. Day 0 without a time goes at once, or at the next opening; the others on the
 * calendar day `enrolledAt` + day in `zone` at their local time, moved to the next opening where the hours or the law
 * close it. Due times strictly increase and are never before `enrolledAt`; when a step had to wait, the next one moves
 * by whole days until it is 12 hours later. One for which nothing ever opens keeps the time it asks for.
 */
export function planSteps(input: {
  steps: readonly CadenceStep[];
  enrolledAt: Date;
  place: Place;
  /** IANA zone in which the person counts days. */
  zone: string;
  hours: SendHours;
  /** Local time of steps that name none, `"10:00"`. */
  defaultTime: string;
  /** Steps that go at any hour, by key: the answer to an enquiry by e-mail wakes nobody. */
  anyHour?: (step: CadenceStep) => boolean;
}): PlannedStep[] {
  const { enrolledAt, place, zone, hours, defaultTime } = input;
  const enrolledDay = localDayAt(zone, enrolledAt.getTime());
  const planned: PlannedStep[] = [];
  let earliest = enrolledAt;
  for (const step of inOrder(input.steps, defaultTime)) {
    const atOnce = step.day === 0 && step.at === undefined;
    for (let day = step.day; ; day++) {
      const local = atOnce && day === 0 ? enrolledAt : localTime(zone, enrolledDay + day, step.at ?? defaultTime);
      // A time already past on day 0 means now; a later day is tried when the step would come too close.
      const wanted = day === 0 ? latest(local, enrolledAt) : local;
      const opening = input.anyHour?.(step) ? wanted : findOpening(wanted, place, hours);
      const dueAt = opening ?? wanted;
      if (dueAt < earliest) continue;
      planned.push({ key: step.key, day: step.day, template: step.template, dueAt, closed: opening === undefined });
      const waited = dueAt.getTime() > wanted.getTime();
      earliest = new Date(dueAt.getTime() + (waited ? MIN_GAP_MS : 1));
      break;
    }
  }
  return planned;
}

function inOrder(steps: readonly CadenceStep[], defaultTime: string): CadenceStep[] {
  const time = (step: CadenceStep) => step.at ?? (step.day === 0 ? '' : defaultTime);
  return [...steps].sort((a, b) => a.day - b.day || time(a).localeCompare(time(b)));
}

/** The instant of a local time on a day (since the epoch); the first of two, and after the gap when it is skipped. */
function localTime(zone: string, day: number, time: string): Date {
  return new Date(instantsOf(zone, day * DAY + minuteOf(time) * MINUTE).first);
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
