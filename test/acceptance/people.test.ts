import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { ANDERS, ERIK, GUEST, MARIA, openShop, type Shop, SOFIA, STRANGER } from './shop.ts';
import { asText, buttonsOf, labelOf, wordsOf } from './slack-words.ts';

jest.setTimeout(60_000); // another program is started and waited for

let shop: Shop;
/** Whoever was first. */
let admin = '';
beforeAll(async () => {
  shop = await openShop();
  await shop.toMonday();
}, 120_000); // it may be the first to build
afterAll(() => shop?.close());

describe('the first to run /rescue becomes the admin', () => {
  test('not a guest, and nobody from another company', async () => {
    for (const user of [GUEST, STRANGER]) {
      expect((await shop.slack.slash(user, '/rescue')).words).toContain('no role');
    }
  });

  test('and only one, when several come at once', async () => {
    const all = [ANDERS, SOFIA, ERIK, MARIA];
    const heard = await Promise.all(all.map((user) => shop.slack.slash(user, '/rescue')));
    const first = all.filter((_user, index) => /you are the first/i.test(heard[index]?.words ?? ''));
    expect(first).toHaveLength(1);
    admin = first[0] ?? '';
    for (const user of all) {
      const { words } = await shop.slack.slash(user, '/rescue');
      expect(words).toContain(user === admin ? 'You are admin' : 'You are salesperson');
    }
  });
});

describe('roles', () => {
  /** Opens the form behind `/rescue people` and changes a role. */
  async function change(by: string, whom: string, role: string) {
    const before = shop.slack.whispersTo(by).length;
    const heard = await shop.slack.slash(by, '/rescue', 'people');
    const where = { user: by, text: '', blocks: heard.blocks, replaces: false };
    shop.slack.views.clear();
    await shop.slack.press(by, where, 'Change a role');
    await shop.slack.opens(by, 'Who');
    const { errors } = await shop.slack.submit(by, { Who: whom, Role: role });
    if (Object.keys(errors).length === 0)
      await until(() => shop.slack.whispersTo(by).length > before || shop.slack.direct(by).at(-1), 'the news');
    return errors;
  }

  test('are seen by all and changed by admins', async () => {
    const [other = ''] = [ANDERS, SOFIA, ERIK, MARIA].filter((user) => user !== admin);
    const { words, blocks } = await shop.slack.slash(other, '/rescue', 'people');
    expect(words).toMatch(/Admins|Only/);
    expect(buttonsOf(blocks).map(labelOf)).not.toContain('Change a role');
  });

  test('an admin makes an admin and a manager, who hear of it', async () => {
    if (admin !== ANDERS) expect(await change(admin, ANDERS, 'Admin')).toEqual({});
    for (const user of [SOFIA, ERIK]) if (user === admin) expect(await change(ANDERS, user, 'Salesperson')).toEqual({});
    expect(await change(ANDERS, MARIA, 'Manager')).toEqual({});
    await shop.slack.finds(MARIA, 'You are manager');
    expect((await shop.slack.slash(MARIA, '/rescue')).words).toContain('You are manager');
    admin = ANDERS;
  });

  test('a guest gets none', async () => {
    expect(Object.keys(await change(admin, GUEST, 'Manager'))).toEqual(['Who']);
  });

  test('the last admin stays', async () => {
    expect(Object.values(await change(admin, ANDERS, 'Salesperson')).join()).toMatch(/admin/i);
    expect((await shop.slack.slash(ANDERS, '/rescue')).words).toContain('You are admin');
  });

  test('a form that an admin opened is of no use to a salesperson', async () => {
    const heard = await shop.slack.slash(admin, '/rescue', 'people');
    const where = { user: admin, text: '', blocks: heard.blocks, replaces: false };
    await shop.slack.press(admin, where, 'Change a role');
    const view = await shop.slack.opens(admin, 'Who');
    await shop.slack.submit(ERIK, { Who: ERIK, Role: 'Admin' }, view);
    expect((await shop.slack.slash(ERIK, '/rescue')).words).toContain('You are salesperson');
  });

  test('a wrong word gets a helpful answer, a forbidden one says who may', async () => {
    expect((await shop.slack.slash(ERIK, '/rescue', 'poeple')).words).toContain('/rescue people');
    expect((await shop.slack.slash(ERIK, '/rescue', 'terms https://example.com/terms')).words).toMatch(/only admins/i);
    expect((await shop.slack.slash(ERIK, '/invoice')).words).toContain('/rescue help');
    expect((await shop.slack.slash(ERIK, '/rescue', 'help')).words).toContain('/drive');
  });
});

describe('who sees which lead', () => {
  beforeAll(async () => {
    await shop.drive(SOFIA, { Customer: 'Anna Karlsson', Mobile: '0701740650', Car: 'BMW X5' });
    await shop.drive(ERIK, { Customer: 'Lars Ångström', Mobile: '0701740651', Car: 'Volvo XC60' });
    await shop.carrier.reaches('+46701740651', 1);
  });

  const list = async (user: string, command: string, text = '') => (await shop.slack.slash(user, command, text)).words;

  test('a salesperson lists and finds the own ones', async () => {
    for (const words of [
      await list(SOFIA, '/leads'),
      await list(SOFIA, '/lead', 'anna'),
      await list(SOFIA, '/leads', 'bmw'),
    ]) {
      expect(words).toContain('Anna Karlsson');
      expect(words).not.toContain('Lars');
    }
    expect(await list(SOFIA, '/lead', 'lars')).toContain('Nobody found');
    expect(await list(SOFIA, '/lead', '0701740651')).toContain('Nobody found');
  });

  test('a manager those of all, by name, accent or not, car, number or mailbox', async () => {
    expect(await list(MARIA, '/leads')).toMatch(/Lars.*Anna/s);
    for (const text of ['angstrom', 'Ångström', 'xc60', '070-174 06 51', '+46701740651', 'lars volvo']) {
      expect(await list(MARIA, '/lead', text)).toContain('Lars Ångström');
    }
  });

  test("another's card and its buttons are closed to a salesperson", async () => {
    const card = await shop.slack.finds(ERIK, 'Lars Ångström', 'Day 0');
    for (const text of ['Won', 'Pause', 'Stop', 'Why?', 'Reply']) {
      const before = shop.slack.whispersTo(SOFIA).length;
      shop.slack.views.clear();
      await shop.slack.press(SOFIA, card, text);
      const said = await until(() => shop.slack.whispersTo(SOFIA)[before], `an answer to ${text}`);
      expect(said.text).toMatch(/colleague|not exist|only/i);
      expect(said.text).not.toContain('Lars');
      expect(shop.slack.modal(SOFIA)).toBeUndefined();
    }
    expect(await list(ERIK, '/lead', 'lars')).toContain('next message');
  });
});

