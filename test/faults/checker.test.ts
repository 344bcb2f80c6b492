import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sql } from '../../src/db/index.ts';
import type { StandInMessage } from '../../src/sandbox/twilio/index.ts';
import { type Expected, violations } from '../support/checker.ts';
import { openWorld, type World } from '../support/world.ts';

const ANNA = '+46701234567';
const DAY_0 = `id = (select id from messages where step_key = 'day_0' order by id limit 1)`;

/** What is changed in the facts, and what the checker then says. */
const CASES: { name: string; change?: string; seen?: Partial<Expected>; says: RegExp }[] = [
  { name: 'the same words twice', seen: { journal: { sent: [] } }, says: /2 times: \+4670/ },
  { name: 'sent, but never taken', seen: { journal: { sent: [] } }, says: /the gateway never took it/ },
  {
    name: 'a message after the stop',
    seen: { acknowledged: [{ phone: ANNA, at: 0 }] },
    says: /after the acknowledged stop/,
  },
  { name: 'lost', change: `update messages set state = 'scheduled' where ${DAY_0}`, says: /due, and it did not leave/ },
  { name: 'claimed for ever', change: `update messages set state = 'claimed' where ${DAY_0}`, says: /left on its way/ },
  { name: 'no outcome', change: `update sends set state = 'uncertain'`, says: /an attempt without an outcome/ },
  {
    name: 'guessed',
    change: `update messages set state = 'unconfirmed' where ${DAY_0}`,
    says: /1 messages are unconfirmed/,
  },
  {
    name: 'an attempt nobody wrote down',
    change: `update messages set attempt = 2 where ${DAY_0}`,
    says: /attempt 2, but 1/,
  },
  {
    name: 'told twice',
    change: `insert into events (tenant_id, type, at, actor, message_id) select tenant_id, type, at, actor, message_id from events where type = 'message.sent'`,
    says: /2 events say that it was sent/,
  },
  {
    name: 'over without an end',
    change: `update messages set state = 'skipped' where state = 'scheduled'`,
    says: /nothing is left to send, but it is not over/,
  },
  {
    name: 'opted out, and followed up all the same',
    change: 'update persons set opted_out_at = clock_timestamp()',
    says: /it runs on for somebody who opted out/,
  },
];

describe('the checker of the fault tests', () => {
  let world: World;
  let sent: readonly StandInMessage[];
  beforeAll(async () => {
    world = await openWorld({ whatsapp: false });
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    await world.drive(sofia);
    await world.drive(sofia, { phone: '+46701234568', name: 'Lars Olsson' });
    await world.settle();
    await world.twilio.idle();
    sent = world.twilio.journal.sent;
  });
  afterAll(() => world.close());

  /** Looks at changed facts; the database is as before afterwards. */
  async function look(change: string | undefined, seen: Partial<Expected>): Promise<string[]> {
    let found: string[] = [];
    const expected = { journal: { sent }, now: world.clock.now(), ...seen };
    const work = async (sql: Sql) => {
      if (change) await sql.query(change);
      found = await violations({ ...expected, sql });
      throw new RolledBack();
    };
    await world.database.db.system.transaction(work).catch((error) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    return found;
  }

  test('finds nothing where nothing is wrong', async () => {
    expect(await look(undefined, {})).toEqual([]);
  });

  test.each(CASES)('finds: $name', async ({ name, change, seen = {}, says }) => {
    const doubled = [...sent, ...sent.map((message) => ({ ...message, sid: `${message.sid}2` }))];
    const found = await look(change, name === 'the same words twice' ? { journal: { sent: doubled } } : seen);
    expect(found.join('\n')).toMatch(says);
  });
});

class RolledBack extends Error {}
