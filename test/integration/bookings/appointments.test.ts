import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Booking, BookingRefused, type RefusalReason } from '../../../src/bookings/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { openWorld, type World } from '../../support/world.ts';

const at = (text: string) => new Date(`${text}+01:00`);
const SATURDAY = at('2026-11-28T11:00');
const CUSTOMER = { kind: 'customer' } as const;
const AGENT = { kind: 'agent' } as const;

let world: World;
let sofia: Staff;
let erik: Staff;
let drives = 0;

beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lind', 'salesperson');
  erik = await world.hire('Erik Holm', 'salesperson');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.database.db.system.query(`update bookings set state = 'cancelled' where state = 'booked'`);
  await world.database.db.system.query('delete from busy_times');
});

async function lead(owner: Staff = sofia): Promise<{ leadId: LeadId; personId: PersonId }> {
  drives += 1;
  return world.drive(owner, { phone: `+4670${1_000_000 + drives}`, name: `Anna ${drives}` });
}
const book = async (who: { leadId: LeadId; personId: PersonId }, startsAt = SATURDAY): Promise<Booking> =>
  world.rooms.bookings.book(world.tenant.id, { ...who, startsAt, by: CUSTOMER });

/** Why it was refused; `none` when it was not. */
async function refusal(work: Promise<unknown>): Promise<RefusalReason | 'none'> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof BookingRefused) return error.reason;
    throw error;
  }
}

const rows = <T extends object>(text: string, values: unknown[] = []) =>
  world.database.db.system.query<T>(text, values);
describe('booking', () => {
  test('is with the lead’s owner, with its event, a note to staff and the card', async () => {
    const who = await lead();
    const booking = await book(who);
    expect(booking).toMatchObject({
      staffId: sofia.id,
      startsAt: SATURDAY,
      endsAt: at('2026-11-28T11:45'),
      zone: 'Europe/Stockholm',
      state: 'booked',
      moves: 0,
    });
    const [event] = await rows(`select type, actor, data from events where lead_id = $1 and type like 'booking.%'`, [
      who.leadId,
    ]);
    expect(event).toEqual({
      type: 'booking.made',
      actor: 'customer',
      data: { bookingId: booking.id, kind: 'visit', by: 'customer' },
    });
    const effects = await rows<{ key: string; data: object }>(
      `select key, data from effects where kind = 'booking.tell' and key like $1`,
      [`${booking.id}/%`],
    );
    expect(effects).toEqual([
      { key: `${booking.id}/made/0`, data: { bookingId: booking.id, what: 'made', by: 'customer' } },
    ]);
    expect(await rows(`select from effects where kind = 'card.refresh' and key = $1`, [who.leadId])).toHaveLength(1);
  });

  test.each([
    ['2026-11-23T10:00', 'past'],
    ['2026-11-23T11:00', 'too_soon'],
    ['2026-11-29T11:00', 'closed'],
    ['2026-11-28T14:30', 'closed'],
  ])('%s is refused: %s', async (when, reason) => {
    expect(await refusal(book(await lead(), at(when)))).toBe(reason);
  });

  test('staff may book for right now', async () => {
    const who = await lead();
    const by = { kind: 'staff', id: sofia.id } as const;
    const booking = await world.rooms.bookings.book(world.tenant.id, { ...who, startsAt: at('2026-11-23T11:00'), by });
    expect(booking.state).toBe('booked');
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, by);
  });

  test('a blocked time, a time too near to another appointment, and a second appointment are refused', async () => {
    const first = await lead();
    await book(first);
    expect(await refusal(book(first, at('2026-11-27T10:00')))).toBe('has_one');
    expect(await refusal(book(await lead(), at('2026-11-28T11:50')))).toBe('booked');
    expect(await refusal(book(await lead(), at('2026-11-28T12:00')))).toBe('none');
    await world.rooms.bookings.blockOut(sofia, {
      staffId: sofia.id,
      startsAt: at('2026-11-27T09:00'),
      endsAt: at('2026-11-27T12:00'),
      reason: 'dentist',
    });
    expect(await refusal(book(await lead(), at('2026-11-27T11:30')))).toBe('busy');
    expect(await refusal(book(await lead(), at('2026-11-27T12:00')))).toBe('none');
  });

  test('is with whoever is free when the lead has no owner', async () => {
    const who = await lead();
    await rows('update leads set owner_id = null where id = $1', [who.leadId]);
    await book(await lead(sofia));
    await book(await lead(erik));
    const manager = await world.hire('Maria Nyström', 'manager');
    expect((await book(who)).staffId).toBe(manager.id);
    await rows('update staff set role = null where id = $1', [manager.id]);
    const other = await lead();
    await rows('update leads set owner_id = null where id = $1', [other.leadId]);
    expect(await refusal(book(other))).toBe('booked');
  });

  test('is seen by its own tenant only', async () => {
    const booking = await book(await lead());
    const other = await world.rooms.tenants.ensure(
      { name: 'Other', slackTeamId: 'T0OTHER', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
      'test',
    );
    await expect(world.rooms.bookings.cancel(other.id, booking.id, CUSTOMER)).rejects.toThrow('no such booking');
    expect(
      await world.database.db.inTenant(other.id, (tx) => world.rooms.bookings.find(tx, booking.id)),
    ).toBeUndefined();
  });
});

