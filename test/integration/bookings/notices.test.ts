import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Booker, Booking } from '../../../src/bookings/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from '../../support/world.ts';

const at = (text: string) => new Date(`${text}+01:00`);
const ANNA = '+46701234567';
const SATURDAY = at('2026-11-28T11:00');
const THE_DAY_BEFORE = at('2026-11-27T11:00');

let world: World;
let sofia: Staff;
let who: { leadId: LeadId; personId: PersonId };
beforeEach(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lind', 'salesperson');
  who = await world.drive(sofia);
  await world.settle();
  // so that everything that leaves from now on is about the appointment
  await world.rooms.desk.move(sofia, who.leadId, 'closed');
});
afterEach(() => world.close());

const staff = (): Booker => ({ kind: 'staff', id: sofia.id });
const AGENT: Booker = { kind: 'agent' };
const CUSTOMER: Booker = { kind: 'customer' };
const book = (by: Booker = AGENT, startsAt = SATURDAY): Promise<Booking> =>
  world.rooms.bookings.book(world.tenant.id, { ...who, startsAt, by });

/** Every message about appointments: `template channel state reason`. */
async function notices(): Promise<string[]> {
  const rows = await world.database.db.system.query<{ line: string }>(
    `select concat_ws(' ', replace(template_key, 'booking_', ''), channel, state, reason) as line from messages
     where booking_id is not null order by created_at, template_key, id`,
  );
  return rows.map((row) => row.line);
}
/** What left about appointments. */
const sent = () => world.twilio.journal.sent.slice(1);
const says = (body: string, channel: 'sms' | 'whatsapp' = 'sms') =>
  world.twilio.customerSends({ from: ANNA, to: channel === 'sms' ? SMS_SENDER : WHATSAPP_SENDER, channel, body });
const dueAt = async (template: string) => {
  const [row] = await world.database.db.system.query<{ dueAt: Date }>(
    `select due_at as "dueAt" from messages where template_key = $1 and state = 'scheduled'`,
    [template],
  );
  return row?.dueAt;
};

describe('an appointment that staff cancel late', () => {
  test('is told at once when the next opening would be too late', async () => {
    const early = at('2026-11-28T10:00');
    const booking = await book(staff(), early);
    // inside the law's hours and before the business's own
    await world.rooms.changes.make(await world.hire('Anders', 'admin'), {
      patch: () => ({ sendHours: { start: '10:00', end: '11:00' } }),
    });
    await world.turnTo(at('2026-11-27T19:30'));
    const cancelled = await world.rooms.bookings.cancel(world.tenant.id, booking.id, staff());
    expect(cancelled?.told).toBe(true);
    const due = await dueAt('booking_cancelled');
    expect(world.clock.now().getTime() - (due?.getTime() ?? 0)).toBeLessThan(60_000);
  });

  test('and when the law lets nothing leave in time, staff hear that nobody is told', async () => {
    const booking = await book(staff(), at('2026-11-28T10:00'));
    await world.turnTo(at('2026-11-28T09:30'));
    const cancelled = await world.rooms.bookings.cancel(world.tenant.id, booking.id, staff());
    expect(cancelled?.told).toBe(false);
    expect((await notices()).some((line) => line.startsWith('cancelled'))).toBe(false);
  });
});

describe('a booked appointment', () => {
  test('is confirmed at once, with day, time, whom and a link', async () => {
    await book();
    await world.settle();
    const [confirmation] = sent();
    expect(confirmation?.body).toContain(
      'Din tid hos Sofia på Nordic Motors är bokad till lördag 28 november kl. 11:00',
    );
    expect(confirmation?.body).toMatch(/http:\/\/127\.0\.0\.1:\d+\/b\/[\w-]{35}\n/);
  });

  test('is reminded of the day before at its hour, as a notice without a step', async () => {
    await book();
    const [row] = await world.database.db.system.query(
      `select due_at as "dueAt", expires_at as "expiresAt", purpose, step_key as "stepKey" from messages
       where template_key = 'booking_reminder'`,
    );
    expect(row).toEqual({ dueAt: THE_DAY_BEFORE, expiresAt: at('2026-11-28T10:00'), purpose: 'notice', stepKey: null });
    await world.turnTo(THE_DAY_BEFORE);
    expect(sent().at(-1)?.body).toContain(
      'En liten påminnelse: Sofia på Nordic Motors väntar dig på lördag 28 november',
    );
  });

  test.each([
    [
      'en',
      'Your appointment',
      /your appointment with Sofia at Nordic Motors is booked for Saturday,? 28 November at 11:00/,
    ],
    ['de', 'Termin', /Ihr Termin mit Sofia bei Nordic Motors ist gebucht: am Samstag, 28\. November um 11:00 Uhr/],
    ['es', 'cita', /su cita con Sofia en Nordic Motors queda reservada para el sábado, 28 de noviembre a las 11:00/],
    ['hi', 'appointment', /Nordic Motors mein Sofia ke saath aapki appointment Shaniwaar, 28 November ko 11:00 AM par/],
  ])('is confirmed in the customer’s language (%s)', async (language, _word, expected) => {
    await world.database.db.system.query('update persons set language = $1', [language]);
    await book();
    await world.settle();
    expect(sent().at(-1)?.body).toMatch(expected);
  });

  test('booked by staff late in the evening is confirmed in the morning, by the assistant at once', async () => {
    await world.turnTo(at('2026-11-23T21:30'));
    const booking = await book(staff());
    expect(await dueAt('booking_confirmation')).toEqual(at('2026-11-24T09:00'));
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, CUSTOMER);
    await book(AGENT);
    expect(await dueAt('booking_confirmation')).toEqual(expect.any(Date));
    expect((await dueAt('booking_confirmation'))?.getTime()).toBeLessThan(at('2026-11-23T21:40').getTime());
  });
});

