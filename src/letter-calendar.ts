import { calendarFile } from './bookings/index.ts';
import { calendarWords } from './http/pages/index.ts';
import type { Clock } from './lib/clock.ts';
import type { Composer } from './messaging/index.ts';
import { addressOf } from './tenants/index.ts';

/** Makes the calendar file that goes with an e-mail about an appointment: the same as behind the link in it. */
export function letterCalendar(clock: Pick<Clock, 'now'>, publicUrl: string): NonNullable<Composer['calendar']> {
  return ({ tenant, settings, bookingLink }, booking, language) => {
    const url = bookingLink(booking.id);
    const named = { business: tenant.name, salesperson: booking.staffName, link: url };
    const location = addressOf(settings, language) ?? tenant.name;
    const words = { ...calendarWords(language, named), location, url };
    const { startsAt, endsAt, moves, id, state } = booking;
    const entry = { id: id as Parameters<typeof calendarFile>[0]['id'], state, moves };
    const times = { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
    return calendarFile({ ...entry, ...times }, words, { now: clock.now(), host: new URL(publicUrl).hostname });
  };
}
