import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { monthsBefore } from '../../../src/privacy/keep.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

describe('the months before', () => {
  test.each([
    ['2026-11-23T09:30:00Z', 1, '2026-10-23T09:30:00Z'],
    ['2027-03-31T12:00:00Z', 1, '2027-02-28T12:00:00Z'],
    ['2028-02-29T12:00:00Z', 12, '2027-02-28T12:00:00Z'],
    ['2027-01-15T00:00:00Z', 25, '2024-12-15T00:00:00Z'],
  ])('%s, %i of them', (now, months, before) => {
    expect(monthsBefore(new Date(now), months)).toEqual(new Date(before));
  });
});

describe('what has been kept long enough', () => {
  let world: World;
  let sofia: Staff;
  let serial = 10;
  beforeAll(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterAll(() => world.close());

  const query = <T extends object>(sql: string, values: unknown[] = []) =>
    world.database.db.system.query<T>(sql, values);
  const words = async (personId: PersonId) =>
    (await query<{ n: number }>('select count(body) as n from messages where person_id = $1', [personId]))[0]?.n;
  const inMonths = (months: number, days = 0) => {
    const at = new Date(MONDAY);
    at.setUTCMonth(at.getUTCMonth() + months);
    world.clock.turnTo(at.getTime() + days * 86_400_000 - Date.now());
  };
  const runs = () =>
    query<{ data: { removed: Record<string, number> } }>(
      `select data from events where type = 'retention.ran' order by id`,
    );

  async function conversation(): Promise<{ leadId: LeadId; personId: PersonId; phone: string }> {
    const phone = `+467017433${serial++}`;
    const logged = await world.drive(sofia, { phone });
    await world.settle();
    await world.twilio.customerSends({ from: phone, to: SMS_SENDER, channel: 'sms', body: 'Hej, vad kostar den?' });
    await query(`update leads set notes = '\\x01' where person_id = $1`, [logged.personId]);
    return { ...logged, phone };
  }

  test('COMPLIANCE T7.8 goes by its class: raw webhooks, notes, words; once a day, with an event', async () => {
    const over = await conversation();
    const fresh = await conversation();
    const stored = await words(over.personId);
    expect(stored).toBeGreaterThan(1);
    await query(
      `update webhook_log set received_at = received_at - interval '32 days' where id = (select id from webhook_log order by id limit 1)`,
    );

    inMonths(11);
    await world.rooms.retain();
    await world.rooms.retain();
    expect((await runs()).map(({ data }) => data.removed)).toEqual([{ messages: 0, media: 0, notes: 0, drafts: 0 }]);
    expect(await query(`select 1 from webhook_log where source = 'twilio.inbound'`)).toHaveLength(1);

    inMonths(13);
    await world.rooms.retain();
    expect((await runs()).at(-1)?.data.removed).toMatchObject({ notes: 2, messages: 0 });

    inMonths(20);
    await world.twilio.customerSends({ from: fresh.phone, to: SMS_SENDER, channel: 'sms', body: 'Ännu en fråga' });
    inMonths(24, 2);
    const both = await Promise.all([world.rooms.retain(), world.rooms.retain()]);
    expect(both).toHaveLength(2);
    expect(await words(over.personId)).toBe(0);
    expect(await words(fresh.personId)).toBeGreaterThan(stored ?? 0);
    const last = (await runs()).at(-1)?.data.removed;
    expect(last).toMatchObject({ messages: stored });
    expect(await runs()).toHaveLength(3);
  });

  test('goes sooner where the business says so, and not while a follow-up runs', async () => {
    inMonths(30);
    const running = await conversation();
    await query(`update enrolments set state = 'active', ended_at = null where person_id = $1`, [running.personId]);
    const retention = { messages: 2, media: 1, notes: 1, drafts: 1, webhooks: 1 };
    await changeSettings(world, sofia, { retention });
    inMonths(33);
    await world.rooms.retain();
    expect(await words(running.personId)).toBeGreaterThan(1);
    await query(`update enrolments set state = 'completed', ended_at = started_at where person_id = $1`, [
      running.personId,
    ]);
    inMonths(33, 1);
    await world.rooms.retain();
    expect(await words(running.personId)).toBe(0);
  });

  test('photos of leads that never had a follow-up go 30 days after they were stored', async () => {
    inMonths(34);
    const { leadId } = await world.drive(sofia, { phone: `+467017433${serial++}` });
    await query('delete from messages where lead_id = $1', [leadId]);
    await query('delete from enrolments where lead_id = $1', [leadId]);
    const bytes = Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0\x01', 'latin1');
    await world.rooms.vault.store(world.tenant.id, leadId, { bytes, mime: 'image/jpeg', by: 'slack' });
    const photos = () => query('select 1 from assets where lead_id = $1', [leadId]);
    inMonths(34, 29);
    await world.rooms.retain();
    expect(await photos()).toHaveLength(1);
    inMonths(34, 31);
    await world.rooms.retain();
    expect(await photos()).toEqual([]);
  });
});
