import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countriesOf, findPhone, parsePhone } from '../../../src/people/phone.ts';

describe('a phone number as typed', () => {
  test.each([
    ['+46 70 123 45 67', 'SE'],
    ['070-123 45 67', 'SE'],
    ['0046 70 123 45 67', 'US'],
    ['00 46 70 123 45 67', 'SE'],
    ['+46 (0)70 123 45 67', 'US'],
    ['(+46) 70 123 45 67', 'US'],
    ['46701234567', 'SE'],
    ['tel:+46701234567', 'US'],
    ['+46\u00a070\u2011123\u00a045\u00a067', 'US'],
    ['\u202a+46701234567\u202c', 'US'],
    ['＋４６ ７０ １２３ ４５ ６７', 'US'],
    ['070 123 45 67', 'se'],
  ])('%s in %s is +46701234567', (typed, country) => {
    expect(parsePhone(typed, country)).toEqual({ ok: true, e164: '+46701234567', country: 'SE', kind: 'mobile' });
  });

  test.each([
    ['98765 43210', 'IN', '+919876543210', 'IN', 'mobile'],
    ['(305) 555-0123', 'US', '+13055550123', 'US', 'unknown'],
    ['011 46 70 123 45 67', 'US', '+46701234567', 'SE', 'mobile'],
    ['+39 06 123 4567', 'SE', '+39061234567', 'IT', 'fixed'],
    ['08-123 456 78', 'SE', '+46812345678', 'SE', 'fixed'],
    ['1-800-555-1234', 'US', '+18005551234', 'US', 'toll_free'],
    ['+46 10 123 45 67', 'SE', '+46101234567', 'SE', 'other'],
    ['+7 701 234 56 78', 'SE', '+77012345678', 'KZ', 'mobile'],
    ['+1 787 555 0123', 'SE', '+17875550123', 'PR', 'unknown'],
    ['+1 436 234 5678', 'SE', '+14362345678', 'US', 'unknown'],
    ['+1 555 123 4567', 'SE', '+15551234567', 'US', 'unknown'],
    ['07700 900123', 'GB', '+447700900123', 'GB', 'unknown'],
  ])('%s in %s is %s, %s, %s', (typed, home, e164, country, kind) => {
    expect(parsePhone(typed, home)).toEqual({ ok: true, e164, country, kind });
  });

  test.each([
    ['+46 70 123 45 6', 'SE', 'That number has 8 digits after +46; mobile numbers in Sweden have 9.'],
    ['070 123 45 678', 'SE', 'That number has 10 digits after +46; mobile numbers in Sweden have 9.'],
    ['555-0123', 'US', 'That number has 7 digits after +1; mobile numbers in the United States have 10.'],
    ['+1 123 456 7890', 'US', 'No phone number in the United States starts like that. Check the digits.'],
    ['', 'SE', 'Type a phone number, for example +46 70 123 45 67 or 070-123 45 67.'],
    [
      '070 123 45 67 ask for Anna',
      'SE',
      'A phone number has no letters. It should look like +46 70 123 45 67 or 070-123 45 67.',
    ],
    ['+46', 'SE', 'That number is too short. It should look like +46 70 123 45 67 or 070-123 45 67.'],
    ['1234567890123456789', 'SE', 'That number is too long. It should look like +46 70 123 45 67 or 070-123 45 67.'],
    [
      '+999 123 4567',
      'SE',
      'Which country is that number in? Write + and the country code first, for example +46 70 123 45 67 or 070-123 45 67.',
    ],
    [
      '070 123 45 67',
      '',
      'Which country is that number in? Write + and the country code first, for example +46 70 123 45 67.',
    ],
  ])('%s in %s is refused with words that help', (typed, country, message) => {
    expect(parsePhone(typed, country)).toEqual({ ok: false, message });
  });

  test.each(['0000000000', '+46000000000', '911', '+1 911 555 0123', '+', '()', '12'])('%s is no number', (typed) => {
    expect(parsePhone(typed, 'SE').ok).toBe(false);
  });

  test('whatever is typed is answered, and what is understood is understood again from E.164', () => {
    const digits = fc
      .array(fc.constantFrom(...'0123456789 +-()./x٠９'), { maxLength: 24 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(digits, fc.string()),
        fc.constantFrom('SE', 'US', 'IN', 'GB', 'IT', 'XX'),
        (typed, country) => {
          const phone = parsePhone(typed, country);
          if (!phone.ok) return expect(phone.message).toMatch(/\.$/);
          expect(phone.e164).toMatch(/^\+\d{6,15}$/);
          expect(parsePhone(phone.e164, country)).toEqual(phone);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a phone number inside a text', () => {
  test.each([
    ['Anna Karlsson +46 70 123 45 67 BMW X5', 'Anna Karlsson', 'BMW X5'],
    ['Anna Karlsson 070-123 45 67, Volvo 240', 'Anna Karlsson', 'Volvo 240'],
    ['Eva +46(0)701234567 X5', 'Eva', 'X5'],
    ['Lars i20 0046701234567', 'Lars i20', ''],
    ['Erik 2019 BMW 320 070 123 45 67', 'Erik 2019 BMW 320', ''],
    ['Bo 9-5 Saab (070) 123 45 67', 'Bo 9-5 Saab', ''],
    ['Ola +46 70 123 45 67 500', 'Ola', '500'],
    ['+46701234567', '', ''],
  ])('%s', (text, before, after) => {
    expect(findPhone(text, 'SE')).toEqual({ e164: '+46701234567', before, after });
  });

  test('a number with its country code wins over one without', () => {
    expect(findPhone('070 999 99 99 or +46 70 123 45 67', 'SE')?.e164).toBe('+46701234567');
  });

  test('numbers written without a leading zero are found where mobiles are written so', () => {
    expect(findPhone('Raj Patel 98765 43210 Tata Nexon', 'IN')).toEqual({
      e164: '+919876543210',
      before: 'Raj Patel',
      after: 'Tata Nexon',
    });
    expect(findPhone('John 305-555-0123 2019 Ford F150', 'US')).toEqual({
      e164: '+13055550123',
      before: 'John',
      after: '2019 Ford F150',
    });
  });

  test.each(['Bo BMW X5', 'Volvo 240 from 1989', 'Anna +46701234567X5', 'order 20193207', ''])(
    '%s has none',
    (text) => {
      expect(findPhone(text, 'SE')).toBeUndefined();
    },
  );
});

test('a number that several countries share names them all', () => {
  expect(countriesOf('+46701234567')).toEqual(['SE']);
  expect(countriesOf('+447700900123')).toEqual(expect.arrayContaining(['GB', 'JE']));
  expect(countriesOf('+870773111632')).toEqual([]);
});
