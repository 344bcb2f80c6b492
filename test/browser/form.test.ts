import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Form } from '../../src/tenants/index.ts';
import { openEdge, type TestEdge } from '../integration/http/open-edge.ts';
import { findChromium, NO_BROWSER, openBrowser } from '../support/browser.ts';

jest.setTimeout(60_000); // two cores, shared with the other tests

/** A small phone, held upright. */
const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  javaScriptEnabled: false,
  locale: 'en-US',
};
/** What can be filled in or pressed: its name, and how tall it is for a thumb; a box is ticked by its label as well. */
const CONTROLS = `[...document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea, button)')]
  .filter((each) => each.tabIndex >= 0)
  .map((each) => ({
    id: each.id || each.name || each.type,
    named: each.tagName === 'BUTTON' || each.labels.length > 0,
    tall: (each.type === 'checkbox' ? each.labels[0] : each).getBoundingClientRect().height,
  }))`;

const chromium = process.env.SKIP_BROWSER === '1' ? undefined : findChromium();

if (chromium === undefined) {
  test('no browser on this machine: the form is not looked at', () => {
    if (process.env.CI && process.env.SKIP_BROWSER !== '1') throw new Error(NO_BROWSER);
    process.stderr.write(`${NO_BROWSER}\n`);
    expect(chromium).toBeUndefined();
  });
} else {
  describe('the page of a form, in a browser', () => {
    let edge: TestEdge;
    let browser: Browser;
    let form: Form;
    let ahead = 0;
    beforeAll(async () => {
      edge = await openEdge(({ clock }) => ({ clock: { now: clock.now, machine: () => clock.machine() + ahead } }));
      const boss = await edge.world.hire('Maria Berg', 'admin');
      ({ form } = await edge.world.rooms.forms.make(boss, { name: 'Website', playbook: 'corporate-travel' }));
      browser = await openBrowser(chromium);
    });
    afterAll(async () => {
      await browser?.close();
      await edge?.close();
    });

    async function visit(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
      const context = await browser.newContext(options);
      try {
        const page = await context.newPage();
        await page.goto(`${edge.origin}/f/${form.slug}`);
        await look(page);
      } finally {
        await context.close();
      }
    }
    test('on a phone, without JavaScript: what is wrong is told at its field, and what is right says thanks', async () => {
      await visit(PHONE, async (page) => {
        const tooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
        expect(await page.evaluate(tooWide)).toBe(false);
        await page.getByRole('textbox', { name: 'Your name' }).fill('Nora Berg');
        await page.getByRole('textbox', { name: 'E-mail' }).fill('nora@acme');
        ahead += 60_000; // people take their time, machines do not
        await page.getByRole('main').getByRole('button').click();

        const summary = page.getByRole('alert');
        await summary.waitFor();
        const mailbox = page.getByRole('textbox', { name: 'E-mail' });
        expect(await mailbox.getAttribute('aria-invalid')).toBe('true');
        const described = (await mailbox.getAttribute('aria-describedby')) ?? '';
        const told = await page.locator(`#${described.split(' ').at(-1)}`).innerText();
        expect(await summary.innerText()).toContain(told);
        expect(await page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Nora Berg');
        expect(await page.evaluate(tooWide)).toBe(false);

        await mailbox.fill('nora@acme.io');
        await page.getByRole('main').getByRole('button').click();
        await page.waitForURL(/\/thanks/);
        expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Nordic Motors');
        expect(await edge.value('select count(*)::int from leads')).toBe(1);
      });
    });

    test('everything has a name for a screen reader, is large enough for a thumb, and is reached in order', async () => {
      await visit({ ...PHONE, javaScriptEnabled: true }, async (page) => {
        const facts = await page.evaluate<{ id: string; named: boolean; tall: number }[]>(CONTROLS);
        expect(facts.length).toBeGreaterThan(8);
        expect(facts.filter(({ named, tall }) => !named || tall < 40)).toEqual([]);
        const order: unknown[] = [];
        for (let at = 0; at < facts.length; at++) {
          await page.keyboard.press('Tab');
          order.push(
            await page.evaluate(
              'document.activeElement.id || document.activeElement.name || document.activeElement.type',
            ),
          );
        }
        expect(order).toEqual(facts.map(({ id }) => id));
      });
    });
  });
}
