import { describe, expect, test } from '@jest/globals';
import { readField } from '../../../src/leads/fields.ts';
import { readSubmission } from '../../../src/leads/read-submission.ts';
import { termsOf } from '../../../src/leads/terms.ts';
import { type Field, loadPlaybooks } from '../../../src/tenants/index.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';

const corporate = loadPlaybooks(CONVERSATIONS).get('corporate-travel');
const field = (key: string): Field => {
  const found = corporate.fields.find((each) => each.key === key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
};

describe('what a form sends', () => {
  test('is found by key, other names, labels and spellings, also inside objects', () => {
    const read = readSubmission(corporate, {
      firstName: 'Jo',
      'Last Name': 'Ek',
      contact: { Email: ' jo@acme.io ', tel: { phone_number: '+1 415 555 0123' } },
      companyName: 'Acme',
      'estimated-value': 1500,
      Passengers: '12',
      zip: '94110',
      consent: true,
      entry_id: 'hs-7',
      utm_source: 'ad',
    });
    expect(read).toMatchObject({
      name: 'Jo Ek',
      email: 'jo@acme.io',
      phone: '+1 415 555 0123',
      consentGiven: true,
      submissionId: 'hs-7',
      fields: { company: 'Acme', value: '1500', group_size: '12', postal_code: '94110', city: '' },
    });
    expect(read.pointers).toMatchObject({ email: '/contact/Email', value: '/estimated-value', city: '/city' });
  });

  test.each([
    [true, true],
    ['on', true],
    ['Yes', true],
    ['1', true],
    [false, false],
    ['false', false],
    ['no', false],
    ['', false],
    [null, false],
    [undefined, false],
    [{ a: 1 }, false],
  ])('the consent %j is %s', (consent, given) => {
    expect(readSubmission(corporate, { consent }).consentGiven).toBe(given);
  });

  test('and in the words of sheets as well', () => {
    const read = readSubmission(corporate, {
      Förnamn: 'Jo',
      Efternamn: 'Ek',
      Mobilnummer: '070',
      'E-post': 'jo@acme.io',
    });
    expect(read).toMatchObject({ name: 'Jo Ek', phone: '070', email: 'jo@acme.io' });
    expect(readSubmission(corporate, { name: 'Jo', contact: 'by phone', whatsapp: 'yes' })).toMatchObject({
      phone: '',
    });
    expect(readSubmission(corporate, { consent: 'हां' }).consentGiven).toBe(true);
  });

  test('names that JavaScript itself knows are names like others', () => {
    const read = readSubmission(
      corporate,
      JSON.parse('{"__proto__": {"name": "x"}, "constructor": "y", "name": "Jo"}'),
    );
    expect(read.name).toBe('Jo');
  });
});

test('a lead is found by its number and mailbox, however much else there is to find it by', () => {
  const facts = [Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ')];
  const terms = termsOf({ name: 'Jo Ek', addresses: ['+46701234567', 'jo@acme.io', 'jo@old.io'], facts });
  expect(terms).toEqual(expect.arrayContaining(['46701234567', '701234567', '4567', 'jo@acme.io', 'jo@old.io', 'ek']));
  expect(terms).toHaveLength(40);
});

describe('a field is read', () => {
  test.each([
    ['value', '$1,500.00', '1500'],
    ['value', '1 500 kr', '1500'],
    ['value', 'USD 2000', '2000'],
    ['value', '$500-999', '500'],
    ['value', '5,000 - $10,000', '5000'],
    ['value', '0', '0'],
    ['group_size', ' 12 ', '12'],
    ['service', 'Corporate', 'corporate'],
    ['service', 'WEDDING', 'wedding'],
    ['company', ' Acme\u0000\n Inc ', 'Acme Inc'],
    ['message', 'one\r\ntwo\u0007', 'one\ntwo'],
    ['company', '', ''],
  ])('%s %j is %j', (key, text, value) => expect(readField(field(key), text)).toEqual({ value }));

  test.each([
    ['value', 'a lot', /amount/],
    ['value', '-5', /amount/],
    ['value', '999999999999', /at most/],
    ['group_size', '4.5', /whole number/],
    ['group_size', 'many', /whole number/],
    ['service', 'boat', /Corporate, Airport/],
    ['company', 'x'.repeat(81), /at most 80/],
  ])('%s %j is refused', (key, text, words) => {
    expect(readField(field(key), text)).toEqual({ problem: expect.stringMatching(words) });
  });
});