describe('a moved appointment', () => {
  test('takes its reminder along, and what had not left says nothing any more', async () => {
    const booking = await book();
    await world.rooms.bookings.reschedule(world.tenant.id, booking.id, { startsAt: at('2026-12-01T14:00'), by: AGENT });
    expect(await notices()).toEqual([
      'confirmation sms cancelled appointment_moved',
      'reminder sms cancelled appointment_moved',
      'moved sms scheduled',
      'reminder sms scheduled',
    ]);
    await world.turnTo(THE_DAY_BEFORE);
    expect(sent().map((message) => message.body.slice(0, 90))).toEqual([
      expect.stringContaining('har flyttats till tisdag 1 december kl. 14:00'),
    ]);
    await world.turnTo(at('2026-11-30T14:00'));
    expect(sent().at(-1)?.body).toContain('väntar dig på tisdag 1 december kl. 14:00');
  });

  test('moved twice tells of each time once', async () => {
    const booking = await book();
    for (const day of ['2026-12-01T14:00', '2026-12-02T14:00']) {
      await world.rooms.bookings.reschedule(world.tenant.id, booking.id, { startsAt: at(day), by: AGENT });
    }
    expect((await notices()).filter((line) => line.endsWith('scheduled'))).toEqual([
      'moved sms scheduled',
      'reminder sms scheduled',
    ]);
  });
});

describe('a cancelled appointment', () => {
  test('by staff is told, and nothing else leaves', async () => {
    const booking = await book();
    await world.settle();
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, staff());
    await world.turnTo(THE_DAY_BEFORE);
    expect(sent()).toHaveLength(2);
    expect(await notices()).toContain('reminder sms cancelled appointment_cancelled');
    expect(sent().at(-1)?.body).toContain('är avbokad');
  });

  test('by the customer is not told to them again', async () => {
    const booking = await book();
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, CUSTOMER);
    expect((await notices()).filter((line) => line.startsWith('cancelled'))).toEqual([]);
  });
});

describe('somebody who opted out', () => {
  test('a stop cancels the reminder, and the appointment stands', async () => {
    const booking = await book();
    await world.settle();
    await says('STOP');
    const before = sent().length;
    expect(await notices()).toContain('reminder sms cancelled opted_out');
    await world.turnTo(THE_DAY_BEFORE);
    await world.turnTo(SATURDAY);
    expect(sent().length).toBe(before);
    const found = await world.database.db.inTenant(world.tenant.id, (tx) => world.rooms.bookings.find(tx, booking.id));
    expect(found?.state).toBe('booked');
  });

  test('can be booked by staff, and gets no message', async () => {
    await says('STOP');
    const booking = await book(staff());
    await world.rooms.bookings.reschedule(world.tenant.id, booking.id, {
      startsAt: at('2026-12-01T14:00'),
      by: staff(),
    });
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, staff());
    expect(await notices()).toEqual([]);
  });

  test('of one channel is written to on the other, and on none of it when both are closed', async () => {
    await world.database.db.system.query(`update persons set opted_out_channels = '{sms}'`);
    await book();
    expect(await notices()).toEqual([
      'confirmation whatsapp held template_needed',
      'reminder whatsapp held template_needed',
    ]);
  });

  test('after the reminder was planned, on its channel, it is held', async () => {
    await book();
    await world.settle();
    await world.database.db.system.query(`update persons set opted_out_channels = '{sms}'`);
    const before = sent().length;
    await world.turnTo(THE_DAY_BEFORE);
    expect(sent().length).toBe(before);
    expect(await notices()).toContain('reminder sms held template_needed');
  });
});

describe('by WhatsApp', () => {
  test('a notice answers where the customer wrote, while the window is open; the reminder goes by SMS when it has closed', async () => {
    await says('Hej, kan jag komma på lördag?', 'whatsapp');
    await book();
    await world.settle();
    expect(sent().at(-1)?.channel).toBe('whatsapp');
    await world.turnTo(THE_DAY_BEFORE);
    expect(sent().at(-1)).toMatchObject({ channel: 'sms', body: expect.stringContaining('En liten påminnelse') });
  });

  test('an approved template carries it outside the window, filled with the appointment', async () => {
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    world.rooms.routing.forget(world.tenant.id);
    await book();
    await world.settle();
    const last = sent().at(-1);
    expect(last?.channel).toBe('whatsapp');
    expect(last?.body).toContain('lördag 28 november');
  });
});

test('a reminder that could not leave in time is left out', async () => {
  await book();
  await world.settle();
  await world.turnTo(at('2026-11-28T10:30'));
  expect(await notices()).toContain('reminder sms skipped too_late');
});

test('after a night without service it waits for the send hours', async () => {
  await book(AGENT, at('2026-11-30T09:00'));
  await world.settle();
  // the machine is off on Sunday morning, and back late in the evening
  await world.turnTo(at('2026-11-29T21:00'));
  expect(await notices()).toContain('reminder sms scheduled outside_send_hours');
});
