import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stopFollowUp } from '../../../src/cadence/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { begin } from '../../../src/messaging/begin.ts';
import { claim, giveBack } from '../../../src/messaging/due.ts';
import { record, type Transition } from '../../../src/messaging/record.ts';
import { applyStatuses } from '../../../src/messaging/status.ts';
import { lockPerson } from '../../../src/people/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { one, plan } from '../../support/facts.ts';
import { until } from '../../support/until.ts';
import { openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

/** Each was first found by the model of `test/faults/model.test.ts`. */
describe('what goes back into the plan after an attempt', () => {
  let world: World;
  let sofia: Staff;
  let people = 0;
  beforeAll(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterAll(() => world.close());

  const phoneNow = () => `+4670${2_000_000 + people}`;
  const stateOf = (leadId: LeadId) =>
    one<string>(world, `select state as value from messages where lead_id = $1 and step_key = 'day_0'`, [leadId]);

  /** Logs a drive of somebody new whose first message is with a gateway that will ask to slow down. */
  async function inFlight(): Promise<{ leadId: LeadId; personId: PersonId }> {
    people++;
    world.twilio.faults.set({ latencyMs: 1500, rateLimited: 1 });
    const { leadId } = await world.drive(sofia, { phone: phoneNow(), name: `Person ${people}` });
    world.rooms.dispatcher.wake();
    await until(async () => (await stateOf(leadId)) === 'sending', 'the request');
    const personId = await one<PersonId>(world, 'select person_id as value from leads where id = $1', [leadId]);
    if (!personId) throw new Error('nobody');
    return { leadId, personId };
  }

  test('waits while its follow-up is paused, and leaves when it is resumed', async () => {
    const { leadId } = await inFlight();
    await world.rooms.desk.pause(sofia, leadId);
    await world.settle();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms held paused');
    world.twilio.faults.clear();
    await world.database.db.system.query('update accounts set refilled_at = clock_timestamp(), tokens = 100');
    await world.rooms.desk.resume(sofia, leadId);
    await until(async () => {
      await world.settle();
      return /sent|delivered/.test((await stateOf(leadId)) ?? '');
    }, 'it has left');
    expect(world.twilio.journal.sent.filter(({ to }) => to === phoneNow()).length).toBe(1);
  });

  test('waits for a stop that is under way, and is cancelled by it', async () => {
    const { leadId, personId } = await inFlight();
    await world.database.db.inTenant(world.tenant.id, async (tx) => {
      await lockPerson(tx, personId);
      expect((await stopFollowUp(tx, personId, 'opted_out', world.clock.now())).inFlight).toBe(true);
      const [self] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      const behind = 'select count(*) as value from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
      await until(async () => (await one<number>(world, behind, [self?.pid])) === 1, 'the outcome waits for the stop');
      expect(await stateOf(leadId)).toBe('sending');
    });
    await world.settle();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms cancelled opted_out');
  });

  test('does not leave after a stop when it is one of our own notices', async () => {
    people++;
    world.twilio.faults.clear();
    await world.database.db.system.query('update accounts set refilled_at = clock_timestamp(), tokens = 100');
    await world.drive(sofia, { phone: phoneNow(), name: `Person ${people}` });
    await world.settle();
    world.twilio.faults.setFor(phoneNow(), { latencyMs: 1500, rateLimited: 1 });
    const writes = (body: string) =>
      world.twilio.customerSends({ from: phoneNow(), to: WHATSAPP_SENDER, channel: 'whatsapp', body });
    await writes('HELP');
    world.rooms.dispatcher.wake();
    const help = `select state as value from messages where step_key = 'help'`;
    await until(async () => (await one(world, help)) === 'sending', 'the help is on its way');
    await writes('STOP');
    world.twilio.faults.clear();
    await world.settle();
    expect(await one(world, help)).toBe('cancelled');
  });

  test('a claim is begun once, and not by what was written for an earlier one', async () => {
    people++;
    const { system } = world.database.db;
    const accounts = await world.rooms.dispatching.serveable();
    await world.rooms.desk.pause(sofia, (await inFlight()).leadId); // nothing else is due
    await world.settle();
    await system.query(`update messages set state = 'held' where state = 'scheduled'`);
    await system.query('update accounts set refilled_at = clock_timestamp(), tokens = 100');
    await system.query(
      `update messages set state = 'scheduled', due_at = $1
       where id = (select id from messages where step_key = 'day_0' and state = 'held' limit 1)`,
      [world.clock.now()],
    );
    const take = () => claim(system, 77, world.clock.now(), 10, accounts);
    const [earlier] = (await take()).messages;
    await giveBack(system, 77, [earlier?.id ?? fail()]);
    const [later] = (await take()).messages;
    expect(later?.id).toBe(earlier?.id);
    const ready = [earlier, later].map((each) => ({
      id: each?.id ?? fail(),
      attempt: (each?.attempt ?? 0) + 1,
      lease: each?.lease ?? null,
      body: Buffer.from('x'),
      templateVersion: null,
    }));
    expect([...(await begin(system, 77, ready, 60))]).toEqual([ready[1]]);

    const unheard = (worker: number) => {
      const move: Transition = {
        id: ready[0]?.id ?? fail(),
        attempt: ready[0]?.attempt ?? 0,
        from: 'unheard',
        state: 'scheduled',
        send: { state: 'not_sent' },
      };
      return record(system, worker, world.clock.now(), 60, [move]);
    };
    expect(await unheard(78)).toEqual([]);
    expect(await unheard(77)).toHaveLength(1);
  });

  test('a reported failure is written down whole, or not at all', async () => {
    people++;
    world.twilio.faults.clear();
    world.twilio.faults.set({ callbacks: 'none' });
    await world.database.db.system.query('update accounts set refilled_at = clock_timestamp(), tokens = 100');
    const { leadId } = await world.drive(sofia, { phone: phoneNow(), name: `Person ${people}` });
    await world.settle();
    expect(await stateOf(leadId)).toBe('sent');
    const messageId =
      (await one<string>(world, `select id as value from messages where lead_id = $1 and step_key = 'day_0'`, [
        leadId,
      ])) ?? '';
    const { db, clock, rooms } = { ...world, ...world.database };
    const report = {
      messageId,
      attempt: 1,
      gatewayId: 'SM1',
      status: 'failed',
      failure: { reason: 'later', code: '30001' },
    } as const;
    const dies = () => {
      throw new Error('killed');
    };
    const deps = {
      db,
      clock,
      worker: 1,
      playbooks: rooms.playbooks,
      tenants: rooms.tenants,
      health: rooms.dispatching.health,
      onOptedOut: async () => {},
    };
    await expect(applyStatuses({ ...deps, playbooks: { ...rooms.playbooks, get: dies } }, [report])).rejects.toThrow(
      'killed',
    );
    expect(await one(world, 'select state as value from sends where message_id = $1', [messageId])).toBe('accepted');
    expect(await applyStatuses(deps, [report])).toBe(true);
    expect(await stateOf(leadId)).toBe('scheduled');
  });
});

function fail(): never {
  throw new Error('nothing was claimed');
}
