import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/*
 * `npm run demo`: plays the main job against a running demo and shows both sides of the chat in the terminal. It talks
 * to the stand-ins as a person would; everything it shows was sent by the product.
 */

const origin = process.env.PUBLIC_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`;
const SOFIA = 'U0SOFIA';
const ANNA = '+46701740650';
const LARS = '+46701740651';

const phones = z.object({
  messages: z.array(
    z.object({ channel: z.string(), from: z.string(), to: z.string(), body: z.string(), direction: z.string() }),
  ),
});
const slack = z.object({
  channels: z.array(
    z.object({
      name: z.string(),
      messages: z.array(z.object({ ts: z.string(), thread: z.string().nullable(), text: z.string() })),
    }),
  ),
});
const submitted = z.object({ errors: z.record(z.string(), z.string()) });
const time = z.object({ now: z.string() });

const say = (text: string) => process.stdout.write(`${text}\n`);
const title = (text: string) => say(`\n\u001b[1m${text}\u001b[0m`);
const quote = (who: string, text: string) =>
  say(`  ${who.padEnd(22)} ${text.split('\n').join(`\n  ${''.padEnd(22)} `)}`);

async function call<T extends z.ZodType>(path: string, schema: T, body?: object): Promise<z.infer<T>> {
  const init = body
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : {};
  const response = await fetch(origin + path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return schema.parse(await response.json());
}

let shown = 0;

/** Shows what has come to and from the phones since the last look, after waiting for `count` of it. */
async function phone(count = 1): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { messages } = await call('/sandbox/phones', phones);
    if (messages.length >= shown + count || tries === 99) {
      for (const message of messages.slice(shown)) {
        const inbound = message.direction === 'inbound';
        quote(
          `${inbound ? 'customer' : 'to customer'} (${message.channel === 'sms' ? 'SMS' : 'WhatsApp'})`,
          message.body,
        );
      }
      shown = messages.length;
      return;
    }
    await pause(100);
  }
}

async function inSlack(contains: RegExp): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { channels } = await call(`/sandbox/slack?user=${SOFIA}`, slack);
    const messages = channels.find((channel) => channel.name === 'Messages')?.messages ?? [];
    const found = [...messages].reverse().find((message) => contains.test(message.text));
    if (found) {
      quote("Sofia's Slack", found.text);
      return;
    }
    await pause(100);
  }
  throw new Error(`Sofia never saw ${contains}`);
}

async function drive(name: string, mobile: string, car: string): Promise<void> {
  say(`  Sofia types            /drive ${name} ${mobile} ${car}`);
  await call('/sandbox/slack/command', z.unknown(), {
    user: SOFIA,
    command: '/drive',
    text: `${name} ${mobile} ${car}`,
  });
  const { errors } = await call('/sandbox/slack/submit', submitted, { user: SOFIA, values: { consent: true } });
  for (const [field, error] of Object.entries(errors)) say(`  ${field}: ${error}`);
}

async function turn(duration: string): Promise<void> {
  const { now } = await call('/sandbox/clock', time, { advance: duration });
  say(`  the clock now says     ${now}`);
}

async function main(): Promise<void> {
  shown = (await call('/sandbox/phones', phones)).messages.length;
  title('1. A salesperson logs a test drive');
  await drive('Anna Karlsson', ANNA, 'BMW X5');
  title('2. Day 0 (tomorrow morning when it is late)');
  await turn('PT14H');
  await phone();
  title('3. Two days later');
  await turn('P2D');
  await phone();
  title('4. Anna answers: the follow-up stops, Sofia hears of it');
  await call('/sandbox/phones', z.unknown(), { from: ANNA, channel: 'whatsapp', body: 'Hej! Finns den fortfarande?' });
  await phone();
  await inSlack(/Finns den fortfarande/);
  title('5. Twelve days later: nothing more was sent');
  await turn('P12D');
  await phone(0);
  title('6. Another customer asks to be left alone, in plain words');
  await drive('Lars Olsson', LARS, 'Volvo XC60');
  await turn('PT14H');
  await phone();
  await call('/sandbox/phones', z.unknown(), { from: LARS, channel: 'whatsapp', body: 'snälla sluta skriva till mig' });
  await phone(2);
  await inSlack(/Stopped for good/);
  await turn('P14D');
  await phone(0);
  say(`\nThat was the main job. Look at the status page: ${origin}`);
}

main().catch((error: unknown) => {
  const refused = error instanceof TypeError;
  process.stderr.write(
    refused ? `Nothing answers at ${origin}. Start the demo first: npm start\n` : `${(error as Error).message}\n`,
  );
  process.exitCode = 1;
});
