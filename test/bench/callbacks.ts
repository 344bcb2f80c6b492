import { createBacklog } from './backlog.ts';
import type { House, Lab } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { atLeast, type Line } from './report.ts';
import { openSite } from './site.ts';

export interface CallbacksResult {
  /** Messages a second that fell due. */
  offered: number;
  /** Messages a second that were sent and known to be delivered, from the first due time to the last callback. */
  delivered: number;
  /** Messages due and not known to be delivered, four times a second while they fell due. */
  waiting: number[];
}

const OFFERED = 520;
const WARM = 1000;
const LOOK_MS = 250;
const FIRST_DUE_MS = 1000;
/** What is still open this long after the last due time was lost. */
const PATIENCE_MS = 60_000;

/**
 * Messages that fall due evenly, sent by this process; the gateway reports each as sent and as delivered, signed, to the
 * web process.
 */
export async function benchCallbacks(
  lab: Lab,
  options: { seconds: number; log(line: string): void },
): Promise<CallbacksResult> {
  const { house, close } = await openSite(lab, { users: 1, connections: 1, callbacks: true });
  const tick = setInterval(() => house.rooms.dispatcher.wake(), 50);
  try {
    const backlog = await createBacklog(house);
    await backlog.addDue(WARM);
    house.rooms.dispatcher.wake();
    await settled(house, PATIENCE_MS);

    const count = OFFERED * options.seconds;
    await backlog.addDue(count);
    const from = await spread(house, FIRST_DUE_MS);
    const waiting: number[] = [];
    const ends = from + options.seconds * 1000;
    while (house.clock.now().getTime() < ends) {
      if (house.clock.now().getTime() > from) waiting.push(await open(house));
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    await settled(house, PATIENCE_MS);
    const delivered = count / ((house.clock.now().getTime() - from) / 1000);
    options.log(`callbacks: ${readable(delivered)}/s, at most ${Math.max(...waiting)} on their way`);
    return { offered: OFFERED, delivered, waiting };
  } finally {
    clearInterval(tick);
    await close();
  }
}

/** Lets what is due now fall due one after the other, from a moment on that is returned. */
async function spread(house: House, inMs: number): Promise<number> {
  const from = new Date(house.clock.now().getTime() + inMs);
  await house.db.system.query(
    `update messages m set due_at = $1::timestamptz + d.n * interval '1 second' / $2::int
     from (select id, row_number() over (order by due_at, id) as n from messages
       where state = 'scheduled' and due_at < $1::timestamptz + interval '1 day') d where d.id = m.id`,
    [from, OFFERED],
  );
  await house.tidy('analyse');
  const late = house.clock.now().getTime() - from.getTime();
  if (late < 0) return from.getTime();
  // tidying took longer than there was: the same again, with more time
  return spread(house, inMs + late * 2);
}

async function open({ db, clock }: House): Promise<number> {
  const [row] = await db.system.query<{ n: number }>(
    `select count(*) as n from messages where state not in ('delivered', 'scheduled') or state = 'scheduled' and due_at <= $1`,
    [clock.now()],
  );
  return row?.n ?? 0;
}

/** Waits until everything that was due is known to be delivered. */
async function settled(house: House, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while ((await open(house)) > 0) {
    if (performance.now() > until) throw new Error(`${await open(house)} messages were never reported as delivered`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const LEAST = 500;
/** The line is flat when it is no longer in the second half than in the first, but for half a second's messages. */
const SLACK_SECONDS = 0.5;

export function callbackLines({ offered, delivered, waiting }: CallbacksResult): Line[] {
  const half = Math.floor(waiting.length / 2);
  const [first, second] = [quantile(waiting.slice(0, half), 0.5), quantile(waiting.slice(half), 0.5)];
  const flat = second <= first + SLACK_SECONDS * offered;
  return [
    {
      bench: 'callbacks',
      what: `${offered} messages a second, two signed reports each`,
      figure: `${readable(delivered)}/s; on their way ${readable(first)}, later ${readable(second)}`,
      target: `${LEAST}/s, flat`,
      ...(flat ? atLeast(delivered, LEAST) : { met: false }),
    },
  ];
}
