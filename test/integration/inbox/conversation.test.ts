import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { answered, type Conversation, conversationOf, isTaken, owedAnswers } from '../../../src/inbox/index.ts';
import { type LeadId, type MessageId, newId, type PersonId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { eventTypes, one } from '../../support/facts.ts';
import { MONDAY, openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from '../../support/world.ts';

let world: World;
let sofia: Staff;
let maria: Staff;
let serial = 10;
beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lindqvist', 'salesperson');
  maria = await world.hire('Maria Nyström', 'manager');
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterAll(() => world.close());

interface Anna {
  leadId: LeadId;
  personId: PersonId;
  phone: string;
}

async function anna(): Promise<Anna> {
  const phone = `+467017407${serial++}`;
  const made = await world.drive(sofia, { phone });
  await world.settle();
  return { ...made, phone };
}

const writes = (from: string, body: string, channel: 'whatsapp' | 'sms' = 'whatsapp') =>
  world.twilio.customerSends({ from, to: channel === 'sms' ? SMS_SENDER : WHATSAPP_SENDER, channel, body });

const inTenant = <T>(work: Parameters<typeof world.database.db.inTenant<T>>[1]) =>
  world.database.db.inTenant(world.tenant.id, work);

async function talk({ personId }: Pick<Anna, 'personId'>): Promise<Conversation> {
  const found = await inTenant((tx) => conversationOf(tx, personId));
  if (!found) throw new Error('no conversation');
  return found;
}

const later = (minutes: number) => world.turnTo(new Date(world.clock.now().getTime() + minutes * 60_000));
const change = (patch: object) => changeSettings(world, maria, patch);
const turnsFor = (personId: PersonId) =>
  world.database.db.system.query<{ data: { messageId: string } }>(
    `select data from effects where kind = 'agent.turn' and key = $1`,
    [personId],
  );

describe('who owes an answer', () => {
  test('is known from the first message that nobody has answered, however many follow', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const first = await talk(lead);
    await later(5);
    await writes(lead.phone, 'Hello?');
    const second = await talk(lead);
    expect(first.unread).toBe(1);
    expect(second.unread).toBe(2);
    expect(second.owedSince).toEqual(first.owedSince);
    expect(second.lastInboundId).not.toBe(first.lastInboundId);
    expect(second.leadId).toBe(lead.leadId);
  });

  test.each([
    [
      'an automatic reply, which earns none and leaves the turn to the message before',
      'I am out of office until Monday, this is an automatic reply.',
    ],
    ['a stop', 'STOP'],
  ])('is nobody after %s', async (_what, body) => {
    const lead = await anna();
    await writes(lead.phone, body);
    const conversation = await inTenant((tx) => conversationOf(tx, lead.personId));
    expect(conversation?.owedSince ?? null).toBeNull();
  });

  test('is nobody where a number belongs to no lead', async () => {
    const phone = `+467017407${serial++}`;
    await writes(phone, 'Who are you?');
    const owed = await one<Date | null>(
      world,
      `select owed_since as value from conversations c join addresses a on a.person_id = c.person_id where a.value = $1`,
      [phone],
    );
    expect(owed).toBeNull();
  });

  test('is nobody once a person has answered, in the transaction that writes the answer', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const { messageId } = await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    const now = await talk(lead);
    expect(now).toMatchObject({ owedSince: null, unread: 0, takenBy: sofia.id, agentTurns: 0 });
    expect(messageId).toBeTruthy();
    expect(await eventTypes(world, lead.leadId)).toContain('conversation.taken');
  });

  test('is known again as before when the answer is taken back', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const { owedSince } = await talk(lead);
    const { messageId } = await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    expect(await world.rooms.desk.undo(sofia, messageId)).toBe(true);
    expect(await talk(lead)).toMatchObject({ owedSince, unread: 1 });
  });

  test('is known again when the gateway refuses the answer', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const { owedSince } = await talk(lead);
    world.twilio.faults.setFor(lead.phone, { refuseWith: 21211 });
    await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    expect((await talk(lead)).owedSince).toBeNull();
    await later(1);
    await world.rooms.reminders.run();
    expect((await talk(lead)).owedSince).toEqual(owedSince);
    await world.rooms.reminders.run();
    expect((await talk(lead)).owedSince).toEqual(owedSince);
  });

  test('stays nobody when the answer arrives', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    await later(1);
    await world.twilio.idle();
    await world.rooms.reminders.run();
    const pending = `select answer_id as value from conversations where person_id = $1`;
    expect(await one(world, pending, [lead.personId])).toBeNull();
    expect((await talk(lead)).owedSince).toBeNull();
  });

  test('the same window sent twice does not answer what came in between', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const key = newId();
    await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', key);
    await writes(lead.phone, 'And what does it cost?');
    await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', key);
    expect((await talk(lead)).owedSince).not.toBeNull();
  });

  test('ends with the decision that no answer is needed, with the lead, and with an opt-out by any way', async () => {
    const [settled, won, gone] = [await anna(), await anna(), await anna()];
    for (const lead of [settled, won, gone]) await writes(lead.phone, 'Thanks, bye');
    expect(await world.rooms.takeover.settle(sofia, settled.leadId)).toBe(true);
    expect(await world.rooms.takeover.settle(sofia, settled.leadId)).toBe(false);
    await world.rooms.desk.move(sofia, won.leadId, 'won');
    await world.rooms.optOuts.run(world.tenant.id, {
      personId: gone.personId,
      scope: 'all',
      by: 'link',
      actor: 'customer',
    });
    await world.rooms.reminders.run();
    for (const lead of [settled, won, gone]) expect(await talk(lead)).toMatchObject({ owedSince: null, unread: 0 });
  });

  test('is listed, the longest first: mine, and those of the team', async () => {
    const [first, second] = [await anna(), await anna()];
    await writes(first.phone, 'One');
    await later(1);
    await writes(second.phone, 'Two');
    const mine = await inTenant((tx) => owedAnswers(tx, { by: sofia.id, limit: 100 }));
    const ids = mine.owed.map((each) => each.leadId);
    expect(ids.indexOf(first.leadId)).toBeLessThan(ids.indexOf(second.leadId));
    expect(mine.total).toBe(mine.owed.length);
    await world.rooms.takeover.take(maria, first.leadId);
    const marias = await inTenant((tx) => owedAnswers(tx, { by: maria.id, limit: 100 }));
    expect(marias.owed.map((each) => each.leadId)).toEqual([first.leadId]);
    const all = await inTenant((tx) => owedAnswers(tx, { limit: 1 }));
    expect(all.owed).toHaveLength(1);
    expect(all.total).toBe(mine.total);
  });
});

