import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createWithdrawn } from '../../../src/inbox/index.ts';
import { lockPerson } from '../../../src/people/index.ts';
import { type AgentWorld, type Customer, FACTS, openAgentWorld } from '../../support/agent.ts';
import { one } from '../../support/facts.ts';
import { ACCOUNT_SID } from '../../support/twilio.ts';
import { until } from '../../support/until.ts';
import { MONDAY } from '../../support/world.ts';

let world: AgentWorld;
beforeAll(async () => {
  world = await openAgentWorld({ withModel: true });
});
beforeEach(async () => {
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  world.think(() => ({ say: 'Thank you, noted. Which day would suit you?' }));
  await world.change({ agentMode: 'auto', agentModes: {}, agentTurns: 6, facts: FACTS });
});
afterAll(() => world.close());

const english = () => world.customer({ name: 'Emma Stone', language: 'en' });
const taken = (customer: Customer) =>
  one<string | null>(world, 'select taken_by as value from conversations where person_id = $1', [customer.personId]);
const owed = (customer: Customer) =>
  one<Date | null>(world, 'select owed_since as value from conversations where person_id = $1', [customer.personId]);
const answers = (customer: Customer) =>
  one<string[]>(
    world,
    `select coalesce(array_agg(concat_ws(' ', state, reason) order by created_at), '{}') as value from messages
     where person_id = $1 and purpose = 'agent'`,
    [customer.personId],
  );
/** The turn as a worker has it that comes back after a crash. */
async function repeat(customer: Customer): Promise<void> {
  const messageId = await one<string>(
    world,
    'select last_inbound_id as value from conversations where person_id = $1',
    [customer.personId],
  );
  const effect = {
    tenantId: world.tenant.id,
    key: customer.personId,
    data: { messageId: messageId ?? '' },
    attempt: 2,
  };
  await world.rooms.agentTurn(effect);
}

describe('a turn that meets something else while the agent thinks', () => {
  async function meanwhile(act: (customer: Customer) => Promise<unknown>) {
    const customer = await english();
    let acted = false;
    world.think(async () => {
      if (!acted) {
        acted = true;
        await act(customer);
      }
      return { say: 'Thank you, noted. Which day would suit you?' };
    });
    return { customer, got: await customer.writes('Hello, I have a question') };
  }

  test('is dropped at a stop (G3)', async () => {
    const { customer, got } = await meanwhile((c) => c.only('STOP', 'sms'));
    expect(got.join()).not.toContain('noted');
    expect(await customer.turns()).toEqual([expect.objectContaining({ outcome: 'dropped', reason: 'opted_out' })]);
    expect(await answers(customer)).toEqual([]);
  });

  test('is dropped when somebody takes over', async () => {
    const { customer, got } = await meanwhile((c) => world.rooms.takeover.take(world.sofia, c.leadId));
    expect(got).toEqual([]);
    expect(await customer.turns()).toEqual([expect.objectContaining({ outcome: 'dropped', reason: 'taken_over' })]);
  });

  test('is dropped when somebody says that it needs no answer', async () => {
    const { customer, got } = await meanwhile((c) => world.rooms.takeover.settle(world.sofia, c.leadId));
    expect(got).toEqual([]);
    expect(await customer.turns()).toEqual([expect.objectContaining({ outcome: 'dropped', reason: 'settled' })]);
    expect(await answers(customer)).toEqual([]);
  });

  test('is dropped for a newer message, and both are answered once', async () => {
    const { customer, got } = await meanwhile((c) => c.only('and a second one'));
    expect(got).toHaveLength(1);
    expect((await customer.turns()).map(({ outcome }) => outcome)).toEqual(['dropped', 'sent']);
    const asked = world.openai.requests.at(-1)?.messages.filter(({ role }) => role === 'user');
    expect(asked?.map(({ content }) => content)).toEqual(['Hello, I have a question', 'and a second one']);
  });

  test('is dropped when the agent is switched off', async () => {
    const { customer, got } = await meanwhile(() => world.change({ agentMode: 'off' }));
    expect(got).toEqual([]);
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'dropped', reason: 'off' });
  });

  test('answers as a draft when it may only suggest by now', async () => {
    const { customer, got } = await meanwhile(() => world.change({ agentMode: 'suggest' }));
    expect(got).toEqual([]);
    expect(await customer.drafts()).toEqual([expect.objectContaining({ state: 'open', reason: 'suggest' })]);
  });
});

