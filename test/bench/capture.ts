import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FORM, signatureOf } from '../../src/sandbox/slack/index.ts';
import type { Timing } from './contender.ts';
import type { Lab } from './lab.ts';
import { readable } from './numbers.ts';
import { atLeast, type Line } from './report.ts';
import { openSite, SIGNING_SECRET, type Site, userOf } from './site.ts';

export interface CaptureResult {
  floor: Timing;
  capture: Timing;
}

const AT_ONCE = 32;
const CAPTURES = 2000;
const FLOOR = 6000;
const PHONE = '+46701234567';

/** Drives logged by the form in Slack, over HTTP, against one bare insert behind the same server. */
export async function benchCapture(
  lab: Lab,
  options: { rounds: number; log(line: string): void },
): Promise<CaptureResult> {
  const site = await openSite(lab, { users: 1, connections: AT_ONCE });
  try {
    const bodyOf = await submissions(site);
    const floor = { messages: 0, seconds: 0 };
    const capture = { messages: 0, seconds: 0 };
    let next = 0;
    const logDrive = () => post(site, '/slack/events', bodyOf(next++));
    const bareInsert = () => post(site, '/bench/floor', bodyOf(0));
    await inParallel(FLOOR / 10, bareInsert);
    await inParallel(CAPTURES / 10, logDrive);
    for (let round = 1; round <= options.rounds; round++) {
      await site.house.tidy();
      add(floor, await inParallel(FLOOR, bareInsert));
      await site.house.tidy();
      add(capture, await inParallel(CAPTURES, logDrive));
      options.log(`round ${round}: floor ${readable(rate(floor))}/s, capture ${readable(rate(capture))}/s`);
    }
    await check(site, next);
    return { floor, capture };
  } finally {
    await site.close();
  }
}

/** A form as a person sends it, recorded once; then the same with another phone number and another form's id. */
async function submissions(site: Site): Promise<(n: number) => string> {
  const open = await (await site.slack.slash(userOf(0), '/drive')).modal();
  let recorded = '';
  const recorder = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => {
      recorded += chunk;
    });
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  site.divert(`http://127.0.0.1:${(recorder.address() as AddressInfo).port}`);
  await site.slack.submit(userOf(0), open, {
    Customer: 'Anna Karlsson',
    Mobile: PHONE,
    Car: 'BMW X5',
    Consent: true,
  });
  site.divert(undefined);
  await new Promise((resolve) => recorder.close(resolve));
  const payload = new URLSearchParams(recorded).get('payload') ?? '';
  if (!payload.includes(PHONE)) throw new Error(`the form was not sent: ${recorded.slice(0, 200)}`);
  return (n) => {
    const changed = payload
      .replaceAll(PHONE, `+4670${String(1_000_000 + n)}`)
      .replaceAll(open.view.id, `V${String(n).padStart(10, '0')}`);
    return new URLSearchParams({ payload: changed }).toString();
  };
}

async function post(site: Site, path: string, body: string): Promise<void> {
  const stamp = String(Math.floor(Date.now() / 1000));
  const result = await site.http.call({
    method: 'POST',
    path,
    headers: {
      'content-type': FORM,
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': signatureOf(SIGNING_SECRET, stamp, body),
    },
    body,
  });
  // an answer with words in it shows errors at the form's fields
  if (result.kind !== 'reply' || result.status !== 200 || result.body !== '') {
    throw new Error(`${path} answered ${JSON.stringify(result)}`);
  }
}

async function inParallel(count: number, work: () => Promise<void>): Promise<Timing> {
  let left = count;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return { messages: count, seconds: (performance.now() - from) / 1000 };
}

function add(sum: Timing, timing: Timing): void {
  sum.messages += timing.messages;
  sum.seconds += timing.seconds;
}

/** Every form became a lead with a plan of four. */
async function check({ house }: Site, sent: number): Promise<void> {
  const [row] = await house.db.system.query<{ leads: number; messages: number }>(
    'select (select count(*) from leads) as leads, (select count(*) from messages) as messages',
  );
  if (row?.leads !== sent || row.messages !== 4 * sent) throw new Error(`${sent} forms became ${JSON.stringify(row)}`);
}

const rate = ({ messages, seconds }: Timing) => messages / seconds;
const LEAST = 0.25;

export function captureLines({ floor, capture }: CaptureResult): Line[] {
  const ratio = rate(capture) / rate(floor);
  return [
    { bench: 'capture', what: 'one bare insert behind the same server', figure: `${readable(rate(floor))}/s` },
    {
      bench: 'capture',
      what: 'a drive logged by the form in Slack',
      figure: `${readable(rate(capture))}/s`,
      compared: `${readable(ratio)} x the bare insert`,
      target: `${LEAST} x`,
      ...atLeast(ratio, LEAST),
    },
  ];
}