describe('taking over', () => {
  test('is of the owner and the managers only', async () => {
    const lead = await anna();
    const erik = await world.hire('Erik Holm', 'salesperson');
    const guest = await world.hire('Nobody', null);
    for (const act of ['take', 'handBack', 'settle'] as const) {
      await expect(world.rooms.takeover[act](erik, lead.leadId)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(world.rooms.takeover[act](guest, lead.leadId)).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(await world.rooms.takeover.take(sofia, lead.leadId)).toBe(true);
    expect(await world.rooms.takeover.take(sofia, lead.leadId)).toBe(false);
    expect(await world.rooms.takeover.take(maria, lead.leadId)).toBe(true);
    expect((await talk(lead)).takenBy).toBe(maria.id);
    expect(await world.rooms.takeover.handBack(sofia, lead.leadId)).toBe(true);
    expect(await world.rooms.takeover.handBack(sofia, lead.leadId)).toBe(false);
    const events = await eventTypes(world, lead.leadId);
    expect(events.filter((type) => type.startsWith('conversation.'))).toEqual([
      'conversation.taken',
      'conversation.taken',
      'conversation.handed_back',
    ]);
  });

  test('silences the agent: no turn is asked for until it is handed back, and then for what is owed', async () => {
    await change({ agentMode: 'auto' });
    try {
      const lead = await anna();
      await writes(lead.phone, 'Is it still there?');
      const [turn] = await turnsFor(lead.personId);
      expect(turn?.data.messageId).toBe((await talk(lead)).lastInboundId);
      await world.database.db.system.query(`delete from effects where kind = 'agent.turn'`);

      await world.rooms.takeover.take(sofia, lead.leadId);
      await writes(lead.phone, 'Hello?');
      expect(await turnsFor(lead.personId)).toEqual([]);
      expect(isTaken(await talk(lead))).toBe(true);

      await world.rooms.takeover.handBack(sofia, lead.leadId);
      const [again] = await turnsFor(lead.personId);
      expect(again?.data.messageId).toBe((await talk(lead)).lastInboundId);
    } finally {
      await change({ agentMode: 'off' });
    }
  });

  test.each([
    ['a stop', 'STOP'],
    ['what may be a stop', 'please stop calling me so early'],
    ['an automatic reply', 'I am out of office until Monday, this is an automatic reply.'],
  ])('no turn is asked for after %s', async (_what, body) => {
    await change({ agentMode: 'auto' });
    try {
      const lead = await anna();
      await writes(lead.phone, body);
      expect(await turnsFor(lead.personId)).toEqual([]);
    } finally {
      await change({ agentMode: 'off' });
    }
  });

  test("races with the agent's answer: whoever comes first has the lock, and both are told the truth", async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const messageId = newId<MessageId>();
    const turn = inTenant(async (tx) => {
      await tx.query('select from persons where id = $1 for update', [lead.personId]);
      if (isTaken(await conversationOf(tx, lead.personId))) return 'dropped';
      await answered(tx, { personId: lead.personId, leadId: lead.leadId, messageId, staffId: null }, world.clock.now());
      return 'answered';
    });
    const [outcome, taken] = await Promise.all([turn, world.rooms.takeover.take(sofia, lead.leadId)]);
    expect(taken).toBe(true);
    const now = await talk(lead);
    expect(now.takenBy).toBe(sofia.id);
    expect(now.owedSince === null).toBe(outcome === 'answered');
  });

  test('a stop and a reply at the same moment: nothing leaves after the stop, nothing is owed', async () => {
    for (let round = 0; round < 5; round++) {
      const lead = await anna();
      await writes(lead.phone, 'Is it still there?');
      const before = world.twilio.journal.sent.filter((sent) => sent.to === lead.phone).length;
      await Promise.allSettled([
        world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId()),
        world.rooms.desk.stop(sofia, lead.leadId),
      ]);
      await later(1);
      await world.rooms.reminders.run();
      expect(world.twilio.journal.sent.filter((sent) => sent.to === lead.phone)).toHaveLength(before);
      expect((await talk(lead)).owedSince).toBeNull();
    }
  });
});

