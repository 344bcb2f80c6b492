import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AddressId, type LeadId, newId } from '../../../src/lib/ids.ts';
import { limitAsConfigured, tell, threadOf } from '../../../src/messaging/index.ts';
import { createNewPeople } from '../../../src/messaging/new-people.ts';
import type { Account, Staff } from '../../../src/tenants/index.ts';
import { one, plan } from '../../support/facts.ts';
import { createRandom } from '../../support/seeds.ts';
import { ACCOUNT_SID } from '../../support/twilio.ts';
import { MONDAY, openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

/* WhatsApp's limit of new people: different ones in any 24 hours, over all numbers of one access (PLATFORMS 3, MISSION A7). */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const onward = (ms: number) => new Date(MONDAY.getTime() + ms);

describe('the limit of new people', () => {
  let world: World;
  let sofia: Staff;
  let next = 0;
  const system = <T extends object>(sql: string, values: unknown[] = []) =>
    world.database.db.system.query<T>(sql, values);
  /** Empties the limit and sets it. */
  async function limit(people: number | null): Promise<void> {
    await system('delete from whatsapp_openings');
    await system(`update accounts set new_people_limit = $1 where channel = 'whatsapp'`, [people]);
    world.rooms.routing.forget(world.tenant.id);
  }
  const drive = async () => {
    const { leadId } = await world.drive(sofia, { phone: `+4670${3_000_000 + next++}`, name: `Anna ${next}` });
    return leadId;
  };
  const firstOf = async (leadId: Awaited<ReturnType<typeof drive>>) => (await plan(world, leadId))[0];
  const overWhatsApp = () => world.twilio.journal.sent.filter(({ channel }) => channel === 'whatsapp').length;

  beforeAll(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    world.rooms.routing.forget(world.tenant.id);
  });
  afterAll(() => world.close());

  test('is never exceeded in any 24 hours, by however many workers, and nobody takes two places', async () => {
    const random = createRandom(18);
    await drive();
    await world.settle();
    const people: { tenantId: typeof world.tenant.id; addressId: AddressId }[] = await system(
      `insert into addresses (id, tenant_id, person_id, kind, value, created_at)
       select gen_random_uuid(), tenant_id, person_id, 'phone', '+4671' || (1000000 + n), now()
       from (select * from addresses limit 1) a cross join generate_series(1, 60) n
       returning tenant_id as "tenantId", id as "addressId"`,
    );
    for (const newPeopleLimit of [1, 7, 25]) {
      const gatewayAccount = newId();
      const account: Account = {
        ...{ id: newId(), vendor: 'twilio', channel: 'whatsapp', sender: WHATSAPP_SENDER, rate: 80 },
        ...{ gatewayAccount, newPeopleLimit },
      };
      const workers = [1, 2].map(() => createNewPeople({ db: world.database.db, clock: world.clock }));
      const written: { addressId: AddressId; at: number }[] = [];
      for (let hour = 0; hour < 80; hour += random.between(1, 9)) {
        const now = onward(hour * HOUR);
        const asked = workers.map(() => random.shuffle(people).slice(0, random.between(1, 12)));
        const refused = await Promise.all(workers.map((each, index) => each.take(account, asked[index] ?? [], now)));
        refused.forEach((times, index) => {
          for (const { addressId } of asked[index] ?? []) {
            const until = times.get(addressId);
            if (until) expect(until.getTime()).toBeGreaterThan(now.getTime());
            else written.push({ addressId, at: now.getTime() });
          }
        });
        const day = written.filter(({ at }) => at > now.getTime() - DAY);
        expect(new Set(day.map(({ addressId }) => addressId)).size).toBeLessThanOrEqual(newPeopleLimit);
      }
      expect(written.length).toBeGreaterThan(newPeopleLimit);
    }
  });

  test('who is known within the day needs no second place, and the first place comes free after it', async () => {
    const account: Account = {
      ...{ id: newId(), vendor: 'twilio', channel: 'whatsapp', sender: WHATSAPP_SENDER, rate: 80 },
      ...{ gatewayAccount: newId(), newPeopleLimit: 2 },
    };
    const people: { tenantId: typeof world.tenant.id; addressId: AddressId }[] = await system(
      `select tenant_id as "tenantId", id as "addressId" from addresses order by id limit 4`,
    );
    const [a, b, c, d] = people;
    if (!a || !b || !c || !d) throw new Error('four people were expected');
    const newPeople = createNewPeople({ db: world.database.db, clock: world.clock });
    expect(await newPeople.take(account, [a], onward(0))).toEqual(new Map());
    expect(await newPeople.take(account, [b], onward(HOUR))).toEqual(new Map());
    expect(await newPeople.take(account, [a], onward(2 * HOUR))).toEqual(new Map()); // again: its day begins anew
    expect(await newPeople.take(account, [c, d], onward(3 * HOUR))).toEqual(
      new Map([
        [c.addressId, onward(25 * HOUR + 1000)],
        [d.addressId, onward(26 * HOUR + 1000)],
      ]),
    );
    expect(await newPeople.take(account, [c], onward(25 * HOUR + 1000))).toEqual(new Map());
  });

  test('is told of before it bites, and seen on the plan from then on that it does', async () => {
    await limit(5);
    const { alerts, newPeople, routing } = world.rooms;
    const told = async () => {
      await alerts.run();
      return one(world, `select array_agg(about) as value from alert_items where kind = 'limit_near'`);
    };
    const full = async () => {
      world.skip(3000);
      return newPeople.fullUntil((await routing.of(world.tenant.id)).routes ?? []);
    };
    for (let n = 0; n < 3; n++) await drive();
    await world.settle();
    expect(await told()).toBeNull();
    await drive();
    await world.settle();
    expect(await told()).toEqual(['twilio/whatsapp/people/80/5']);
    expect(await full()).toBeNull();
    await drive();
    await world.settle();
    const [first] = await system<{ at: Date }>('select min(at) as at from whatsapp_openings');
    expect(await full()).toEqual({ most: 5, until: new Date((first?.at.getTime() ?? 0) + DAY + 1000) });
  });

  test('what has no place goes by the next channel of its plan', async () => {
    await limit(3);
    const before = overWhatsApp();
    const leads = [];
    for (let n = 0; n < 5; n++) leads.push(await drive());
    await world.settle();

    expect(overWhatsApp() - before).toBe(3);
    const channels = await Promise.all(leads.map(async (lead) => (await firstOf(lead))?.split(' ')[1]));
    expect(channels.sort()).toEqual(['sms', 'sms', 'whatsapp', 'whatsapp', 'whatsapp']);
  });

  test('what has no other way waits for a place, says so, and leaves when there is one', async () => {
    await system(`update routes set retired_at = now() where channel <> 'whatsapp'`);
    await limit(2);
    const before = overWhatsApp();
    const leads = [];
    for (let n = 0; n < 5; n++) leads.push(await drive());
    await world.settle();
    expect(overWhatsApp() - before).toBe(2);
    const waiting = await system<{ due: Date; leadId: (typeof leads)[number] }>(
      `select due_at as due, lead_id as "leadId" from messages where reason = 'new_people:2' order by due_at`,
    );
    expect(waiting).toHaveLength(3);
    // two tomorrow, the third the day after: planned for when it fits, not for another try
    expect(waiting.map(({ due }) => Math.floor((due.getTime() - world.clock.now().getTime()) / HOUR + 0.1))).toEqual([
      24, 24, 48,
    ]);
    const [last] = waiting.slice(-1);
    const thread = await world.database.db.inTenant(world.tenant.id, (tx) => threadOf(tx, last?.leadId ?? newId()));
    const lines = thread.map((message) => tell(message, (at) => at.toISOString().slice(0, 10)));
    expect(lines).toContain(
      'planned for 2026-11-25 by WhatsApp; WhatsApp takes 2 new people a day from this business, and today’s are used up',
    );
    await world.turnTo(onward(DAY + 10 * 60_000));
    expect(overWhatsApp() - before).toBe(4);
    await world.turnTo(onward(2 * DAY + 20 * 60_000));
    expect(
      await one(
        world,
        `select count(*)::int as value from messages where reason = 'new_people:2' and step_key = 'day_0'`,
      ),
    ).toBe(0);
    await system('update routes set retired_at = null');
  });

  test('a higher limit in the configuration lets go what waits, and counts for all numbers of that access', async () => {
    await system(`update routes set retired_at = now() where channel <> 'whatsapp'`);
    await limit(1);
    const leads: LeadId[] = [];
    for (let n = 0; n < 3; n++) leads.push(await drive());
    await world.settle();
    const waiting = async () => {
      const plans = await Promise.all(leads.map((leadId) => plan(world, leadId)));
      return plans.flat().filter((line) => line.startsWith('day_0') && line.includes('new_people'));
    };
    expect((await waiting()).length).toBeGreaterThanOrEqual(2);
    const accounts = [{ vendor: 'twilio', gatewayAccount: ACCOUNT_SID, newPeopleLimit: 1000 }];
    await limitAsConfigured(world.database.db.system, accounts);
    world.rooms.routing.forget(world.tenant.id);
    await world.settle();
    expect(await waiting()).toEqual([]);
    // what says nothing of it keeps what an admin entered
    await limitAsConfigured(world.database.db.system, [{ vendor: 'twilio', gatewayAccount: ACCOUNT_SID }]);
    expect(await one(world, `select new_people_limit as value from accounts where channel = 'whatsapp'`)).toBe(1000);
    await system('update routes set retired_at = null');
  });

  test('an answer in the customer’s window takes no place', async () => {
    await limit(1);
    const leadId = await drive();
    await world.turnTo(onward(7 * DAY));
    const to = await one<string>(
      world,
      'select a.value as value from addresses a join leads l on l.person_id = a.person_id where l.id = $1',
      [leadId],
    );
    await world.twilio.customerSends({ from: to ?? '', to: WHATSAPP_SENDER, channel: 'whatsapp', body: 'Hej!' });
    await world.twilio.idle();
    await limit(1);
    await world.rooms.desk.reply(sofia, leadId, 'Hej, välkommen!', 'V1');
    await world.turnTo(onward(7 * DAY + 60_000));
    expect(world.twilio.journal.sent).toContainEqual(
      expect.objectContaining({ to, channel: 'whatsapp', body: 'Hej, välkommen!' }),
    );
    const theirs = `select count(*)::int as value from whatsapp_openings o join addresses a on a.id = o.address_id where a.value = $1`;
    expect(await one(world, theirs, [to])).toBe(0);
  });
});
