import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { findChromium } from '../support/browser.ts';
import { openTheatre, say, type Theatre } from './sandbox-theatre.ts';

jest.setTimeout(60_000); // two cores, shared with the other tests

const chromium = process.env.SKIP_BROWSER === '1' ? undefined : findChromium();
const HOUR = 3_600_000;

// sandbox.test.ts says what to do where there is no browser
(chromium === undefined ? describe.skip : describe)('time and mischief on the sandbox page', () => {
  let theatre: Theatre;
  let page: Page;
  let last = 60;

  beforeAll(async () => {
    theatre = await openTheatre(chromium ?? '');
    await theatre.stage.toMonday();
    page = await theatre.enter();
  });
  afterAll(() => theatre?.close());
  afterEach(() => {
    expect(theatre.complaints.splice(0)).toEqual([]);
  });

  const now = async () => Date.parse((await theatre.stage.state()).one('clock')?.now ?? '');
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const still = () => page.locator('.clock-bar:not(.turning)').waitFor();
  const day = (label: string) => page.locator('.stop', { has: page.locator('strong', { hasText: label }) });

  async function toggle(name: RegExp): Promise<void> {
    await press(/^Mischief/);
    await page.getByRole('switch', { name }).click();
    await page.keyboard.press('Escape');
  }

  /** Logs a drive of somebody new, and looks at them. */
  async function drive(name: string): Promise<string> {
    const number = `+467017406${last++}`;
    await theatre.stage.drive(name, number);
    await page.getByRole('tab', { name: name.split(' ')[0] ?? '', selected: true }).waitFor();
    return number;
  }

  test('the clock goes forward by an hour, a day, to the next step, to days of the lead, and back to real time', async () => {
    await drive('Klara Tid');
    await day('Day 0')
      .getByText(/delivered|read/)
      .first()
      .waitFor();
    const start = await now();
    await press('+1 hour');
    await still();
    expect((await now()) - start).toBeGreaterThanOrEqual(HOUR);
    await press(/^Next step/);
    await day('Day 2')
      .getByText(/sent|delivered|read/)
      .first()
      .waitFor();
    await still();
    await press('+1 day');
    await still();
    await press('Day 7');
    await day('Day 7')
      .getByText(/sent|delivered|read/)
      .first()
      .waitFor();
    await still();
    expect(await page.getByRole('button', { name: 'Day 7', exact: true }).isDisabled()).toBe(true);
    await page.locator('.clock').getByText(/ahead/).waitFor();
    await press('Real time');
    await page
      .locator('.clock')
      .getByText(/^Stockholm$/)
      .waitFor();
    expect(Math.abs((await now()) - Date.now())).toBeLessThan(60_000);
    await theatre.stage.toMonday();
  });

  test('a customer in another zone has their own time on the phone and in the timeline', async () => {
    await theatre.stage.drive('Dana Reed', '+12025550123');
    await page.getByRole('tab', { name: 'Dana', selected: true }).waitFor();
    await page
      .locator('.lead-more')
      .getByText(/Times below are .+'s/)
      .waitFor();
    await page
      .locator('.clock')
      .getByText(/in New York|in Chicago|in /)
      .waitFor();
  });

  test('gateway down: the message waits, and leaves when it is back', async () => {
    await toggle(/^Gateway is down/);
    await page.getByRole('status').getByText('Gateway is down.').waitFor();
    await drive('Nils Nere');
    await day('Day 0')
      .getByRole('button', { name: /attempt/ })
      .click();
    await day('Day 0')
      .getByText(/could not be reached/)
      .first()
      .waitFor();
    await press('Switch it off');
    await press(/^Next step/);
    await day('Day 0')
      .getByText(/delivered|read/)
      .first()
      .waitFor();
  });

  test('gateway takes it and cuts the line: it is asked, and the customer has it once', async () => {
    await toggle(/^Takes it, then cuts the line/);
    const number = await drive('Tove Tapp');
    await day('Day 0')
      .getByText(/delivered|read/)
      .first()
      .waitFor();
    await day('Day 0')
      .getByRole('button', { name: /attempt/ })
      .click();
    await day('Day 0')
      .getByText(/had taken it/)
      .waitFor();
    expect((await theatre.stage.state()).texts(number)).toHaveLength(1);
    await press('Switch it off');
  });

  test('gateway answers 500: tried again only after asking', async () => {
    await toggle(/^Gateway answers 500/);
    const number = await drive('Femma Fel');
    await day('Day 0')
      .getByRole('button', { name: /attempt/ })
      .click();
    await day('Day 0')
      .getByText(/answered 500/)
      .first()
      .waitFor();
    await press('Switch it off');
    await press(/^Next step/);
    await day('Day 0')
      .getByText(/delivered|read/)
      .first()
      .waitFor();
    expect((await theatre.stage.state()).texts(number)).toHaveLength(1);
  });

  test('gateway slow: it is waited for', async () => {
    await toggle(/^Gateway is slow/);
    await drive('Sakta Sam');
    await day('Day 0').getByText('leaving now', { exact: true }).waitFor();
    await day('Day 0')
      .getByText(/delivered|read/)
      .first()
      .waitFor();
    await press('Switch it off');
  });

  test('Slack slow: a command is answered all the same', async () => {
    await toggle(/^Slack is slow/);
    await say(page, '/drive');
    await page.getByRole('dialog', { name: 'Log a test drive' }).waitFor();
    await page.keyboard.press('Escape');
    await press('Switch it off');
    expect((await theatre.stage.state()).all('violation')).toEqual([]);
  });

  test('not on WhatsApp: the same step goes by SMS, and the phone shows both', async () => {
    const number = '+46701740690';
    await theatre.stage.act({ act: 'customer', number, name: 'Simon Sms' });
    await page.getByRole('tab', { name: 'Simon' }).click();
    await toggle(/^Not on WhatsApp/);
    await page.locator('.phone-facts').getByText('Not on WhatsApp').waitFor();
    await theatre.stage.drive('Simon Sms', number);
    await page.getByRole('tab', { name: 'SMS', selected: true }).waitFor();
    await page.locator('.sms .bubble.in').waitFor();
    await page.getByRole('tab', { name: 'WhatsApp' }).click();
    await page
      .locator('.bubble.lost')
      .getByText(/not on WhatsApp \(code 63003\)/)
      .waitFor();
  });

  test('blocked at the gateway: its refusal counts as an opt-out', async () => {
    const number = '+46701740691';
    await theatre.stage.act({ act: 'customer', number, name: 'Stina Stopp' });
    await page.getByRole('tab', { name: 'Stina' }).click();
    await toggle(/^Blocked at the gateway/);
    await theatre.stage.drive('Stina Stopp', number);
    await page.getByText('Opted out, stopped for good').waitFor();
    await page.locator('.phone-facts').getByText('Opted out').waitFor();
  });

  test('window closed: a reply that WhatsApp refuses finds its way by SMS', async () => {
    const number = await drive('Folke Fönster');
    await page.locator('.bubble.in').waitFor();
    await press('Hej! Finns den fortfarande?');
    await page
      .locator('.phone-facts')
      .getByText(/window open/)
      .waitFor();
    await toggle(/^24-hour window closed/);
    const button = page.locator('.view [data-action=lead_reply]').last();
    await page.locator('.messages').getByText('Folke waits for an answer').waitFor();
    await button.click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox').fill('Ja, den finns kvar.');
    await form.getByRole('button', { name: 'Preview' }).click();
    await form.getByRole('button', { name: 'Send' }).click();
    await press(/^Next step/);
    await theatre.stage.until('the reply by SMS', (shown) =>
      shown.texts(number).some((text) => text.channel === 'sms' && text.body.includes('finns kvar')),
    );
    await page.locator('.sms .bubble.in', { hasText: 'finns kvar' }).waitFor();
  });
});
