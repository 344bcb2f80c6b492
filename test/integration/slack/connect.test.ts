import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TwilioConfig } from '../../../src/config.ts';
import type { OwnGateways } from '../../../src/messaging/index.ts';
import { createMailStandIn, type MailStandIn } from '../../../src/sandbox/mail/index.ts';
import { createVendors } from '../../../src/vendors.ts';
import { letter } from '../../support/mail.ts';
import { awayFromMidnight } from '../../support/midnight.ts';
import { SINCH, startSinch, type TestSinch } from '../../support/sinch.ts';
import { U_ADMIN, U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge, until } from '../../support/slack-edge.ts';
import { ACCOUNT_SID, AUTH_TOKEN, outgoing, startTwilio, type TestTwilio } from '../../support/twilio.ts';

const MAILBOX = 'sales@nordic.example';

let sinch: TestSinch;
let twilio: TestTwilio;
let mail: MailStandIn;
let mailUrls: { smtpUrl: string; imapUrl: string };
let world: TestEdge;
let vendors: ReturnType<typeof createVendors>;
let platformTwilio: { apiUrl: string } & Omit<TwilioConfig, 'apiUrl'>;
beforeAll(async () => {
  [sinch, twilio] = await Promise.all([startSinch(), startTwilio()]);
  mail = createMailStandIn({ sender: MAILBOX });
  mailUrls = await mail.start();
  const platform = { accountSid: 'ACplatform', authToken: 'other', smsFrom: undefined, whatsappFrom: undefined };
  platformTwilio = { ...platform, messagingServiceSid: undefined, apiUrl: twilio.url };
  vendors = createVendors({
    twilio: platformTwilio,
    sinch: { ...SINCH, appId: 'platform', apiUrl: sinch.url },
    mail: undefined,
    httpTimeoutMs: 1000,
    clock: { machine: Date.now, now: () => new Date() },
    local: true,
  });
  const own = vendors.own(
    async () => {},
    () => {},
  );
  world = await startEdge({ own: withNames(own) });
  await world.tenant();
});
afterAll(async () => {
  await world.stop();
  await world.rooms.gateways.close();
  await vendors.close();
  await Promise.all([sinch.stop(), twilio.stop(), mail.stop()]);
});

/** Finds mail servers by the names that are entered, as the internet's name servers would. */
const withNames = (own: OwnGateways): OwnGateways => ({
  ...own,
  connect({ secrets, ...credential }) {
    const at = (entered: string | undefined, there: string) => {
      const url = new URL(entered ?? 'none:');
      return there.replace(/\/\/[^@]+@/, `//${url.username}:${url.password}@`);
    };
    if (credential.vendor !== 'mail') return own.connect({ ...credential, secrets });
    const found = {
      smtpUrl: at(secrets.smtpUrl, mailUrls.smtpUrl),
      imapUrl: at(secrets.imapUrl, mailUrls.imapUrl),
    };
    return own.connect({ ...credential, secrets: { ...secrets, ...found } });
  },
});

async function channels(user = U_ADMIN) {
  const { shown } = await world.slack.slash(user, '/rescue', 'channels');
  if (!shown) throw new Error('nothing was shown');
  return shown;
}
const open = async (button: string) =>
  (await world.slack.click(U_ADMIN, { message: await channels() }, button)).modal();
const submit = async (button: string, values: Record<string, string>) =>
  world.slack.submit(U_ADMIN, await open(button), values);
const wrongIn = (answer: { errors?: unknown }) => JSON.stringify(answer.errors);
/** The fields at which something is told, by their names in the form. */
const wrongAt = (answer: { errors?: object }) => Object.keys(answer.errors ?? {});
const accountOf = async (sender: string) => {
  const { id } = await world.tenant();
  const found = (await world.rooms.channels.states(id)).find(({ account }) => account.sender === sender);
  if (!found) throw new Error(`${sender} is not connected`);
  return found.account;
};
const gatewayOf = async (sender: string) => {
  const gateway = await world.rooms.gateways.of(await accountOf(sender));
  if (!gateway) throw new Error(`nobody carries what ${sender} sends`);
  return gateway;
};
const PEOPLE = 'New people WhatsApp takes in 24 hours';

test('an admin connects Sinch by a form that says what is wrong before anything is kept', async () => {
  const right = {
    'Project ID': SINCH.projectId,
    'App ID': SINCH.appId,
    'Access key: ID': SINCH.keyId,
    'Access key: secret': SINCH.keySecret,
    'Secret of the webhook': SINCH.webhookSecret,
    'Number for SMS': '+46700000077',
  };
  const half = await submit('Connect Sinch', { ...right, 'Number for SMS': '0700' });
  expect(wrongIn(half)).toContain('Write it like +46700000001.');
  const wrong = await submit('Connect Sinch', { ...right, 'Access key: secret': 'wrong' });
  expect(wrongIn(wrong)).toContain('Sinch did not accept our account.');
  expect((await channels()).text).not.toContain('Sinch');

  expect((await submit('Connect Sinch', right)).closed).toBe(true);
  expect((await channels()).text).toMatch(/\*SMS\* from \+46700000077 \(Sinch\).*your own\n✓ works/);
});

