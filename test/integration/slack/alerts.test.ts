import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { awayFromMidnight } from '../../support/midnight.ts';
import { type SlackMessage, U_ADMIN, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
beforeEach(async () => {
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  await world.database.db.system.query('update conversations set owed_since = null');
  await world.database.db.system.query(`update messages set state = 'failed' where state = 'unconfirmed'`);
  await watch();
  await world.change({ alertRoutes: {} });
});
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

async function watch(): Promise<number> {
  const touched = await world.rooms.alerts.run();
  await world.effects();
  return touched;
}
const minutesOn = (minutes: number) => world.turnTo(new Date(MONDAY.getTime() + minutes * 60_000 + 30_000));

async function asks(name: string): Promise<LeadId> {
  const phone = `+467017421${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone, name });
  await world.flush();
  await world.writes('Is it still there?', phone);
  await world.effects();
  return leadId;
}

/** Customers who have waited for so many minutes, found by the housekeeping and by the alerts. */
async function overdue(minutes: number): Promise<void> {
  await minutesOn(minutes);
  await world.rooms.reminders.run();
  await watch();
}

const posts = (userId: string, saying: string): SlackMessage[] =>
  world.direct(userId).filter((message) => visibleText(message).includes(saying));
const only = (userId: string, saying: string): SlackMessage => {
  const found = posts(userId, saying);
  if (!found[0] || found.length > 1) throw new Error(`${found.length} posts say "${saying}"`);
  return found[0];
};
const openKinds = async () =>
  (await world.database.db.inTenant(world.tenant.id, (tx) => world.rooms.alerts.open(tx))).map(({ kind }) => kind);

describe('customers who wait too long', () => {
  test('are one post to the managers, kept up in place, and over by itself', async () => {
    const nora = await asks('Nora Berg');
    await overdue(61);
    const post = only(U_MARIA, '1 customer waits too long');
    expect(visibleText(post)).toContain(
      '*Nora Berg* · BMW X5 · since 10:30 (1 h 1 min of opening hours) · Sofia Lindqvist owes it',
    );
    expect(posts(U_ADMIN, 'too long')).toEqual([]);

    await minutesOn(0);
    await asks('Bo Ek');
    await overdue(80);
    const grouped = only(U_MARIA, '2 customers wait too long');
    expect(grouped.ts).toBe(post.ts);
    expect(visibleText(grouped)).toContain('*Bo Ek*');

    await world.rooms.takeover.settle(world.sofia, nora);
    await watch();
    expect(visibleText(only(U_MARIA, '1 customer waits too long'))).toContain('1 other since 11:31: over.');
    await world.database.db.system.query('update conversations set owed_since = null');
    await watch();
    const [over] = posts(U_MARIA, 'Customers wait too long: over since 11:50');
    expect(over?.ts).toBe(post.ts);
    expect(visibleText(over as SlackMessage)).toContain('2 cases in all.');
    expect(visibleText(over as SlackMessage)).not.toContain('Bo Ek');
    expect(await openKinds()).toEqual([]);
  });

  test('who come after somebody sees to the first, or after the window, ring anew', async () => {
    const before = posts(U_MARIA, 'too long').length;
    await asks('Ida Holm');
    await overdue(61);
    const first = only(U_MARIA, '*Ida Holm*');
    await world.slack.click(U_MARIA, { message: first }, 'I see to it');
    await until(async () => {
      await world.effects();
      return visibleText(only(U_MARIA, '*Ida Holm*')).includes('Maria Nyström sees to it, since 11:31.');
    }, 'the acknowledgement');
    expect(visibleText(only(U_MARIA, '*Ida Holm*'))).not.toContain('[I see to it]');

    await minutesOn(0);
    await asks('Per Dahl');
    await overdue(62);
    expect(posts(U_MARIA, 'too long')).toHaveLength(before + 2);
    const second = only(U_MARIA, '2 customers wait too long');
    expect(visibleText(second)).toContain('*Per Dahl*');
    expect(posts(U_MARIA, 'goes on further down')).toHaveLength(1);

    await minutesOn(0);
    await asks('Eva Dal');
    await overdue(100);
    expect(visibleText(only(U_MARIA, '3 customers wait too long'))).toContain('*Eva Dal*');
    expect(posts(U_MARIA, 'goes on further down')).toHaveLength(2);
  });

  test('are told of again after an hour without anybody, then after two, then no more', async () => {
    await asks('Lars Ek');
    await overdue(61);
    const first = only(U_MARIA, '*Lars Ek*');
    const rings = async (minutes: number) => {
      await overdue(minutes);
      return posts(U_MARIA, 'posted again further down').length;
    };
    expect(await rings(120)).toBe(0);
    expect(await rings(122)).toBe(1);
    expect(await rings(241)).toBe(1);
    expect(await rings(243)).toBe(2);
    expect(await rings(700)).toBe(2);
    const shown = only(U_MARIA, '*Lars Ek*');
    expect(shown.ts).not.toBe(first.ts);
  });
});

describe('a route', () => {
  const unconfirmed = () =>
    world.database.db.system.query(
      `update messages set state = 'unconfirmed' where id in
         (select id from messages where purpose = 'cadence' and state in ('sent', 'delivered') limit 1)`,
    );

  test('is chosen in a window, for a channel, a person or nowhere', async () => {
    await asks('Kim Alm');
    const run = async () => {
      const before = world.slack.ephemerals(U_ADMIN).length;
      await world.slack.slash(U_ADMIN, '/rescue alerts', '', { channel: 'general' });
      return world.slack.waitFor(() => world.slack.ephemerals(U_ADMIN)[before], 'the overview');
    };
    const pick = async (values: Parameters<typeof world.slack.submit>[2]) => {
      const overview = await run();
      const button = { actionId: 'alert_route', value: 'unconfirmed' };
      const open = await world.slack.click(U_ADMIN, { message: overview }, button);
      return world.slack.submit(U_ADMIN, await open.modal(), values);
    };
    expect(visibleText(await run())).toContain('*Messages that may have left* → the managers’ direct messages');
    await pick({ where: 'here' });
    await unconfirmed();
    await watch();
    const posted = world.slack.messages('general').filter((each) => visibleText(each).includes('may have left'));
    expect(posted).toHaveLength(1);
    expect(posts(U_MARIA, 'may have left')).toEqual([]);

    await pick({ where: 'person', person: U_ERIK });
    await world.database.db.system.query(`update messages set state = 'failed' where state = 'unconfirmed'`);
    await watch();
    await unconfirmed();
    await watch();
    expect(posts(U_ERIK, '1 message may have left')).toHaveLength(1);

    await pick({ where: 'off' });
    await world.database.db.system.query(`update messages set state = 'failed' where state = 'unconfirmed'`);
    await watch();
    await unconfirmed();
    await watch();
    expect(posts(U_ERIK, '1 message may have left')).toHaveLength(0); // over, nothing new
    expect(await openKinds()).toEqual(['unconfirmed']); // seen in App Home all the same
  });

  test('to a channel that is gone falls back to those it is meant for', async () => {
    await world.change({ alertRoutes: { unconfirmed: { to: 'channel', channel: 'C0NOWHERE' } } });
    await asks('Mia Lund');
    await unconfirmed();
    await watch();
    expect(posts(U_MARIA, '1 message may have left')).toHaveLength(1);
  });
});

describe('what is found', () => {
  test('a gateway that refuses its account, until it has taken messages for a while', async () => {
    const rest = (seconds: number) =>
      world.database.db.system.query(
        `update accounts set refilled_at = clock_timestamp() + make_interval(secs => $1) where channel = 'sms'`,
        [seconds],
      );
    await rest(60);
    await watch();
    expect(visibleText(only(U_ADMIN, '1 sender does not get messages out'))).toContain(
      'the gateway refuses the account',
    );
    await world.database.db.system.query(`update accounts set rests = 1, rest_reason = 'silent' where channel = 'sms'`);
    await watch();
    expect(visibleText(only(U_ADMIN, '1 sender does not get messages out'))).toContain('the gateway does not answer');
    await world.database.db.system.query(`update accounts set rests = 0, rest_reason = null where channel = 'sms'`);
    await rest(0);
    await watch();
    expect(await openKinds()).toEqual(['gateway']);
    await world.database.db.system.query(`update alert_items set seen_at = seen_at - interval '3 minutes'`);
    await watch();
    expect(await openKinds()).toEqual([]);
  });

  test('messages that are late, with the oldest', async () => {
    await world.drive(world.sofia, { phone: `+467017421${serial++}`, name: 'Rut Ek' });
    await world.flush();
    await world.database.db.system.query(
      `update messages set due_at = $1 where id = (select id from messages where state = 'scheduled' limit 1)`,
      [new Date(MONDAY.getTime() - 11 * 60_000)],
    );
    await watch();
    expect(visibleText(only(U_ADMIN, 'the oldest was due'))).toContain('10:19');
    await world.flush();
  });

  test('a spike of opt-outs, measured by what is usual here', async () => {
    const outs = async (day: string, sent: number, opted: number) => {
      await world.database.db.system.query(
        `insert into report_days (generation, tenant_id, owner_id, day, measure, key, template, channel, seconds, n, total)
         select generation, $1, '00000000-0000-0000-0000-000000000000', $2, m.measure, 'spike', '', '', 0, m.n, 0
         from report_generations, (values ('sent', $3::int), ('opted_out', $4::int)) m(measure, n) where live`,
        [world.tenant.id, day, sent, opted],
      );
      await watch();
    };
    await outs('2026-11-16', 1000, 50);
    await outs('2026-11-23', 100, 6); // 6 % where 5 % are usual
    expect(await openKinds()).not.toContain('opt_outs');
    await world.database.db.system.query(`delete from report_days where key = 'spike'`);
    await outs('2026-11-16', 1000, 10);
    await outs('2026-11-23', 100, 6);
    expect(visibleText(only(U_MARIA, 'Unusually many opt-outs'))).toContain(
      '6 of 100 messages today, 6 %; usually 1 %',
    );
    await world.database.db.system.query(`delete from report_days where key = 'spike'`);
    await watch();
    expect(await openKinds()).not.toContain('opt_outs');
  });

  test('leads that came from outside and webhooks of ours that wait for somebody', async () => {
    const { webhooks } = world.rooms;
    const nobodys = await webhooks.store('google', 'alert-1', { raw: 'x' });
    const own = await webhooks.store('meta', 'alert-2', { raw: 'x' }, { tenantId: world.tenant.id });
    await webhooks.park(nobodys.id, 'not_connected');
    await webhooks.park(own.id, 'invalid: service');
    await world.database.db.system.query(
      `with hook as (insert into hooks (id, tenant_id, url, events, secret, created_by, created_at)
         values (gen_random_uuid(), $1, 'https://crm.example.com/in', '{lead.captured}', '', 'test', now()) returning *)
       insert into hook_deliveries (id, tenant_id, hook_id, event_id, state, settled_at)
       select gen_random_uuid(), tenant_id, id, 1, 'parked', now() from hook`,
      [world.tenant.id],
    );
    await watch();
    const post = visibleText(only(U_ADMIN, '3 kinds of things kept failing and wait for somebody'));
    for (const line of [
      'leads from Google lead forms · once',
      'leads from Meta lead ads · once',
      'webhooks to crm.example.com',
    ])
      expect(post).toContain(line);
    await webhooks.decideParked(world.tenant.id, 'skipped');
    await world.database.db.system.query('delete from hooks');
    await watch();
    expect(await openKinds()).not.toContain('parked');
  });

  test('what is critical is listed before what came later and is not', async () => {
    const undone = new Error('undone, so that no other test sees it');
    let listed: string[] = [];
    const looking = world.database.db.inTenant(world.tenant.id, async (tx) => {
      await tx.query(`update alerts set closed_at = $1, ended = 'over' where closed_at is null`, [MONDAY]);
      for (const [n, kind] of ['gateway', 'template', 'queue_late'].entries())
        await tx.query(
          `insert into alerts (id, tenant_id, kind, opened_at, total, rung_at) values (gen_random_uuid(), $1, $2, $3, 1, $3)`,
          [world.tenant.id, kind, new Date(MONDAY.getTime() + n * 60_000)],
        );
      listed = (await world.rooms.alerts.open(tx)).map(({ kind }) => kind);
      throw undone;
    });
    await expect(looking).rejects.toBe(undone);
    expect(listed).toEqual(['queue_late', 'gateway', 'template']);
  });

  test('by several workers at once is told once', async () => {
    await asks('Tor Ek');
    await minutesOn(61);
    await world.rooms.reminders.run();
    await Promise.all([1, 2, 3, 4].map(() => world.rooms.alerts.run()));
    await world.effects();
    expect(posts(U_MARIA, '*Tor Ek*')).toHaveLength(1);
  });

  test('is acknowledged once, and only while it is open', async () => {
    await asks('Ulf Ek');
    await overdue(61);
    const post = only(U_MARIA, '*Ulf Ek*');
    await world.slack.click(U_ADMIN, { message: post }, 'I see to it');
    await until(async () => {
      await world.effects();
      return visibleText(only(U_MARIA, '*Ulf Ek*')).includes('Anders Berg sees to it');
    }, 'the acknowledgement');
    const before = world.slack.ephemerals(U_SOFIA).length;
    await world.slack.click(U_SOFIA, { message: post }, 'I see to it');
    const words = await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA)[before], 'the refusal');
    expect(words.text).toContain('A colleague was faster');
  });
});

describe('a limit that is nearly used', () => {
  const used = async (n: number) => {
    await awayFromMidnight();
    await world.database.db.system.query(
      `update accounts set daily_limit = 10, used = $1, used_day = (clock_timestamp() at time zone 'utc')::date where channel = 'sms'`,
      [n],
    );
    await watch();
  };

  test('is told of once from 80 % on, and kept up in place', async () => {
    await used(7);
    expect(await openKinds()).not.toContain('limit_near');
    await used(8);
    const post = only(U_ADMIN, '1 sender has nearly used what may be sent in a day');
    expect(visibleText(post)).toContain('*SMS* (Twilio) · 80 % of 10 messages a day');
    await used(9);
    await used(7);
    await used(10);
    const again = only(U_ADMIN, '1 sender has nearly used what may be sent in a day');
    expect(again.ts).toBe(post.ts);
    expect(visibleText(again)).toContain('100 % of 10 messages a day');
    await world.database.db.system.query('update accounts set daily_limit = null');
  });
});