describe('a turn that is had again', () => {
  test('after a crash gives one message', async () => {
    const customer = await english();
    expect(await customer.writes('Hello, I have a question')).toHaveLength(1);
    await repeat(customer);
    await repeat(customer);
    await world.settle();
    expect(await answers(customer)).toHaveLength(1);
    expect(customer.received().filter((text) => text.includes('noted'))).toHaveLength(1);
  });

  test('by two workers at once gives one message', async () => {
    const customer = await english();
    await customer.only('Hello, I have a question');
    await Promise.all([repeat(customer), repeat(customer), repeat(customer)]);
    await world.turn();
    expect(await answers(customer)).toHaveLength(1);
  });

  test('after it was silent stays silent, and books nothing twice', async () => {
    const customer = await english();
    world.think((_request, round) =>
      round === 0
        ? { call: [{ name: 'offer_slots', arguments: { wish: 'Friday at 2pm' } }, ...book('s1', 's2', 's3')] }
        : { say: '' },
    );
    await customer.writes('can I come on Friday at 2pm?');
    await repeat(customer);
    const bookings = 'select count(*) as value from bookings where person_id = $1';
    expect(await one(world, bookings, [customer.personId])).toBe(1);
    expect((await customer.turns()).map(({ outcome }) => outcome)).toEqual(['booked']);
  });
});

const book = (...slots: string[]) => slots.map((slot) => ({ name: 'book', arguments: { slot } }));

describe('what a customer takes back', () => {
  /** The gateway's news that they have deleted what they wrote last. */
  async function takesBack({ phone }: Customer): Promise<void> {
    const sid = world.twilio.journal.inbound.findLast(({ from }) => from === phone)?.sid ?? '';
    await createWithdrawn({ db: world.database.db, clock: world.clock })(world.tenant.id, ACCOUNT_SID, sid);
  }
  const last = (customer: Customer) =>
    one<string | null>(
      world,
      `select coalesce(m.reason, 'stands') as value from messages m join conversations c on c.last_inbound_id = m.id
       where c.person_id = $1`,
      [customer.personId],
    );
  /** Something that happens each time the agent thinks; counts how often it does. */
  function whileThinking(act: () => Promise<unknown>): { thoughts: () => number } {
    const before = world.openai.requests.length;
    world.think(async () => {
      await act();
      return { say: 'Thank you, noted. Which day would suit you?' };
    });
    return { thoughts: () => world.openai.requests.length - before };
  }

  test('before the turn: nobody answers it', async () => {
    const customer = await english();
    await customer.only('Hello, I have a question');
    await takesBack(customer);
    const { thoughts } = whileThinking(async () => {});
    await world.turn();
    expect(thoughts()).toBe(0);
    expect(await answers(customer)).toEqual([]);
  });

  test('while the agent thinks: nobody answers it', async () => {
    const customer = await english();
    const { thoughts } = whileThinking(() => takesBack(customer));
    expect(await customer.writes('Hello, I have a question')).toEqual([]);
    expect(await customer.turns()).toEqual([expect.objectContaining({ outcome: 'dropped', reason: 'withdrawn' })]);
    expect(thoughts()).toBe(1);
    expect(await answers(customer)).toEqual([]);
    expect(await owed(customer)).not.toBeNull();
  });

  test('while the agent thinks: what else they wrote is answered, without it', async () => {
    const customer = await english();
    await customer.only('Hello, I have a question');
    whileThinking(() => takesBack(customer));
    expect(await customer.writes('and my neighbour is silly')).toHaveLength(1);
    expect((await customer.turns()).map(({ outcome }) => outcome)).toEqual(['dropped', 'sent']);
    const asked = world.openai.requests.at(-1)?.messages.filter(({ role }) => role === 'user');
    expect(asked?.map(({ content }) => content)).toEqual(['Hello, I have a question']);
  });

  test('waits for whoever has locked the person, as a turn that is being committed has', async () => {
    const { db } = world.database;
    const customer = await english();
    await customer.only('Hello, I have a question');
    let taking: Promise<void> | undefined;
    await db.inTenant(world.tenant.id, async (tx) => {
      await lockPerson(tx, customer.personId);
      taking = takesBack(customer);
      await until(async () => {
        const waiting = await db.system.query(
          `select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())`,
        );
        return waiting.length > 0;
      }, 'the withdrawal to wait');
      expect(await last(customer)).toBe('stands');
    });
    await taking;
    expect(await last(customer)).toBe('withdrawn');
  });
});

