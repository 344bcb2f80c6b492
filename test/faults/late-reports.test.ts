import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { enrolmentState, one, plan } from '../support/facts.ts';
import { openWorld, type World } from '../support/world.ts';

jest.setTimeout(120_000);

/** A gateway that is much slower than it may be: it takes a message after its list has said that it has none. */
describe('a report that comes after the verdict', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ httpTimeoutMs: 1500, whatsapp: false });
  });
  afterEach(() => world.close());

  const attempt = () =>
    one<string>(world, `select concat_ws('/', message_id, attempt) as value from sends order by started_at limit 1`);

  /** Logs a drive whose request gets lost, and waits for the verdict that it did not leave. */
  async function lostAttempt() {
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    world.twilio.faults.set({ hang: 'before' });
    const { leadId } = await world.drive(sofia);
    await world.settle();
    await world.database.db.system.query(
      `update sends set started_at = started_at - interval '60 seconds', check_at = clock_timestamp()`,
    );
    expect(await world.housekeep()).toBe(1);
    expect((await plan(world, leadId))[0]).toBe('day_0 sms scheduled again:not_sent');
    world.twilio.faults.clear();
    return leadId;
  }

  async function reportDelivered() {
    const [messageId = '', number] = ((await attempt()) ?? '').split('/');
    const gatewayId = `SM${'0'.repeat(32)}`;
    await world.rooms.statuses([{ messageId, attempt: Number(number), gatewayId, status: 'delivered' }]);
  }

  test('keeps it from leaving again', async () => {
    const leadId = await lostAttempt();
    await reportDelivered();
    await world.settle();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms delivered');
    expect(world.twilio.journal.sent.length).toBe(0);
    expect(await one(world, `select count(*) as value from events where type = 'message.sent'`)).toBe(1);
  });

  test('of an earlier attempt changes nothing once it has left again', async () => {
    const leadId = await lostAttempt();
    await world.settle();
    await world.twilio.idle();
    await reportDelivered();
    expect((await plan(world, leadId))[0]).toBe('day_0 sms delivered');
    expect(world.twilio.journal.sent.length).toBe(1);
    expect(await one(world, `select count(*) as value from events where type = 'message.sent'`)).toBe(1);
    expect(await enrolmentState(world, leadId)).toBe('active');
  });
});
