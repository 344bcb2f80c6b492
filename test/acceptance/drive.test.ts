import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ERIK, GUEST, openShop, type Shop, SOFIA, STRANGER } from './shop.ts';
import { asJson, asText, inputsOf, type Json, wordsOf } from './slack-words.ts';

jest.setTimeout(60_000); // another program is started and waited for

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.toMonday();
}, 120_000); // it may be the first to build
afterAll(() => shop?.close());

const ANNA = '+46701740650';

/** What the open form is filled with, by label. */
function filled(user: string): Record<string, string> {
  const view = shop.slack.modal(user);
  if (!view) throw new Error('no form');
  const shown = inputsOf(view).map(({ label, element }): [string, string] => {
    const option = asText(asJson(asJson(element.initial_option).text).text);
    return [label, asText(element.initial_value) || option];
  });
  return Object.fromEntries(shown.filter(([, value]) => value !== ''));
}

const leadsOf = async (phone: string) =>
  (await shop.sql(`select from leads l join addresses a on a.person_id = l.person_id where a.value = $1`, [phone]))
    .length;
const stored = async () => (await shop.sql<{ n: number }>('select count(*)::int as n from leads'))[0]?.n;

describe('/drive opens the form', () => {
  test('at once, with the fields of a test drive', async () => {
    await shop.slack.slash(SOFIA, '/drive'); // the first one ever asks Slack who Sofia is
    const heard = await shop.slack.slash(SOFIA, '/drive');
    expect(heard).toMatchObject({ status: 200, words: '' });
    expect(heard.ms).toBeLessThan(10_000);
    const inputs = inputsOf(shop.slack.modal(SOFIA) ?? {});
    const wanted = ['Customer', 'Mobile', 'Car', 'E-mail', 'Language', 'Licence photo', 'Consent', 'Note'];
    expect(inputs.map((input) => input.label).sort()).toEqual(wanted.sort());
    const optional = inputs.filter((input) => input.optional).map((input) => input.label);
    expect(optional.sort()).toEqual(['E-mail', 'Licence photo', 'Note']);
  });

  const full = { Customer: 'Anna Karlsson', Mobile: '+46 70 174 06 50', Car: 'BMW X5', Language: 'Svenska' };
  test.each([
    ['Anna Karlsson +46 70 174 06 50 BMW X5', full],
    ['Anna Karlsson 0701740650 BMW X5', full],
    ['Anna Karlsson 070-174 06 50, BMW X5', full],
    ['  Anna   Karlsson  0046701740650   BMW X5 ', full],
    ['Anna Karlsson <tel:+46701740650|+46 70 174 06 50> BMW X5', full],
    ['Anna Karlsson anna@example.com +46701740650 BMW X5', { ...full, 'E-mail': 'anna@example.com' }],
    [
      'Anna Karlsson <mailto:anna@example.com|anna@example.com> +46701740650 BMW X5',
      { ...full, 'E-mail': 'anna@example.com' },
    ],
    ['Anna Karlsson', { Customer: 'Anna Karlsson' }],
    ['+46 70 174 06 50', { Mobile: '+46 70 174 06 50', Language: 'Svenska' }],
    ['Hans Weiß +49 1512 3456789 Audi A4', { Customer: 'Hans Weiß', Car: 'Audi A4', Language: 'Deutsch' }],
  ])('filled in from "%s"', async (text, expected) => {
    await shop.slack.slash(SOFIA, '/drive', text);
    expect(filled(SOFIA)).toMatchObject(expected);
  });

  test('by the global shortcut and by /lead without words as well', async () => {
    shop.slack.views.clear();
    await shop.slack.shortcut(SOFIA, 'log_drive');
    await shop.slack.opens(SOFIA, 'Log a test drive');
    shop.slack.views.clear();
    await shop.slack.slash(SOFIA, '/lead');
    await shop.slack.opens(SOFIA, 'Log a lead');
  });
});