describe('an answer that waits for the gateway', () => {
  /** Committed, and not yet sent. */
  async function waiting(): Promise<Customer> {
    const customer = await english();
    await customer.only('Hello, I have a question');
    await repeat(customer);
    expect(await answers(customer)).toEqual(['scheduled']);
    return customer;
  }

  test('is cancelled by a stop (G3)', async () => {
    const customer = await waiting();
    await customer.only('please stop writing to me');
    await world.turn();
    expect(await answers(customer)).toEqual(['cancelled opted_out']);
    expect(customer.received().join()).not.toContain('noted');
  });

  test('is cancelled by a newer message', async () => {
    const customer = await waiting();
    await customer.only('one more thing');
    expect(await answers(customer)).toEqual(['cancelled replied']);
  });

  test('is not sent once somebody has taken over', async () => {
    const customer = await waiting();
    await world.rooms.takeover.take(world.sofia, customer.leadId);
    await world.turn();
    expect(await answers(customer)).toEqual(['cancelled taken_over']);
  });

  test.each([
    ['takes over', (c: Customer) => world.rooms.takeover.take(world.sofia, c.leadId)],
    ['says that it needs no answer', (c: Customer) => world.rooms.takeover.settle(world.sofia, c.leadId)],
    [
      'says that it needs no answer, after taking over',
      async (c: Customer) => {
        await world.rooms.takeover.take(world.sofia, c.leadId);
        await world.rooms.takeover.settle(world.sofia, c.leadId);
      },
    ],
    ['answers', (c: Customer) => world.rooms.desk.reply(world.sofia, c.leadId, 'Sofia here', c.leadId)],
  ])('is taken back even past the guard when somebody %s', async (_what, act) => {
    const customer = await waiting();
    await world.database.db.system.query(
      `update messages set state = 'claimed', lease_owner = $2, lease_until = clock_timestamp() + interval '30 seconds'
       where person_id = $1 and purpose = 'agent'`,
      [customer.personId, world.rooms.worker],
    );
    await act(customer);
    expect(await answers(customer)).toEqual(['cancelled taken_over']);
    await world.turn();
    expect(customer.received().join()).not.toContain('noted');
  });

  test('is cancelled while it is planned when somebody says that it needs no answer, and nothing is owed', async () => {
    const customer = await waiting();
    await world.rooms.takeover.settle(world.sofia, customer.leadId);
    await world.turn();
    expect(await answers(customer)).toEqual(['cancelled taken_over']);
    expect(await owed(customer)).toBeNull();
  });

  test('is tried again when the gateway is too busy, although no follow-up runs', async () => {
    const customer = await waiting();
    world.twilio.faults.setFor(customer.phone, { refuseWith: 20429 });
    await world.settle();
    world.twilio.faults.clear();
    expect(await answers(customer)).toEqual([expect.stringMatching(/^scheduled again:/)]);
    await world.database.db.system.query(`update accounts set tokens = 100, refilled_at = clock_timestamp()`);
    await world.turnTo(new Date(world.clock.now().getTime() + 10 * 60_000));
    expect(customer.received().filter((text) => text.includes('noted'))).toHaveLength(1);
  });
});

