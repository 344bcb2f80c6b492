import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Twilio } from '../../src/vendors/twilio/index.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CUSTOMER,
  outgoing,
  SENDER,
  soon,
  startTwilio,
  type TestTwilio,
} from '../support/twilio.ts';

const BUSINESS_TIME = new Date('2027-03-01T09:00:00Z');

let service: TestTwilio;
let twilio: Twilio;
beforeEach(async () => {
  service = await startTwilio({ now: () => BUSINESS_TIME });
  twilio = service.connect();
});
afterEach(() => service.stop());

const byWhatsApp = () => twilio.send(outgoing({ channel: 'whatsapp' }), soon());
const codes = async () => {
  await service.standIn.idle();
  return service.standIn.journal.sent.map(({ errorCode }) => errorCode);
};

describe('of one number', () => {
  test('a window that counts as closed closes it for free texts, until that is taken back', async () => {
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'whatsapp', body: 'Hi' });
    const until = new Date(BUSINESS_TIME.getTime() + 86_400_000);
    expect(service.standIn.windowUntil(SENDER, CUSTOMER)).toEqual(until);
    service.standIn.faults.setFor(CUSTOMER, { windowClosed: true });
    expect(service.standIn.windowUntil(SENDER, CUSTOMER)).toBeNull();
    await byWhatsApp();
    service.standIn.faults.setFor(CUSTOMER, { windowClosed: undefined });
    await byWhatsApp();
    expect(await codes()).toEqual([63016, null]);
    expect(service.standIn.windowUntil(SENDER, CUSTOMER)).toEqual(until);
    expect(service.standIn.windowUntil(SENDER, '+14155550199')).toBeNull();
  });

  test('a fault that is taken back leaves the others', async () => {
    service.standIn.faults.setFor(CUSTOMER, { refuseWith: 21610, latencyMs: 1 });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'refused', reason: 'opted_out' });
    service.standIn.faults.setFor(CUSTOMER, { refuseWith: undefined });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'accepted' });
  });
});

test('phones show business time', async () => {
  await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'Help' });
  await twilio.send(outgoing(), soon());
  const { sent, inbound, autoReplies } = service.standIn.journal;
  const all = [...sent, ...inbound, ...autoReplies];
  expect(all.map(({ shownAt }) => shownAt)).toEqual(Array(3).fill(BUSINESS_TIME.getTime()));
});

describe('what no correct application asks for', () => {
  const post = (form: Record<string, string>, authorization = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`) =>
    fetch(`${service.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form),
    });
  const noted = () => service.standIn.journal.violations.map(({ where, code }) => `${where} ${code}`);

  test.each([
    [{ From: SENDER, Body: 'Hi' }, '21604'],
    [{ To: CUSTOMER, Body: 'Hi' }, '21603'],
    [{ To: '0701', From: SENDER, Body: 'Hi' }, '21211'],
    [{ To: CUSTOMER, From: `whatsapp:${SENDER}`, Body: 'Hi' }, '21212'],
    [{ To: CUSTOMER, From: SENDER }, '21602'],
    [{ To: CUSTOMER, From: SENDER, Body: 'x'.repeat(1601) }, '21617'],
    [{ To: CUSTOMER, From: SENDER, Body: 'Hi', StatusCallback: 'nowhere' }, '21609'],
  ])('is noted: %j', async (form, code) => {
    expect((await post(form as Record<string, string>)).status).toBe(400);
    expect(noted()).toEqual([`POST Messages.json ${code}`]);
  });

  test('wrong credentials are, too, and whoever listens hears it', async () => {
    const heard: string[] = [];
    service.standIn.journal.subscribe(({ kind }) => heard.push(kind));
    await post({}, 'Basic x');
    expect(noted()).toEqual(['POST Messages.json 20003']);
    expect(heard).toEqual(['violation']);
  });

  test('a refusal that can meet anybody is not', async () => {
    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'sms', body: 'STOP' });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'refused', reason: 'opted_out' });
    service.standIn.faults.setFor(CUSTOMER, { refuseWith: 21211 });
    expect(await twilio.send(outgoing(), soon())).toMatchObject({ kind: 'refused' });
    expect(noted()).toEqual([]);
  });
});
