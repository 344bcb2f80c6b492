import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { append, type NewEvent } from '../../../src/events/index.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import { createCounting, daysBetween, periodOf } from '../../../src/reports/index.ts';
import { readSums, type Sum } from '../../../src/reports/read.ts';
import { RULES } from '../../../src/reports/rules.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { createRandom, type Random, seeded } from '../../support/seeds.ts';
import { settled } from '../../support/settled.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let sofia: Staff;
let erik: Staff;
beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lind', 'salesperson');
  erik = await world.hire('Erik Holm', 'salesperson');
});
afterAll(() => world.close());

const MINUTE = 60_000;
const START = new Date('2026-10-24T20:00:00Z').getTime(); // the night before the clocks are turned back in Europe

/** What may happen to a lead, in an order that may happen; not always the order one would like. */
function happening(random: Random): NewEvent {
  const channel = random.pick(['whatsapp', 'sms'] as const);
  const step = random.pick(['day_0', 'day_2', 'day_7', 'day_14']);
  return random.pick<NewEvent>([
    { type: 'message.sent', data: { channel, attempt: 1, step, purpose: 'cadence' } },
    { type: 'message.sent', data: { channel, attempt: 1, purpose: random.pick(['reply', 'agent', 'notice']) } },
    {
      type: 'message.received',
      data: { channel, understood: random.pick(['message', 'help', 'opt_out', 'auto_reply']) },
    },
    { type: 'lead.moved', data: { from: 'new', to: random.pick(['contacted', 'replied', 'won', 'lost']) } },
    { type: 'person.opted_out', data: { scope: 'all', by: 'keyword', cancelled: 1 } },
    { type: 'message.read', data: { attempt: 1 } },
  ]);
}

let serial = 0;
/** A lead with its owner, so that owners' numbers are counted too. */
async function newLead(owner: Staff): Promise<LeadId> {
  const phone = `+4670${3_000_000 + serial++}`;
  const { leadId } = await world.drive(owner, { phone });
  return leadId;
}

async function tell(leadId: LeadId, minutes: number, events: readonly NewEvent[]): Promise<void> {
  const at = new Date(START + minutes * MINUTE);
  await world.database.db.inTenant(world.tenant.id, (tx) =>
    append(
      tx,
      tx.tenantId,
      at,
      'system',
      events.map((event) => ({ ...event, leadId })),
    ),
  );
}

/** Weeks, months and people that are not what their days come to. */
const notAddedUp = () =>
  world.database.db.system.query(
    `(select generation, owner_id, span, first, weekend, measure, key, template, channel, seconds, n, total from report_spans
       where (n, total) <> (0, 0)
     except
     select generation, owner_id, span, date_trunc(span, day)::date, report_weekend(day, measure), measure, key, template, channel,
       seconds, sum(n), sum(total)
     from report_days cross join (values ('week'), ('month')) as of (span) group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
     union all
     (select generation, owner_id, span, first, false, '', '', '', '', 0, captured + 1000 * won + 1000000 * recovered,
       replies + 1000 * asked + 1000000 * quick
     from report_people where (captured, replies, won, recovered, asked, quick) <> (0, 0, 0, 0, 0, 0)
     except
     select generation, owner_id, span, date_trunc(span, day)::date, false, '', '', '', '', 0,
       sum(n * case measure when 'captured' then 1 when 'won' then 1000 when 'recovered' then 1000000 else 0 end),
       sum(n * case when measure = 'replies' then 1 when measure = 'asked' then 1000
         when measure = 'answered' and seconds < 300 then 1000000 else 0 end)
     from report_days cross join (values ('day'), ('week'), ('month')) as of (span) group by 1, 2, 3, 4)`,
  );
const keptNumbers = () => one<number>(world, 'select count(*) as value from report_days where n <> 0');
const everyDay = periodOf('quarter', new Date('2026-12-31T12:00:00Z'), 'Europe/Stockholm');

async function keepUp(): Promise<void> {
  await settled(world.database.db);
  await world.rooms.counting.keepUp();
}