test('Twilio, with what WhatsApp allows its numbers', async () => {
  const right = {
    'Account SID': ACCOUNT_SID,
    'Auth token': AUTH_TOKEN,
    'Number for WhatsApp': '+46700000088',
    [PEOPLE]: '1000',
  };
  const half = await submit('Connect Twilio', { ...right, 'Account SID': 'SK123', 'Number for WhatsApp': '' });
  expect(wrongIn(half)).toContain('It starts with AC.');
  expect(wrongIn(half)).toContain('Name a number for SMS, for WhatsApp, or both.');
  const wrong = await submit('Connect Twilio', { ...right, 'Auth token': 'wrong' });
  expect(wrongIn(wrong)).toContain('Twilio did not accept our account.');
  expect(wrongAt(wrong)).toEqual(['authToken']);
  expect((await channels()).text).not.toContain('+46700000088');

  expect((await submit('Connect Twilio', right)).closed).toBe(true);
  expect((await channels()).text).toMatch(
    /\*WhatsApp\* from \+46700000088 \(Twilio\).*your own\n✓ works\nnew people in 24 hours: 0 of 1,000 \(0 % used\)/,
  );
});

test('a token that Twilio has replaced is entered anew, and used at once', async () => {
  const other = await startTwilio({ authToken: 'another-token' });
  const before = platformTwilio.apiUrl;
  platformTwilio.apiUrl = other.url;
  try {
    const form = (token: string) => ({
      'Account SID': ACCOUNT_SID,
      'Auth token': token,
      'Number for WhatsApp': '+46700000088',
    });
    const stale = await submit('Connect Twilio', form(AUTH_TOKEN));
    expect(wrongAt(stale)).toEqual(['authToken']);
    expect((await submit('Connect Twilio', form('another-token'))).closed).toBe(true);
    const message = { ...outgoing(), channel: 'whatsapp', from: '+46700000088' } as const;
    expect(await (await gatewayOf('+46700000088')).send(message, Date.now() + 2000)).toMatchObject({
      kind: 'accepted',
    });
  } finally {
    platformTwilio.apiUrl = before;
    await other.stop();
  }
});

test('a mailbox, by the names of its servers', async () => {
  const [, user = '', password = ''] = /\/\/([^:]+):([^@]+)@/.exec(mailUrls.imapUrl) ?? [];
  const servers = (secret: string) => ({
    Mailbox: MAILBOX,
    'Server for sending': `smtps://${user}:${secret}@mail.nordic.example:465`,
    'Server for reading': `imaps://${user}:${secret}@mail.nordic.example:993`,
  });
  const half = await submit('Connect e-mail', { ...servers(password), Mailbox: 'sales' });
  expect(wrongIn(half)).toContain('Write it like hello@example.com.');
  const inside = await submit('Connect e-mail', { ...servers(password), 'Server for sending': mailUrls.smtpUrl });
  expect(wrongIn(inside)).toContain('Name the server as the internet knows it.');
  const wrong = await submit('Connect e-mail', servers('wrong'));
  expect(wrong.closed).not.toBe(true);
  const oneWrong = { ...servers(password), 'Server for sending': servers('wrong')['Server for sending'] };
  const sending = await submit('Connect e-mail', oneWrong);
  expect(wrongAt(sending)).toEqual(['smtpUrl']);
  expect(wrongIn(sending)).toContain('The server for sending does not accept this user and password.');
  expect((await channels()).text).not.toContain(MAILBOX);

  expect((await submit('Connect e-mail', servers(password))).closed).toBe(true);
  expect((await channels()).text).toMatch(
    /\*E-mail\* from sales@nordic\.example \(a mail server\).*your own\n✓ works\nmessages today: 0 of 5,000/,
  );

  // its people set another password: what was entered is no good any more, the new one is used at once
  const moved = createMailStandIn({ sender: MAILBOX });
  mailUrls = await moved.start();
  try {
    const [, , changed = ''] = /\/\/([^:]+):([^@]+)@/.exec(mailUrls.imapUrl) ?? [];
    expect((await submit('Connect e-mail', servers(password))).closed).not.toBe(true);
    expect((await submit('Connect e-mail', servers(changed))).closed).toBe(true);
    const gateway = await gatewayOf(MAILBOX);
    expect(await gateway.send({ ...letter(), from: MAILBOX }, Date.now() + 2000)).toMatchObject({ kind: 'accepted' });
    expect(moved.letters).toHaveLength(1);

    // and tried with a letter to whoever wants to see one
    const pressed = { text: 'Test: write to me', value: (await accountOf(MAILBOX)).id };
    const form = async () => (await world.slack.click(U_ADMIN, { message: await channels() }, pressed)).modal();
    expect(wrongAt(await world.slack.submit(U_ADMIN, await form(), { 'Your mailbox': 'erik' }))).toEqual(['to']);
    await world.slack.submit(U_ADMIN, await form(), { 'Your mailbox': 'erik@nordic.example' });
    await until(() => moved.letters.length === 2);
    expect(moved.letters.at(-1)?.mailbox).toBe('erik@nordic.example');
    await gateway.close?.();
  } finally {
    await moved.stop();
  }
});