test('what people write cannot ring a channel or forge a link', async () => {
  const name = '<!channel> <@U0ANDERS> *x*';
  await shop.drive(SOFIA, {
    Customer: name,
    Mobile: '0701740652',
    Car: '<https://evil.example|BMW> & co',
    Note: '<!here>',
  });
  await shop.carrier.reaches('+46701740652', 1);
  await shop.carrier.writes('+46701740652', 'hello <!channel> <https://evil.example|click> & bye');
  const note = await shop.slack.finds(SOFIA, 'replied', 'bye');
  await shop.slack.slash(SOFIA, '/leads');
  const shown = [
    ...shop.slack.messages,
    ...shop.slack.whispers,
    (await shop.slack.slash(SOFIA, '/lead', 'evil')).blocks,
  ];
  const all = JSON.stringify(shown);
  expect(wordsOf(note.blocks)).toContain('&lt;!channel&gt;');
  expect(all).not.toMatch(/<!channel>|<!here>|<https:\/\/evil|<@U0ANDERS>/);
});

describe('the licence photo', () => {
  const marker = randomBytes(24);
  const jpeg = Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
    marker,
    randomBytes(20_000),
    Buffer.from('ffd9', 'hex'),
  ]);

  async function nowhereInClear(): Promise<void> {
    const rows = await shop.everything();
    expect(rows).not.toContain(marker.toString('hex'));
    expect(rows).not.toContain(marker.toString('base64').slice(0, 30));
    for (const folder of [shop.dataDir, shop.build.folder]) {
      for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const where = path.join(file.parentPath, file.name);
        if (file.isFile() && !where.includes('/dist/')) expect(readFileSync(where).includes(marker)).toBe(false);
      }
    }
  }

  test('is fetched with the token, kept encrypted, and its original deleted', async () => {
    const file = shop.slack.upload(SOFIA, jpeg, 'image/jpeg');
    await shop.drive(SOFIA, { Customer: 'Berit Dahl', Mobile: '0701740653', 'Licence photo': file });
    await shop.slack.finds(SOFIA, 'Berit Dahl', 'stored encrypted, and deleted from Slack');
    const kept = shop.slack.files.get(asText(file.id));
    expect(kept?.deleted).toBe(true);
    expect(kept?.fetchedWith).toEqual([`Bearer ${shop.slack.token}`]);
    await nowhereInClear();
    expect((await shop.sql<{ n: number }>('select count(*)::int as n from assets'))[0]?.n).toBe(1);
  });

  test('where Slack does not let us delete it, the uploader is asked to', async () => {
    const file = shop.slack.upload(SOFIA, jpeg, 'image/jpeg', true);
    await shop.drive(SOFIA, { Customer: 'Cecilia Ek', Mobile: '0701740654', 'Licence photo': file });
    await shop.slack.finds(SOFIA, 'Cecilia Ek', 'for the one who sent it to delete');
    const asked = await shop.slack.finds(SOFIA, 'Delete file');
    expect(asked.text).toContain(asText(file.id));
    await nowhereInClear();
  });

  test('by a one-time link where the tenant wants that: it takes one photo, once', async () => {
    expect((await shop.slack.slash(ANDERS, '/rescue', 'photo link')).words).toContain('link');
    await shop.slack.slash(SOFIA, '/drive');
    await shop.slack.submit(SOFIA, { Customer: 'Doris Falk', Mobile: '0701740655', Car: 'Kia', Consent: true });
    const note = await shop.slack.finds(SOFIA, 'Photograph the licence of Doris Falk');
    const url = asText(buttonsOf(note.blocks)[0]?.url);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/u\/\S+$/);
    const page = await fetch(url);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toMatch(/<form[^>]+enctype="multipart\/form-data"/);
    const field = /<input[^>]+type="file"[^>]*name="([^"]+)"|<input[^>]+name="([^"]+)"[^>]*type="file"/.exec(html);
    const form = () => {
      const data = new FormData();
      data.set(field?.[1] ?? field?.[2] ?? '', new Blob([jpeg], { type: 'image/jpeg' }), 'licence.jpg');
      return data;
    };
    const text = new FormData();
    text.set(field?.[1] ?? field?.[2] ?? '', new Blob(['hello'], { type: 'image/jpeg' }), 'licence.jpg');
    expect((await fetch(url, { method: 'POST', body: text })).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(url, { method: 'POST', body: form() })).status).toBe(200);
    await shop.slack.finds(SOFIA, 'Doris Falk', 'Licence photo: stored encrypted');
    expect((await fetch(url, { method: 'POST', body: form() })).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${url.slice(0, -3)}abc`)).status).toBeGreaterThanOrEqual(400);
    await nowhereInClear();
  });
});