describe('numbers kept up with the log', () => {
  test(
    'equal a recount after any history, however it is cut into batches',
    seeded(async (random) => {
      const counting = createCounting({ ...world.rooms, db: world.database.db, batch: random.between(1, 9) });
      const leads = await Promise.all([newLead(sofia), newLead(sofia), newLead(erik)]);
      for (let minutes = 0; minutes < 60 * 60; minutes += random.between(5, 400)) {
        const events = Array.from({ length: random.between(1, 4) }, () => happening(random));
        await tell(random.pick(leads), minutes, events);
        if (random.next() < 0.3) await counting.keepUp(random.between(1, 3));
      }
      await counting.keepUp();
      expect(await counting.check()).toMatchObject({ different: 0, examples: [] });
      expect(await notAddedUp()).toEqual([]);
    }),
  );

  test('are the same of a period, however it is cut into months, weeks and days', async () => {
    await keepUp();
    const random = createRandom(11);
    const date = (day: number) => new Date(START + day * 24 * 60 * MINUTE).toISOString().slice(0, 10);
    for (let round = 0; round < 12; round++) {
      const from = random.between(-40, 60);
      const now = new Date(START);
      const span = daysBetween(date(from), date(from + random.between(0, 120)), now, 'Europe/Stockholm');
      if (!span) throw new Error('no period');
      const owner = random.pick([null, sofia.id, erik.id]);
      const sums = await world.database.db.inTenant(world.tenant.id, (tx) => readSums(tx, owner, span));
      const line = (sum: Omit<Sum, 'current'>) =>
        [sum.measure, sum.key, sum.template, sum.channel, sum.seconds, sum.weekend, sum.n, sum.total].join(' ');
      const byDay = await world.database.db.system.query<Sum>(
        `select measure, key, template, channel, seconds, report_weekend(day, measure) as weekend, sum(n)::bigint as n,
           sum(total)::bigint as total
         from report_days where owner_id = $1 and day between $2 and $3 group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0`,
        [owner ?? '00000000-0000-0000-0000-000000000000', span.from, span.to],
      );
      const current = sums.filter((sum) => sum.current);
      expect(current.map(line).sort()).toEqual(byDay.map(line).sort());
    }
  });

  test('a week that somebody has changed is found', async () => {
    await keepUp();
    const { counting } = world.rooms;
    await world.database.db.system.query(
      `update report_spans set n = n + 2 where ctid in (select ctid from report_spans where span = 'week' limit 1)`,
    );
    expect((await counting.check()).different).toBe(1);
    await counting.rebuild();
    expect(await counting.check()).toMatchObject({ different: 0 });
    await world.database.db.system.query(`update report_open set n = n + 1 where owner_id = $1`, [sofia.id]);
    const found = await counting.check();
    expect([found.different, found.examples[0]]).toEqual([1, expect.stringMatching(/^open: \d+, recounted \d+ /)]);
    await counting.rebuild();
  });

  test('equal what the log says in plain SQL', async () => {
    await keepUp();
    const report = await world.rooms.reports.read(world.tenant.id, null, everyDay);
    const events = (type: string, more = '') =>
      one<number>(world, `select count(*) as value from events where type = '${type}' ${more}`);
    expect(report.now.captured).toBe(await events('lead.captured'));
    const sent = Object.values(report.now.sent).reduce((sum, n) => sum + n, 0);
    expect(sent).toBe(await events('message.sent'));
    expect(report.now.automated).toBe(await events('message.sent', `and data ->> 'purpose' = 'cadence'`));
    expect(sent).toBeGreaterThan(0);
  });

  test('a late commit is counted although the cursor has passed its id', async () => {
    const { db } = world.database;
    const leadId = await newLead(sofia);
    await keepUp();
    const late = await db.connect();
    try {
      await late.query('begin');
      await late.query(
        `insert into events (tenant_id, type, at, actor, lead_id, data) values ($1, 'message.sent', $2, 'system', $3, $4)`,
        [world.tenant.id, new Date(START), leadId, { channel: 'sms', attempt: 1, step: 'day_0', purpose: 'cadence' }],
      );
      await tell(leadId, 10, [{ type: 'message.received', data: { channel: 'sms', understood: 'message' } }]);
      await world.rooms.counting.keepUp();
      const before = await world.rooms.reports.read(world.tenant.id, null, everyDay);
      await late.query('commit');
      await keepUp();
      const after = await world.rooms.reports.read(world.tenant.id, null, everyDay);
      expect(after.now.automated).toBe(before.now.automated + 1);
      expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
    } finally {
      await late.end();
    }
  });

  test('two workers at once count everything once', async () => {
    const { db } = world.database;
    const workers = [3, 5].map((batch) => createCounting({ ...world.rooms, db, batch }));
    const random = createRandom(7);
    const leads = await Promise.all([newLead(sofia), newLead(erik)]);
    const work = workers.flatMap((worker) =>
      Array.from({ length: 12 }, async (_, round) => {
        await tell(random.pick(leads), round * 50, [happening(random), happening(random)]);
        await worker.keepUp(2);
      }),
    );
    await Promise.all(work);
    await Promise.all(workers.map((worker) => worker.keepUp()));
    await keepUp();
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
  });

  test('what somebody has changed in the numbers is found, and put right by a rebuild', async () => {
    await keepUp();
    await world.database.db.system.query(
      `update report_days set n = n + 3 where ctid in (
         select ctid from report_days where measure = 'captured' and owner_id = '00000000-0000-0000-0000-000000000000' limit 1)`,
    );
    const rows = await keptNumbers();
    const found = await world.rooms.counting.check();
    expect(found.different).toBe(1);
    expect(found.examples[0]).toMatch(/captured slack: \d+, recounted \d+/);
    expect((await world.rooms.counting.rebuild()).different).toBe(1);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
    expect(await keptNumbers()).toBe(rows);
    await tell(await newLead(erik), 5, [{ type: 'lead.moved', data: { from: 'new', to: 'won' } }]);
    await keepUp();
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
  });

  test('a log restored on a server that counts transactions anew is counted on', async () => {
    const { db } = world.database;
    await keepUp();
    // as if all so far had been written by a server that was far ahead
    await db.system.query(`update report_generations set until_xid = (until_xid::text::bigint + 1000000)::text::xid8`);
    const before = await world.rooms.reports.read(world.tenant.id, null, everyDay);
    const leadId = await newLead(sofia);
    await keepUp();
    await tell(leadId, 0, [{ type: 'lead.moved', data: { from: 'new', to: 'won' } }]);
    await keepUp();
    const after = await world.rooms.reports.read(world.tenant.id, null, everyDay);
    expect(after.now.captured).toBe(before.now.captured + 1);
    expect(after.now.won).toBe(before.now.won + 1);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
  });

  test('counted by the rules of a newer version are left to it', async () => {
    const { db } = world.database;
    const { counting } = world.rooms;
    await keepUp();
    await db.system.query('update report_generations set rules = $1', [RULES + 1]);
    await newLead(sofia);
    await settled(db);
    expect(await counting.keepUp()).toBe(0);
    await expect(counting.check()).rejects.toMatchObject({ code: 'conflict' });
    await expect(counting.recount(world.tenant.id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await counting.renew()).toBe(false);
    await counting.rebuild(); // somebody goes back to this version
    await newLead(sofia);
    await settled(db);
    expect(await counting.keepUp()).toBeGreaterThan(0);
    expect(await counting.check()).toMatchObject({ different: 0 });
  });

  test('are recounted by one at a time, and what one that was killed has left goes first', async () => {
    const { db } = world.database;
    await keepUp();
    await db.system.query('insert into report_generations (live, rules) values (false, $1)', [RULES]);
    await db.system.query(
      `insert into report_leads select (select max(generation) from report_generations), tenant_id, lead_id, owner_id, counts
       from report_leads limit 1`,
    );
    await db.system.query('update report_generations set rules = $1', [RULES - 1]);
    const renewed = await Promise.all([world.rooms.counting.renew(), world.rooms.counting.renew()]);
    expect(renewed.sort()).toEqual([false, true]);
    const copies = await one<number>(world, 'select count(distinct generation) as value from report_leads');
    expect([copies, await one<number>(world, 'select count(*) as value from report_generations')]).toEqual([1, 1]);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0 });
  });

  test('are of the days of the zone that the business has now', async () => {
    const { db } = world.database;
    const leadId = await newLead(erik);
    await tell(leadId, 30, [{ type: 'lead.moved', data: { from: 'new', to: 'won' } }]); // 22:30 in Stockholm
    await keepUp();
    const business = { country: 'JP', zone: 'Asia/Tokyo' };
    await world.rooms.changes.make(await world.hire('Anders', 'admin'), { patch: () => ({ business }) });
    expect(await one<number>(world, `select count(*) as value from effects where kind = 'figures.recount'`)).toBe(1);
    await world.rooms.counting.recount(world.tenant.id);
    const won = await db.system.query('select to_char(won, $1) as day from report_leads where lead_id = $2', [
      'YYYY-MM-DD',
      leadId,
    ]);
    expect(won).toEqual([{ day: '2026-10-25' }]);
    expect(await world.rooms.counting.check()).toMatchObject({ different: 0, examples: [] });
  });
});