test('a limit and a price can be set, and the sums follow', async () => {
  await awayFromMidnight();
  const shown = await channels();
  const { id } = await world.tenant();
  const own = (await world.rooms.channels.states(id)).find(({ account }) => account.sender === '+46700000077');
  await world.db.system.query(
    `insert into account_days (tenant_id, account_id, day, messages, parts)
     select $1, $2, (clock_timestamp() at time zone 'utc')::date - d, 10, 15 from unnest(array[0, 3, 9]) d`,
    [id, own?.account.id],
  );
  expect((await channels()).text).toContain('you sent today: 10 · in 7 days: 20 · no price is known');

  const pressed = { text: 'Limits and price', value: own?.account.id ?? '' };
  const form = async () => (await world.slack.click(U_ADMIN, { message: shown }, pressed)).modal();
  const odd = await world.slack.submit(U_ADMIN, await form(), {
    'Price of one part of a text': 'cheap',
    Currency: 'SEK',
  });
  expect(wrongIn(odd)).toContain('Write a figure like 0.45');
  const money = await world.slack.submit(U_ADMIN, await form(), {
    'Price of one part of a text': '0,5',
    Currency: 'XXQ',
  });
  expect(wrongIn(money)).toContain('Write it like SEK.');
  const fast = await world.slack.submit(U_ADMIN, await form(), { 'Messages a second': '900' });
  expect(wrongIn(fast)).toContain('Write a figure between 0.1 and 500.');
  const entered = { 'Price of one part of a text': '0,5', Currency: 'sek' };
  const look = await world.slack.submit(U_ADMIN, await form(), entered);
  expect(JSON.stringify(look.view?.view.blocks)).toContain('as the gateway says → *0.5 SEK*');
  expect((await channels()).text).toContain('no price is known');
  await world.slack.submit(U_ADMIN, look.view ?? (await form()), {});
  // of this very sender, whichever comes first
  const faster = await world.slack.submit(U_ADMIN, await form(), { 'Messages a second': '7,5' });
  await world.slack.submit(U_ADMIN, faster.view ?? (await form()), {});
  expect((await accountOf('+46700000077')).rate).toBe(7.5);
  expect((await accountOf('+46700000088')).rate).not.toBe(7.5);
  // by parts, of which a long text has several
  expect((await channels()).text).toMatch(
    /you sent today: 10, about SEK\s7\.50 · in 7 days: 20, about SEK\s15\.00 · SEK\s0\.50 a part of a text, as entered here/,
  );
});

test('a price that somebody else has changed meanwhile is not written over', async () => {
  const { id } = await world.tenant();
  const own = (await world.rooms.channels.states(id)).find(({ account }) => account.sender === '+46700000077');
  const pressed = { text: 'Limits and price', value: own?.account.id ?? '' };
  const form = await (await world.slack.click(U_ADMIN, { message: await channels() }, pressed)).modal();
  const look = await world.slack.submit(U_ADMIN, form, { 'Price of one part of a text': '0.7', Currency: 'SEK' });
  const admin = await world.staff(U_ADMIN);
  await world.rooms.channels.terms(admin, own?.account.id ?? '', { price: { amount: 0.6, currency: 'SEK' } });
  await world.slack.submit(U_ADMIN, look.view ?? form, {});
  const events = await world.db.system.query<{ data: object }>(
    `select data from events where type = 'sender.changed' and data->>'what' = 'priced' order by id`,
  );
  expect(events.map(({ data }) => data)).toMatchObject([
    { from: null, to: '0.5 SEK' },
    { from: '0.5 SEK', to: '0.6 SEK' },
  ]);
});

test('one that is removed is shown no more, and what waits goes another way', async () => {
  const { id } = await world.tenant();
  await world.slack.click(U_ADMIN, { message: await channels() }, 'Remove'); // the first one: the mailbox
  const told = () => world.slack.ephemerals(U_ADMIN).at(-1)?.text ?? '';
  await until(() => told().includes('let its webhook stand for some weeks'));
  expect(told()).toContain(`Senders: e-mail: ${MAILBOX} by a mail server`);
  const senders = (await world.rooms.channels.states(id)).map(({ account }) => account.sender);
  expect(senders).not.toContain(MAILBOX);
  expect(await world.rooms.channels.states(id)).toHaveLength(4);
});

test('who is no manager sees nothing of it', async () => {
  expect((await channels(U_SOFIA)).text).toMatch(/^Only managers and admins can do this\./);
});
