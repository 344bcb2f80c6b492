import { createBacklog } from './backlog.ts';
import { customers, steadily } from './customers.ts';
import { type House, type Lab, startSender } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { atMost, type Line } from './report.ts';
import { openSite } from './site.ts';

export interface StopResult {
  planned: number;
  /** From the signed webhook to its acknowledgement, in ms, as they came. */
  idle: number[];
  busy: number[];
  /** Messages a second that left while the stops of `busy` came in. */
  sendRate: number;
}

const WARM = 1000;
const IDLE = 2000;
const BUSY = 1000;
/** Stops a second while the dispatcher works: people keep writing whatever we do. */
const BUSY_PER_SECOND = 25;
/** More than the dispatcher sends in a second: a backlog that is smaller is over sooner than the stops come in. */
const MOST_SENT_PER_SECOND = 4000;
/** To a Monday three weeks on, when all of the backlog is due. */
const ALL_DUE_MS = 21 * 86_400_000;

/**
 * A STOP by Twilio's signed webhook to its acknowledgement, beside a large backlog: idle, and while a worker sends all
 * of it as fast as it can. The worker and the web role are processes of their own.
 */
export async function benchStop(lab: Lab, options: { planned: number; log(line: string): void }): Promise<StopResult> {
  const site = await openSite(lab, { users: 1, connections: 64 });
  const { house } = site;
  try {
    options.log(`loading ${options.planned} planned messages`);
    const backlog = await createBacklog(house);
    await backlog.addPlanned(options.planned);
    await house.tidy('analyse');
    const people = Math.ceil(options.planned / 4);
    const counts = {
      idle: Math.min(IDLE, Math.floor(people / 2)),
      busy: Math.min(BUSY, Math.floor((options.planned / MOST_SENT_PER_SECOND) * BUSY_PER_SECOND)),
    };
    const total = WARM + counts.idle + counts.busy;
    const stop = customers(site, { people, writing: total, words: () => 'STOP' });

    for (let n = 0; n < WARM; n++) await stop();
    const idle: number[] = [];
    for (let n = 0; n < counts.idle; n++) idle.push(await stop());
    options.log(`idle: p50 ${readable(quantile(idle, 0.5))} ms, p99 ${readable(quantile(idle, 0.99))} ms`);

    house.clock.turnTo(house.clock.offsetMs + ALL_DUE_MS);
    await house.tidy();
    const sender = await startSender(house);
    const takenBefore = await house.taken();
    const from = performance.now();
    const busy = await steadily(stop, counts.busy, BUSY_PER_SECOND);
    const sendRate = ((await house.taken()) - takenBefore) / ((performance.now() - from) / 1000);
    await sender.stop();
    options.log(`busy: p50 ${readable(quantile(busy, 0.5))} ms, p99 ${readable(quantile(busy, 0.99))} ms`);
    await check(house, total);
    if ((await openMessages(house)) === 0) throw new Error('the dispatcher ran dry while stops were measured');
    return { planned: options.planned, idle, busy, sendRate };
  } finally {
    await site.close();
  }
}

/** Every STOP closed its person's follow-up. */
async function check(house: House, stops: number): Promise<void> {
  const [row] = await house.db.system.query<{ n: number }>(
    `select count(*) as n from enrolments where state = 'opted_out'`,
  );
  if (row?.n !== stops) throw new Error(`${stops} stops ended ${row?.n} follow-ups`);
}

async function openMessages(house: House): Promise<number> {
  const [row] = await house.db.system.query<{ n: number }>(
    `select count(*) as n from messages where state = 'scheduled' and due_at <= $1`,
    [house.clock.now()],
  );
  return row?.n ?? 0;
}

const MAX_IDLE_MS = 10;
const MAX_BUSY_MS = 50;

export function stopLines(result: StopResult): Line[] {
  const line = (when: string, values: readonly number[], max: number): Line => {
    const p99 = quantile(values, 0.99);
    return {
      bench: 'stop',
      what: `${readable(result.planned)} planned, ${when}`,
      figure: `p50 ${readable(quantile(values, 0.5))} ms, p99 ${readable(p99)} ms (${readable(values.length)} stops)`,
      target: `p99 < ${max} ms`,
      ...atMost(p99, max),
    };
  };
  return [
    line('idle', result.idle, MAX_IDLE_MS),
    line(`sending ${readable(result.sendRate)}/s`, result.busy, MAX_BUSY_MS),
  ];
}
