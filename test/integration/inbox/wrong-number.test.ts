import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { searchLeads } from '../../../src/leads/index.ts';
import { type LeadId, newId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { enrolmentState, one, plan } from '../../support/facts.ts';
import { MONDAY, openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

const WRONG = 'You have the wrong number, I am not Anna and I do not know her.';

let world: World;
let sofia: Staff;
let serial = 10;
beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lindqvist', 'salesperson');
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterAll(() => world.close());

const aPhone = () => `+467017409${serial++}`;
const writes = (from: string, body: string) =>
  world.twilio.customerSends({ from, to: WHATSAPP_SENDER, channel: 'whatsapp', body });
const sentTo = (phone: string) => world.twilio.journal.sent.filter((sent) => sent.to === phone).length;

async function wrong(): Promise<{ leadId: LeadId; phone: string }> {
  const phone = aPhone();
  const { leadId } = await world.drive(sofia, { phone, language: 'en' });
  await world.settle();
  await writes(phone, WRONG);
  return { leadId, phone };
}
const lead = (leadId: LeadId) => world.rooms.desk.lead(sofia, leadId);

describe('a wrong number', () => {
  test('ends the follow-up, and nothing more goes there: neither what is planned nor what somebody writes', async () => {
    const { leadId, phone } = await wrong();
    const before = sentTo(phone);
    expect(await enrolmentState(world, leadId)).toBe('replied');
    expect((await plan(world, leadId)).slice(1)).toEqual([
      'day_2 sms cancelled wrong_number',
      'day_7 sms cancelled wrong_number',
      'day_14 sms cancelled wrong_number',
    ]);
    await expect(world.rooms.desk.reply(sofia, leadId, 'Sorry!', newId())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await world.turnTo(new Date(MONDAY.getTime() + 20 * 86_400_000));
    expect(sentTo(phone)).toBe(before);
  });

  test('takes back what somebody had just written there', async () => {
    const phone = aPhone();
    const { leadId } = await world.drive(sofia, { phone, language: 'en' });
    await world.settle();
    await world.rooms.desk.reply(sofia, leadId, 'How did you like it?', newId());
    await writes(phone, WRONG);
    await world.turnTo(new Date(MONDAY.getTime() + 60_000));
    expect(sentTo(phone)).toBe(1);
  });

  test('is no opt-out of the person, moves no stage, and owes nobody an answer', async () => {
    const { leadId } = await wrong();
    expect(await lead(leadId)).toMatchObject({ optedOutAt: null, stage: 'contacted' });
    const { personId } = await lead(leadId);
    expect(
      await one(world, 'select owed_since as value from conversations where person_id = $1', [personId]),
    ).toBeNull();
    expect(await one(world, 'select count(*)::int as value from suppressions')).toBe(0);
  });
});

describe('correcting it', () => {
  test('gives the person the right number, keeps the history, and starts the follow-up again', async () => {
    const { leadId, phone } = await wrong();
    const right = aPhone();
    await world.rooms.correction.correct(sofia, leadId, right.replace('+46', '0'), true);
    expect(await lead(leadId)).toMatchObject({ phone: right, state: 'active' });
    await world.settle();
    expect(sentTo(right)).toBe(1);
    expect(sentTo(phone)).toBe(1);
    const found = (number: string) =>
      world.database.db.inTenant(world.tenant.id, (tx) => searchLeads(tx, [number.slice(1)], { limit: 5 }));
    expect((await found(right)).map(({ id }) => id)).toEqual([leadId]);
    expect(await found(phone)).toEqual([]);
    const history = `select count(*)::int as value from messages m join addresses a on a.id = m.address_id
      where m.lead_id = $1 and a.value = $2`;
    expect(await one(world, history, [leadId, phone])).toBe(5); // four planned, one received
  });

  test('leaves the old number to whoever it belongs to: they are a stranger, and may become a customer', async () => {
    const { leadId, phone } = await wrong();
    await world.rooms.correction.correct(sofia, leadId, aPhone(), false);
    expect((await lead(leadId)).state).toBe('replied');
    await writes(phone, 'Please tell me when that blue one is for sale');
    const owner = `select person_id as value from addresses where value = $1`;
    expect(await one(world, owner, [phone])).not.toBe((await lead(leadId)).personId);
    const { leadId: theirs } = await world.drive(sofia, { phone, name: 'Bo Ek' });
    await world.settle();
    expect((await plan(world, theirs))[0]).toMatch(/^day_0 (sms|whatsapp) (sent|delivered)/);
  });

  test('checks the number as logging a lead does', async () => {
    const { leadId, phone } = await wrong();
    const other = aPhone();
    await world.drive(sofia, { phone: other, name: 'Bo Ek' });
    const stopped = aPhone();
    const gone = await world.drive(sofia, { phone: stopped, name: 'Eva Dal' });
    await world.rooms.desk.stop(sofia, gone.leadId);
    await world.database.db.system.query('update addresses set value = $2 where value = $1', [stopped, aPhone()]);

    const problem = (code: string) => expect.objectContaining({ code });
    const correct = (number: string) => world.rooms.correction.correct(sofia, leadId, number, true);
    await expect(correct('070 12')).rejects.toEqual(problem('validation_error'));
    await expect(correct('hello')).rejects.toEqual(problem('validation_error'));
    await expect(correct(phone)).rejects.toEqual(problem('validation_error'));
    await expect(correct(other)).rejects.toEqual(problem('validation_error'));
    await expect(correct(stopped)).rejects.toEqual(problem('opted_out')); // it is remembered without the address
    const erik = await world.hire('Erik Holm', 'salesperson');
    await expect(world.rooms.correction.correct(erik, leadId, aPhone(), true)).rejects.toEqual(problem('forbidden'));
    expect((await lead(leadId)).phone).toBe(phone);
  });

  test('of two leads to the same number at once: one gets it, the other is told', async () => {
    const [first, second] = [await wrong(), await wrong()];
    const right = aPhone();
    const outcomes = await Promise.allSettled([
      world.rooms.correction.correct(sofia, first.leadId, right, true),
      world.rooms.correction.correct(sofia, second.leadId, right, true),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(failed?.reason).toMatchObject({ code: 'validation_error' });
    await world.settle();
    expect(sentTo(right)).toBe(1);
  });
});
