import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { wordsIn } from './slack/index.ts';
import type { Act } from './wire.ts';

/*
 * `npm run demo`: plays the main job against a running demo and shows both sides of the chat in the terminal. It acts and
 * looks as the page does; everything it shows was sent by the product.
 */

const origin = process.env.PUBLIC_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`;
const SOFIA = 'U0SOFIA';
const ANNA = '+46701740650';
const LARS = '+46701740651';

const state = z.object({ put: z.record(z.string(), z.unknown()) });
const anything = z.unknown();
const clock = z.object({ now: z.string() });
const text = z.object({ id: z.string(), channel: z.string(), direction: z.enum(['in', 'out']), body: z.string() });
const message = z.object({ text: z.string(), blocks: z.array(z.unknown()) });
const lead = z.object({ number: z.string(), steps: z.array(z.object({ state: z.string(), at: z.string() })) });
const views = z.array(z.object({ id: z.string(), errors: z.record(z.string(), z.string()) }));

const say = (words: string) => process.stdout.write(`${words}\n`);
const title = (words: string) => say(`\n\u001b[1m${words}\u001b[0m`);
const quote = (who: string, words: string) =>
  say(`  ${who.padEnd(22)} ${words.split('\n').join(`\n  ${''.padEnd(22)} `)}`);

async function call<T extends z.ZodType>(path: string, schema: T, body?: Act): Promise<z.infer<T>> {
  const init = body
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : {};
  const response = await fetch(origin + path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return schema.parse(await response.json());
}

const act = (done: Act) => call('/sandbox/act', anything, done);
const shownNow = async () => (await call('/sandbox/state', state)).put;

/** Looks until there is something; undefined after ten seconds. */
async function until<T>(look: (shown: Record<string, unknown>) => T | undefined): Promise<T | undefined> {
  for (let tries = 0; tries < 100; tries++) {
    const found = look(await shownNow());
    if (found !== undefined) return found;
    await pause(100);
  }
  return undefined;
}

function texts(shown: Record<string, unknown>) {
  return Object.entries(shown).flatMap(([key, value]) => (key.startsWith('text/') ? [text.parse(value)] : []));
}

const seen = new Set<string>();

/** Shows what has come to and from the phones since the last look, after waiting for `count` of it. */
async function phones(count = 1): Promise<void> {
  const fresh = (shown: Record<string, unknown>) => texts(shown).filter(({ id }) => !seen.has(id));
  const found = await until((shown) => (fresh(shown).length >= count ? fresh(shown) : undefined));
  for (const { id, channel, direction, body } of found ?? []) {
    seen.add(id);
    quote(`${direction === 'out' ? 'customer' : 'to customer'} (${channel === 'sms' ? 'SMS' : 'WhatsApp'})`, body);
  }
}

async function inSlack(contains: RegExp): Promise<void> {
  const found = await until((shown) => {
    const keys = Object.keys(shown).filter((key) => key.startsWith(`message/D${SOFIA.slice(1)}/`));
    const said = keys.map((key) => message.parse(shown[key]));
    const words = said.map(({ text, blocks }) => (blocks.length > 0 ? wordsIn(blocks).join('\n') : text));
    return words.reverse().find((each) => contains.test(each));
  });
  if (found === undefined) throw new Error(`Sofia never saw ${contains}`);
  quote("Sofia's Slack", found);
}

async function drive(name: string, mobile: string, car: string): Promise<void> {
  const words = `${name} ${mobile} ${car}`;
  say(`  Sofia types            /drive ${words}`);
  await act({ act: 'slash', user: SOFIA, channel: 'C0GENERAL', command: '/drive', text: words });
  const modal = (shown: Record<string, unknown>) => views.optional().parse(shown[`modal/${SOFIA}`])?.at(-1);
  const form = await until(modal);
  if (!form) throw new Error('the form did not open');
  await act({ act: 'submit', user: SOFIA, view: form.id, values: { consent: true } });
  for (const [field, error] of Object.entries(modal(await shownNow())?.errors ?? {})) say(`  ${field}: ${error}`);
}

/** Turns to when the first message to a customer is due, if it waits for the morning. */
async function toFirstMessage(mobile: string): Promise<void> {
  const first = await until((shown) => {
    const leads = Object.keys(shown).filter((key) => key.startsWith('lead/'));
    return leads.map((key) => lead.parse(shown[key])).find((each) => each.number === mobile)?.steps[0];
  });
  if (first?.state === 'scheduled') await turn({ until: first.at });
}

async function turn(to: { advance: string } | { until: string }): Promise<void> {
  await act({ act: 'turn', to });
  say(`  the clock now says     ${clock.parse((await shownNow()).clock).now}`);
}

async function main(): Promise<void> {
  for (const { id } of texts(await shownNow())) seen.add(id);
  title('1. A salesperson logs a test drive');
  await drive('Anna Karlsson', ANNA, 'BMW X5');
  title('2. Day 0 (tomorrow morning when it is late)');
  await toFirstMessage(ANNA);
  await phones();
  title('3. Two days later');
  await turn({ advance: 'P2D' });
  await phones();
  title('4. Anna answers: the follow-up stops, Sofia hears of it');
  await act({ act: 'write', number: ANNA, channel: 'whatsapp', body: 'Hej! Finns den fortfarande?' });
  await phones();
  await inSlack(/Finns den fortfarande/);
  title('5. Twelve days later: nothing more was sent');
  await turn({ advance: 'P12D' });
  await phones(0);
  title('6. Another customer asks to be left alone, in plain words');
  await drive('Lars Olsson', LARS, 'Volvo XC60');
  await toFirstMessage(LARS);
  await phones();
  await act({ act: 'write', number: LARS, channel: 'whatsapp', body: 'snälla sluta skriva till mig' });
  await phones(2);
  await inSlack(/Stopped for good/);
  await turn({ advance: 'P14D' });
  await phones(0);
  say(`\nThat was the main job. See both sides of it: ${origin}`);
}

main().catch((error: unknown) => {
  const refused = error instanceof TypeError;
  process.stderr.write(
    refused ? `Nothing answers at ${origin}. Start the demo first: npm start\n` : `${(error as Error).message}\n`,
  );
  process.exitCode = 1;
});
