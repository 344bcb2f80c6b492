import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SOFIA } from '../integration/sandbox/stage.ts';
import { findChromium, NO_BROWSER } from '../support/browser.ts';
import { linkingAPhone, slackOnAPhone } from './sandbox-phone.ts';
import { answerLate, openTheatre, say, type Theatre } from './sandbox-theatre.ts';
import { timeAndMischief } from './sandbox-time.ts';

jest.setTimeout(60_000); // two cores, shared with the other tests

const chromium = process.env.SKIP_BROWSER === '1' ? undefined : findChromium();

if (chromium === undefined) {
  test('no browser on this machine: the sandbox page is not looked at', () => {
    if (process.env.CI && process.env.SKIP_BROWSER !== '1') throw new Error(NO_BROWSER);
    process.stderr.write(`${NO_BROWSER}\n`);
    expect(chromium).toBeUndefined();
  });
} else {
  describe('the sandbox page', () => {
    let theatre: Theatre;
    /** For all who need no page of their own. */
    let page: Page;

    beforeAll(async () => {
      theatre = await openTheatre(chromium);
      await theatre.stage.toMonday();
      page = await theatre.enter();
    }, 180_000);
    afterAll(() => theatre?.close());
    afterEach(() => {
      expect(theatre?.complaints.splice(0)).toEqual([]);
    });

    test('the tour leads through the whole job, each step pressed for you', async () => {
      const guest = await theatre.enter({ welcome: true });
      await answerLate(guest);
      const coach = guest.getByRole('region', { name: 'Tour' });
      const press = (name: RegExp) => coach.getByRole('button', { name }).click();
      await guest.getByRole('button', { name: 'Show me, in three minutes' }).click();
      await press(/^Type \/drive Anna Karlsson/);
      await press(/^Tick and log it/);
      await guest.getByRole('tab', { name: 'Anna' }).waitFor();
      await press(/^Jump to day 2/);
      await press(/^Write “Hej! Finns den fortfarande/);
      await guest.getByText('Answer from Slack').waitFor();
      await guest.locator('.thread [data-action=lead_reply]').last().click();
      await press(/^Write an example/);
      await press(/^Send$/);
      // the ten seconds to think again pass by themselves too
      const next = guest.getByRole('button', { name: /Next step/ });
      await guest.getByText('Ten seconds to think again').or(coach.getByText('snälla sluta skriva')).first().waitFor();
      if (await next.isEnabled()) await next.click({ timeout: 5000 }).catch(() => undefined);
      await press(/^Write “snälla sluta skriva”/);
      await press(/^Jump to day 14/);
      await guest.getByText('Ask why').waitFor();
      await guest.locator('.view [data-action=lead_why]').last().click();
      await guest.getByRole('dialog', { name: 'Why?' }).getByText('snälla sluta skriva').waitFor();
      await guest.getByText('That was the main job').waitFor();
      await coach.getByRole('button', { name: 'Done' }).click();

      // what it has shown is so
      const lead = (await theatre.stage.state()).lead('Anna Karlsson');
      expect(lead.steps.map(({ label, state }) => [label, state])).toEqual(
        expect.arrayContaining([
          ['Day 7', 'cancelled'],
          ['Day 14', 'cancelled'],
        ]),
      );
      expect(await guest.locator('[data-mark=dropped]').count()).toBe(2);
      await guest.getByText('Opted out, stopped for good').waitFor();
      await guest.context().close();
    });

    test('the tour is left at any time, and goes on where it was, also after a reload', async () => {
      const guest = await theatre.enter({ welcome: true });
      await guest.getByRole('button', { name: 'Show me, in three minutes' }).click();
      await guest.getByRole('button', { name: /^Type \/drive/ }).click();
      await guest.getByRole('button', { name: /^Tick and log it/ }).click();
      await guest.getByText('Two days pass').waitFor();
      await guest.getByRole('button', { name: 'Leave the tour' }).click();
      await guest.reload();
      await guest.getByRole('button', { name: 'Resume tour, 3 of 8' }).click();
      await guest.getByText('Two days pass').waitFor();
      await guest.context().close();
    });

    test('a form says what is wrong at its fields, and takes what is mended, with a photo', async () => {
      const inTime = await answerLate(page);
      await say(page, '/drive Karin Ek +46 8 465 004 10 Kia EV6');
      const form = page.getByRole('dialog', { name: 'Log a test drive' });
      await form.getByRole('button', { name: 'Log drive' }).click();
      const consent = form.getByRole('group', { name: /Consent/ });
      await consent.getByRole('alert').waitFor();
      await form.getByRole('checkbox').check();
      await form.getByRole('textbox', { name: 'Mobile' }).fill('070 174 06');
      await form.getByRole('button', { name: 'Log drive' }).click();
      const mobile = form.getByRole('textbox', { name: 'Mobile' });
      await form
        .getByRole('alert')
        .filter({ hasText: /mobile|number|digit/i })
        .waitFor();
      expect(await mobile.getAttribute('aria-invalid')).toBe('true');
      expect(await form.getByRole('checkbox').isChecked()).toBe(true); // what was entered stays

      await mobile.fill('+46 70 174 06 55');
      await form.getByRole('combobox', { name: 'Language' }).press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await form.getByRole('button', { name: 'Use an example photo' }).click();
      await form.getByText('licence-example.jpg').waitFor();
      await form.getByRole('button', { name: 'Log drive' }).click();
      await form.waitFor({ state: 'detached' });
      await page.getByText('Licence photo: stored encrypted').first().waitFor();
      await inTime();
    });

    test('Escape leaves a list first and then the form; the keyboard stays inside', async () => {
      await say(page, '/drive');
      const form = page.getByRole('dialog', { name: 'Log a test drive' });
      const language = form.getByRole('combobox', { name: 'Language' });
      await language.click();
      await page.getByRole('listbox', { name: 'Language' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('listbox', { name: 'Language' }).waitFor({ state: 'detached' });
      for (let stop = 0; stop < 16; stop++) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true);
      }
      await page.keyboard.press('Escape');
      await form.waitFor({ state: 'detached' });
    });

    test('commands are offered after a slash and chosen with the keys', async () => {
      const field = page.getByRole('combobox', { name: /^Message / });
      await field.pressSequentially('/l');
      await page.getByRole('option', { name: /\/leads/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await field.inputValue()).toBe('/leads ');
      await page.keyboard.press('Enter');
      await page.getByText('Only visible to you').waitFor();
    });

    test('what happens is seen by everybody who looks, without a reload', async () => {
      const [sofia, erik] = [page, await theatre.enter()];
      await erik.getByRole('tab', { name: /^Erik/ }).click();
      const number = '+46701740656';
      await theatre.stage.drive('Nils Berg', number);
      await sofia.getByRole('tab', { name: 'Nils' }).waitFor();
      await erik.getByRole('tab', { name: 'Nils' }).waitFor();
      await erik.getByRole('tab', { name: /^Sofia Lindqvist.*unread/ }).waitFor();
      await erik.locator('.bubble.in').first().waitFor();
      await erik.getByRole('textbox', { name: 'Write as Nils' }).fill('Är den såld?');
      await erik.keyboard.press('Enter');
      await sofia.locator('.bubble.out', { hasText: 'Är den såld?' }).waitFor();
      await sofia.locator('.track').getByText('“Är den såld?”').waitFor();
      await sofia.locator('.messages').getByText('Nils waits for an answer').waitFor();
      const read = sofia.getByRole('img', { name: 'Read', exact: true });
      await read.first().waitFor();
      await erik.context().close();
    });

    test('somebody unknown can be invited, writes, and the staff are told', async () => {
      await page.getByRole('button', { name: 'New customer' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Vera Ny');
      await page.getByRole('button', { name: 'Add the phone' }).click();
      await page.getByText('This person is no lead').waitFor();
      await page.getByRole('button', { name: 'Hej! Finns den fortfarande?' }).click();
      await page.locator('.bubble.out').waitFor();
      await theatre.stage.until('the staff are told', (shown) =>
        shown.all('message').some(({ text }) => /belongs to no lead/.test(text)),
      );
    });

    test('nobody who is no member sees a lead', async () => {
      await page.getByRole('button', { name: 'Guests and people of other companies' }).click();
      await page.getByRole('menuitem', { name: /Gustav Guest/ }).click();
      await page.getByText('Gustav Guest sees no leads').waitFor();
      await say(page, '/leads');
      await page.locator('.whisper').waitFor();
      expect(await page.locator('.messages').innerText()).not.toContain('Nils');
      await page.getByRole('tab', { name: /^Sofia/ }).click();
    });

    test.each([
      { width: 390, height: 844 },
      { width: 1024, height: 700 },
      { width: 1920, height: 1080 },
    ])('all fits on $width x $height', async (viewport) => {
      await page.setViewportSize(viewport);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      if (viewport.width === 390) {
        for (const side of ['Phone', 'Timeline', 'Slack']) {
          await page.getByRole('navigation', { name: 'Sides' }).getByRole('button', { name: side }).click();
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        }
      }
    });

    timeAndMischief(
      () => theatre.stage,
      () => page,
    );

    describe('the phone of the business', () => linkingAPhone(() => theatre));
    describe('Slack on a phone', () => slackOnAPhone(() => theatre));

    describe('after all that', () => {
      test('the product has broken no rule of the platforms', async () => {
        expect((await theatre.stage.state()).all('violation')).toEqual([]);
        expect(await page.getByText(/rules? broken/).count()).toBe(0);
        expect((await theatre.stage.state()).modal(SOFIA)).toBeUndefined();
      });
    });
  });
}
