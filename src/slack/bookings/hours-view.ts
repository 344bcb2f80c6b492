import type { FieldProblem } from '../../lib/errors.ts';
import type { Holiday, Settings } from '../../tenants/index.ts';
import type { FormValues } from '../feature.ts';
import { zoneCity } from '../format.ts';
import { modal } from '../lead/modals.ts';
import { context, input, type ModalView, option } from '../views.ts';

export const HOURS = 'opening_hours';

const DAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
const NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
type Span = { from: string; to: string };
/** As many as the settings take. */
const MOST_SPANS = 3;
const CLOSED = 'closed';
const NEXT_HOLIDAYS = 3;

/** The form of all hours: when customers may come, and when messages may leave. Pure. */
export function hoursModal(settings: Settings, zone: string, holidays: readonly Holiday[] = []): ModalView {
  const text = (initial: string) => ({ type: 'plain_text_input', ...(initial && { initial_value: initial }) });
  return modal({
    id: HOURS,
    title: 'Hours',
    submit: 'Look at the change',
    close: 'Cancel',
    blocks: [
      context(
        `When customers may come, ${zoneCity(zone)} time. Write \`9-18\`, or \`9-12, 13-18\` with a break; leave a day empty when you are closed.`,
      ),
      ...DAYS.map((day, index) =>
        input(`day_${day}`, NAMES[index] ?? day, text(spansText(settings.opening[day] ?? [])), { optional: true }),
      ),
      input(
        'closed',
        'Closed on',
        { ...text(settings.closedDays.join(', ')), multiline: true },
        { optional: true, hint: 'Days as 2026-12-24, with commas between them.' },
      ),
      input('holidays', 'Public holidays', holidayBox(settings.publicHolidays), {
        optional: true,
        hint: holidayWords(holidays),
      }),
      input('minutes', 'Minutes of an appointment', text(String(settings.appointment.minutes))),
      input('pause', 'Minutes kept free after it', text(String(settings.appointment.pause))),
      input('send', 'Automated messages leave between', text(`${settings.sendHours.start}-${settings.sendHours.end}`), {
        hint: "In the customer's own time. The law may narrow it.",
      }),
    ],
  });
}

function holidayBox(closed: boolean): object {
  const box = option('Closed on public holidays', CLOSED);
  return { type: 'checkboxes', options: [box], ...(closed && { initial_options: [box] }) };
}

/** The next ones, so that people see which are meant. */
function holidayWords(holidays: readonly Holiday[]): string {
  if (holidays.length === 0) return 'None are known for your country: write them above.';
  const next = holidays.slice(0, NEXT_HOLIDAYS).map(({ day, name }) => `${name} ${day}`);
  return `Of the whole country; those of your region go above. Next: ${next.join(', ')}.`;
}

const spansText = (spans: readonly Span[]): string => spans.map(({ from, to }) => `${from}-${to}`).join(', ');

/** What the form changes, or what is wrong with it, by input. Pure. */
export function readHours(values: FormValues): { patch: Partial<Settings> } | { problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const note = (field: string, message: string) => void problems.push({ field, message });

  const opening: Settings['opening'] = {};
  for (const day of DAYS) {
    const spans = readSpans(values.text(`day_${day}`));
    if (typeof spans === 'string') note(`day_${day}`, spans);
    else if (spans.length > 0) opening[day] = spans;
  }
  if (problems.length === 0 && Object.keys(opening).length === 0) note('day_1', 'Open on one day at least.');

  const closedDays = values
    .text('closed')
    .split(/[\s,;]+/)
    .filter(Boolean);
  const wrong = closedDays.find((day) => !isDate(day));
  if (wrong) note('closed', `"${wrong}" is not a day. Write it like 2026-12-24.`);
  const minutes = whole(values.text('minutes'), 10, 480);
  if (minutes === undefined) note('minutes', 'Write a number of minutes from 10 to 480.');
  const pause = whole(values.text('pause'), 0, 240);
  if (pause === undefined) note('pause', 'Write a number of minutes from 0 to 240.');
  const [send, ...more] = readSpans(values.text('send'));
  if (!send || typeof send === 'string' || more.length > 0) note('send', 'Write it like 09:00-20:00.');

  if (problems.length > 0 || !send || typeof send === 'string' || minutes === undefined || pause === undefined) {
    return { problems };
  }
  return {
    patch: {
      opening,
      closedDays: [...new Set(closedDays)].sort(),
      publicHolidays: values.checked('holidays').includes(CLOSED),
      appointment: { minutes, pause },
      sendHours: { start: send.from, end: send.to },
    },
  };
}

/** `9-18`, `9.30-12, 13–17`; a text says what is wrong. */
function readSpans(text: string): Span[] | string {
  const pieces = text
    .split(/[,;]|\band\b/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '' && !/^(closed|-|–)$/i.test(piece));
  if (pieces.length > MOST_SPANS) return `Write at most ${MOST_SPANS} times a day.`;
  const spans: Span[] = [];
  for (const piece of pieces) {
    const [, hour, minute, untilHour, untilMinute] =
      /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(piece) ?? [];
    const from = clock(hour, minute);
    const to = clock(untilHour, untilMinute);
    if (!from || !to) return `"${piece}" is not a time. Write it like 9-18 or 09:00-18:30.`;
    if (from >= to) return `"${piece}" ends before it begins.`;
    if ((spans.at(-1)?.to ?? '') > from) return 'The times overlap. Write them in order.';
    spans.push({ from, to });
  }
  return spans;
}

function clock(hour: string | undefined, minute = '00'): string | undefined {
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return `${hour.padStart(2, '0')}:${minute}`;
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = Number(text.trim());
  return /^\d{1,3}$/.test(text.trim()) && value >= min && value <= max ? value : undefined;
}
