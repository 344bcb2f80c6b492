import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { until } from '../support/until.ts';
import { ANDERS, openShop, type Shop, SOFIA } from './shop.ts';
import { wordsOf } from './slack-words.ts';

jest.setTimeout(60_000); // another program is started and waited for

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.toMonday();
  await shop.slack.slash(ANDERS, '/rescue');
}, 120_000); // it may be the first to build
afterAll(() => shop?.close());

/** Numbers that Sweden's regulator keeps for fiction. */
const phone = (n: number) => `+467017406${n}`;
const drive = (n: number, name: string, more = {}) => shop.drive(SOFIA, { Customer: name, Mobile: phone(n), ...more });

describe('fourteen days', () => {
  const ANNA = phone(50);

  test('day 0 leaves at once, in her language, with the way out in it', async () => {
    await shop.slack.slash(SOFIA, '/drive', `Anna Karlsson ${ANNA} BMW X5`);
    const since = Date.now();
    await shop.slack.submit(SOFIA, { Consent: true });
    const first = await shop.carrier.reaches(ANNA, 1);
    expect(first.at - since).toBeLessThan(10_000); // in a program that has just started
    expect(first).toMatchObject({ channel: 'sms', from: shop.carrier.smsFrom });
    for (const word of ['Anna', 'BMW X5', 'Nordic Motors', 'Sofia', 'STOPP', '/o/', '/terms/'])
      expect(first.body).toContain(word);
    expect(first.body).not.toMatch(/[{}]|undefined|null/);
    expect(Number(first.form.ValidityPeriod)).toBeLessThanOrEqual(900);
    expect(first.form.StatusCallback).toMatch(/\/webhooks\/twilio\/status\?message=[\w-]+&attempt=1$/);
  });

  test('its links lead to pages', async () => {
    const links = shop.carrier.to(ANNA)[0]?.body.match(/http\S+(?<![.,])/g) ?? [];
    expect(links).toHaveLength(2);
    for (const link of links) expect((await fetch(link)).status).toBe(200);
  });

  test('day 2, 7 and 14 leave at ten, nothing in between, nothing twice', async () => {
    const times: string[] = [];
    for (let day = 1; day <= 16; day++) {
      const before = shop.carrier.to(ANNA).length;
      const now = await shop.turn('P1D');
      const left = shop.carrier.to(ANNA).length - before;
      if (left > 0) times.push(`${day}:${left} ${now.getUTCDay()}`);
    }
    expect(times).toEqual(['2:1 3', '7:1 1', '14:1 1']);
    const bodies = shop.carrier.to(ANNA).map((message) => message.body);
    expect(new Set(bodies).size).toBe(4);
    for (const body of bodies) expect(body).toMatch(/STOPP/);
    const card = await shop.slack.finds(SOFIA, 'Anna Karlsson', 'Follow-up complete');
    expect(wordsOf(card.blocks)).toMatch(/Day 2 · Wed \d+ \w+(?: \d{4})? 10:00 · SMS · delivered/);
    expect(card.changes).toBeGreaterThan(0);
  });

  test('the hours are the customer’s: somebody in New York hears at ten there', async () => {
    await shop.toMonday();
    await drive(0, 'Nora Smith', { Mobile: '+1 212 555 0123' });
    const now = await shop.turn('P1D');
    const offset = (zone: string) => DateTime.fromJSDate(now, { zone }).offset;
    const behind = (offset('Europe/Stockholm') - offset('America/New_York')) / 60; // 5 h while only one has summer time
    const then = new RegExp(String.raw`Day 2\* · Wed \d+ \w+(?: \d{4})? ${10 + behind}:00`);
    const card = await shop.slack.finds(SOFIA, 'Nora Smith', then);
    expect(wordsOf(card.blocks)).toContain(`New York) is ${behind} h behind`);
    expect(shop.carrier.to('+12125550123')).toHaveLength(1);
  });
});

