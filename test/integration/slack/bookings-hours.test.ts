import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import {
  type OpenView,
  type SlackMessage,
  U_ADMIN,
  U_ERIK,
  U_MARIA,
  U_SOFIA,
  visibleText,
} from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

const at = (text: string) => new Date(`${text}+01:00`);
const SATURDAY = at('2026-11-28T11:00');

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  // else the first who uses /rescue becomes the admin
  await world.database.db.system.query('insert into founders (tenant_id, staff_id) values ($1, $2)', [
    world.tenant.id,
    world.admin.id,
  ]);
});
beforeEach(async () => {
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  await world.database.db.system.query(`update bookings set state = 'cancelled' where state = 'booked'`);
  await world.database.db.system.query('delete from busy_times');
});
afterEach(() => {
  for (const user of [U_SOFIA, U_MARIA, U_ADMIN]) world.slack.closeView(user, { everything: true }).catch(() => {});
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

const aLead = (): Promise<{ leadId: LeadId; personId: PersonId }> =>
  world.drive(world.sofia, { phone: `+467017606${serial++}` });
async function byAgent(
  { leadId, personId }: { leadId: LeadId; personId: PersonId },
  startsAt = SATURDAY,
): Promise<void> {
  const by = { kind: 'agent' } as const;
  await world.rooms.bookings.book(world.tenant.id, { leadId, personId, startsAt, by });
}

/** A direct message to somebody, from now on. */
function told(userId = U_SOFIA): { next(): Promise<SlackMessage> } {
  const before = world.direct(userId).length;
  return { next: () => world.slack.waitFor(() => world.direct(userId)[before], 'a direct message') };
}

describe('/rescue bookings', () => {
  const list = async (user: string) => (await world.slack.slash(user, '/rescue', 'bookings')).shown;

  test('shows today and tomorrow: one’s own, or as a manager everybody’s', async () => {
    expect((await list(U_SOFIA))?.text).toBe('You have no appointments today or tomorrow.');
    const lead = await aLead();
    await byAgent(lead, at('2026-11-23T14:00'));
    const other = await aLead();
    const { leadId, personId } = other;
    const by = { kind: 'staff', id: world.maria.id } as const;
    const startsAt = at('2026-11-24T09:00');
    await world.rooms.bookings.book(world.tenant.id, { leadId, personId, startsAt, staffId: world.erik.id, by });
    const later = await aLead();
    await byAgent(later, at('2026-11-25T09:00'));

    const own = await list(U_SOFIA);
    expect(own?.text).toMatch(/^Today:\n14:00–14:45 {2}\*Anna Karlsson\* · BMW X5$/);
    const all = await list(U_MARIA);
    expect(all?.text).toMatch(/Today:\n14:00–14:45 .* with Sofia Lindqvist\nTomorrow:\n09:00–09:45 .* with Erik Holm$/);
    expect((await list(U_ERIK))?.text).toMatch(/^Tomorrow:/);
  });
});

describe('/rescue away', () => {
  const open = async (user: string) => (await world.slack.slash(user, '/rescue', 'away')).modal();

  test('blocks out one’s own time, and names the appointments in it', async () => {
    await byAgent(await aLead());
    const heard = told();
    const form = await open(U_SOFIA);
    const fields = {
      from: '2026-11-28',
      from_time: '10:30',
      until: '2026-11-28',
      until_time: '13:00',
      reason: 'Dentist',
    };
    expect((await world.slack.submit(U_SOFIA, form, fields)).closed).toBe(true);
    const { text } = await heard.next();
    expect(text).toContain('Blocked out: Sat 28 Nov 10:30 to 13:00.');
    expect(text).toContain('1 appointment lies in it and stays as it is: Anna Karlsson Sat 28 Nov 11:00');
    const { leadId } = await aLead();
    const day = { from: at('2026-11-28T00:00'), to: at('2026-11-29T00:00') };
    const free = await world.database.db.inTenant(world.tenant.id, (tx) =>
      world.rooms.bookings.free(tx, { leadId, ...day }),
    );
    expect(free[0]?.startsAt).toEqual(at('2026-11-28T13:00'));
  });

  test('whole days are the rule, and what was blocked can be given back', async () => {
    await world.slack.submit(U_SOFIA, await open(U_SOFIA), { from: '2026-11-26', until: '2026-11-27' });
    const form = await open(U_SOFIA);
    expect(visibleText(form)).toContain('Blocked out: Thu 26 Nov to Fri 27 Nov');
    await world.slack.click(U_SOFIA, { view: form }, 'Give back');
    await world.slack.waitFor(
      () => world.slack.stack(U_SOFIA).some((each) => !visibleText(each).includes('Give back')),
      'the list without it',
    );
  });

  test('an end before the start is said at its input', async () => {
    const form = await open(U_SOFIA);
    const { errors } = await world.slack.submit(U_SOFIA, form, { from: '2026-11-28', until: '2026-11-27' });
    expect(errors).toEqual({ until: 'The end must be later than the start.' });
    expect(await world.rooms.bookings.busyTimes(world.sofia)).toEqual([]);
  });

  test('managers block out anybody’s time, salespeople only their own', async () => {
    expect(visibleText(await open(U_SOFIA))).not.toContain('Whose time');
    const fields = { who: 'Erik Holm', from: '2026-11-26', until: '2026-11-26' };
    await world.slack.submit(U_MARIA, await open(U_MARIA), fields);
    expect(await world.rooms.bookings.busyTimes(world.erik)).toHaveLength(1);
    expect(await world.rooms.bookings.busyTimes(world.sofia)).toEqual([]);
    const wanted = { staffId: world.erik.id, startsAt: SATURDAY, endsAt: at('2026-11-28T12:00'), reason: '' };
    await expect(world.rooms.bookings.blockOut(world.sofia, wanted)).rejects.toMatchObject({ code: 'forbidden' });
    const [busy] = await world.rooms.bookings.busyTimes(world.erik);
    if (!busy) throw new Error('nothing is blocked out');
    await expect(world.rooms.bookings.unblock(world.sofia, busy.id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.rooms.bookings.unblock(world.maria, busy.id)).toBe(true);
    expect(await world.rooms.bookings.unblock(world.maria, busy.id)).toBe(false);
  });
});

describe('/rescue hours', () => {
  const open = async () => (await world.slack.slash(U_ADMIN, '/rescue', 'hours')).modal();
  const settings = () => world.rooms.tenants.settings(world.tenant.id);

  /** What the form would change, once it is confirmed. */
  async function save(form: OpenView, values: Record<string, string | string[]>): Promise<string> {
    await world.slack.submit(U_ADMIN, form, values);
    const check = world.slack.stack(U_ADMIN).at(-1);
    if (!check) throw new Error('the change is not shown');
    expect((await world.slack.submit(U_ADMIN, check)).closed).toBe(true);
    return visibleText(check);
  }

  test('without words opens the form of all hours, shows the difference, and saves it', async () => {
    const form = await open();
    expect(visibleText(form)).toContain('Monday');
    const values = {
      Monday: '9-12, 13.30-18',
      Tuesday: '',
      Saturday: '',
      Sunday: '11:00 - 15:00',
      'Closed on': '2026-12-24, 2026-12-25',
      'Minutes of an appointment': '30',
      'Minutes kept free after it': '0',
      send: '8-19',
    };
    const difference = await save(form, values);
    expect(difference).toContain('*Send hours*\n09:00-20:00 → *08:00-19:00*');
    expect(difference).toContain('*Open: Tuesday*\n09:00-18:00 → *closed*');
    expect(await settings()).toMatchObject({
      opening: {
        1: [
          { from: '09:00', to: '12:00' },
          { from: '13:30', to: '18:00' },
        ],
        7: [{ from: '11:00', to: '15:00' }],
      },
      closedDays: ['2026-12-24', '2026-12-25'],
      appointment: { minutes: 30, pause: 0 },
      sendHours: { start: '08:00', end: '19:00' },
    });
    expect((await settings()).opening).not.toHaveProperty('2');
    const [event] = await world.database.db.system.query(
      `select data->'keys' as keys from events where type = 'settings.changed' order by id desc limit 1`,
    );
    expect(event).toEqual({ keys: ['sendHours', 'opening', 'closedDays', 'appointment'] });
  });

  test('shows the next public holidays, on which one is closed until the box is emptied', async () => {
    const { id } = world.tenant;
    world.clock.turnTo(at('2026-12-21T09:00').getTime() - Date.now());
    const view = await (await world.slack.slash(U_ADMIN, '/rescue', 'hours')).modal();
    const shown = JSON.stringify(view.view.blocks);
    expect(shown).toContain("Next: Christmas Day 2026-12-25, Boxing Day 2026-12-26, New Year's Day 2027-01-01.");
    expect(await world.rooms.tenants.closedDays(id)).toEqual(expect.arrayContaining(['2026-12-25', '2027-01-06']));
    const lead = await aLead();
    await expect(byAgent(lead, at('2027-01-06T10:00'))).rejects.toThrow();
    expect(await save(view, { holidays: [] })).toContain('*Public holidays*\nclosed → *open as on other days*');
    expect(await world.rooms.tenants.closedDays(id)).toEqual((await world.rooms.tenants.settings(id)).closedDays);
    await byAgent(lead, at('2027-01-06T10:00'));
  });

  test('says at each input what is wrong, and keeps the old hours', async () => {
    const before = await settings();
    const values = {
      Monday: '18-9',
      Wednesday: '9-13, 12-18',
      Thursday: 'all day',
      'Closed on': '2026-02-30',
      'Minutes of an appointment': '5',
      'Minutes kept free after it': 'none',
      send: '9',
    };
    const { errors } = await world.slack.submit(U_ADMIN, await open(), values);
    expect(errors).toEqual({
      day_1: '"18-9" ends before it begins.',
      day_3: 'The times overlap. Write them in order.',
      day_4: '"all day" is not a time. Write it like 9-18 or 09:00-18:30.',
      closed: '"2026-02-30" is not a day. Write it like 2026-12-24.',
      minutes: 'Write a number of minutes from 10 to 480.',
      pause: 'Write a number of minutes from 0 to 240.',
      send: 'Write it like 09:00-20:00.',
    });
    expect(await settings()).toEqual(before);
  });

  test('with words changes the send hours as before, and is not for salespeople', async () => {
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue', 'hours 9-20');
    expect(shown?.text).toContain('→ 09:00-20:00');
    expect((await world.slack.slash(U_SOFIA, '/rescue', 'hours')).shown?.text).toContain('Only admins can do this.');
  });
});