describe('what is wrong stands at its field, and nothing is kept', () => {
  const good = { Customer: 'Karin Berg', Mobile: '+46 70 174 06 51', Car: 'Volvo XC60', Consent: true };
  test.each([
    ['no consent', { Consent: false }, ['Consent']],
    ['a number too short', { Mobile: '+46 70 17' }, ['Mobile']],
    ['no number at all', { Mobile: 'call me' }, ['Mobile']],
    ['no name', { Customer: ' ' }, ['Customer']],
    ['no car', { Car: '  ' }, ['Car']],
    ['a mailbox that cannot be', { 'E-mail': 'karin@' }, ['E-mail']],
    ['several at once', { Consent: false, Mobile: '12', 'E-mail': 'x' }, ['Consent', 'E-mail', 'Mobile']],
  ])('%s', async (_what, wrong, fields) => {
    const before = await stored();
    await shop.slack.slash(SOFIA, '/drive');
    const { status, errors } = await shop.slack.submit(SOFIA, { ...good, ...wrong });
    expect(status).toBe(200);
    expect(Object.keys(errors).sort()).toEqual(fields);
    expect(await stored()).toBe(before);
    expect(shop.carrier.to('+46701740651')).toEqual([]);
  });

  test('a photo that is none, or too large', async () => {
    await shop.slack.slash(SOFIA, '/drive');
    const text = shop.slack.upload(SOFIA, Buffer.from('hello'), 'text/plain');
    const first = await shop.slack.submit(SOFIA, { ...good, 'Licence photo': text });
    expect(Object.keys(first.errors)).toEqual(['Licence photo']);
    const huge: Json = { ...shop.slack.upload(SOFIA, Buffer.from('x'), 'image/jpeg'), size: 200_000_000 };
    const second = await shop.slack.submit(SOFIA, { ...good, 'Licence photo': huge });
    expect(Object.keys(second.errors)).toEqual(['Licence photo']);
    expect(await leadsOf('+46701740651')).toBe(0);
  });
});

describe('the same customer', () => {
  test('submitted twice at once is logged once, and hears once', async () => {
    await shop.slack.slash(SOFIA, '/drive');
    const view = shop.slack.modal(SOFIA);
    const entries = { Customer: 'Anna Karlsson', Mobile: ANNA, Car: 'BMW X5', Consent: true };
    const answers = await Promise.all([1, 2, 3].map(() => shop.slack.submit(SOFIA, entries, view)));
    expect(answers.map(({ status, errors }) => ({ status, errors }))).toEqual(
      Array(3).fill({ status: 200, errors: {} }),
    );
    await shop.carrier.reaches(ANNA, 1);
    await shop.turn('PT1H');
    expect(shop.carrier.to(ANNA)).toHaveLength(1);
    expect(await leadsOf(ANNA)).toBe(1);
  });

  test('already followed up: said at the number, with a way to that lead', async () => {
    await shop.slack.slash(SOFIA, '/drive', 'Anna K 0701740650 BMW X3');
    const { errors } = await shop.slack.submit(SOFIA, { Consent: true });
    expect(errors.Mobile).toMatch(/already being followed up by you/);
    const offer = await shop.slack.finds(SOFIA, 'already being followed up', 'Open lead');
    shop.slack.views.clear();
    await shop.slack.press(SOFIA, offer, 'Open lead');
    await shop.slack.opens(SOFIA, /Anna Karlsson\* · BMW X5/);
    expect(await leadsOf(ANNA)).toBe(1);
  });

  test('of a colleague: who it was, and no way in', async () => {
    await shop.slack.slash(ERIK, '/drive', 'Anna K 0701740650 BMW X3');
    const { errors } = await shop.slack.submit(ERIK, { Consent: true });
    expect(errors.Mobile).toContain('followed up by Sofia Lindqvist');
    await shop.turn('PT0S');
    expect(wordsOf(shop.slack.direct(ERIK))).not.toContain('Open lead');
  });
});