describe('moving and cancelling', () => {
  test('a moved appointment frees its old time, keeps its id, and counts the move', async () => {
    const booking = await book(await lead());
    const moved = await world.rooms.bookings.reschedule(world.tenant.id, booking.id, {
      startsAt: at('2026-11-28T13:00'),
      by: CUSTOMER,
    });
    expect(moved).toMatchObject({ id: booking.id, startsAt: at('2026-11-28T13:00'), moves: 1 });
    expect(await refusal(book(await lead()))).toBe('none');
  });

  test('its own time does not stand in its way', async () => {
    const booking = await book(await lead());
    const moved = await world.rooms.bookings.reschedule(world.tenant.id, booking.id, {
      startsAt: at('2026-11-28T11:15'),
      by: CUSTOMER,
    });
    expect(moved.startsAt).toEqual(at('2026-11-28T11:15'));
  });

  test('moving to a taken time changes nothing', async () => {
    const booking = await book(await lead());
    await book(await lead(), at('2026-11-28T13:00'));
    expect(
      await refusal(
        world.rooms.bookings.reschedule(world.tenant.id, booking.id, {
          startsAt: at('2026-11-28T13:00'),
          by: CUSTOMER,
        }),
      ),
    ).toBe('booked');
    const found = await world.database.db.inTenant(world.tenant.id, (tx) => world.rooms.bookings.find(tx, booking.id));
    expect(found).toMatchObject({ startsAt: SATURDAY, moves: 0 });
  });

  test('cancelling twice counts once, and frees the time', async () => {
    const who = await lead();
    const booking = await book(who);
    expect(await world.rooms.bookings.cancel(world.tenant.id, booking.id, CUSTOMER)).toMatchObject({
      state: 'cancelled',
    });
    expect(await world.rooms.bookings.cancel(world.tenant.id, booking.id, CUSTOMER)).toBeNull();
    const events = await rows(`select from events where lead_id = $1 and type = 'booking.cancelled'`, [who.leadId]);
    expect(events).toHaveLength(1);
    expect(await refusal(book(await lead()))).toBe('none');
  });

  test('what is over can be neither moved nor cancelled', async () => {
    const booking = await book(await lead(), at('2026-11-23T12:00'));
    const before = world.clock.now();
    await world.turnTo(at('2026-11-23T12:01'));
    expect(await world.rooms.bookings.cancel(world.tenant.id, booking.id, CUSTOMER)).toBeNull();
    expect(
      await refusal(world.rooms.bookings.reschedule(world.tenant.id, booking.id, { startsAt: SATURDAY, by: CUSTOMER })),
    ).toBe('over');
    world.clock.turnTo(before.getTime() - Date.now());
  });
});

describe('many at once', () => {
  test('of twenty who want one time exactly one gets it', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => lead()));
    const outcomes = await Promise.all(all.map((who) => refusal(book(who))));
    expect(outcomes.filter((each) => each === 'none')).toHaveLength(1);
    expect(outcomes.filter((each) => each === 'booked')).toHaveLength(19);
  }, 60_000);

  test('bookings, moves and blocked time together never make two at one time', async () => {
    const times = ['10:00', '10:15', '10:30', '11:00', '11:30', '12:00', '13:00'].map((time) =>
      at(`2026-11-28T${time}`),
    );
    const some = await Promise.all(Array.from({ length: 4 }, () => lead()));
    const first = await Promise.all(
      some.map((who, index) => book(who, at(`2026-11-27T${9 + index * 2 < 10 ? '09' : 9 + index * 2}:00`))),
    );
    const others = await Promise.all(Array.from({ length: 14 }, () => lead()));
    const work = [
      ...others.map((who, index) => refusal(book(who, times[index % times.length]))),
      ...first.map((booking, index) =>
        refusal(
          world.rooms.bookings.reschedule(world.tenant.id, booking.id, {
            startsAt: times[index] ?? SATURDAY,
            by: AGENT,
          }),
        ),
      ),
    ];
    await Promise.all(work);
    const [clash] = await rows<{ n: number }>(
      `select count(*) as n from bookings a join bookings b on a.staff_id = b.staff_id and a.id < b.id
       where a.state = 'booked' and b.state = 'booked'
         and a.starts_at < b.ends_at + interval '15 minutes' and b.starts_at < a.ends_at + interval '15 minutes'`,
    );
    expect(clash?.n).toBe(0);
    const [kept] = await rows<{ n: number }>(`select count(*) as n from bookings where state = 'booked'`);
    expect(kept?.n).toBeGreaterThanOrEqual(4);
  }, 60_000);

  test('of two of one person at once one is made', async () => {
    const who = await lead();
    const outcomes = await Promise.all([refusal(book(who)), refusal(book(who, at('2026-11-27T10:00')))]);
    expect(outcomes.sort()).toEqual(['has_one', 'none']);
  });

  test('leads without an owner spread over everybody who is free', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => lead()));
    await rows('update leads set owner_id = null where id = any($1::uuid[])', [all.map((who) => who.leadId)]);
    const outcomes = await Promise.all(all.map((who) => refusal(book(who))));
    const [bookable] = await rows<{ n: number }>('select count(*) as n from staff where role is not null');
    expect(outcomes.filter((each) => each === 'none')).toHaveLength(Math.min(6, bookable?.n ?? 0));
  }, 60_000);
});
