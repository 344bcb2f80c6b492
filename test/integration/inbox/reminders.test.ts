import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { newId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

/** A Monday, 10:00 in Stockholm; the shop is open from 9 to 18. */
const TEN = new Date('2026-11-23T09:00:00Z');
/** The Friday before, ten minutes before it closes. */
const FRIDAY = new Date('2026-11-20T16:50:00Z');

let world: World;
let sofia: Staff;
let serial = 10;
beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lindqvist', 'salesperson');
  await changeSettings(world, sofia, { sla: { remind: 15, escalate: 60 }, closedDays: ['2026-11-21'] });
});
beforeEach(() => world.clock.turnTo(TEN.getTime() - Date.now()));
afterAll(() => world.close());

async function owed(at: Date): Promise<{ leadId: LeadId; phone: string }> {
  await world.turnTo(at);
  const phone = `+467017408${serial++}`;
  const { leadId } = await world.drive(sofia, { phone });
  await world.settle();
  await world.twilio.customerSends({ from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body: 'Is it there?' });
  return { leadId, phone };
}

/** Turns the clock so many minutes on from there. */
const minutesOn = (from: Date, minutes: number) => world.turnTo(new Date(from.getTime() + minutes * 60_000 + 30_000));

async function told(leadId: LeadId): Promise<string[]> {
  const rows = await world.database.db.system.query<{ line: string }>(
    `select concat_ws(' ', case when (data->>'escalated')::boolean then 'escalated' else 'reminded' end, data->>'minutes') as line
     from events where type = 'conversation.reminded' and lead_id = $1 order by id`,
    [leadId],
  );
  return rows.map(({ line }) => line);
}

describe('an answer that is owed for too long', () => {
  test('is reminded of, then told to the managers, each once', async () => {
    const { leadId } = await owed(TEN);
    await minutesOn(TEN, 14);
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual([]);
    await minutesOn(TEN, 15);
    await world.rooms.reminders.run();
    await minutesOn(TEN, 20);
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual(['reminded 15']);
    await minutesOn(TEN, 61);
    await world.rooms.reminders.run();
    await minutesOn(TEN, 300);
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual(['reminded 15', 'escalated 61']);
  });

  test('waits by the clock of the business: over a weekend and a closed day it does not get old', async () => {
    const { leadId } = await owed(FRIDAY);
    await world.turnTo(new Date('2026-11-21T12:00:00Z'));
    await world.rooms.reminders.run();
    await world.turnTo(new Date('2026-11-23T08:04:00Z')); // Monday, 9:04
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual([]);
    await world.turnTo(new Date('2026-11-23T08:06:00Z'));
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual(['reminded 15']);
  });

  test('of which two workers hear at once is told once', async () => {
    const leads = [await owed(TEN), await owed(TEN), await owed(TEN)];
    await minutesOn(TEN, 90);
    await Promise.all([1, 2, 3, 4].map(() => world.rooms.reminders.run()));
    for (const { leadId } of leads) expect((await told(leadId)).sort()).toEqual(['escalated 90', 'reminded 90']);
  });

  test('is not told of any more once it was given; a later message has reminders of its own', async () => {
    const { leadId, phone } = await owed(TEN);
    await minutesOn(TEN, 20);
    await world.rooms.reminders.run();
    await world.rooms.desk.reply(sofia, leadId, 'Yes!', newId());
    await minutesOn(TEN, 100);
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual(['reminded 20']);
    await world.twilio.customerSends({ from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body: 'And the price?' });
    await minutesOn(TEN, 116);
    await world.rooms.reminders.run();
    expect(await told(leadId)).toEqual(['reminded 20', 'reminded 15']);
  });

  test('that is given and told at the same moment is told of at most once, and never owed again', async () => {
    const { leadId } = await owed(TEN);
    await minutesOn(TEN, 20);
    await Promise.all([world.rooms.reminders.run(), world.rooms.desk.reply(sofia, leadId, 'Yes!', newId())]);
    await minutesOn(TEN, 21);
    await world.rooms.reminders.run();
    expect((await told(leadId)).length).toBeLessThanOrEqual(1);
  });

  test('of two days at once (the clock was turned) is told both ways, and of a stopped customer not at all', async () => {
    const [waits, stopped] = [await owed(TEN), await owed(TEN)];
    await world.rooms.desk.stop(sofia, stopped.leadId);
    await minutesOn(TEN, 2 * 24 * 60);
    await world.rooms.reminders.run();
    expect(await told(waits.leadId)).toEqual(['reminded 1080', 'escalated 1080']); // two days of nine hours
    expect(await told(stopped.leadId)).toEqual([]);
  });
});
