import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { ANNA, openStage, SOFIA, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.toMonday();
}, 30_000);
afterAll(() => stage.close());

test('where the page was not built there is the status page', async () => {
  const response = await fetch(`${stage.origin}/`);
  expect(await response.text()).toContain('Everything is running.');
});

describe('a page', () => {
  test('gets everything first', async () => {
    const page = await stage.follow();
    const [first] = page.patches;
    expect(first?.fresh).toBe(true);
    expect(page.shown.one('scene')).toMatchObject({
      business: 'Nordic Motors',
      workspace: 'Nordic Motors',
      zone: 'Europe/Stockholm',
      language: 'sv',
      canReset: false,
      senders: { sms: '+46701740600', whatsapp: '+46701740601' },
    });
    expect(page.shown.one('scene')?.commands).toContainEqual({
      name: '/drive',
      summary: 'Log a test drive and start the follow-up.',
      usage: '[name] [mobile] [car]',
    });
    expect(page.shown.one('scene')?.shortcuts).toContainEqual({ callbackId: 'log_drive', name: 'Log drive' });
    expect(page.shown.one('user', SOFIA)).toMatchObject({
      realName: 'Sofia Lindqvist',
      role: 'salesperson',
      kind: 'member',
    });
    expect(page.shown.one('user', 'U0ADMIN')).toMatchObject({ role: 'admin' });
    expect(page.shown.one('user', 'U0GUEST')).toMatchObject({ role: null, kind: 'guest' });
    expect(page.shown.one('user', 'U0STRANGER')).toMatchObject({ role: null, kind: 'outsider' });
    expect(page.shown.one('user', 'U0LEADBOT')).toMatchObject({ role: null, kind: 'bot' });
    expect(page.shown.one('channel', 'D0SOFIA')).toMatchObject({ kind: 'im', userId: SOFIA });
    expect(page.shown.one('mischief')).toEqual({ on: [] });
    page.leave();
  });

  test('then only what changes, as it happens on both sides', async () => {
    const page = await stage.follow();
    await stage.drive();
    await page.until('day 0 on the phone', (shown) => shown.texts(ANNA)[0]?.status === 'delivered');
    const lead = await page.until('day 0 in the timeline', (shown) =>
      shown.all('lead').find(({ steps }) => steps[0]?.state === 'delivered'),
    );
    expect(lead).toMatchObject({
      name: 'Anna Karlsson',
      number: ANNA,
      car: 'BMW X5',
      owner: 'Sofia Lindqvist',
      state: 'active',
    });
    expect(lead.steps.map(({ label, state }) => `${label} ${state}`)).toEqual([
      'Day 0 delivered',
      'Day 2 scheduled',
      'Day 7 scheduled',
      'Day 14 scheduled',
    ]);
    expect(lead.steps[0]?.words).toMatch(/^delivered Mon \d+ \w{3} 10:3\d by WhatsApp$/);
    expect(lead.steps[0]?.attempts).toEqual([]);
    await page.until('the card', (shown) =>
      shown.all('message', 'D0SOFIA').find(({ text }) => text.includes('1 of 3')),
    );

    const later = page.patches.slice(1);
    expect(later.every((patch) => !patch.fresh)).toBe(true);
    const keys = later.flatMap((patch) => Object.keys(patch.put));
    expect(keys).not.toContain('scene');
    expect(keys).not.toContain('channel/C0GENERAL');
    const afresh = await stage.state();
    expect(afresh.lead('Anna Karlsson')).toEqual(page.shown.lead('Anna Karlsson'));
    expect(afresh.texts(ANNA)).toEqual(page.shown.texts(ANNA));
    const keysOf = ({ entries }: typeof afresh) => [...entries.keys()].sort().join();
    await until(async () => keysOf(await stage.state()) === keysOf(page.shown), 'the same as for who comes now');
    page.leave();
  });

  test('hears of an act before the act is answered', async () => {
    const page = await stage.follow();
    await stage.act({ act: 'customer', number: '+46701740699', name: 'Nora' });
    await page.until('Nora', (shown) => shown.one('customer', '+46701740699'));
    expect((await stage.state()).one('customer', '+46701740699')).toEqual({
      number: '+46701740699',
      name: 'Nora',
      zone: null,
      language: null,
      email: null,
      windowUntil: null,
      optedOut: false,
      mischief: [],
    });
    page.leave();
  });

  test('is one of several that see the same', async () => {
    const pages = await Promise.all([stage.follow(), stage.follow(), stage.follow()]);
    await stage.act({ act: 'say', user: SOFIA, channel: 'C0GENERAL', text: 'Lunch?' });
    for (const page of pages) {
      await page.until('lunch', (shown) => shown.all('message', 'C0GENERAL').some(({ text }) => text === 'Lunch?'));
    }
    for (const page of pages) page.leave();
  });

  test('does not keep the product from ending', async () => {
    const other = await openStage();
    const page = await other.follow();
    const since = performance.now();
    const closing = other.close();
    await page.ended;
    expect(performance.now() - since).toBeLessThan(4500); // a request that does not end is waited for for five seconds
    await closing;
  }, 30_000);
});