describe('two people answering at once', () => {
  test('see each other: the second is shown the first answer before it can be sent', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    expect(await world.rooms.desk.others(maria, lead.leadId)).toEqual([]);
    const { messageId } = await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId(), null);
    const [other] = await world.rooms.desk.others(maria, lead.leadId);
    expect(other).toMatchObject({ id: messageId, by: 'Sofia Lindqvist', words: 'Yes!', waits: true });
    await expect(world.rooms.desk.reply(maria, lead.leadId, 'It is!', newId(), null)).rejects.toMatchObject({
      code: 'conflict',
    });
    await world.rooms.desk.reply(maria, lead.leadId, 'It is!', newId(), messageId);
    expect(await world.rooms.desk.others(sofia, lead.leadId)).toHaveLength(1);
  });

  test('in the same moment: one of them is asked to look again', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const outcomes = await Promise.allSettled([
      world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId(), null),
      world.rooms.desk.reply(maria, lead.leadId, 'It is!', newId(), null),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('an answer that was taken back, and one of long ago, are no longer shown', async () => {
    const lead = await anna();
    await writes(lead.phone, 'Is it still there?');
    const { messageId } = await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    await world.rooms.desk.undo(sofia, messageId);
    expect(await world.rooms.desk.others(maria, lead.leadId)).toEqual([]);
    await world.rooms.desk.reply(sofia, lead.leadId, 'Yes!', newId());
    await later(11);
    expect(await world.rooms.desk.others(maria, lead.leadId)).toEqual([]);
  });
});