describe('what the agent may not do by itself', () => {
  test('more turns than it has: the next is a draft', async () => {
    await world.change({ agentTurns: 2 });
    const customer = await english();
    expect(await customer.writes('Hello, one question')).toHaveLength(1);
    expect(await customer.writes('and another question')).toHaveLength(1);
    expect(await customer.writes('and a third question')).toEqual([]);
    expect((await customer.drafts()).at(-1)).toMatchObject({ state: 'open', reason: 'turns' });
  });

  test('anything while it is off', async () => {
    await world.change({ agentMode: 'auto', agentModes: { 'test-drive': 'off' } });
    const customer = await english();
    expect(await customer.writes('Hello, one question')).toEqual([]);
    expect(await customer.turns()).toEqual([]);
  });

  test('say what does not pass: people get what the rules would say, and why it was held back', async () => {
    world.think(() => ({ say: 'The BMW X5 costs 4,990 kr a month, guaranteed.' }));
    const customer = await english();
    expect(await customer.writes('What are your opening hours?')).toEqual([]);
    const [draft] = await customer.drafts();
    expect(draft).toMatchObject({ state: 'open', reason: 'price' });
    expect(draft?.text).toContain('We are open Monday to Friday from 9 to 18');
    const view = await world.rooms.drafts.view(world.tenant.id, draft?.id ?? '');
    expect(view?.detail.held).toContain('a price or an amount that is not in your facts');
    expect(view?.detail.found).toContain('4,990 kr');
    expect(await owed(customer)).not.toBeNull();
  });

  test('write long by SMS', async () => {
    world.think(() => ({ say: 'Thank you, noted. Which day would suit you? '.repeat(8).trim() }));
    const customer = await english();
    await customer.writes('Hello, one question', 'sms');
    expect((await customer.drafts())[0]).toMatchObject({ reason: 'length' });
  });

  test('opt somebody out on a guess: it waits for a person', async () => {
    world.think((_request, round) =>
      round === 0
        ? { call: [{ name: 'opt_out', arguments: { quote: 'that is enough for me' } }] }
        : { say: 'You are unsubscribed.' },
    );
    const customer = await english();
    expect(await customer.writes('well, that is enough for me')).toEqual([]);
    const optedOut = 'select opted_out_at as value from persons where id = $1';
    expect(await one(world, optedOut, [customer.personId])).toBeNull();
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'stopped' });
    const told = `select data->>'what' as value from effects where kind = 'staff.tell' and key like 'agent_unsure/%'`;
    expect(await one(world, told)).toBe('unsure');
  });
});

describe('handing over', () => {
  test('makes the lead’s owner answer, keeps the answer owed, and silences the agent until it is handed back', async () => {
    world.think((_request, round) =>
      round === 0
        ? { call: [{ name: 'hand_over', arguments: { reason: 'asked_for_person' } }] }
        : { say: 'Of course, I have asked Sofia to take over.' },
    );
    const customer = await english();
    expect(await customer.writes('a human please')).toHaveLength(1);
    expect(await taken(customer)).toBe(world.sofia.id);
    expect(await owed(customer)).not.toBeNull();
    world.think(() => ({ say: 'Hello again!' }));
    expect(await customer.writes('are you there?')).toEqual([]);
    await world.rooms.takeover.handBack(world.sofia, customer.leadId);
    await world.turn();
    expect(customer.received().at(-1)).toContain('Hello again!');
    expect(await owed(customer)).toBeNull();
  });
});

