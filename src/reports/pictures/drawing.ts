import type { Report, Series } from '../report.ts';

/** What a picture shows, in words and numbers: everything that the one who draws needs. */
export interface Drawing {
  title: string;
  subtitle: string;
  /** What the pale bars are. */
  before: string;
  panels: Panel[];
  funnel: { name: string; n: number }[];
}

/** Bars of one kind: now in front, the period before pale behind. */
export interface Panel {
  name: string;
  total: string;
  /** `6 more than before`. */
  note: string;
  colour: string;
  labels: string[];
  now: (number | null)[];
  past: (number | null)[];
}

const COLOURS = { captured: '#2563eb', replies: '#0f8a7e', won: '#c76a0a' } as const;
/** From so many days on, weeks are shown. */
const MOST_BARS = 35;

/** The picture of a report; `words` names leads (`Drives`) and the business. Pure. */
export function drawingOf(report: Report, words: { title: string; subtitle: string; leads: string }): Drawing {
  const { now, series, seriesBefore, period } = report;
  const groups = groupsOf(series.days);
  const panel = (name: string, measure: keyof typeof COLOURS): Panel => {
    const [all, past] = [series[measure], seriesBefore[measure]].map((numbers) =>
      numbers.reduce((sum, n) => sum + n, 0),
    );
    return {
      name,
      total: (all ?? 0).toLocaleString('en-US'),
      note: difference(all ?? 0, past ?? 0),
      colour: COLOURS[measure],
      labels: groups.map((group) => labelOf(series, group)),
      now: groups.map((group) => sumOf(series[measure], group)),
      past: groups.map((group) => sumOf(seriesBefore[measure], group)),
    };
  };
  const won = now.sources.reduce((sum, source) => sum + source.won, 0);
  return {
    title: words.title,
    subtitle: words.subtitle,
    before: period.beforeTitle,
    panels: [panel(words.leads, 'captured'), panel('Replies', 'replies'), panel('Deals', 'won')],
    funnel: [
      { name: 'Logged', n: now.captured },
      { name: 'Contacted', n: now.contacted },
      { name: 'Replied', n: now.replied },
      { name: 'Won', n: won },
    ],
  };
}

type Group = { from: number; to: number };

function groupsOf(days: readonly string[]): Group[] {
  const width = days.length > MOST_BARS ? 7 : 1;
  const count = Math.ceil(days.length / width);
  return Array.from({ length: count }, (_, index) => ({ from: index * width, to: (index + 1) * width }));
}

/** Null where the other period has no such day. */
function sumOf(numbers: readonly number[], { from, to }: Group): number | null {
  const some = numbers.slice(from, to);
  return some.length > 0 ? some.reduce((sum, n) => sum + n, 0) : null;
}

function labelOf({ days }: Pick<Series, 'days'>, { from, to }: Group): string {
  const at = new Date(`${days[from]}T12:00:00Z`);
  const inWords = (options: Intl.DateTimeFormatOptions) =>
    at.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
  if (to - from > 1) return inWords({ day: 'numeric', month: 'short' });
  return days.length <= 7 ? inWords({ weekday: 'short' }) : inWords({ day: 'numeric' });
}

function difference(now: number, before: number): string {
  if (now === before) return now === 0 ? 'none, as before' : 'as many as before';
  const by = Math.abs(now - before).toLocaleString('en-US');
  return now > before ? `${by} more than before` : `${by} fewer than before`;
}
