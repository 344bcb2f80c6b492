import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readName } from '../../../src/leads/enquiry.ts';
import { type CaptureInput, checkEnquiry } from '../../../src/leads/index.ts';
import { isKnown } from '../../../src/lib/errors.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';

const drive = loadPlaybooks(path.resolve(import.meta.dirname, '../../../conversations')).get('test-drive');
/** A line of business that asks for an address, and for a number only if there is one. */
const byMail = {
  ...drive,
  fields: drive.fields.map((field) =>
    field.type === 'phone' || field.type === 'email' ? { ...field, required: field.type === 'email' } : field,
  ),
};

const enquiry: CaptureInput = {
  playbook: 'test-drive',
  source: 'slack',
  sourceKey: 'k',
  ownerId: null,
  actor: 'system',
  name: 'Anna',
  phone: '',
  email: 'Anna@Example.com',
  language: '',
  fields: { car: 'BMW' },
  consentGiven: true,
};

function problemsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return isKnown(error) ? error.problems.map(({ field }) => field) : [];
  }
}

test('a lead without a number is one where the playbook does not ask for it', () => {
  expect(checkEnquiry(enquiry, byMail, 'SE')).toMatchObject({
    phone: undefined,
    email: 'anna@example.com',
    language: undefined,
  });
  expect(problemsOf(() => checkEnquiry(enquiry, drive, 'SE'))).toEqual(['phone']);
});

test('a number that was given must be one, and an address that is asked for must be there', () => {
  expect(problemsOf(() => checkEnquiry({ ...enquiry, phone: '12' }, byMail, 'SE'))).toEqual(['phone']);
  expect(problemsOf(() => checkEnquiry({ ...enquiry, phone: '+46701234567', email: '' }, byMail, 'SE'))).toEqual([
    'email',
  ]);
});

test('a name is one line, and turns no text around it', () => {
  expect(readName(' \u202eAnna\u2066\n Öst ')).toEqual({ value: 'Anna Öst' });
  expect(readName('\u202e')).toHaveProperty('problem');
  for (const link of [
    'win at https://evil.example',
    'WWW.evil.example',
    'a://b',
    'Read bit.ly/x1 now',
    'evil-shop.com',
    'EVIL.SHOP, Anna',
    'Evil.Com',
  ])
    expect(readName(link)).toEqual({ problem: 'A name has no web address in it.' });
  for (const name of [
    'Ann Wwwilson',
    'J.R. Ek',
    'J.r.r. Tolkien',
    'Anna St.Clair',
    'Dr. Ek jr.',
    'Dr.Öst',
    'Mr. O. No.2',
  ])
    expect(readName(name)).toEqual({ value: name });
});
