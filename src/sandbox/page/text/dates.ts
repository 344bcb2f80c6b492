import { clockWords, DAY, dayKey, exactWords, knownZone, spanWords } from '../words/time.ts';

/** Slack's date tokens (docs.slack.dev, "Date formatting"), for a reader's zone. `at` and `now` in ms. Pure. */
export function dateWords(format: string, at: number, zone: string, now: number): string {
  const day = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone: knownZone(zone) }).format(at);
  const near = (otherwise: string) => {
    const key = dayKey(at, zone);
    if (key === dayKey(now, zone)) return 'today';
    if (key === dayKey(now - DAY, zone)) return 'yesterday';
    return key === dayKey(now + DAY, zone) ? 'tomorrow' : otherwise;
  };
  const usual = day({ day: 'numeric', month: 'long', year: 'numeric' });
  const short = day({ day: 'numeric', month: 'short', year: 'numeric' });
  const long = day({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const words: Record<string, string> = {
    date: usual,
    date_num: dayKey(at, zone),
    date_slash: day({ day: '2-digit', month: '2-digit', year: 'numeric' }),
    date_short: short,
    date_long: long,
    date_pretty: near(usual),
    date_short_pretty: near(short),
    date_long_pretty: near(long),
    day_divider_pretty: near(long),
    time: clockWords(at, zone),
    time_secs: exactWords(at, zone),
    ago: at > now ? `in ${spanWords(at - now)}` : `${spanWords(now - at)} ago`,
  };
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}
