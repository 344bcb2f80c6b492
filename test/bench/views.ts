import { performance } from 'node:perf_hooks';
import type { House, Lab } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { createPast } from './past.ts';
import type { Line } from './report.ts';
import { readSamples } from './samples.ts';
import { VIEWS } from './views-list.ts';

/** How one view did in one business: ms from the question to its rows, as they came. */
export interface ViewResult {
  leads: number;
  view: string;
  times: number[];
}

const WARM = 10;
const CALLS = 60;
/** A view that takes this long is not asked for as often. */
const SLOW_MS = 500;
const SLOW_CALLS = 10;

/**
 * Every view of `/kpi`, every list and every search, in businesses with so many leads and five times as many messages in
 * two years. Each call asks for something else: another person, another name, another page.
 */
export async function benchViews(
  lab: Lab,
  options: { leads: readonly number[]; log(line: string): void },
): Promise<ViewResult[]> {
  const results: ViewResult[] = [];
  for (const leads of options.leads) {
    options.log(`loading ${leads} leads with ${leads * 5} messages`);
    const house = await lab.openHouse();
    try {
      await createPast(house, leads);
      results.push(...(await measureViews(house, leads, options.log)));
    } finally {
      await house.close();
    }
  }
  return results;
}

/** Asks for each view in a business with a past. */
export async function measureViews(house: House, leads: number, log: (line: string) => void): Promise<ViewResult[]> {
  const samples = await readSamples(house, WARM + CALLS);
  const results: ViewResult[] = [];
  for (const [view, ask] of Object.entries(VIEWS)) {
    const times: number[] = [];
    for (const [n, sample] of samples.entries()) {
      const from = performance.now();
      const rows = await ask(house, sample);
      const ms = performance.now() - from;
      if (n === 0 && rows === 0) throw new Error(`${view}: nothing was found`);
      if (n >= WARM || ms > SLOW_MS) times.push(ms);
      if (times.length >= SLOW_CALLS && quantile(times, 0.5) > SLOW_MS) break;
    }
    log(`${leads} leads, ${view}: p50 ${readable(quantile(times, 0.5))} ms, p95 ${readable(quantile(times, 0.95))} ms`);
    results.push({ leads, view, times });
  }
  return results;
}

const MAX_MS = 100;
const MAX_GROWTH = 2;

/** A line for each view: in the large business, and against the small one by the median. */
export function viewLines(results: readonly ViewResult[]): Line[] {
  const sizes = results.map((result) => result.leads);
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  return results
    .filter((result) => result.leads === large)
    .map(({ view, times }) => {
      const before = small < large && results.find((each) => each.leads === small && each.view === view);
      const p95 = quantile(times, 0.95);
      const growth = before ? quantile(times, 0.5) / quantile(before.times, 0.5) : undefined;
      return {
        bench: 'views',
        what: `${readable(large)} leads: ${view}`,
        figure: `p50 ${readable(quantile(times, 0.5))} ms, p95 ${readable(p95)} ms`,
        ...(growth !== undefined && { compared: `${readable(growth)} x of ${readable(small)} leads` }),
        target: `p95 < ${MAX_MS} ms, < ${MAX_GROWTH} x`,
        met: p95 < MAX_MS && (growth ?? 0) < MAX_GROWTH,
        reached: Math.min(MAX_MS / p95, MAX_GROWTH / (growth ?? MAX_GROWTH)),
      };
    });
}
