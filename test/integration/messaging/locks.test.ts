import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sql } from '../../../src/db/index.ts';
import { createHiddenNumbers } from '../../../src/inbox/index.ts';
import { isKnown } from '../../../src/lib/errors.ts';
import type { LeadId, MessageId } from '../../../src/lib/ids.ts';
import type { StatusReport } from '../../../src/messaging/index.ts';
import { record, type Transition } from '../../../src/messaging/record.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { parseInbound } from '../../../src/vendors/twilio/index.ts';
import { enrolmentState, one } from '../../support/facts.ts';
import { createRandom, seeded } from '../../support/seeds.ts';
import { inboundForm } from '../../support/twilio.ts';
import { until } from '../../support/until.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/* Everybody who locks rows locks them in one order (src/README.md, "Locks"): nobody waits in a circle. */

let world: World;
let sofia: Staff;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  sofia = await world.hire('Sofia Lind', 'manager');
});
afterAll(() => world.close());

const PEOPLE = 6;
const DAY_MS = 86_400_000;
const phoneOf = (n: number) => `+4670${3_000_000 + n}`;

/** What the gateway has taken so far: our message and attempt, and its own id. */
const taken = (): Omit<StatusReport, 'status'>[] =>
  world.twilio.journal.sent.flatMap(({ sid, statusCallback }) => {
    const query = new URL(statusCallback ?? '').searchParams;
    const messageId = query.get('message') as MessageId | null;
    return messageId ? [{ messageId, attempt: Number(query.get('attempt')), gatewayId: sid }] : [];
  });

const WORKER = 7;
let people = 0;

/** Somebody of whose follow-up so many messages are with the gateway, and the others were read long ago. */
async function somebody(count: number) {
  const { leadId } = await world.drive(sofia, { phone: `+4670${4_000_000 + people}`, name: `Person ${people++}` });
  const { system } = world.database.db;
  await system.query(`update messages set state = 'read' where lead_id = $1`, [leadId]);
  const ids = await system.query<{ id: MessageId }>(
    `update messages set state = 'sending', attempt = 1
     where id in (select id from messages where lead_id = $1 order by id limit $2) returning id`,
    [leadId, count],
  );
  await system.query(
    `insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, worker, check_at)
     select id, 1, tenant_id, account_id, address_id, channel, 'sending', $2, clock_timestamp() + interval '1 hour' from messages
     where id = any($1::uuid[])`,
    [ids.map(({ id }) => id), WORKER],
  );
  return { leadId, ids: ids.map(({ id }) => id).sort() };
}

type Act = () => Promise<unknown>;

