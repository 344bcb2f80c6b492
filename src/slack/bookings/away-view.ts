import { DateTime } from 'luxon';
import type { Busy } from '../../bookings/index.ts';
import { inline } from '../card/index.ts';
import { type Times, zoneCity } from '../format.ts';
import { modal } from '../lead/modals.ts';
import { button, context, input, type ModalView, option, section } from '../views.ts';

export const AWAY = 'booking_away';
const MOST_SHOWN = 10;
/** Chosen instead of a time of day. */
export const DAY_START = 'start';
export const DAY_END = 'end';

export interface AwayView {
  /** Slack's id of the one whose time it is at first, where it may be a colleague's; null where it is always one's own. */
  chosen: string | null;
  /** Somebody else is there who could stand in. */
  hasColleagues: boolean;
  /** `2026-11-28`, today in the business's zone. */
  today: string;
  coming: readonly Busy[];
  names: ReadonlyMap<string, string>;
  zone: string;
  times: Times;
}

/** The form that blocks out time, and above it what is blocked out already. Pure. */
export function awayModal(view: AwayView): ModalView {
  return modal({
    id: AWAY,
    title: 'Block out time',
    submit: 'Block out',
    close: 'Cancel',
    blocks: [
      ...view.coming.slice(0, MOST_SHOWN).map((busy) => comingRow(busy, view)),
      ...(view.chosen === null
        ? []
        : [input('who', 'Whose time', { type: 'users_select', initial_user: view.chosen })]),
      input('from', 'From', { type: 'datepicker', initial_date: view.today }),
      input('from_time', 'From this time', times(DAY_START, 'All day, from the morning on'), { optional: true }),
      input('until', 'Until', { type: 'datepicker', initial_date: view.today }),
      input('until_time', 'Until this time', times(DAY_END, 'All day, until the evening'), { optional: true }),
      ...(view.hasColleagues
        ? [
            input(
              'cover',
              'Who stands in',
              { type: 'users_select' },
              {
                optional: true,
                hint: 'What customers write meanwhile comes to them, and they see and answer the leads.',
              },
            ),
          ]
        : []),
      input(
        'reason',
        'Reason',
        { type: 'plain_text_input', max_length: 120 },
        { optional: true, hint: 'Only colleagues see it.' },
      ),
      context(
        `Times are ${zoneCity(view.zone)}'s. Nobody is booked in that time; appointments that are made already stay.`,
      ),
    ],
  });
}

function comingRow(busy: Busy, { names, times: written, chosen, zone }: AwayView): object {
  const whose = chosen !== null ? `${inline(names.get(busy.staffId) ?? 'somebody')}: ` : '';
  const reason = busy.reason ? ` · ${inline(busy.reason)}` : '';
  const cover = busy.coverId ? ` · ${inline(names.get(busy.coverId) ?? 'somebody')} stands in` : '';
  const back = button({ text: 'Give back', actionId: 'booking_unblock', value: busy.id });
  return section(`Blocked out: ${whose}${busyWords(busy, written, zone)}${cover}${reason}`, back);
}

/** `Sat 28 Nov 10:30 to 13:00`; whole days as `Thu 26 Nov to Fri 27 Nov`, or the one day alone. Pure. */
export function busyWords(
  { startsAt, endsAt }: Pick<Busy, 'startsAt' | 'endsAt'>,
  written: Times,
  zone: string,
): string {
  const starts = DateTime.fromJSDate(startsAt, { zone });
  const ends = DateTime.fromJSDate(endsAt, { zone });
  const whole = [starts, ends].every((at) => at.equals(at.startOf('day')));
  if (!whole) return `${written.full(startsAt)} to ${written.beside(endsAt, startsAt)}`;
  const day = (at: DateTime) => written.full(at.toJSDate()).replace(` ${written.clock(at.toJSDate())}`, '');
  const last = ends.minus({ days: 1 });
  return last.hasSame(starts, 'day') ? day(starts) : `${day(starts)} to ${day(last)}`;
}

function times(whole: string, label: string): object {
  const clocks = Array.from({ length: 31 }, (_, step) => {
    const minutes = 7 * 60 + step * 30;
    const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return option(text, text);
  });
  const all = option(label, whole);
  return { type: 'static_select', options: [all, ...clocks], initial_option: all };
}

/** The instant of a day and a time of day as the form gives them; undefined for what is no date. */
export function instantOf(day: string, time: string, zone: string): Date | undefined {
  const start = DateTime.fromISO(day, { zone });
  if (!start.isValid) return undefined;
  if (time === '' || time === DAY_START) return start.startOf('day').toJSDate();
  if (time === DAY_END) return start.plus({ days: 1 }).startOf('day').toJSDate();
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return start.set({ hour, minute }).toJSDate();
}
