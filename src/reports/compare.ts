/*
 * Comparing wordings honestly. What was counted of a few hundred people says less than one thinks: each share is told with
 * the span it may really have, and a difference only where chance would hardly make one as large. People look at such
 * numbers every day, and each look is another chance to be fooled; so the bar is one in a hundred, not the usual one in
 * twenty, and it is shared out when several wordings are compared.
 */

/** So many of so many. */
export interface Tally {
  of: number;
  hits: number;
}

export type Finding =
  /** Too little was sent, or too little came of it, to tell anything. */
  | { kind: 'too_few' }
  /** Chance makes a difference this large in `chance` of all trials of wordings that work alike. */
  | { kind: 'open'; chance: number }
  /** The best one, and how rarely (0 to 1) chance alone makes such a difference. */
  | { kind: 'better'; best: number; chance: number };

/** Below these nothing is said: people for each wording, and hits in all. */
export const LEAST = { people: 50, hits: 10 } as const;
/** What chance alone may make at most for a difference to be told. */
const BAR = 0.01;
/** Two-sided 95 %. */
const Z = 1.959963984540054;

/** The span in which the real share lies in 19 of 20 cases (Wilson's score interval); null of nobody. Pure. */
export function spanOf({ of, hits }: Tally): { low: number; high: number } | null {
  if (of === 0) return null;
  const share = hits / of;
  const spread = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / spread;
  const reach = (Z / spread) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}

/**
 * How often (0 to 1) two wordings that work alike give a difference at least as unlikely as this one, the number of hits
 * being what it is: Fisher's exact test, two-sided. Pure.
 */
export function chanceOf(one: Tally, other: Tally): number {
  const all = one.of + other.of;
  const hits = one.hits + other.hits;
  const logs = logFactorials(all);
  const log = (n: number) => logs[n] ?? 0;
  const choose = (n: number, k: number) => log(n) - log(k) - log(n - k);
  const likely = (k: number) => Math.exp(choose(one.of, k) + choose(other.of, hits - k) - choose(all, hits));
  const seen = likely(one.hits) * (1 + 1e-7); // as likely as this one, but for rounding
  let sum = 0;
  for (let k = Math.max(0, hits - other.of); k <= Math.min(hits, one.of); k++) {
    const each = likely(k);
    if (each <= seen) sum += each;
  }
  return Math.min(1, sum);
}

function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) logs[n] = (logs[n - 1] ?? 0) + Math.log(n);
  return logs;
}

/** What may be said about wordings by what came of them, best share first against each of the others. Pure. */
export function compare(tallies: readonly Tally[]): Finding {
  const hits = tallies.reduce((sum, tally) => sum + tally.hits, 0);
  if (tallies.length < 2 || hits < LEAST.hits || tallies.some(({ of }) => of < LEAST.people))
    return { kind: 'too_few' };
  const shares = tallies.map((tally) => tally.hits / tally.of);
  const best = shares.indexOf(Math.max(...shares));
  const pairs = (tallies.length * (tallies.length - 1)) / 2;
  const chances = tallies.flatMap((tally, index) => {
    const winner = tallies[best];
    return index === best || !winner ? [] : [chanceOf(winner, tally)];
  });
  const chance = Math.min(1, Math.max(...chances) * pairs);
  return chance < BAR ? { kind: 'better', best, chance } : { kind: 'open', chance };
}
