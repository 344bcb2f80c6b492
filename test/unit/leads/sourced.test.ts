import { describe, expect, test } from '@jest/globals';
import { channelsNamed, readSourced } from '../../../src/leads/index.ts';
import { loadPlaybooks, mappingSchema } from '../../../src/tenants/index.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';

const playbooks = loadPlaybooks(CONVERSATIONS);
const corporate = playbooks.get('corporate-travel');
const none = mappingSchema.parse({});
const sent = (fields: Record<string, string>) => Object.entries(fields).map(([name, value]) => ({ name, value }));

describe('what a source sends is understood without any mapping', () => {
  test.each([
    ['Meta', { full_name: 'Jo Ek', email: 'jo@acme.io', phone_number: '+15551234567', company_name: 'Acme' }],
    ['Google', { FULL_NAME: 'Jo Ek', EMAIL: 'jo@acme.io', PHONE_NUMBER: '+15551234567', COMPANY_NAME: 'Acme' }],
    [
      'Google, at work',
      { FIRST_NAME: 'Jo', LAST_NAME: 'Ek', WORK_EMAIL: 'jo@acme.io', WORK_PHONE: '+15551234567', COMPANY_NAME: 'Acme' },
    ],
  ])('%s', (_, fields) => {
    for (const playbook of playbooks.all) {
      expect(readSourced(playbook, sent(fields), none, 'en')).toMatchObject({
        name: 'Jo Ek',
        email: 'jo@acme.io',
        phone: '+15551234567',
        consentGiven: false,
      });
    }
    expect(readSourced(corporate, sent(fields), none, 'en').fields.company).toBe('Acme');
  });
});

test('a field that happens to be called consent is none, until somebody says which words stand beside it', () => {
  const fields = sent({ full_name: 'Jo', email: 'jo@acme.io', consent: 'yes', opt_in: '1' });
  expect(readSourced(corporate, fields, none, 'en').consentGiven).toBe(false);
  const words = 'Acme may write to me by WhatsApp, SMS and e-mail.';
  const mapping = mappingSchema.parse({ consent: { from: 'Opt_in', words } });
  expect(readSourced(corporate, fields, mapping, 'sv')).toMatchObject({
    consentGiven: true,
    consentWords: { text: words, language: 'sv' },
  });
  const refused = sent({ full_name: 'Jo', email: 'jo@acme.io', opt_in: '0' });
  expect(readSourced(corporate, refused, mapping, 'en').consentGiven).toBe(false);
});

test('the channels that words name, in the languages we write', () => {
  expect(channelsNamed('by text message only')).toEqual(['sms']);
  expect(channelsNamed('we may call you')).toEqual([]);
  for (const playbook of playbooks.all) {
    for (const language of playbook.languages) {
      expect(channelsNamed(playbook.consent(language).statement)).toEqual(['whatsapp', 'sms', 'email']);
    }
  }
});

test('property: what somebody chose counts, whatever else is sent, and nothing else of ours changes by it', () => {
  let seed = 20261122;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const ours = corporate.fields.filter(({ type }) => type === 'text' || type === 'choice').map(({ key }) => key);
  const names = ['Vad', 'city', 'constructor', '__proto__', 'Company', 'q 1', 'état', 'message', 'x'.repeat(99)];
  for (let round = 0; round < 500; round++) {
    const fields = names.filter(() => next(3) > 0).map((name, at) => ({ name, value: next(4) > 0 ? `v${at}` : '' }));
    const key = ours[next(ours.length)] ?? 'city';
    const from = names[next(names.length)] ?? 'Vad';
    const by = next(4) === 0 ? { always: 'Fixed' } : { from: next(2) === 0 ? from : ` ${from.toUpperCase()} ` };
    const mapping = { fields: { [key]: by }, consent: null };
    const plain = readSourced(corporate, fields, none, 'en');
    const read = readSourced(corporate, fields, mapping, 'en');
    const theirs = fields.find(({ name }) => name.toLowerCase() === from.toLowerCase())?.value ?? '';
    const wanted = 'always' in by ? 'Fixed' : theirs || plain.fields[key];
    expect(read.fields[key]).toBe(wanted);
    for (const other of ours) if (other !== key) expect(read.fields[other]).toBe(plain.fields[other]);
    expect(read.name).toBe(plain.name);
  }
});
