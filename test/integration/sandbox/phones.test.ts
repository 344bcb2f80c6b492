import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ANNA, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.toMonday();
  await stage.drive();
}, 60_000);
afterAll(() => stage.close());

const LARS = '+46701740651';

describe('a customer at the page', () => {
  test('reads a WhatsApp message, which the business sees', async () => {
    const [text] = await stage.until(
      'day 0',
      (shown) => shown.texts(ANNA).some(({ status }) => status === 'delivered') && shown.texts(ANNA),
    );
    expect(text).toMatchObject({
      number: ANNA,
      channel: 'whatsapp',
      direction: 'in',
      template: true,
      automatic: false,
    });
    await stage.act({ act: 'read', text: text?.id ?? '' });
    await stage.act({ act: 'read', text: text?.id ?? '' });
    const step = await stage.until('read', (shown) =>
      shown.lead('Anna Karlsson').steps.find(({ state }) => state === 'read'),
    );
    expect(step.words).toMatch(/^read Mon .* by WhatsApp$/);
    expect((await stage.state()).texts(ANNA)[0]?.status).toBe('read');
  });

  test('writes by WhatsApp: the window opens, the follow-up stops, business time is on the phone', async () => {
    await stage.act({ act: 'write', number: ANNA, channel: 'whatsapp', body: 'Är den kvar?' });
    const lead = await stage.until(
      'the stop',
      (shown) => shown.lead('Anna Karlsson').state === 'replied' && shown.lead('Anna Karlsson'),
    );
    expect(
      lead.steps.filter(({ state }) => state === 'cancelled').map(({ label, words }) => `${label}: ${words}`),
    ).toEqual([
      'Day 2: not sent: the customer replied, so the follow-up ended',
      'Day 7: not sent: the customer replied, so the follow-up ended',
      'Day 14: not sent: the customer replied, so the follow-up ended',
    ]);
    expect(lead.steps.find(({ direction }) => direction === 'in')).toMatchObject({
      label: 'Anna wrote',
      state: 'received',
    });
    const shown = await stage.state();
    const written = shown.texts(ANNA).find(({ direction }) => direction === 'out');
    const now = Date.parse(shown.one('clock')?.now ?? '');
    expect(now - Date.parse(written?.at ?? '')).toBeLessThan(60_000);
    const { windowUntil } = shown.one('customer', ANNA) ?? {};
    expect(Date.parse(windowUntil ?? '') - Date.parse(written?.at ?? '')).toBe(86_400_000);

    await stage.act({ act: 'turn', to: { advance: 'P1D' } });
    expect((await stage.state()).one('customer', ANNA)?.windowUntil).toBeNull();
  });

  test('sends STOP by SMS: Twilio answers it, the business writes no more', async () => {
    await stage.drive('Lars Olsson', LARS);
    await stage.act({ act: 'write', number: LARS, channel: 'sms', body: 'STOP' });
    await stage.until('opted out', (shown) => shown.one('customer', LARS)?.optedOut);
    const shown = await stage.state();
    const automatic = shown.texts(LARS).find((text) => text.automatic);
    expect(automatic).toMatchObject({ channel: 'sms', direction: 'in', body: expect.stringContaining('unsubscribed') });
    const { state, steps } = shown.lead('Lars Olsson');
    expect(state).toBe('opted_out');
    expect(steps.find(({ label }) => label === 'Day 7')?.words).toBe('not sent: the customer opted out');
  });

  test('is invited, and known by name once they are in the books', async () => {
    await stage.act({ act: 'customer', number: '+46701740660', name: 'Guest' });
    expect((await stage.state()).one('customer', '+46701740660')).toMatchObject({ name: 'Guest', zone: null });
    await stage.drive('Gunilla Gran', '+46701740660');
    expect((await stage.state()).one('customer', '+46701740660')).toMatchObject({
      name: 'Gunilla Gran',
      zone: 'Europe/Stockholm',
      language: 'sv',
    });
  });

  test('who only writes has no name', async () => {
    await stage.act({ act: 'write', number: '+46701740661', channel: 'sms', body: 'Hello?' });
    expect((await stage.state()).one('customer', '+46701740661')).toMatchObject({ name: null, optedOut: false });
  });

  test.each([
    [
      { act: 'write', number: ANNA, channel: 'email', body: 'Hi' },
      'The business knows no e-mail address of this customer.',
    ],
    [
      { act: 'write', number: '0701740650', channel: 'sms', body: 'Hi' },
      'Write the number with its country code: +46701740650.',
    ],
    [{ act: 'write', number: ANNA, channel: 'sms', body: ' ' }, 'Write something.'],
    [{ act: 'read', text: 'SM0' }, 'That message is gone.'],
    [{ act: 'customer', number: ANNA, name: '' }, 'Give a name.'],
    [{ act: 'call', number: ANNA }, /Invalid discriminator/],
    ['{"act":', /./],
  ])('is told what does not work: %j', async (act, words) => {
    const { status, body } = await stage.post(act);
    expect(status).toBe(400);
    if (typeof words === 'string') expect(body.error).toBe(words);
    else expect(JSON.stringify(body.error)).toMatch(words);
  });
});
