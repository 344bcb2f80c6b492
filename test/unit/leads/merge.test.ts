import { expect, test } from '@jest/globals';
import { changedFields, type Enquiry, foldEnquiries } from '../../../src/leads/merge.ts';
import { createRandom, type Random } from '../../support/seeds.ts';

const KEYS = ['company', 'value', 'city'];

function someEnquiries(random: Random): Enquiry[] {
  return Array.from({ length: random.between(1, 6) }, (_, index) => ({
    key: `form/${index}`,
    // some arrive in the same millisecond
    receivedAt: new Date(1_700_000_000_000 + random.between(0, 3)),
    fields: Object.fromEntries(
      KEYS.flatMap((key) => (random.next() < 0.6 ? [[key, random.next() < 0.2 ? '' : `${key} ${index}`]] : [])),
    ),
  }));
}

test('the newest word on each field counts; what a later enquiry leaves out stays', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 9, minute));
  const enquiries = [
    { key: 'a', receivedAt: at(0), fields: { company: 'Acme', value: '500' } },
    { key: 'b', receivedAt: at(1), fields: { value: '1500', city: '' } },
  ];
  expect(foldEnquiries(enquiries)).toEqual({ company: 'Acme', value: '1500' });
});

test('merging is the same in any order, and however often an enquiry comes', () => {
  const random = createRandom(11);
  for (let round = 0; round < 1000; round++) {
    const enquiries = someEnquiries(random);
    const folded = JSON.stringify(foldEnquiries(enquiries));
    expect(JSON.stringify(foldEnquiries(random.shuffle(enquiries)))).toBe(folded);
    expect(JSON.stringify(foldEnquiries([...enquiries, random.pick(enquiries)]))).toBe(folded);
    for (const [key, value] of Object.entries(foldEnquiries(enquiries))) {
      expect(enquiries.some(({ fields }) => fields[key] === value)).toBe(true);
    }
  }
});

test('what changed is told by field', () => {
  expect(changedFields({ a: '1', b: '2' }, { b: '3', c: '4' })).toEqual(['a', 'b', 'c']);
  expect(changedFields({ a: '1' }, { a: '1' })).toEqual([]);
});
