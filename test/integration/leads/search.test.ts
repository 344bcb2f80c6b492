import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LeadFilter, pickLeads } from '../../../src/leads/filter.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { openWorld, type World } from '../../support/world.ts';

/* Which of two ways leads are looked for depends on how many have a word; what is found does not. */

const NAMES = ['Anna Berg', 'Anna Bergman', 'Annika Ek', 'Bo Berg', 'Bo Ek', 'Anna Ek'];
const CARS = ['BMW X5', 'BMW X3', 'Volvo XC60'];
const LEADS = 24;

let world: World;
let sofia: Staff;
let erik: Staff;
const leads: { id: LeadId; owner: Staff; words: string[] }[] = [];
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  [sofia, erik] = [await world.hire('Sofia Lind', 'salesperson'), await world.hire('Erik Holm', 'salesperson')];
  for (let n = 0; n < LEADS; n++) {
    const [name = '', car = ''] = [NAMES[n % NAMES.length], CARS[n % CARS.length]];
    const owner = n % 4 === 0 ? erik : sofia;
    const { leadId } = await world.drive(owner, { name, fields: { car }, phone: `+46701770${100 + n}` });
    leads.unshift({ id: leadId, owner, words: `${name} ${car}`.toLowerCase().split(' ') });
  }
});
afterAll(() => world.close());

const found = (filter: LeadFilter, after: LeadId | undefined, most: number | undefined) =>
  world.database.db.inTenant(world.tenant.id, (tx) =>
    pickLeads(tx, filter, { after: after && { id: after }, limit: 5 }, most),
  );

test.each([[['anna']], [['berg']], [['ann', 'bmw']], [['bo', 'ek', 'bmw', 'x']], [['anna', 'nobody']]])(
  '%j finds the same newest leads, page by page, whatever is narrow',
  async (words) => {
    for (const owner of [undefined, sofia, erik]) {
      const wanted = leads
        .filter((lead) => words.every((word) => lead.words.some((each) => each.startsWith(word))))
        .filter((lead) => owner === undefined || lead.owner === owner)
        .map(({ id }) => id);
      const filter = { words, lookedAfterBy: owner?.id };
      for (const most of [0, 7, undefined]) {
        expect(await found(filter, undefined, most)).toEqual(wanted.slice(0, 5));
        const last = wanted[2];
        if (last) expect(await found(filter, last, most)).toEqual(wanted.slice(3, 8));
      }
    }
  },
);

test.each([[['anna']], [['bo', 'ek']], [['ann', 'bmw']]])(
  '%j between dates finds the same leads by when they were captured, page by page, whatever is narrow',
  async (words) => {
    const hour = (n: number) => new Date(Date.UTC(2026, 5, 1, n));
    // two at a time, and in another order than they were stored
    const dated = leads.map((lead, n) => ({ ...lead, hour: Math.floor(((n * 7) % LEADS) / 2) }));
    for (const { id, hour: n } of dated) {
      await world.database.db.system.query('update leads set captured_at = $2 where id = $1', [id, hour(n)]);
    }
    const newest = dated.sort((one, other) => other.hour - one.hour || (one.id < other.id ? 1 : -1));
    for (const owner of [undefined, sofia]) {
      for (const [from, to] of [
        [0, 99],
        [3, 6],
        [6, 99],
        [0, 5],
      ] as const) {
        const wanted = newest
          .filter((lead) => words.every((word) => lead.words.some((each) => each.startsWith(word))))
          .filter((lead) => lead.hour >= from && lead.hour < to && (owner === undefined || lead.owner === owner))
          .map(({ id }) => id);
        const filter = { words, lookedAfterBy: owner?.id, from: hour(from), ...(to < 99 && { to: hour(to) }) };
        for (const most of [0, 7, undefined]) {
          expect(await found(filter, undefined, most)).toEqual(wanted.slice(0, 5));
          const last = wanted[1];
          if (last) expect(await found(filter, last, most)).toEqual(wanted.slice(2, 7));
        }
      }
    }
  },
);

test('whoever stands in finds the leads of whom they stand in for, too', async () => {
  const { db } = world.database;
  await db.system.query('update staff set covered_by = $2 where id = $1', [erik.id, sofia.id]);
  const wanted = leads.filter(({ words }) => words.includes('bo')).map(({ id }) => id);
  for (const most of [0, undefined]) {
    expect(await found({ words: ['bo'], lookedAfterBy: sofia.id }, undefined, most)).toEqual(wanted.slice(0, 5));
  }
  await db.system.query('update staff set covered_by = null where id = $1', [erik.id]);
});