describe('who is no member has no say', () => {
  test.each([
    ['a guest', GUEST, {}],
    ['somebody of another company', STRANGER, {}],
    ['a request from another workspace', SOFIA, { team: 'T0OTHER' }],
    ['somebody Slack does not know', 'U0NOBODY', {}],
  ])('%s', async (_who, user, place) => {
    shop.slack.views.clear();
    const before = await stored();
    for (const [command, text] of [
      ['/drive', 'Eva Ek 0701740652 Kia'],
      ['/leads', ''],
      ['/lead', 'anna'],
      ['/rescue', 'people'],
    ]) {
      const heard = await shop.slack.slash(user, command ?? '', text, place);
      expect(heard.status).toBe(200);
      expect(heard.words).toMatch(/only (salespeople|members|managers|admins)|no role|not connected/i);
      expect(heard.words).not.toMatch(/Anna|BMW/);
    }
    expect(shop.slack.modal(user)).toBeUndefined();
    expect(await stored()).toBe(before);
  });

  test('nor with a form that a member had opened', async () => {
    await shop.slack.slash(SOFIA, '/drive', 'Eva Ek 0701740652 Kia');
    const view = shop.slack.modal(SOFIA);
    await shop.slack.submit(GUEST, { Consent: true }, view);
    expect(wordsOf(shop.slack.modal(GUEST))).toMatch(/only|role/i);
    expect(await leadsOf('+46701740652')).toBe(0);
  });
});

describe('requests that Slack did not make', () => {
  const command = (text: string) => ({
    team_id: 'T0NORDIC',
    user_id: SOFIA,
    user_name: 'sofia',
    channel_id: 'D1',
    channel_name: 'directmessage',
    command: '/drive',
    text,
    trigger_id: 'x',
    response_url: 'http://127.0.0.1:9/',
    token: 'x',
  });
  const form = (text: string) => new URLSearchParams(command(text)).toString();

  test.each([
    ['unsigned', { unsigned: true }],
    ['signed with another secret', { secret: 'guess' }],
    ['an hour old', { skew: -3600 }],
    ['six minutes old', { skew: -360 }],
    ['from the future', { skew: 3600 }],
  ])('%s: 401', async (_how, forgery) => {
    const opened = () => shop.slack.calls.filter(({ method }) => method === 'views.open').length;
    const before = opened();
    const { status, body } = await shop.slack.carry({}, form('Eva'), forgery);
    expect({ status, body }).toEqual({ status: 401, body: '' });
    expect(opened()).toBe(before);
  });

  test.each([
    ['no JSON in the payload', 'payload=%7Bnope', 'application/x-www-form-urlencoded'],
    [
      'a payload of no known type',
      `payload=${encodeURIComponent('{"type":"dance"}')}`,
      'application/x-www-form-urlencoded',
    ],
    ['broken JSON', '{"type":', 'application/json'],
    ['nothing', '', 'application/json'],
    ['an image', '\u0089PNG', 'image/png'],
    ['too much', `payload=${'x'.repeat(5_000_000)}`, 'application/x-www-form-urlencoded'],
  ])('%s: 4xx', async (_what, body, contentType) => {
    const { status } = await shop.slack.carry({}, body, { contentType });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test('a request sent again word for word has one effect', async () => {
    const before = shop.slack.whispers.length;
    const fields = new URLSearchParams({ ...command(''), command: '/leads' }).toString();
    const stamped = { skew: -1 };
    const [first, second] = [await shop.slack.carry({}, fields, stamped), await shop.slack.carry({}, fields, stamped)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body).not.toBe('');
    expect(shop.slack.whispers.length).toBe(before);
  });

  test('the address is asked by Slack whether it is ours', async () => {
    const challenge = { type: 'url_verification', challenge: 'c1', token: 'x' };
    const heard = await shop.slack.carry({}, JSON.stringify(challenge), { contentType: 'application/json' });
    expect(heard.status).toBe(200);
    expect(heard.body).toContain('c1');
  });
});