/** Lets these begin one after the other while what they need in the end is held, and then all go on. */
async function meet(held: (sql: Sql) => Promise<unknown>, acts: readonly Act[]): Promise<void> {
  const { db } = world.database;
  const waiting = `select count(*) as value from pg_stat_activity
    where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
  const before = db.restarts.deadlock;
  let under: Promise<unknown>[] = [];
  await db.system.transaction(async (sql) => {
    await held(sql);
    for (const [at, act] of acts.entries()) {
      under = [...under, act().catch((error: unknown) => error)];
      await until(async () => (await one<number>(world, waiting)) === at + 1, `${at + 1} of them wait`);
    }
  });
  for (const outcome of await Promise.all(under)) if (outcome instanceof Error && !isKnown(outcome)) throw outcome;
  expect(db.restarts.deadlock).toBe(before);
}

const holdsCard = (leadId: LeadId) => (sql: Sql) =>
  sql.query(`select from effects where kind = 'card.refresh' and key = $1 for update`, [leadId]);
const holdsMessage = (id: MessageId | undefined) => (sql: Sql) =>
  sql.query('select from messages where id = $1 for update', [id]);

const sent = (id: MessageId): Transition => ({
  id,
  attempt: 1,
  from: 'sending',
  state: 'sent',
  send: { state: 'accepted', gatewayId: `SM${id}` },
});
const recording =
  (ids: readonly MessageId[]): Act =>
  () =>
    record(world.database.db.system, WORKER, world.clock.now(), 0, ids.map(sent));
const report = (messageId: MessageId, status: StatusReport['status']): StatusReport => ({
  messageId,
  attempt: 1,
  gatewayId: `SM${messageId}`,
  status,
  ...(status === 'failed' && { failure: { reason: 'later', code: '30001' } }),
});
const reporting =
  (ids: readonly MessageId[], status: StatusReport['status']): Act =>
  () =>
    world.rooms.statuses(ids.map((id) => report(id, status)));

test('the last report of a follow-up and a pause', async () => {
  const { leadId, ids } = await somebody(1);
  await meet(holdsCard(leadId), [reporting(ids, 'delivered'), () => world.rooms.desk.pause(sofia, leadId)]);
  expect(await enrolmentState(world, leadId)).toBe('completed');
});

test('the last outcome of a follow-up and a stop', async () => {
  const { leadId, ids } = await somebody(1);
  await meet(holdsCard(leadId), [recording(ids), () => world.rooms.desk.stop(sofia, leadId)]);
  expect(await enrolmentState(world, leadId)).toBe('completed');
});

test('outcomes and reports of the same messages, in another order', async () => {
  const { ids } = await somebody(2);
  await meet(holdsMessage(ids[0]), [reporting(ids, 'sent'), recording(ids.toReversed())]);
});

test('the last two messages end a follow-up, recorded together or side by side', async () => {
  const together = await somebody(2);
  await recording(together.ids)();
  expect(await enrolmentState(world, together.leadId)).toBe('completed');
  const { leadId, ids } = await somebody(2);
  await meet(holdsCard(leadId), [recording(ids.slice(0, 1)), recording(ids.slice(1))]);
  expect(await enrolmentState(world, leadId)).toBe('completed');
  const told = await somebody(2);
  await meet(holdsCard(told.leadId), [reporting(told.ids.slice(0, 1), 'sent'), recording(told.ids.slice(1))]);
  expect(await enrolmentState(world, told.leadId)).toBe('completed');
});

test(
  'copies of messages, reports, stops, pauses and outcomes of the same people at once: no deadlock, and no error',
  seeded(async (_, seed) => {
    const random = createRandom(seed);
    const { rooms, database, twilio } = world;
    const before = database.db.restarts.deadlock;
    twilio.faults.set({ callbacks: 'none', latencyMs: 15, answerDelayMs: 15, rateLimited: 0.1 });
    const leads: LeadId[] = [];
    for (let n = 0; n < PEOPLE; n++) {
      leads.push((await world.drive(sofia, { phone: phoneOf(n), name: `Person ${n}` })).leadId);
    }
    const desk = (work: Promise<unknown>) =>
      work.catch((error: unknown) => {
        if (!isKnown(error)) throw error; // nothing to pause, say
      });
    const arrives = (n: number, round: number, Body: string) => {
      const id = `SM${round}${String(n).padStart(31, '0')}`;
      const form = inboundForm({
        MessageSid: id,
        SmsSid: id,
        SmsMessageSid: id,
        From: phoneOf(n),
        To: SMS_SENDER,
        Body,
      });
      return rooms.inbox.receive(parseInbound(form), 'twilio.inbound', form);
    };
    const reports = (status: StatusReport['status']) =>
      rooms.statuses(
        random.shuffle(taken()).map((report) => ({
          ...report,
          status,
          ...(status === 'failed' && { failure: { reason: 'later', code: '30001' } as const }),
        })),
      );

    for (let round = 0; round < 3; round++) {
      world.clock.turnTo(MONDAY.getTime() + round * 3 * DAY_MS - Date.now());
      rooms.dispatcher.wake();
      const acts = leads.flatMap((leadId, n): (() => Promise<unknown>)[] => {
        const body = n % 3 === round ? (n % 2 ? 'STOP' : 'Hej! Finns den i blått?') : undefined;
        return [
          () => desk(rooms.desk.pause(sofia, leadId)),
          () => desk(rooms.desk.resume(sofia, leadId)),
          () => desk(rooms.desk.resume(sofia, leadId)),
          ...(body ? [1, 2, 3, 4].map(() => () => arrives(n, round, body)) : []),
          ...(n % 3 === round + 1 ? [1, 2].map(() => () => rooms.desk.stop(sofia, leadId)) : []),
        ];
      });
      const others = (['sent', 'delivered', 'sent', 'delivered'] as const).map((status) => () => reports(status));
      // what a gateway took lately comes back as failed, and is planned again
      const all = [...acts, ...others, ...others, () => reports('failed'), () => world.housekeep()];
      await Promise.all(random.shuffle(all).map((act) => act()));
      await rooms.dispatcher.idle();
    }
    expect(database.db.restarts.deadlock).toBe(before);
  }),
);

describe('a hidden id that turns out to be another number’s', () => {
  const hiddenNumbers = () => createHiddenNumbers({ ...world.rooms, db: world.database.db });
  const met = (id: string, number: string) => hiddenNumbers().met(world.tenant.id, id, number);
  const known = async () => {
    const phone = `+4670${4_500_000 + people++}`;
    await world.drive(sofia, { phone, name: `Person ${people}` });
    return phone;
  };
  const hiddenId = () => `8123456789${people++}@lid`;
  const behind = (id: string) => hiddenNumbers().numberOf(world.tenant.id, id);

  test('waits for whoever has locked whose it was', async () => {
    const [id, former, now] = [hiddenId(), await known(), await known()];
    await met(id, former);
    const holdsFormer = (sql: Sql) =>
      sql.query(`select from persons p join addresses a on a.person_id = p.id where a.value = $1 for update of p`, [
        former,
      ]);
    await meet(holdsFormer, [() => met(id, now)]);
    expect(await behind(id)).toBe(now);
  });

  test('or two numbers’ at the same moment becomes one of theirs', async () => {
    const [id, one, other] = [hiddenId(), await known(), await known()];
    const holdsAddresses = (sql: Sql) =>
      sql.query('select from addresses where value in ($1, $2) for update', [one, other]);
    await meet(holdsAddresses, [() => met(id, one), () => met(id, other)]);
    expect([one, other]).toContain(await behind(id));
  });

  test('whom nobody here knows, though somebody is known by the id alone and another number went by it', async () => {
    const [id, former, now] = [hiddenId(), await known(), `+4670${4_500_000 + people++}`];
    const stranger = await known();
    await world.database.db.system.query('update addresses set value = $2 where value = $1', [stranger, id]);
    await met(id, former);
    expect(await met(id, now)).toBe(true);
    expect(await behind(id)).toBe(now);
  });
});
