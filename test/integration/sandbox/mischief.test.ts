import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MischiefKind } from '../../../src/sandbox/wire.ts';
import { openStage, SOFIA, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(() => stage.close());

let serial = 10;
let name = '';
let number = '';
/** Somebody new each time, on a Monday morning. */
beforeEach(async () => {
  serial += 1;
  name = `Person ${serial}`;
  number = `+467017406${serial}`;
  await stage.toMonday();
});

const set = (kind: MischiefKind, on: boolean) => stage.act({ act: 'mischief', kind, on });
const until = (what: string, holds: RegExp) =>
  stage.until(what, (shown) => {
    const step = shown.all('lead').find((lead) => lead.name === name)?.steps[0];
    return step && holds.test(`${step.state}: ${step.words}`) && step;
  });
const words = (step: { attempts: { words: string }[] }) => step.attempts.map((attempt) => attempt.words);
/** The gateway is asked 15 s after it gave no clear answer; here the time passes at once. */
const askNow = async () => {
  const { system } = stage.database.db;
  await system.query(`update sends set check_at = clock_timestamp() where state = 'uncertain'`);
  await system.query(`select pg_notify('leadrescue_wake', 'housekeeping')`);
};

describe('of everybody', () => {
  test('a slow gateway has taken the message, and its answer comes', async () => {
    await set('slow', true);
    expect((await stage.state()).one('mischief')).toEqual({ on: ['slow'] });
    await stage.drive(name, number);
    await stage.until('it arrives', (shown) => shown.texts(number)[0]?.status === 'delivered');
    const step = await until('told', /^delivered: /);
    expect(step.attempts).toEqual([]);
    await stage.until('the stage', (shown) => shown.lead(name).stage === 'Contacted');
    await set('slow', false);
    expect((await stage.state()).one('mischief')).toEqual({ on: [] });
  });

  test('a gateway that is down is tried again later, each time later', async () => {
    await set('down', true);
    await stage.drive(name, number);
    await until('the first attempt', /^scheduled: .*tried again/);
    await stage.act({ act: 'turn', to: { advance: 'PT30S' } });
    expect(words(await until('two more', /^scheduled: /))).toEqual([
      'could not be reached: tried again after 5 s',
      'could not be reached: tried again after 15 s',
      'could not be reached: tried again after 45 s',
    ]);
    expect((await stage.state()).texts(number)).toEqual([]);
    await set('down', false);
    await stage.act({ act: 'turn', to: { advance: 'PT2M' } });
    const step = await until('it went', /^delivered: .*\(attempt 4\)$/);
    expect(words(step).at(-1)).toBe('taken: delivered');
    expect((await stage.state()).texts(number)).toHaveLength(1);
  });

  test('a gateway that cuts the line is not asked to send it again: it had taken it', async () => {
    await set('drop', true);
    await stage.drive(name, number);
    const step = await until('told', /^delivered: /);
    expect(words(step)).toEqual(step.attempts.length > 0 ? ['did not answer: it had taken it (delivered)'] : []);
    await set('drop', false);
    await askNow();
    await stage.act({ act: 'turn', to: { advance: 'PT10M' } });
    expect((await stage.state()).texts(number)).toHaveLength(1);
  });

  test('a gateway that answers 500 is asked, and the message is sent again when it had not taken it', async () => {
    await set('errors', true);
    await stage.drive(name, number);
    const uncertain = await until('no verdict', /^uncertain: may have left/);
    expect(words(uncertain)).toEqual([
      'answered 500: asking the gateway whether it took it, and not sending it again meanwhile',
    ]);
    await set('errors', false);
    await askNow();
    const step = await until('it went', /^delivered: .*\(attempt 2\)$/);
    expect(words(step)).toEqual([
      expect.stringMatching(/^answered 500: asked, and it had not taken it; tried again (at once|after \d+ s)$/),
      'taken: delivered',
    ]);
    expect((await stage.state()).texts(number)).toHaveLength(1);
  });

  test('a turn of the clock waits for a verdict, but not for ever', async () => {
    await set('errors', true);
    await stage.drive(name, number);
    await until('no verdict', /^uncertain: /);
    const turning = stage.act({ act: 'turn', to: { advance: 'PT1H' } });
    await stage.until('turning', (shown) => shown.one('clock')?.turning);
    await set('errors', false);
    await askNow();
    await turning;
    const { steps } = (await stage.state()).lead(name);
    expect(steps[0]).toMatchObject({ state: 'delivered' });
    expect(Date.parse(steps[0]?.at ?? '') - Date.parse((await stage.state()).lead(name).createdAt)).toBeLessThan(
      60_000,
    );
  });

  test('a slow Slack still shows its forms in time', async () => {
    await set('slack_slow', true);
    await stage.act({ act: 'slash', user: SOFIA, channel: 'C0GENERAL', command: '/drive', text: '' });
    await stage.until('the form', (shown) => shown.modal());
    expect((await stage.state()).all('violation')).toEqual([]);
    await stage.act({ act: 'close', user: SOFIA });
    await set('slack_slow', false);
  });
});

describe('of one number', () => {
  const setFor = (kind: 'no_whatsapp' | 'window_closed' | 'blocked', on: boolean) =>
    stage.act({ act: 'number', number, kind, on });

  test('who is not on WhatsApp is written to by SMS, in the same minute', async () => {
    await setFor('no_whatsapp', true);
    expect((await stage.state()).one('customer', number)).toMatchObject({ name: null, mischief: ['no_whatsapp'] });
    await stage.drive(name, number);
    const step = await until('by SMS', /^delivered: .* by SMS \(attempt 2\)$/);
    expect(words(step)).toEqual([
      'taken, then reported as not delivered (the number is not on WhatsApp, code 63003): it goes on by the next channel',
      'taken: delivered',
    ]);
    expect(
      (await stage.state()).texts(number).map(({ channel, status, errorCode }) => [channel, status, errorCode]),
    ).toEqual([
      ['whatsapp', 'failed', 63003],
      ['sms', 'delivered', null],
    ]);
    await setFor('no_whatsapp', false);
    await stage.act({ act: 'turn', to: 'next' });
    expect((await stage.state()).one('customer', number)?.mischief).toEqual([]);
  });

  test('where the window counts as closed, an answer goes by SMS', async () => {
    await stage.drive(name, number);
    await until('day 0', /^delivered: /);
    await stage.act({ act: 'write', number, channel: 'whatsapp', body: 'Hej!' });
    await stage.until('open', (shown) => shown.one('customer', number)?.windowUntil);
    await setFor('window_closed', true);
    expect((await stage.state()).one('customer', number)).toMatchObject({
      windowUntil: null,
      mischief: ['window_closed'],
    });
    const note = await stage.until('the note', (shown) =>
      shown.all('message', 'D0SOFIA').find(({ text }) => text.includes(name) && text.includes('Hej!')),
    );
    const place = { message: { channel: note.channel, ts: note.ts } };
    await stage.act({ act: 'press', user: SOFIA, place, actionId: 'lead_reply' });
    const form = await stage.until('the form', (shown) => shown.modal());
    await stage.act({ act: 'submit', user: SOFIA, view: form.id, values: { words: 'Hej hej!' } });
    const preview = (await stage.state()).modal();
    await stage.act({ act: 'submit', user: SOFIA, view: preview?.id ?? '', values: {} });
    await stage.act({ act: 'turn', to: { advance: 'PT1M' } });
    const reply = await stage.until('the answer', (shown) =>
      shown.lead(name).steps.find(({ label, state }) => label === 'Reply by Sofia' && state === 'delivered'),
    );
    expect(reply).toMatchObject({ channel: 'sms' });
    expect(words(reply)[0]).toBe(
      'taken, then reported as not delivered (the 24-hour window was closed, code 63016): it goes on by the next channel',
    );
    await setFor('window_closed', false);
    expect((await stage.state()).one('customer', number)?.windowUntil).not.toBeNull();
  });

  test('whom Twilio blocks counts as opted out', async () => {
    await setFor('blocked', true);
    await stage.drive(name, number);
    const step = await until('refused', /^failed: .*21610/);
    expect(words(step)).toEqual([
      'refused (the gateway blocks this customer: an opt-out, code 21610): it counts as an opt-out',
    ]);
    await stage.until('opted out', (shown) => shown.lead(name).state === 'opted_out');
    expect((await stage.state()).one('customer', number)).toMatchObject({ optedOut: true, mischief: ['blocked'] });
    await setFor('blocked', false);
    expect((await stage.state()).all('violation')).toEqual([]);
  });
});
