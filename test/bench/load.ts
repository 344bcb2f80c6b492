import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Tenant } from '../../src/tenants/index.ts';
import { drive, driving } from './ack.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { customers, steadily } from './customers.ts';
import { type House, type Lab, startSender } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { atMost, type Line } from './report.ts';
import { openSite, type Site } from './site.ts';

export interface LoadResult {
  backlog: number;
  /** Of the large tenant's messages, still waiting when the small tenant's last one had left. */
  left: number;
  /** From the due time of the small tenant's first messages to their request, ms. */
  lateness: number[];
  /** From a signed command to its form, and from a customer's message to its acknowledgement, ms. */
  acks: number[];
  inbound: number[];
  /** Live memory after each minute of an hour, MiB: of the process that sends, and of the one that answers. */
  sending: number[];
  answering: number[];
  connections: { before: number; after: number };
}

const USERS = 100;
/** How often each of them types a command, in seconds: far more often than people at work do. */
const EVERY = 10;
/** Messages and commands before it begins: a process that has just started is slow for its first thousand requests. */
const WARM = 1000;
const INBOUND_PER_SECOND = 50;
const SMALL_PER_SECOND = 4;
const MINUTES = 60;
/** Of a minute in the busiest hour of 10,000 leads a day: messages that fall due, customers who write, commands in Slack. */
const MINUTE = { due: 133, inbound: 20, commands: 10 };
const MINUTE_MS = 60_000;
/** Pause between two looks at what has left. */
const LOOK_MS = 200;
const WORDS = [
  'Hi, is the car still available?',
  'Thanks, I will think about it',
  'Can I come by on Thursday at 3 pm?',
];

/**
 * Everything at once: a large tenant's backlog leaves while 100 people use Slack, customers write, and a small tenant logs
 * leads; then an hour of ordinary business in quick motion. One process answers, one sends; in that hour it is this one.
 */
