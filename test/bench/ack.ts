import type { Lab } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { atMost, type Line } from './report.ts';
import { openSite, type Site, userOf } from './site.ts';

export interface AckResult {
  /** From sending the signed command to `views.open` arriving, in ms. */
  times: number[];
}

const USERS = 100;
const SECONDS = 20;

/** 100 people who type `/drive` once a second each, over the whole second. */
export async function benchAck(lab: Lab, options: { log(line: string): void }): Promise<AckResult> {
  const site = await openSite(lab, { users: USERS, connections: 1 });
  try {
    // everybody has been met before: who somebody is is asked once a day
    for (let n = 0; n < USERS; n++) await drive(site, n, new Map());
    const all = await driving(site, USERS, SECONDS);
    options.log(`ack: p50 ${readable(quantile(all, 0.5))} ms, p99 ${readable(quantile(all, 0.99))} ms`);
    return { times: all };
  } finally {
    await site.close();
  }
}

/** Lets so many people type `/drive`, once each in `every` seconds, for so many seconds. Returns the ms to each form. */
export async function driving(site: Site, users: number, seconds: number, every = 1): Promise<number[]> {
  const opened = new Map<string, number>();
  site.slack.subscribe((change) => {
    if (change.type !== 'views') return;
    for (const view of change.stack) if (view.triggerId) opened.set(view.triggerId, performance.now());
  });
  const typing = async (n: number) => {
    const from = performance.now() + (n * 1000 * every) / users;
    const times: Promise<number>[] = [];
    for (let second = 0; second < seconds; second += every) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, from + second * 1000 - performance.now())));
      times.push(drive(site, n, opened));
    }
    return Promise.all(times);
  };
  const all = await Promise.all(Array.from({ length: users }, (_, n) => typing(n)));
  return all.flat();
}

/** One `/drive`; resolves when its modal is open. */
export async function drive(site: Site, n: number, opened: Map<string, number>): Promise<number> {
  const from = performance.now();
  const acted = await site.slack.slash(userOf(n), '/drive');
  if (acted.status !== 200) throw new Error(`/drive was answered with ${acted.status}`);
  await acted.modal();
  return (opened.get(acted.triggerId) ?? performance.now()) - from;
}

const MAX_MS = 300;

export function ackLines({ times }: AckResult): Line[] {
  const p99 = quantile(times, 0.99);
  return [
    {
      bench: 'ack',
      what: `/drive to views.open, ${USERS} people, 1 a second each`,
      figure: `p50 ${readable(quantile(times, 0.5))} ms, p99 ${readable(p99)} ms (${readable(times.length)} commands)`,
      target: `p99 < ${MAX_MS} ms`,
      ...atMost(p99, MAX_MS),
    },
  ];
}
