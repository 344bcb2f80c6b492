import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseRoute } from '../../../src/cadence/route.ts';

type Input = Parameters<typeof chooseRoute>[0];

const all = { whatsapp: true, sms: true, email: true };
const none = { whatsapp: false, sms: false, email: false };
const usual: Input = {
  addresses: { ...all, email: false },
  accounts: { ...all, email: false },
  windowOpen: false,
  templateApproved: true,
  order: ['whatsapp', 'sms'],
  country: 'SE',
};
const route = (changes: Partial<Input>) => chooseRoute({ ...usual, ...changes });

describe('the channel of a step', () => {
  test('WhatsApp free text while the 24-hour window is open, SMS behind it', () => {
    expect(route({ windowOpen: true })).toEqual({
      first: { channel: 'whatsapp', template: false },
      fallback: { channel: 'sms' },
    });
  });

  test('an approved template outside the window', () => {
    expect(route({})).toEqual({ first: { channel: 'whatsapp', template: true }, fallback: { channel: 'sms' } });
  });

  test('SMS until a template is approved', () => {
    expect(route({ templateApproved: false })).toEqual({ first: { channel: 'sms' } });
  });

  test('the order of the playbook decides', () => {
    const order: Input['order'] = ['email', 'sms', 'whatsapp'];
    expect(route({ addresses: all, accounts: all, order })).toEqual({
      first: { channel: 'email' },
      fallback: { channel: 'sms' },
    });
  });

  test('only the template is lacking: nothing leaves, and the reason says so', () => {
    expect(route({ templateApproved: false, order: ['whatsapp'] }).first).toEqual({
      channel: 'none',
      reason: 'template_needed',
    });
  });

  test.each([
    ['no address', { addresses: none }, 'no_address'],
    ['no sender', { accounts: none }, 'no_sender'],
    ['a sender only where there is no address', { accounts: { ...none, email: true } }, 'no_sender'],
  ])('%s', (_name, changes, reason) => {
    expect(route(changes)).toEqual({ first: { channel: 'none', reason } });
  });
});

describe('rules of countries', () => {
  test.each(['US', 'PR'])('COMPLIANCE T6.4 a marketing template never goes to a number of %s', (country) => {
    expect(route({ country, marketing: true })).toEqual({ first: { channel: 'sms' } });
    expect(route({ country, marketing: true, order: ['whatsapp'] }).first).toEqual({
      channel: 'none',
      reason: 'us_marketing',
    });
  });

  test('marketing within the open window is an answer, not a template', () => {
    expect(route({ country: 'US', marketing: true, windowOpen: true }).first).toEqual({
      channel: 'whatsapp',
      template: false,
    });
    expect(route({ country: 'US', marketing: false }).first).toEqual({ channel: 'whatsapp', template: true });
  });

  test('no SMS to India: its operators take registered texts only', () => {
    const india: Partial<Input> = { country: 'IN', templateApproved: false };
    expect(route(india)).toEqual({ first: { channel: 'none', reason: 'template_needed' } });
    expect(route({ ...india, order: ['sms'] }).first).toEqual({ channel: 'none', reason: 'dlt_template_needed' });
    expect(route({ country: 'IN' })).toEqual({ first: { channel: 'whatsapp', template: true } });
  });
});

test('a route never names a channel without an address and a sender, and the fallback is another channel', () => {
  const flags = fc.record({ whatsapp: fc.boolean(), sms: fc.boolean(), email: fc.boolean() });
  const order = fc.shuffledSubarray<'whatsapp' | 'sms' | 'email'>(['whatsapp', 'sms', 'email']);
  const input = fc.record({
    addresses: flags,
    accounts: flags,
    windowOpen: fc.boolean(),
    templateApproved: fc.boolean(),
    order,
    country: fc.constantFrom('SE', 'US', 'IN'),
    marketing: fc.boolean(),
  });
  fc.assert(
    fc.property(input, (given) => {
      const { first, fallback } = chooseRoute(given);
      for (const chosen of [first, fallback]) {
        if (!chosen || chosen.channel === 'none') continue;
        expect(given.addresses[chosen.channel] && given.accounts[chosen.channel]).toBe(true);
        expect(given.order).toContain(chosen.channel);
        if (chosen.channel === 'whatsapp') expect(chosen.template).toBe(!given.windowOpen);
      }
      expect(fallback?.channel).not.toBe(first.channel);
      if (first.channel === 'none') expect(fallback).toBeUndefined();
    }),
  );
});
