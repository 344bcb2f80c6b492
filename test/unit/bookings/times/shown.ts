import { DateTime } from 'luxon';
import type { TimeContext, Understood } from '../../../../src/bookings/index.ts';

const WEEKDAY = [{ from: '09:00', to: '18:00' }];

/** A Monday morning in Stockholm; open on weekdays 9 to 18 and on Saturdays 10 to 15. */
export const MONDAY: Omit<TimeContext, 'language'> = {
  now: new Date('2026-11-23T10:30:00+01:00'),
  zone: 'Europe/Stockholm',
  opening: { 1: WEEKDAY, 2: WEEKDAY, 3: WEEKDAY, 4: WEEKDAY, 5: WEEKDAY, 6: [{ from: '10:00', to: '15:00' }] },
};

/**
 * `Sat 28 Nov 11:00`; `Sat 28 Nov 15:00-24:00`, `Sat 28 Nov` for the whole day, `Mon 30 Nov - Sun 6 Dec` for several;
 * `why? a | b` for a question; `~` behind what has an assumed day.
 */
export function shown(understood: Understood, zone = MONDAY.zone): string {
  if (!understood) return 'nothing';
  if (understood.kind === 'ask') {
    return `${understood.why}? ${understood.candidates.map((each) => shown(each, zone)).join(' | ')}`.trim();
  }
  const local = (at: Date) => DateTime.fromJSDate(at, { zone }).setLocale('en');
  const assumed = understood.assumedDay ? ' ~' : '';
  if (understood.kind === 'at') return `${local(understood.instant).toFormat('ccc d LLL HH:mm')}${assumed}`;
  const from = local(understood.from);
  const to = local(understood.to);
  const last = to.minus({ milliseconds: 1 });
  const midnight = (at: DateTime) => at.equals(at.startOf('day'));
  const day = (at: DateTime) => at.toFormat('ccc d LLL');
  if (!from.hasSame(last, 'day')) {
    return `${midnight(from) ? day(from) : from.toFormat('ccc d LLL HH:mm')} - ${day(last)}${assumed}`;
  }
  if (midnight(from) && midnight(to)) return `${day(from)}${assumed}`;
  return `${day(from)} ${from.toFormat('HH:mm')}-${midnight(to) ? '24:00' : to.toFormat('HH:mm')}${assumed}`;
}
