import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AgentWorld, type Customer, FACTS, openAgentWorld } from '../../support/agent.ts';
import { one } from '../../support/facts.ts';
import { MONDAY } from '../../support/world.ts';

let world: AgentWorld;
beforeAll(async () => {
  world = await openAgentWorld();
  await world.change({ agentMode: 'suggest', facts: FACTS });
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterAll(() => world.close());

/** A customer who waits for an answer, and what the agent would say. */
async function drafted(text = 'What are your opening hours?'): Promise<{ customer: Customer; id: string }> {
  const customer = await world.customer({ name: 'Emma Stone', language: 'en' });
  expect(await customer.writes(text)).toEqual([]);
  const [draft] = await customer.drafts();
  if (!draft) throw new Error('there is no draft');
  expect(draft).toMatchObject({ state: 'open', reason: 'suggest' });
  return { customer, id: draft.id };
}
const state = async (customer: Customer) => (await customer.drafts()).map((draft) => draft.state);
const owed = (customer: Customer) =>
  one(world, 'select owed_since as value from conversations where person_id = $1', [customer.personId]);
async function tenSeconds(): Promise<void> {
  await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
}

describe('a draft', () => {
  test('that is sent leaves after ten seconds as the answer of that person, and the agent goes on drafting', async () => {
    const { customer, id } = await drafted();
    await world.rooms.drafts.send(world.sofia, id);
    expect(customer.received().join()).not.toContain('open Monday');
    await tenSeconds();
    expect(customer.received().at(-1)).toContain('We are open Monday to Friday from 9 to 18');
    expect(await owed(customer)).toBeNull();
    const [message] = await world.database.db.system.query(
      `select purpose, author_id as author from messages where person_id = $1 and purpose in ('reply', 'agent')`,
      [customer.personId],
    );
    expect(message).toEqual({ purpose: 'reply', author: world.sofia.id });
    await customer.writes('Do you take my old car in part exchange?');
    expect(await state(customer)).toEqual(['sent', 'open']);
  });

  test('that was edited leaves in the words of that person', async () => {
    const { customer, id } = await drafted();
    await world.rooms.drafts.send(world.sofia, id, 'We open at 9. I can do 500 kr off for you. /Sofia');
    await tenSeconds();
    expect(customer.received().at(-1)).toBe('We open at 9. I can do 500 kr off for you. /Sofia');
    const decided = `select data->>'decision' as value from events where lead_id = $1 and type = 'draft.decided'`;
    expect(await one(world, decided, [customer.leadId])).toBe('edited');
  });

  test('that is discarded leaves the answer owed', async () => {
    const { customer, id } = await drafted();
    await world.rooms.drafts.discard(world.sofia, id);
    expect(await state(customer)).toEqual(['discarded']);
    expect(await owed(customer)).not.toBeNull();
    await expect(world.rooms.drafts.send(world.sofia, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('can be taken back like any reply', async () => {
    const { customer, id } = await drafted();
    const { messageId } = await world.rooms.drafts.send(world.sofia, id);
    if (!messageId) throw new Error('nothing was sent');
    expect(await world.rooms.desk.undo(world.sofia, messageId)).toBe(true);
    await tenSeconds();
    expect(customer.received().join()).not.toContain('open Monday');
    expect(await owed(customer)).not.toBeNull();
  });

  test('is sent once, however often Send is pressed', async () => {
    const { customer, id } = await drafted();
    const pressed = await Promise.allSettled([1, 2, 3].map(() => world.rooms.drafts.send(world.sofia, id)));
    expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await tenSeconds();
    expect(customer.received().filter((text) => text.includes('open Monday'))).toHaveLength(1);
  });

  test("is not a colleague's to send", async () => {
    const { id } = await drafted();
    const erik = await world.hire('Erik Holm', 'salesperson');
    const outsider = await world.hire('Nobody', null);
    await expect(world.rooms.drafts.send(erik, id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(world.rooms.drafts.discard(outsider, id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test.each<[string, (customer: Customer) => Promise<unknown>]>([
    ['the customer writes again', (customer) => customer.only('one more thing')],
    ['the customer stops everything (G3)', (customer) => customer.only('STOP', 'sms')],
    [
      'a colleague answers',
      (customer) => world.rooms.desk.reply(world.sofia, customer.leadId, 'Hello!', customer.phone),
    ],
    ['a colleague takes over', (customer) => world.rooms.takeover.take(world.sofia, customer.leadId)],
    ['somebody says that it needs no answer', (customer) => world.rooms.takeover.settle(world.sofia, customer.leadId)],
  ])('is out of date when %s', async (_what, act) => {
    const { customer, id } = await drafted();
    await act(customer);
    expect(await state(customer)).toEqual(['stale']);
    await expect(world.rooms.drafts.send(world.sofia, id)).rejects.toMatchObject({ code: 'conflict' });
    const asked = `select count(*) as value from effects where kind = 'draft.show' and key = $1 and requested > 1`;
    expect(await one(world, asked, [id])).toBe(1);
  });

  test('meets the window when it is sent: a day later it goes by SMS', async () => {
    const { id } = await drafted();
    world.clock.turnTo(MONDAY.getTime() + 25 * 3_600_000 - Date.now());
    expect(await world.rooms.drafts.route(world.sofia, id)).toMatchObject({ channel: 'sms' });
  });

  test('of an appointment books it when it is sent, and the customer gets the confirmation', async () => {
    const customer = await world.customer({ name: 'Emma Stone', language: 'en' });
    await customer.writes('can I come on Friday at 2pm?');
    const count = () => one(world, 'select count(*) as value from bookings where person_id = $1', [customer.personId]);
    expect(await count()).toBe(0);
    const [draft] = await customer.drafts();
    const view = await world.rooms.drafts.view(world.tenant.id, draft?.id ?? '');
    expect(view?.detail.slot?.words).toContain('27 November');
    await world.rooms.drafts.send(world.sofia, draft?.id ?? '');
    await world.settle();
    expect(await count()).toBe(1);
    expect(customer.received().at(-1)).toContain('is booked for Friday, 27 November at 14:00');
    expect(customer.received().filter((text) => text.includes('Friday'))).toHaveLength(1);
  });
});
