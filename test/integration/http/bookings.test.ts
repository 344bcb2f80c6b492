import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Booking, BookingId } from '../../../src/bookings/index.ts';
import { newId, type PersonId } from '../../../src/lib/ids.ts';
import { signedToken } from '../../../src/lib/signed-links.ts';
import { optOutToken } from '../../../src/people/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { openEdge, PUBLIC_URL, type TestEdge } from './open-edge.ts';

const at = (text: string) => new Date(`${text}+01:00`);
const SATURDAY = at('2026-11-28T11:00');

let edge: TestEdge;
let booking: Booking;
let path: string;
let drives = 0;

beforeAll(async () => {
  edge = await openEdge();
});
afterAll(() => edge.close());
beforeEach(async () => {
  await edge.value(`update bookings set state = 'cancelled'`);
  booking = await appointment();
  path = linkOf(booking.id);
});

const linkOf = (id: string) => `/b/${signedToken(edge.world.rooms.linkKey, 'booking', id)}`;

async function appointment(startsAt = SATURDAY, changes: { language?: string } = {}): Promise<Booking> {
  drives += 1;
  const { leadId, personId } = await edge.drive({ phone: `+4670${2_000_000 + drives}`, ...changes });
  const { bookings } = edge.world.rooms;
  return bookings.book(edge.world.tenant.id, { leadId, personId, startsAt, by: { kind: 'agent' } });
}

async function get(address = path, method = 'GET') {
  const answer = await fetch(edge.origin + address, { method });
  return { status: answer.status, headers: answer.headers, page: await answer.text() };
}
async function post(fields: Record<string, string>, address = path) {
  const answer = await fetch(edge.origin + address, { method: 'POST', body: new URLSearchParams(fields) });
  return { status: answer.status, page: await answer.text() };
}
const stored = async (id: BookingId = booking.id) => {
  const found = await edge.world.database.db.inTenant(edge.world.tenant.id, (tx) =>
    edge.world.rooms.bookings.find(tx, id),
  );
  if (!found) throw new Error('the appointment is gone');
  return found;
};
const told = async (what: string) =>
  edge.value<number>(
    `select count(*) from effects where kind = 'booking.tell' and data->>'what' = $1 and data->>'bookingId' = $2`,
    [what, booking.id],
  );