export async function benchLoad(
  lab: Lab,
  options: { backlog: number; seconds: number; log(line: string): void },
): Promise<LoadResult> {
  const { seconds, log } = options;
  const site = await openSite(lab, { users: USERS, connections: 64 });
  const { house } = site;
  try {
    const small = await house.rooms.tenants.ensure(
      { name: 'Small Cars', slackTeamId: 'T0SMALL', country: 'SE', zone: 'Europe/Stockholm', language: 'en' },
      'bench',
    );
    for (let n = 0; n < 3 * USERS; n++) await drive(site, n % USERS, new Map());
    const backlog = await createBacklog(house);
    await backlog.addDue(options.backlog);
    await house.tidy('analyse');
    const writing = WARM + seconds * INBOUND_PER_SECOND + MINUTES * MINUTE.inbound;
    const write = customers(site, { people: options.backlog, writing, words: (n) => WORDS[n % WORDS.length] ?? '' });
    for (let n = 0; n < WARM; n++) await write();
    const before = await connections(house);

    let leads = 0;
    log(`${options.backlog} due of one tenant, ${seconds} s of everything at once`);
    const sender = await startSender(house);
    const [acks, inbound] = await Promise.all([
      driving(site, USERS, seconds, EVERY),
      steadily(write, seconds * INBOUND_PER_SECOND, INBOUND_PER_SECOND),
      steadily(() => logLead(house, small, leads++), seconds * SMALL_PER_SECOND, SMALL_PER_SECOND),
    ]);
    const lateness = await latenessOf(house, small, seconds * SMALL_PER_SECOND);
    const left = await due(house);
    log(`small tenant: p99 ${readable(quantile(lateness, 0.99))} ms late, ${left} of the backlog left`);

    while ((await due(house)) > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    await sender.stop();
    const memory = await hour(site, backlog, write);
    const after = await connections(house);
    log(`memory: ${memory.sending.map(readable).join(' ')} | ${memory.answering.map(readable).join(' ')}`);
    return { backlog: options.backlog, left, lateness, acks, inbound, ...memory, connections: { before, after } };
  } finally {
    await site.close();
  }
}

/** A lead whose first message is due at once. */
async function logLead({ rooms }: House, { id }: Tenant, n: number): Promise<void> {
  await rooms.capture.capture(id, {
    playbook: 'test-drive',
    source: 'api',
    sourceKey: `load ${n}`,
    ownerId: null,
    actor: 'system',
    name: `Person ${n}`,
    phone: `+4672${String(n).padStart(7, '0')}`,
    email: '',
    language: 'en',
    fields: { car: 'BMW X5' },
    consentGiven: true,
  });
}

/** Waits until all of a tenant's first messages have left. */
async function latenessOf({ db, clock }: House, { id }: Tenant, count: number): Promise<number[]> {
  for (;;) {
    const rows = await db.system.query<{ ms: number }>(
      `select extract(epoch from s.started_at - m.due_at)::float * 1000 + $2 as ms
       from messages m join sends s on s.message_id = m.id and s.attempt = 1 where m.tenant_id = $1 and m.step_key = 'day_0'`,
      [id, clock.offsetMs],
    );
    if (rows.length >= count) return rows.map(({ ms }) => ms);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Minute by minute, each as soon as the one before is done. */
async function hour(site: Site, backlog: Backlog, write: () => Promise<number>) {
  const { house } = site;
  const sending: number[] = [];
  const answering: number[] = [];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let minute = 0; minute < MINUTES; minute++) {
    house.clock.turnTo(house.clock.offsetMs + MINUTE_MS);
    await backlog.addDue(MINUTE.due);
    house.rooms.dispatcher.wake();
    for (let n = 0; n < MINUTE.inbound; n++) await write();
    for (let n = 0; n < MINUTE.commands; n++) await drive(site, (minute + n) % USERS, new Map());
    await house.rooms.dispatcher.idle();
    collect();
    sending.push(process.memoryUsage().heapUsed / 1_048_576);
    answering.push((await gauge(site, 'nodejs_heap_size_used_bytes')) / 1_048_576);
  }
  return { sending, answering };
}

async function gauge({ http }: Site, name: string): Promise<number> {
  const result = await http.call({ method: 'GET', path: '/metrics', headers: {}, body: '' });
  const text = result.kind === 'reply' ? result.body.toString() : '';
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const one = async ({ db }: House, sql: string, values: unknown[] = []) =>
  (await db.system.query<{ n: number }>(sql, values))[0]?.n ?? 0;
const connections = (house: House) =>
  one(house, 'select count(*) as n from pg_stat_activity where datname = current_database()');
const due = (house: House) =>
  one(house, `select count(*) as n from messages where state = 'scheduled' and due_at <= $1`, [house.clock.now()]);

const MAX_LATE_MS = 5000;
const MAX_ACK_MS = 300;
/** Live memory of the last quarter of the hour against the second: the least of each, since garbage is not memory kept. */
const MAX_GROWTH = 1.1;
/** Both processes' pools, full. */
const MAX_CONNECTIONS = 66;

function growth(minutes: readonly number[]): number {
  const quarter = minutes.length / 4;
  return Math.min(...minutes.slice(3 * quarter)) / Math.min(...minutes.slice(quarter, 2 * quarter));
}

export function loadLines(result: LoadResult): Line[] {
  const { backlog, left, lateness, acks, inbound, sending, answering, connections: open } = result;
  const late = quantile(lateness, 0.99);
  const ack = quantile(acks, 0.99);
  const memory = (who: string, minutes: readonly number[]): Line => ({
    bench: 'load',
    what: `memory of the process that ${who}, an hour of business`,
    figure: `${readable(minutes[0] ?? Number.NaN)} to ${readable(minutes.at(-1) ?? Number.NaN)} MiB, ${readable(growth(minutes))} ×`,
    target: `< ${MAX_GROWTH} ×`,
    ...atMost(growth(minutes), MAX_GROWTH),
  });
  return [
    {
      bench: 'load',
      what: `first messages of a small tenant beside ${readable(backlog)} of another (${readable(left)} left)`,
      figure: `p99 ${readable(late)} ms late (${lateness.length} messages)`,
      target: `p99 < ${MAX_LATE_MS} ms`,
      ...atMost(late, MAX_LATE_MS),
    },
    {
      bench: 'load',
      what: `/drive to its form meanwhile, ${USERS} people, 1 in ${EVERY} seconds each`,
      figure: `p99 ${readable(ack)} ms; customers' messages p99 ${readable(quantile(inbound, 0.99))} ms`,
      target: `p99 < ${MAX_ACK_MS} ms`,
      ...atMost(ack, MAX_ACK_MS),
    },
    memory('sends', sending),
    memory('answers', answering),
    {
      bench: 'load',
      what: 'connections to the database, before and after',
      figure: `${open.before}, ${open.after}`,
      target: `≤ ${MAX_CONNECTIONS}`,
      met: open.after <= MAX_CONNECTIONS,
    },
  ];
}
