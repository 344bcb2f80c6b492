import { expect, test } from '@jest/globals';
import qrcode from 'qrcode';
import { U_ADMIN } from '../../src/sandbox/slack/index.ts';
import type { Stage } from '../integration/sandbox/stage.ts';
import { until } from '../support/until.ts';
import { say, type Theatre } from './sandbox-theatre.ts';

/** The business's own phone on the page: linked by its camera, and logged out on it. */
export function linkingAPhone(theatre: () => Theatre): void {
  test('a phone is linked by holding it before the code in Slack; an expired code fails; it is logged out again', async () => {
    const { stage, complaints, enter } = theatre();
    const page = await enter({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const phone = page.getByRole('dialog', { name: "The business's phone" });
    const screen = (name: string) => phone.getByRole('region', { name });
    const opener = page.getByRole('button', { name: /^Phone/ }).first();
    await opener.click();
    await screen('Settings').getByText('None').waitFor();
    await screen('Settings').getByRole('button', { name: 'Linked devices' }).click();
    await screen('Linked devices').getByRole('button', { name: 'Link a device' }).click();
    const camera = screen('Link a device');
    await camera.getByText('No code in sight').waitFor();

    // the picture that the camera sees is one of a while ago
    const old = await qrcode.toBuffer(`2@${'x'.repeat(80)},${'y'.repeat(44)}`, { errorCorrectionLevel: 'L' });
    await page.route('**/sandbox/files/*', (route) => route.fulfill({ contentType: 'image/png', body: old }));
    await askForCode(stage);
    await camera.getByRole('alert').getByText('Could not link the device').waitFor();
    expect((await stage.state()).one('phone')?.devices).toEqual([]);

    await page.unrouteAll({ behavior: 'wait' });
    await page.keyboard.press('Enter'); // the focus is on "Try again"
    const device = screen('Linked devices').getByRole('button', { name: /^LeadRescue/ });
    const again = camera.getByRole('button', { name: 'Try again' });
    await until(
      async () => {
        // on a slow machine the true code may change while it is scanned, too
        if (await again.isVisible()) await again.click({ timeout: 1000 }).catch(() => undefined);
        return device.isVisible();
      },
      'the link',
      30_000,
    );
    await device.getByText('Active now').waitFor();
    await stage.until('the link is said in Slack', (shown) => said(shown.all('message'), 'is linked'));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);

    // Escape leaves what lies on top, and the focus goes back with it
    await device.click();
    const sheet = phone.getByRole('dialog', { name: 'LeadRescue' });
    await sheet.waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await device.and(page.locator(':focus')).waitFor();

    await device.click();
    await sheet.getByRole('button', { name: 'Log out' }).click();
    await screen('Linked devices').getByText('No device is linked.').waitFor();
    await stage.until('the loss is said in Slack', (shown) => said(shown.all('message'), 'was unlinked'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await phone.waitFor({ state: 'detached' });
    await opener.and(page.locator(':focus')).waitFor();
    await page.context().close();
    // the browser notes each refused code, and a picture that was replaced while it was looked at
    const others = complaints.splice(0).filter((line) => !/the server responded with a status of 40[04]/.test(line));
    complaints.push(...others);
  });
}

/** Slack on a phone-sized page. */
export function slackOnAPhone(theatre: () => Theatre): void {
  test('a long answer is scrolled to, and what one types stays in sight below it', async () => {
    const page = await theatre().enter({ viewport: { width: 390, height: 844 } });
    for (const times of [1, 2]) {
      await say(page, '/rescue help');
      await until(async () => (await page.getByText('Only visible to you').count()) >= times, 'the answer');
    }
    const list = page.getByRole('log');
    const left = () => list.evaluate((node) => node.scrollHeight - node.clientHeight - node.scrollTop);
    expect(await list.evaluate((node) => node.scrollHeight > node.clientHeight)).toBe(true);
    await until(async () => Math.abs(await left()) < 2, 'the end of the answer');
    // as a picture does that comes late
    await list
      .locator('.message')
      .last()
      .evaluate((node) => {
        node.style.paddingBottom = '600px';
      });
    await until(async () => Math.abs(await left()) < 2, 'the end of what became longer');
    const [field, tabs] = await Promise.all([
      page.getByRole('combobox', { name: /^Message / }).boundingBox(),
      page.getByRole('button', { name: 'Timeline' }).boundingBox(),
    ]);
    expect((field?.y ?? Number.NaN) + (field?.height ?? Number.NaN)).toBeLessThanOrEqual(tabs?.y ?? Number.NaN);
    await page.context().close();
  });
}

const said = (messages: { text: string }[], words: string) => messages.some(({ text }) => text.includes(words));

/** The admin asks for a code in Slack, having read of the risk. */
async function askForCode(stage: Stage): Promise<void> {
  await stage.act({ act: 'slash', user: U_ADMIN, channel: 'C0GENERAL', command: '/rescue', text: 'phone link' });
  const risk = await stage.until('the risk', (shown) =>
    shown.all('whisper', `${U_ADMIN}/`).find(({ blocks }) => JSON.stringify(blocks).includes('phone_link')),
  );
  const message = { channel: risk.channel, ts: risk.ts, whisperTo: U_ADMIN };
  await stage.act({ act: 'press', user: U_ADMIN, place: { message }, actionId: 'phone_link' });
}