describe('the page of an appointment', () => {
  test('says when, with whom and where, in the customer’s language, as the business', async () => {
    const { status, headers, page } = await get();
    expect(status).toBe(200);
    expect(page).toContain('<html lang="sv"');
    expect(page).toContain('lördag 28 november kl. 11:00');
    expect(page).toContain('Hos Sofia Lind på Nordic Motors');
    expect(page).toContain(`href="${path}/appointment.ics"`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.each([
    ['en', /Saturday,? 28 November, 11:00/],
    ['de', /Samstag, 28\. November, 11:00 Uhr/],
    ['es', /sábado, 28 de noviembre, 11:00/],
    ['hi', /शनिवार, 28 नवंबर, 11:00/],
    ['fr', /samedi 28 novembre, 11:00/],
  ])('speaks %s', async (language, expected) => {
    await edge.value(`update persons set language = $2 where id = $1`, [booking.personId, language]);
    expect((await get()).page).toMatch(expected);
  });

  test('is the link of the confirmation', async () => {
    await edge.world.settle();
    const bodies = edge.world.twilio.journal.sent.map((message) => message.body);
    expect(bodies.some((body) => body.includes(`${path}\n`))).toBe(true);
  });

  test('GET and HEAD change nothing, however often', async () => {
    for (const method of ['GET', 'HEAD', 'GET']) expect((await get(path, method)).status).toBe(200);
    expect(await stored()).toMatchObject({ state: 'booked', moves: 0 });
  });

  test('names nobody under a link that is none of ours', async () => {
    const other = optOutToken(edge.world.rooms.linkKey, booking.personId as PersonId);
    const altered = path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A');
    for (const address of [altered, `/b/${other}`, linkOf(newId()), '/b/x', `${path}A`]) {
      const { status, page } = await get(address);
      expect([status, page.includes('Nordic'), page.includes('Sofia')]).toEqual([404, false, false]);
      expect((await post({ action: 'cancel' }, address)).status).toBe(404);
      expect((await get(`${address}/appointment.ics`)).status).toBe(404);
    }
    expect((await stored()).state).toBe('booked');
  });

  test('writes hostile names and facts as text', async () => {
    const { db } = edge.world.database;
    await db.system.query(`update staff set name = '<img src=x onerror=alert(1)>' where id = $1`, [booking.staffId]);
    const facts = [{ topic: 'address', words: { sv: '<b>Storgatan 1</b>' } }];
    await changeSettings(edge.world, edge.sofia, { facts, contact: '<i>+46 8</i>' });
    const { page } = await get();
    expect(page).not.toMatch(/<img|<b>|<i>/);
    expect(page).toContain('Plats: &lt;b&gt;Storgatan 1&lt;/b&gt;');
    await db.system.query(`update staff set name = 'Sofia Lind' where id = $1`, [booking.staffId]);
    await changeSettings(edge.world, edge.sofia, { facts: [], contact: null });
  });
});

describe('what the customer may do there', () => {
  test('cancel: at once, for good, and staff hear of it', async () => {
    const { status, page } = await post({ action: 'cancel' });
    expect(status).toBe(200);
    expect(page).toContain('Din tid är avbokad.');
    expect((await stored()).state).toBe('cancelled');
    expect(await told('cancelled')).toBe(1);
    expect((await post({ action: 'cancel' })).page).toContain('Din tid är avbokad.');
    expect(
      await edge.value(`select count(*) from events where type = 'booking.cancelled' and data->>'bookingId' = $1`, [
        booking.id,
      ]),
    ).toBe(1);
    expect((await get()).page).not.toContain('value="cancel"');
  });

  test('move to one of the times on offer', async () => {
    const values = [...(await get()).page.matchAll(/name="at" value="(\d+)"/g)].map((match) => Number(match[1]));
    expect(values.length).toBeGreaterThanOrEqual(3);
    expect(values).not.toContain(SATURDAY.getTime());
    const { page } = await post({ action: 'move', at: String(values[0]) });
    expect(page).toContain('Klart. Det här är din nya tid.');
    expect(await stored()).toMatchObject({ startsAt: new Date(values[0] ?? 0), moves: 1, staffId: booking.staffId });
    expect(await told('moved')).toBe(1);
  });

  test('a time that was taken meanwhile leaves the appointment as it was', async () => {
    const [value] = [...(await get()).page.matchAll(/name="at" value="(\d+)"/g)].map((match) => Number(match[1]));
    await appointment(new Date(value ?? 0));
    const { status, page } = await post({ action: 'move', at: String(value) });
    expect(status).toBe(200);
    expect(page).toContain('Den tiden hann just bli bokad.');
    expect(await stored()).toMatchObject({ startsAt: SATURDAY, moves: 0 });
  });

  test.each(['0', 'x', '99999999999999999', '', '1e400'])('a time that is none (%j) changes nothing', async (value) => {
    expect((await post({ action: 'move', at: value })).status).toBe(200);
    expect(await stored()).toMatchObject({ startsAt: SATURDAY, moves: 0 });
  });

  test('wish for another time: staff hear of it, the appointment stands', async () => {
    const { page } = await post({ action: 'wish' });
    expect(page).toContain('Sofia Lind hör av sig om en annan tid');
    expect(await told('wish')).toBe(1);
    expect((await stored()).state).toBe('booked');
  });

  test('an unknown action, another method and a body that is too large do nothing', async () => {
    expect((await post({ action: 'delete' })).status).toBe(200);
    expect((await get(path, 'PUT')).status).toBe(405);
    const answer = await fetch(edge.origin + path, { method: 'POST', body: `action=cancel&x=${'x'.repeat(20_000)}` });
    expect(answer.status).toBe(413);
    expect((await stored()).state).toBe('booked');
  });

  test('what is over can be looked at, and no more', async () => {
    const before = edge.world.clock.now();
    await edge.world.turnTo(at('2026-11-28T12:00'));
    const { page } = await get();
    expect(page).toContain('Den här tiden har passerat.');
    expect(page).not.toContain('<form');
    expect((await post({ action: 'cancel' })).page).toContain('Den här tiden har passerat.');
    expect((await stored()).state).toBe('booked');
    edge.world.clock.turnTo(before.getTime() - Date.now());
  });
});

describe('the calendar file', () => {
  const file = async () => {
    const answer = await fetch(`${edge.origin}${path}/appointment.ics`);
    const text = (await answer.text()).replaceAll('\r\n ', '');
    const line = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1]?.trim();
    return { answer, line };
  };

  test('is one of the appointment, in the customer’s language', async () => {
    const { answer, line } = await file();
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8; method=PUBLISH');
    expect(answer.headers.get('content-disposition')).toContain('appointment.ics');
    expect(line('UID')).toBe(`${booking.id}@leads.example.test`);
    expect([line('DTSTART'), line('DTEND')]).toEqual(['20261128T100000Z', '20261128T104500Z']);
    expect(line('SUMMARY')).toBe('Tid hos Nordic Motors');
    expect(line('URL')).toBe(PUBLIC_URL + path);
    expect([line('SEQUENCE'), line('STATUS')]).toEqual(['0', 'CONFIRMED']);
  });

  test('follows a move and a cancellation', async () => {
    await edge.world.rooms.bookings.reschedule(edge.world.tenant.id, booking.id, {
      startsAt: at('2026-11-28T13:00'),
      by: { kind: 'agent' },
    });
    expect((await file()).line('DTSTART')).toBe('20261128T120000Z');
    await post({ action: 'cancel' });
    const { line } = await file();
    expect([line('SEQUENCE'), line('STATUS')]).toEqual(['2', 'CANCELLED']);
  });
});
