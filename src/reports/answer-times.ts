/*
 * How long customers wait for an answer. Times are counted in classes, so that a year of them adds up from a few rows:
 * ten seconds wide below five minutes, a minute below the hour, a quarter below the day, then six hours.
 */

const CLASSES = [
  { below: 300, width: 10 },
  { below: 3600, width: 60 },
  { below: 86_400, width: 900 },
  { below: Number.POSITIVE_INFINITY, width: 21_600 },
] as const;

function widthOf(seconds: number): number {
  return CLASSES.find(({ below }) => seconds < below)?.width ?? 1;
}

/** Lower bound, in seconds, of the class that a time belongs to. */
export function classOf(seconds: number): number {
  const whole = Math.max(0, Math.floor(seconds));
  const width = widthOf(whole);
  return Math.floor(whole / width) * width;
}

/** Times of one class: `seconds` is its lower bound. */
export interface AnswerClass {
  seconds: number;
  n: number;
}

/** The time that half of the answers took at most, in seconds, within its class by share; null without answers. */
export function medianOf(classes: readonly AnswerClass[]): number | null {
  const ordered = classes.filter(({ n }) => n > 0).toSorted((a, b) => a.seconds - b.seconds);
  const all = ordered.reduce((sum, { n }) => sum + n, 0);
  let before = 0;
  for (const { seconds, n } of ordered) {
    if (before + n >= all / 2) return seconds + ((all / 2 - before) / n) * widthOf(seconds);
    before += n;
  }
  return null;
}

/** How many answers took less than `limit` seconds; exact where a class begins at `limit`. */
export function quickerThan(classes: readonly AnswerClass[], limit: number): number {
  return classes.reduce((sum, { seconds, n }) => sum + (seconds < limit ? n : 0), 0);
}
