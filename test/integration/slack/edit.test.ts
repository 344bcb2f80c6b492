import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { newId } from '../../../src/lib/ids.ts';
import { U_ERIK, U_MARIA, U_SOFIA } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
afterEach(() => {
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

let serial = 0;
const phone = () => `+4670${1_234_100 + serial++}`;
const logged = async (changes: Parameters<LeadWorld['drive']>[1] = {}) => {
  const { leadId } = await world.drive(world.sofia, { phone: phone(), ...changes });
  await world.effects();
  return leadId;
};
const open = async (userId: string, leadId: LeadId) => {
  const card = await world.card(leadId);
  const acted = await world.slack.click(userId, { message: card }, 'lead_edit');
  return acted.modal();
};
const lead = async (id: LeadId) => {
  const [row] = await world.database.db.system.query<{
    name: string;
    language: string;
    fields: Record<string, string>;
    emails: string[];
    planned: string[];
    accounts: number;
  }>(
    `select p.name, p.language, l.fields,
       array(select a.value from addresses a where a.person_id = p.id and a.kind = 'email') as emails,
       array(select m.language from messages m where m.lead_id = l.id and m.state in ('scheduled', 'held') order by m.due_at) as planned
     from leads l join persons p on p.id = l.person_id where l.id = $1`,
    [id],
  );
  if (!row) throw new Error('no such lead');
  return row;
};

describe('Edit on a lead', () => {
  test('changes facts, name, mailbox and language; what has not left yet is in the new language', async () => {
    const id = await logged({ fields: { car: 'BMW X5', note: 'Calls late' } });
    const saved = await world.slack.submit(U_SOFIA, await open(U_SOFIA, id), {
      name: 'Anna Svensson',
      car: 'Audi A4',
      note: '',
      email: 'Anna@Example.com',
      language: 'English',
    });
    expect(saved).toMatchObject({ errors: {}, closed: true });
    expect(await lead(id)).toMatchObject({
      name: 'Anna Svensson',
      language: 'en',
      fields: { car: 'Audi A4' },
      emails: ['anna@example.com'],
      planned: ['en', 'en', 'en', 'en'],
    });
    expect((await lead(id)).fields.note).toBeUndefined();
    const [found] = await world.database.db.system.query<{ data: object; person: string }>(
      `select data from events where lead_id = $1 and type = 'lead.amended'`,
      [id],
    );
    expect(found?.data).toEqual({ changed: ['car', 'note', 'name', 'language', 'email'] });
    // a further enquiry does not bring back what was taken out
    await world.drive(world.sofia, {
      phone: (await phoneOf(id)) ?? '',
      source: 'form',
      known: 'merge',
      fields: { car: 'Audi A6' },
    });
    expect((await lead(id)).fields).toEqual({ car: 'Audi A6' });
  });

  test('tells at the field what is wrong, and changes nothing then', async () => {
    const other = await logged({ email: 'taken@example.com' });
    const id = await logged();
    const view = await open(U_SOFIA, id);
    const wrong = await world.slack.submit(U_SOFIA, view, { email: 'taken@example.com', car: 'Audi' });
    expect(wrong.errors).toEqual({ email: expect.stringContaining('another customer') });
    expect((await lead(id)).fields).toEqual({ car: 'BMW X5' });
    expect((await lead(other)).emails).toEqual(['taken@example.com']);
  });

  test('lets two people change different fields at once, and tells the second of the same', async () => {
    const id = await logged();
    const [first, second] = [await open(U_SOFIA, id), await open(U_MARIA, id)];
    await world.slack.submit(U_SOFIA, first, { car: 'Audi A4' });
    const late = await world.slack.submit(U_MARIA, second, { car: 'Volvo EX90' });
    expect(late.errors.car).toContain('changed this to “Audi A4” meanwhile');
    const saved = await world.slack.submit(U_MARIA, second, { car: 'BMW X5', note: 'Wants a tow bar' });
    expect(saved.errors).toEqual({});
    expect((await lead(id)).fields).toEqual({ car: 'Audi A4', note: 'Wants a tow bar' });
  });

  test('is for those who look after it', async () => {
    const id = await logged();
    await world.slack.click(U_ERIK, { message: await world.card(id) }, 'lead_edit');
    expect(world.slack.stack(U_ERIK)).toEqual([]);
  });
});

describe('somebody who asks again', () => {
  test('with a mailbox that we did not know is written to there, where nothing else works', async () => {
    const email = `later-${newId()}@example.com`;
    const mine = phone();
    const { leadId, personId } = await world.drive(world.sofia, { phone: mine });
    await world.database.db.system.query(
      `update messages set state = 'held', reason = 'no_address', account_id = null where person_id = $1`,
      [personId],
    );
    await world.drive(world.sofia, { phone: mine, email, source: 'form', known: 'merge' });
    const states = await world.database.db.system.query<{ state: string }>(
      `select distinct state from messages where lead_id = $1`,
      [leadId],
    );
    expect(states).toEqual([{ state: 'scheduled' }]);
  });

  test('and agrees for the first time begins to be followed up; an ended plan stays ended', async () => {
    const mine = phone();
    const brought = { agreed: null, turn: 0, perHour: null };
    const quiet = { phone: mine, source: 'import', known: 'merge' as const, consentGiven: false, brought };
    const { leadId } = await world.drive(world.sofia, quiet);
    const states = () =>
      world.database.db.system.query<{ state: string }>('select state from enrolments where lead_id = $1', [leadId]);
    expect(await states()).toEqual([]);
    const asks = () => world.drive(world.sofia, { phone: mine, source: 'form', known: 'merge', sourceKey: newId() });
    expect((await asks()).leadId).toBe(leadId);
    expect(await states()).toEqual([{ state: 'active' }]);
    await world.rooms.enrolment.end(world.maria, leadId);
    await asks();
    expect(await states()).toEqual([{ state: 'closed' }]);
  });
});

async function phoneOf(id: LeadId): Promise<string | undefined> {
  const [row] = await world.database.db.system.query<{ value: string }>(
    `select a.value from addresses a join leads l on l.person_id = a.person_id where l.id = $1 and a.kind = 'phone'`,
    [id],
  );
  return row?.value;
}
