import { describe, expect, test } from '@jest/globals';
import { appsOf, failureWords, textsOn } from '../../../src/sandbox/page/phones/apps.ts';
import { quickReplies } from '../../../src/sandbox/page/phones/quick.ts';
import { readText } from '../../../src/sandbox/page/phones/read-text.ts';
import type { Entry } from '../../../src/sandbox/page/state/store.ts';
import type { Text } from '../../../src/sandbox/wire.ts';

const entry = (id: string, arrived: number, changes: Partial<Text> = {}): Entry<'text'> => ({
  id,
  arrived,
  at: 0,
  value: {
    id,
    number: '+46701740650',
    channel: 'whatsapp',
    direction: 'in',
    body: id,
    at: '2026-11-22T09:00:00Z',
    status: 'delivered',
    errorCode: null,
    automatic: false,
    template: false,
    ...changes,
  },
});

test('a phone has the apps the business can reach, and those that hold something', () => {
  const senders = { sms: '+46701740600', email: 'hello@leads.example' };
  const phone = { number: '+46701740650', email: null };
  expect(appsOf([], senders, phone)).toEqual(['sms']);
  expect(appsOf([], senders, { ...phone, email: 'anna@example.com' })).toEqual(['sms', 'email']);
  expect(appsOf([], senders, { number: 'anna@example.com', email: 'anna@example.com' })).toEqual(['email']);
  expect(appsOf([entry('a', 0, { channel: 'email' })], senders, phone)).toEqual(['sms', 'email']);
});

test('texts stand by time at first, and then as they arrive, whatever the clock says', () => {
  const texts = [
    entry('later', 0, { at: '2026-11-24T09:00:00Z' }),
    entry('first', 0),
    entry('after the clock went back', 3, { at: '2026-11-20T09:00:00Z' }),
    entry('of somebody else', 0, { number: '+46701740651' }),
  ];
  expect(textsOn(texts, '+46701740650').map(({ id }) => id)).toEqual(['first', 'later', 'after the clock went back']);
});

test('errors of the gateway are words with their code', () => {
  expect(failureWords(63003)).toBe('the number is not on WhatsApp (code 63003)');
  expect(failureWords(12345)).toBe('gateway error 12345');
});

describe('quick replies', () => {
  test("are in the customer's language, else the business's, else English", () => {
    expect(quickReplies(['sv', 'en'], false)[0]?.words).toBe('Hej! Finns den fortfarande?');
    expect(quickReplies([null, 'de-DE'], false)[1]?.words).toBe('STOPP');
    expect(quickReplies(['fi', null], false)[1]?.words).toBe('STOP');
  });

  test('after an opt-out only the way back is left', () => {
    expect(quickReplies(['sv'], true)).toEqual([{ words: 'START', tries: 'start' }]);
  });
});

test('links in a text can be pressed, and only WhatsApp knows marks', () => {
  const body = '*Hej* & <hej>\nhttps://a.example/o/x.';
  const link = { is: 'link', url: 'https://a.example/o/x', children: [{ is: 'text', text: 'https://a.example/o/x' }] };
  const rest = [{ is: 'break' }, link, { is: 'text', text: '.' }];
  expect(readText(body, 'whatsapp')).toEqual([
    {
      is: 'words',
      children: [{ is: 'bold', children: [{ is: 'text', text: 'Hej' }] }, { is: 'text', text: ' & <hej>' }, ...rest],
    },
  ]);
  expect(readText(body, 'sms')).toEqual([{ is: 'words', children: [{ is: 'text', text: '*Hej* & <hej>' }, ...rest] }]);
});