describe('WhatsApp', () => {
  const NEEDED = 8 * 5;

  async function templates() {
    const { words, blocks } = await shop.slack.slash(ANDERS, '/rescue', 'templates');
    return { words, where: { user: ANDERS, text: '', blocks, replaces: false } };
  }

  test('/rescue templates creates and submits them as WhatsApp wants them', async () => {
    const { words, where } = await templates();
    expect(words).toContain('not submitted');
    await shop.slack.press(ANDERS, where, `Submit ${NEEDED} for approval`);
    await until(() => shop.slack.whispersTo(ANDERS).find(({ text }) => text.includes('Submitted')), 'the news');
    expect(shop.carrier.contents).toHaveLength(NEEDED);
    expect(shop.carrier.contents.filter(({ status }) => status === 'received')).toHaveLength(NEEDED);
    for (const { body, name, category } of shop.carrier.contents) {
      expect(body.length).toBeLessThanOrEqual(1024);
      expect(body).not.toMatch(/^\s*\{\{|\}\}\s*$|\}\}\s*\{\{/);
      expect(name).toMatch(/^[a-z0-9_]{1,512}$/);
      expect(['UTILITY', 'MARKETING']).toContain(category);
    }
  });

  test('until they are approved it is SMS', async () => {
    expect((await templates()).words).toContain('waits for WhatsApp');
    await drive(51, 'Bertil Ask');
    expect(await shop.carrier.reaches(phone(51), 1)).toMatchObject({ channel: 'sms' });
  });

  test('approved, the first message is its template with the variables filled in', async () => {
    for (const content of shop.carrier.contents) content.status = 'approved';
    await shop.slack.press(ANDERS, (await templates()).where, 'Refresh');
    await until(() => shop.slack.whispersTo(ANDERS).find(({ text }) => text.includes('Asked WhatsApp')), 'the news');
    expect((await templates()).words).not.toMatch(/waits|not submitted/);
    await drive(52, 'Cecilia Dal');
    const first = await shop.carrier.reaches(phone(52), 1);
    expect(first).toMatchObject({ channel: 'whatsapp', from: shop.carrier.whatsappFrom });
    expect(first.contentSid).toMatch(/^HX/);
    expect(first.form).not.toHaveProperty('Body');
    for (const word of ['Cecilia', 'BMW X5', 'Sofia', 'STOPP', '/o/']) expect(first.body).toContain(word);
    expect(first.body).not.toMatch(/\{\{|\?\?/);
  });

  test('whoever planned by SMS before goes on by WhatsApp', async () => {
    await shop.turn('P2D');
    expect((await shop.carrier.reaches(phone(51), 2)).channel).toBe('whatsapp');
  });

  test.each([
    [60, 'refused at once: 63003', { refuse: 63003 }],
    [61, 'refused at once: 63016', { refuse: 63016 }],
    [62, 'refused at once: 63024', { refuse: 63024 }],
    [63, 'told later: 63003', { fail: 63003 }],
    [64, 'told later: 63016', { fail: 63016 }],
    [65, 'told later: 63024', { fail: 63024 }],
  ])('%i does not reach: %s, so it goes by SMS, once', async (n, _how, fate) => {
    await shop.toMonday();
    shop.carrier.fates.set(phone(n), { ...fate, channel: 'whatsapp' });
    await drive(n, 'Doris Ek');
    const sms = () => shop.carrier.to(phone(n)).filter(({ channel }) => channel === 'sms');
    const [message] = await until(() => (sms().length > 0 ? sms() : undefined), 'an SMS');
    for (const word of ['Doris', 'STOPP', '/o/']) expect(message?.body).toContain(word);
    await shop.turn('PT1H');
    expect(sms()).toHaveLength(1);
    await shop.slack.finds(SOFIA, 'Doris Ek', /Day 0 · .*SMS · delivered/);
  });

  test('silence of the gateway is no reason for a second message', async () => {
    await shop.toMonday();
    await drive(66, 'Elin Fors');
    await shop.carrier.reaches(phone(66), 1);
    await shop.turn('PT6H');
    expect(shop.carrier.to(phone(66))).toHaveLength(1);
  });

  test('blocked on WhatsApp (63033) is an opt-out, not a reason to go on by SMS', async () => {
    await shop.toMonday();
    shop.carrier.fates.set(phone(67), { fail: 63033, channel: 'whatsapp' });
    await drive(67, 'Frida Gran');
    await shop.slack.finds(SOFIA, 'Stopped for good', 'Frida Gran');
    await shop.turn('P14D');
    expect(shop.carrier.to(phone(67))).toHaveLength(1);
  });
});

describe('delivery reports', () => {
  test('only move forward, in any order and number', async () => {
    await shop.toMonday();
    await drive(70, 'Gunnel Hed');
    const message = await shop.carrier.reaches(phone(70), 1);
    await shop.carrier.quiet();
    for (const status of ['read', 'sent', 'delivered', 'queued', 'read', 'sent']) {
      expect(await shop.carrier.reports(message, status)).toMatchObject({ status: 200, body: '' });
    }
    await shop.carrier.reports(message, 'failed', 30008);
    await shop.slack.finds(SOFIA, 'Gunnel Hed', /Day 0 · .*WhatsApp · read/);
    await shop.turn('PT1H');
    expect(shop.carrier.to(phone(70))).toHaveLength(1);
    await shop.slack.finds(SOFIA, 'Gunnel Hed', /Day 0 · .*WhatsApp · read/);
  });

  test('told that it is too fast, it waits and sends once', async () => {
    await shop.toMonday();
    shop.carrier.fates.set(phone(72), { refuse: 20429, times: 2 });
    await drive(72, 'Inga Jon');
    await until(() => shop.carrier.fates.get(phone(72))?.times === 1, 'the first refusal');
    await until(async () => {
      await shop.turn('PT10S');
      return shop.carrier.to(phone(72)).length > 0;
    }, 'the message');
    await shop.turn('PT1H');
    expect(shop.carrier.to(phone(72))).toHaveLength(1);
  });

  test('a number that is none is said on the card, and not tried for ever', async () => {
    await shop.toMonday();
    shop.carrier.fates.set(phone(71), { refuse: 21211 });
    await drive(71, 'Hanna Ivar');
    await shop.slack.finds(SOFIA, 'Hanna Ivar', /not delivered|waits/);
    await shop.turn('P1D');
    expect(shop.carrier.to(phone(71))).toEqual([]);
  });
});

describe('webhooks that Twilio did not send, or not like this', () => {
  const form = () => ({
    MessageSid: 'SM1',
    AccountSid: shop.carrier.accountSid,
    From: '+46701740697',
    To: shop.carrier.smsFrom,
    Body: 'STOP',
    NumMedia: '0',
  });
  const inbound = '/webhooks/twilio/inbound';
  const rows = async () => (await shop.sql<{ n: number }>('select count(*)::int as n from webhook_log'))[0]?.n;

  test('unsigned, with another token, for another account, or altered: 403', async () => {
    const before = await rows();
    expect((await shop.carrier.post(inbound, form(), null)).status).toBe(403);
    expect((await shop.carrier.post(inbound, form(), 'guess')).status).toBe(403);
    expect((await shop.carrier.post(inbound, { ...form(), AccountSid: 'AC1' })).status).toBe(403);
    expect((await shop.carrier.post('/webhooks/twilio/status?message=x&attempt=1', form(), null)).status).toBe(403);
    expect(await rows()).toBe(before);
  });

  test('signed and yet nonsense, the wrong kind, or too large: 4xx and no effect', async () => {
    const before = await rows();
    const statuses = [
      (await shop.carrier.post(inbound, { AccountSid: shop.carrier.accountSid })).status,
      (await shop.carrier.post(inbound, { ...form(), Body: 'x'.repeat(200_000) })).status,
      (
        await shop.carrier.post('/webhooks/twilio/status?message=nonsense&attempt=1', {
          ...form(),
          MessageStatus: 'sent',
        })
      ).status,
      (
        await fetch(shop.product.origin + inbound, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
      (await fetch(shop.product.origin + inbound)).status,
    ];
    for (const status of statuses) expect(Math.floor(status / 100)).toBe(4);
    expect(await rows()).toBe(before);
  });

  test('a report about a message that is not ours is taken without an effect', async () => {
    const path = '/webhooks/twilio/status?message=01a200b0-a6d2-7e16-870f-96dfdd63ff5c&attempt=1';
    const { status } = await shop.carrier.post(path, { ...form(), MessageStatus: 'delivered' });
    expect(status).toBe(200);
  });
});

test('more workers on the same database: each step still leaves once, and one of them may be killed', async () => {
  await shop.toMonday();
  const [one, two] = await Promise.all([1, 2].map(() => shop.build.start(shop.env, { args: ['worker'] })));
  const phones = Array.from({ length: 8 }, (_, index) => phone(80 + index));
  await Promise.all(phones.map((Mobile, index) => shop.drive(SOFIA, { Customer: `Kund ${index}`, Mobile })));
  await Promise.all(phones.map((each) => shop.carrier.reaches(each, 1)));
  await shop.turn('P3D');
  await one?.end('SIGKILL');
  await shop.turn('P13D');
  expect(phones.map((each) => shop.carrier.to(each).length)).toEqual(phones.map(() => 4));
  expect(await two?.end('SIGTERM')).toMatchObject({ code: 0 });
}, 60_000);
