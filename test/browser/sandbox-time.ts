import { afterEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stage } from '../integration/sandbox/stage.ts';
import { say } from './sandbox-theatre.ts';

const HOUR = 3_600_000;

/** Tests of the clock and of each mischief switch, in a theatre that is open and at a Monday morning. */
export function timeAndMischief(stage: () => Stage, page: () => Page): void {
  describe('time and mischief', () => {
    let last = 60;
    let femma = '';

    const now = async () => Date.parse((await stage().state()).one('clock')?.now ?? '');
    const press = (name: string | RegExp) => page().getByRole('button', { name }).click();
    const still = () => page().locator('.clock-bar:not(.turning)').waitFor();
    const day = (label: string) => page().locator('.stop', { has: page().locator('strong', { hasText: label }) });

    async function toggle(name: RegExp): Promise<void> {
      await press(/^Mischief/);
      const mischief = page().getByRole('switch', { name });
      const wanted = !(await mischief.isChecked());
      await mischief.click();
      await page().getByRole('switch', { name, checked: wanted }).waitFor(); // it shows what the server knows
      await page().keyboard.press('Escape');
    }

    /** Logs a drive of somebody new, and looks at them. */
    async function drive(name: string): Promise<string> {
      const number = `+467017406${last++}`;
      await stage().drive(name, number);
      await page()
        .getByRole('tab', { name: name.split(' ')[0] ?? '', selected: true })
        .waitFor();
      return number;
    }

    // whatever became of one test, the next begins on a good day
    afterEach(async () => {
      for (const kind of (await stage().state()).one('mischief')?.on ?? []) {
        await stage().act({ act: 'mischief', kind, on: false });
      }
    });

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
      await page().getByRole('button', { name: 'Day 7', exact: true, disabled: true }).waitFor();
      await page().locator('.clock').getByText(/ahead/).waitFor();
      await press('Real time');
      await page()
        .locator('.clock')
        .getByText(/^Stockholm$/)
        .waitFor();
      expect(Math.abs((await now()) - Date.now())).toBeLessThan(60_000);
      await stage().toMonday();
    });

    test('a customer in another zone has their own time on the phone and in the timeline', async () => {
      await stage().drive('Dana Reed', '+12025550123');
      await page().getByRole('tab', { name: 'Dana', selected: true }).waitFor();
      await page()
        .locator('.lead-more')
        .getByText(/Times below are .+'s/)
        .waitFor();
      await page()
        .locator('.clock')
        .getByText(/in New York|in Chicago|in /)
        .waitFor();
    });

    test('gateway down: the message waits, and leaves when it is back', async () => {
      await toggle(/^Gateway is down/);
      await page().getByRole('status').getByText('Gateway is down.').waitFor();
      await drive('Nils Nere');
      await day('Day 0')
        .getByRole('button', { name: /attempt/ })
        .click();
      await day('Day 0')
        .getByText(/could not be reached/)
        .first()
        .waitFor();
      await press('Switch it off');
      await day('Day 0').getByText('next', { exact: true }).waitFor();
      await press(/^Next step/);
      await day('Day 0')
        .getByText(/delivered|read/)
        .first()
        .waitFor();
    });

    test('gateway takes it and cuts the line: the customer has it once', async () => {
      await toggle(/^Takes it, then cuts the line/);
      const number = await drive('Tove Tapp');
      await day('Day 0')
        .getByText(/delivered|read/)
        .first()
        .waitFor();
      expect((await stage().state()).texts(number)).toHaveLength(1);
    });

    test('window closed: a reply that WhatsApp refuses finds its way by SMS', async () => {
      const number = await drive('Folke Fönster');
      await page().locator('.bubble.in').waitFor();
      await press('Hej! Finns den fortfarande?');
      await page()
        .locator('.phone-facts')
        .getByText(/window open/)
        .waitFor();
      await toggle(/^24-hour window closed/);
      const button = page().locator('.view [data-action=lead_reply]').last();
      await page().locator('.messages').getByText('Folke waits for an answer').waitFor();
      await button.click();
      const form = page().getByRole('dialog');
      await form.getByRole('textbox').fill('Ja, den finns kvar.');
      await form.getByRole('button', { name: 'Preview' }).click();
      await form.getByRole('button', { name: 'Send' }).click();
      await form.waitFor({ state: 'detached' });
      await press(/^Next step/);
      await stage().until('the reply by SMS', (shown) =>
        shown.texts(number).some((text) => text.channel === 'sms' && text.body.includes('finns kvar')),
      );
      await page().locator('.sms .bubble.in', { hasText: 'finns kvar' }).waitFor();
    });

    test('gateway answers 500: it is asked whether it took the message, which is not sent again meanwhile', async () => {
      await toggle(/^Gateway answers 500/);
      femma = await drive('Femma Fel');
      await day('Day 0').getByText('may have left', { exact: true }).waitFor();
      await day('Day 0')
        .getByRole('button', { name: /attempt/ })
        .click();
      await day('Day 0')
        .getByText(/answered 500: asking/)
        .waitFor();
    });

    test('gateway slow: the message arrives, once', async () => {
      await toggle(/^Gateway is slow/);
      const number = await drive('Sakta Sam');
      await day('Day 0')
        .getByText(/delivered|read/)
        .first()
        .waitFor();
      expect((await stage().state()).texts(number)).toHaveLength(1);
    });

    test('Slack slow: a command is answered all the same', async () => {
      await toggle(/^Slack is slow/);
      await say(page(), '/drive');
      await page().getByRole('dialog', { name: 'Log a test drive' }).waitFor();
      await page().keyboard.press('Escape');
      expect((await stage().state()).all('violation')).toEqual([]);
    });

    test('not on WhatsApp: the same step goes by SMS, and the phone shows both', async () => {
      const number = '+46701740690';
      await stage().act({ act: 'customer', number, name: 'Simon Sms' });
      await page().getByRole('tab', { name: 'Simon' }).click();
      await toggle(/^Not on WhatsApp/);
      await page().locator('.phone-facts').getByText('Not on WhatsApp').waitFor();
      await stage().drive('Simon Sms', number);
      await page().getByRole('tab', { name: 'SMS', selected: true }).waitFor();
      await page().locator('.sms .bubble.in').waitFor();
      await page().getByRole('tab', { name: 'WhatsApp' }).click();
      await page()
        .locator('.bubble.lost')
        .getByText(/not on WhatsApp \(code 63003\)/)
        .waitFor();
    });

    test('blocked at the gateway: its refusal counts as an opt-out', async () => {
      const number = '+46701740691';
      await stage().act({ act: 'customer', number, name: 'Stina Stopp' });
      await page().getByRole('tab', { name: 'Stina' }).click();
      await toggle(/^Blocked at the gateway/);
      await stage().drive('Stina Stopp', number);
      await page().getByText('Opted out, stopped for good').waitFor();
      await page().locator('.phone-facts').getByText('Opted out').waitFor();
    });

    test('what was answered with 500 has left since, once', async () => {
      await page().getByRole('tab', { name: 'Femma' }).click();
      await day('Day 0')
        .getByText(/delivered|read/)
        .first()
        .waitFor({ timeout: 25_000 });
      expect((await stage().state()).texts(femma)).toHaveLength(1);
    });
  });
}
