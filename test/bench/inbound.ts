import { createBacklog } from './backlog.ts';
import { customers, steadily } from './customers.ts';
import type { Lab } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { atMost, type Line } from './report.ts';
import { openSite } from './site.ts';

export interface InboundResult {
  /** From the signed webhook to its acknowledgement, in ms. */
  times: number[];
}

const PER_SECOND = 50;
const WARM = 1000;
/** What customers write: a question, thanks, a wish for an appointment, and one who means it with a stop in it. */
const WORDS = [
  'Hi, is the car still available?',
  'Thanks, I will think about it over the weekend',
  'Can I come by on Thursday at 3 pm?',
  'What would the monthly rate be? My wife liked it too',
];

/** Customers who answer a follow-up, 50 a second: each stops their follow-up, and is stored, before it is acknowledged. */
export async function benchInbound(
  lab: Lab,
  options: { seconds: number; log(line: string): void },
): Promise<InboundResult> {
  const site = await openSite(lab, { users: 1, connections: 64 });
  try {
    const count = PER_SECOND * options.seconds;
    const people = count + WARM;
    await (await createBacklog(site.house)).addPlanned(people * 4);
    await site.house.tidy('analyse');
    const write = customers(site, { people, writing: people, words: (n) => WORDS[n % WORDS.length] ?? '' });
    for (let n = 0; n < WARM; n++) await write();
    const times = await steadily(write, count, PER_SECOND);
    const [row] = await site.house.db.system.query<{ stored: number; open: number }>(
      `select (select count(*) from messages where state = 'received') as stored,
         (select count(*) from enrolments where state = 'active') as open`,
    );
    if (row?.stored !== people || row.open !== 0) throw new Error(`${people} messages became ${JSON.stringify(row)}`);
    options.log(`inbound: p50 ${readable(quantile(times, 0.5))} ms, p99 ${readable(quantile(times, 0.99))} ms`);
    return { times };
  } finally {
    await site.close();
  }
}

const MAX_MS = 100;

export function inboundLines({ times }: InboundResult): Line[] {
  const p99 = quantile(times, 0.99);
  return [
    {
      bench: 'inbound',
      what: `customers' messages, ${PER_SECOND} a second, to the acknowledgement`,
      figure: `p50 ${readable(quantile(times, 0.5))} ms, p99 ${readable(p99)} ms (${readable(times.length)} messages)`,
      target: `p99 < ${MAX_MS} ms`,
      ...atMost(p99, MAX_MS),
    },
  ];
}