test('what a customer writes while an answer of ours still waits is answered after a hand back', async () => {
  const customer = await english();
  await world.rooms.desk.reply(world.sofia, customer.leadId, 'Sofia here, one moment', customer.leadId);
  await customer.only('and do you have it in blue?');
  await world.turnTo(new Date(world.clock.now().getTime() + 60_000)); // the answer leaves after what it did not answer
  expect(customer.received().join()).toContain('Sofia here');
  world.think(() => ({ say: 'Hello again, which day would suit you?' }));
  await world.rooms.takeover.handBack(world.sofia, customer.leadId);
  await world.turn();
  expect(customer.received().at(-1)).toContain('Hello again');
});

describe('a model that does not answer', () => {
  test.each([
    ['is down', 500],
    ['refuses our key', 401],
  ])('because it %s: the rules answer', async (_why, status) => {
    world.think(() => ({ status }));
    const customer = await english();
    const [answer] = await customer.writes('What are your opening hours?');
    expect(answer).toContain('We are open Monday to Friday');
    expect((await customer.turns())[0]).toMatchObject({ agent: 'rules', outcome: 'sent', reason: 'model_failed' });
  });

  test.each([
    ['no JSON', { raw: 'Sure, here you go!' }],
    ['cut off', { raw: '{"reply": "Sure, he', finish: 'length' as const }],
    ['a refusal', { raw: null, refusal: 'I cannot help with that.' }],
  ])('but %s: the rules answer', async (_what, reaction) => {
    world.think(() => reaction);
    const customer = await english();
    expect((await customer.writes('What are your opening hours?'))[0]).toContain('We are open Monday to Friday');
  });

  test('or asks for tools for ever: it is cut short', async () => {
    world.think((request) =>
      request.tools
        ? { call: [{ name: 'look_up_fact', arguments: { topic: 'price' } }] }
        : { say: 'Thank you, noted.' },
    );
    const customer = await english();
    const before = world.openai.requests.length;
    expect(await customer.writes('Hello, one question')).toHaveLength(1);
    expect(world.openai.requests.length - before).toBe(5);
  });
});

test('a time that is taken while the agent thinks is not booked twice: it thinks once more', async () => {
  const rival = await english();
  const customer = await english();
  let first = true;
  world.think(async (_request, round) => {
    if (round === 0)
      return { call: [{ name: 'offer_slots', arguments: { wish: 'Thursday at 3pm' } }, ...book('s1', 's2', 's3')] };
    if (first) {
      first = false;
      await world.rooms.bookings.book(world.tenant.id, {
        personId: rival.personId,
        leadId: rival.leadId,
        startsAt: new Date('2026-11-26T14:00:00Z'),
        by: { kind: 'agent' },
      });
    }
    return { say: 'That time is gone, I am afraid. Which other day would suit you?' };
  });
  const got = await customer.writes('Thursday at 3pm please, book me in');
  expect(got).toEqual([expect.stringContaining('That time is gone')]);
  expect(await one(world, 'select count(*) as value from bookings where person_id = $1', [customer.personId])).toBe(0);
});

test('the log tells of tokens, cost and time, and of nothing that was said', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  const own = await openAgentWorld({ withModel: true, log });
  try {
    await own.change({ agentMode: 'auto', facts: FACTS });
    own.think(() => ({ say: 'Thank you, noted.' }));
    const customer = await own.customer({ name: 'Emma Stone', language: 'en' });
    await customer.writes('Hello, one secret question');
    const told = lines.map((line) => JSON.parse(line));
    const usage = told.find(({ msg }) => msg === 'tokens of a turn');
    expect(usage).toMatchObject({ model: 'gpt-4.1-mini', prompt: expect.stringMatching(/^agent-turn@/) });
    expect(usage.tokensIn).toBeGreaterThan(0);
    expect(usage.cost).toBeGreaterThan(0);
    expect(told).toContainEqual(
      expect.objectContaining({ msg: 'agent turn', outcome: 'sent', ms: expect.any(Number) }),
    );
    expect(lines.join()).not.toMatch(/secret|noted|Emma|\+467/);
    const events = await one<string>(own, `select string_agg(data::text, ' ') as value from events`);
    expect(events).not.toMatch(/secret|noted|Emma/);
  } finally {
    await own.close();
  }
});
