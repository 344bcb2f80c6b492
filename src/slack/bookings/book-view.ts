import { DateTime } from 'luxon';
import type { Slot } from '../../bookings/index.ts';
import { inline } from '../card/index.ts';
import { type Times, zoneCity } from '../format.ts';
import { modal } from '../lead/modals.ts';
import { context, input, type ModalView, option, section } from '../views.ts';

export const BOOK = 'booking_book';
/** Slack takes no more in one list. */
const MOST_OPTIONS = 100;

/** What the form is about; it travels with it. */
export interface BookForm {
  leadId: string;
  /** The appointment that is to be moved. */
  bookingId: string | null;
}

export interface BookChoice {
  form: BookForm;
  /** The customer, and what the lead is about. */
  who: string;
  subject: string;
  staff: readonly { id: string; name: string }[];
  staffId: string;
  /** `2026-11-28` in the business's zone. */
  day: string;
  /** Free on that day, in order. */
  slots: readonly Slot[];
  /** The next that are free, where that day has none. */
  next: Slot | undefined;
  /** The appointment there is, in words. */
  before: string | null;
  zone: string;
  times: Times;
}

/** The form that books or moves: with whom, which day, and what is free on it. Pure. */
export function bookModal(choice: BookChoice): ModalView {
  const { form, slots } = choice;
  const moves = form.bookingId !== null;
  const about = choice.subject ? `*${inline(choice.who)}* · ${inline(choice.subject)}` : `*${inline(choice.who)}*`;
  return modal({
    id: BOOK,
    title: moves ? 'Move the appointment' : 'Book an appointment',
    close: 'Cancel',
    submit: moves ? 'Move' : 'Book',
    metadata: JSON.stringify(form),
    blocks: [
      section(choice.before ? `${about}\nNow: ${choice.before}` : about),
      { ...input('who', 'With', whoElement(choice)), dispatch_action: true },
      {
        ...input('day', 'Day', { type: 'datepicker', action_id: 'booking_day', initial_date: choice.day }),
        dispatch_action: true,
      },
      ...(slots.length > 0 ? [input('time', 'Time', timeElement(choice))] : [section(nothingFree(choice))]),
      context(`Times are ${zoneCity(choice.zone)}'s. The customer gets a message with the time and a calendar entry.`),
    ],
  });
}

function whoElement({ staff, staffId }: BookChoice): object {
  const options = staff.slice(0, MOST_OPTIONS).map((person) => option(person.name, person.id));
  const chosen = options.find((each) => each.value === staffId) ?? options[0];
  return { type: 'static_select', action_id: 'booking_who', options, initial_option: chosen };
}

/** Another list under another name, so that nothing chosen on the day before stays chosen. */
function timeElement({ slots, day, staffId, times }: BookChoice): object {
  const options = slots
    .slice(0, MOST_OPTIONS)
    .map((slot) => option(times.clock(slot.startsAt), String(slot.startsAt.getTime())));
  return { type: 'static_select', action_id: `time_${day}_${staffId}`, options };
}

function nothingFree({ next, staff, staffId, times }: BookChoice): string {
  const name = inline(staff.find((person) => person.id === staffId)?.name ?? 'them');
  const then = next ? ` The next free time is ${times.full(next.startsAt)}.` : ' Nothing is free in the weeks ahead.';
  return `Nothing is free with ${name} on that day.${then}`;
}

/** The day of an instant, as a date picker takes it. */
export const dayOf = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toISODate() ?? '';

/** The day as a stretch of time; undefined for what is no date. */
export function stretchOf(day: string, zone: string): { from: Date; to: Date } | undefined {
  const start = DateTime.fromISO(day, { zone });
  return start.isValid ? { from: start.toJSDate(), to: start.plus({ days: 1 }).startOf('day').toJSDate() } : undefined;
}
