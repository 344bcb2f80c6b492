import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Booking } from '../../../src/bookings/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { bookingButton, bookingLine } from '../../../src/slack/bookings/index.ts';
import { timesFor } from '../../../src/slack/format.ts';
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
  for (const user of [U_SOFIA, U_ERIK, U_MARIA, U_ADMIN])
    world.slack.closeView(user, { everything: true }).catch(() => {});
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

async function aLead(): Promise<{ leadId: LeadId; personId: PersonId; phone: string }> {
  const phone = `+467017506${serial++}`;
  const { leadId, personId } = await world.drive(world.sofia, { phone });
  await world.flush();
  return { leadId, personId, phone };
}

/** Presses the button that the card has for it. */
async function press(leadId: LeadId, userId = U_SOFIA) {
  const card = await world.card(leadId);
  const blocks = [{ type: 'actions', elements: [bookingButton(leadId)] }] as SlackMessage['blocks'];
  return world.slack.click(userId, { message: { ...card, blocks } }, 'Book');
}
const openForm = async (leadId: LeadId, userId = U_SOFIA) => (await press(leadId, userId)).modal();

/** What may be chosen as time in a form, as it is written. */
function timesIn(form: OpenView): string[] {
  const block = form.view.blocks.find((each) => 'block_id' in each && each.block_id === 'time');
  const element = (block as { element?: { options?: { text: { text: string } }[] } } | undefined)?.element;
  return element?.options?.map((option) => option.text.text) ?? [];
}

/** Chooses in the form and waits until it shows what follows from it. */
async function choose(userId: string, form: OpenView, field: string, value: string): Promise<OpenView> {
  await world.slack.select(userId, { view: form }, field, value);
  return world.slack.waitFor(() => {
    const now = world.slack.stack(userId).find((open) => open.view.id === form.view.id);
    return now && now.view.hash !== form.view.hash ? now : undefined;
  }, 'the form to follow');
}

const bookings = async (leadId: LeadId) =>
  world.database.db.inTenant(world.tenant.id, (tx) =>
    tx.query<{ startsAt: Date; state: string; staffId: string }>(
      'select starts_at as "startsAt", state, staff_id as "staffId" from bookings where lead_id = $1 order by created_at',
      [leadId],
    ),
  );

/** A whisper, or a direct message: whatever somebody alone is told next. */
function told(userId = U_SOFIA): { next(): Promise<SlackMessage> } {
  const whispers = world.slack.ephemerals(userId).length;
  const direct = world.direct(userId).length;
  return {
    next: () =>
      world.slack.waitFor(
        () => world.slack.ephemerals(userId)[whispers] ?? world.direct(userId)[direct],
        'what somebody is told',
      ),
  };
}

const byAgent = async (lead: { leadId: LeadId; personId: PersonId }, startsAt = SATURDAY): Promise<Booking> => {
  const { leadId, personId } = lead;
  const booking = await world.rooms.bookings.book(world.tenant.id, {
    leadId,
    personId,
    startsAt,
    by: { kind: 'agent' },
  });
  await world.flush();
  return booking;
};
const lastNote = async (leadId: LeadId): Promise<SlackMessage> => {
  const note = (await world.thread(leadId)).at(-1);
  if (!note) throw new Error('nothing was said in the thread');
  return note;
};

describe('booking from a lead', () => {
  test('offers what is free on the first free day, books it, and says so in the thread', async () => {
    const lead = await aLead();
    const form = await openForm(lead.leadId);
    expect(visibleText(form)).toContain('Anna Karlsson');
    expect(timesIn(form)[0]).toBe('10:45');
    const { closed } = await world.slack.submit(U_SOFIA, form, { Time: '11:00' });
    expect(closed).toBe(true);
    expect(await bookings(lead.leadId)).toEqual([
      { startsAt: at('2026-11-23T11:00'), state: 'booked', staffId: world.sofia.id },
    ]);
    await world.flush();
    const note = await lastNote(lead.leadId);
    expect(visibleText(note)).toContain('Appointment Mon 23 Nov 11:00');
    expect(visibleText(note)).toContain('Booked by Sofia Lindqvist.');
    expect(world.twilio.journal.sent.at(-1)?.body).toContain('är bokad till måndag 23 november kl. 11:00');
  });

  test('another day and another colleague bring other times; a day without any says when the next is', async () => {
    const lead = await aLead();
    const form = await openForm(lead.leadId);
    const saturday = await choose(U_SOFIA, form, 'Day', '2026-11-28');
    expect([timesIn(saturday)[0], timesIn(saturday).at(-1)]).toEqual(['10:00', '14:15']);
    const sunday = await choose(U_SOFIA, saturday, 'Day', '2026-11-29');
    expect(timesIn(sunday)).toEqual([]);
    expect(visibleText(sunday)).toContain(
      'Nothing is free with Sofia Lindqvist on that day. The next free time is Mon 30 Nov 09:00.',
    );
    const { errors } = await world.slack.submit(U_SOFIA, sunday);
    expect(errors).toEqual({ day: 'Nothing is free on this day. Choose another one.' });
    const monday = await choose(U_SOFIA, sunday, 'Day', '2026-11-30');
    const erik = await choose(U_SOFIA, monday, 'With', 'Erik Holm');
    await world.slack.submit(U_SOFIA, erik, { Time: '09:00' });
    expect(await bookings(lead.leadId)).toEqual([
      { startsAt: at('2026-11-30T09:00'), state: 'booked', staffId: world.erik.id },
    ]);
    const heard = told(U_ERIK);
    await world.flush();
    expect(visibleText(await heard.next())).toContain('Appointment Mon 30 Nov 09:00');
  });

  test('a time that was taken meanwhile is said at its input, and the form stays', async () => {
    const lead = await aLead();
    const other = await aLead();
    const form = await choose(U_SOFIA, await openForm(lead.leadId), 'Day', '2026-11-28');
    await byAgent(other);
    const { errors, closed } = await world.slack.submit(U_SOFIA, form, { Time: '11:00' });
    expect(errors).toEqual({ time: 'That time is taken by now. Choose another one.' });
    expect(closed).toBe(false);
    expect(await bookings(lead.leadId)).toEqual([]);
  });

  test('is for the lead’s owner and managers', async () => {
    const { leadId } = await aLead();
    const heard = told(U_ERIK);
    await press(leadId, U_ERIK);
    expect((await heard.next()).text).toContain('belongs to a colleague');
    expect(visibleText(await openForm(leadId, U_MARIA))).toContain('Book an appointment');
  });

  test('the line of the card says when and with whom', async () => {
    const lead = await aLead();
    const times = timesFor({ zone: 'Europe/Stockholm', country: 'SE', now: MONDAY });
    const line = () =>
      world.database.db.inTenant(world.tenant.id, (tx) => bookingLine(tx, lead.leadId, world.clock.now(), times));
    expect(await line()).toBe('');
    await byAgent(lead);
    expect(await line()).toBe('*Appointment Sat 28 Nov 11:00* with Sofia Lindqvist');
  });
});

describe('the note in the thread', () => {
  test('moves: the form knows the appointment, and the new time is told', async () => {
    const lead = await aLead();
    await byAgent(lead);
    const note = await lastNote(lead.leadId);
    expect(visibleText(note)).toContain('Booked by the assistant, as the customer chose.');
    const form = await (await world.slack.click(U_SOFIA, { message: note }, 'Move')).modal();
    expect(visibleText(form)).toContain('Now: Sat 28 Nov 11:00 with Sofia Lindqvist');
    await world.slack.submit(U_SOFIA, form, { Time: '13:00' });
    await world.flush();
    expect(visibleText(await lastNote(lead.leadId))).toContain('Moved to Sat 28 Nov 13:00');
    expect(world.twilio.journal.sent.at(-1)?.body).toContain('har flyttats till lördag 28 november kl. 13:00');
  });

  test('the button of a card opens the appointment there is', async () => {
    const lead = await aLead();
    await byAgent(lead);
    expect(visibleText(await openForm(lead.leadId))).toContain('Move the appointment');
  });

  test('cancels: the customer is told, and another can be booked', async () => {
    const lead = await aLead();
    await byAgent(lead);
    const heard = told();
    await world.slack.click(U_SOFIA, { message: await lastNote(lead.leadId) }, 'Cancel it');
    expect((await heard.next()).text).toContain('Cancelled: the appointment Sat 28 Nov 11:00. The customer is told.');
    await world.flush();
    const note = await lastNote(lead.leadId);
    expect(visibleText(note)).toContain('Cancelled by Sofia Lindqvist.');
    expect(world.twilio.journal.sent.at(-1)?.body).toContain('är avbokad');
    const form = await (await world.slack.click(U_SOFIA, { message: note }, 'Book another')).modal();
    expect(visibleText(form)).toContain('Book an appointment');
  });

  test('says when a customer wishes for another time', async () => {
    const lead = await aLead();
    const booking = await byAgent(lead);
    await world.rooms.bookings.wish(world.tenant.id, booking.id);
    await world.flush();
    expect(visibleText(await lastNote(lead.leadId))).toContain('*wishes for another time* than Sat 28 Nov 11:00');
  });

  test('says when nobody tells the customer', async () => {
    const lead = await aLead();
    await world.writes('STOP', lead.phone, 'sms');
    await byAgent(lead);
    const said = (await world.thread(lead.leadId)).map((message) => visibleText(message)).join('\n');
    expect(said).toContain('Anna opted out, so nothing was sent: please tell them yourself.');
  });

  test('of an appointment that was cancelled meanwhile is not posted', async () => {
    const lead = await aLead();
    const before = (await world.thread(lead.leadId)).length;
    const { leadId, personId } = lead;
    const booking = await world.rooms.bookings.book(world.tenant.id, {
      leadId,
      personId,
      startsAt: SATURDAY,
      by: { kind: 'agent' },
    });
    await world.rooms.bookings.cancel(world.tenant.id, booking.id, { kind: 'customer' });
    await world.flush();
    const said = (await world.thread(leadId)).slice(before).map((message) => visibleText(message));
    expect(said).toEqual([expect.stringContaining('Cancelled by the customer.')]);
  });

  test('the colleague it is with may move it, another one may not', async () => {
    const lead = await aLead();
    const { leadId, personId } = lead;
    const by = { kind: 'staff', id: world.maria.id } as const;
    const startsAt = SATURDAY;
    await world.rooms.bookings.book(world.tenant.id, { leadId, personId, startsAt, staffId: world.erik.id, by });
    const heard = told(U_ERIK);
    await world.flush();
    const note = await heard.next();
    expect(visibleText(await (await world.slack.click(U_ERIK, { message: note }, 'Move')).modal())).toContain(
      'Move the appointment',
    );
    await world.setRole(world.admin, 'salesperson');
    const refused = told(U_ADMIN);
    await world.slack.click(U_ADMIN, { message: await lastNote(leadId) }, 'Cancel it');
    expect((await refused.next()).text).toContain('belongs to a colleague');
    await world.setRole(world.admin, 'admin');
  });
});

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
    const free = await choose(U_SOFIA, await openForm((await aLead()).leadId), 'Day', '2026-11-28');
    expect(timesIn(free)[0]).toBe('13:00');
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

  test('without words opens the form of all hours and saves it', async () => {
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
    expect((await world.slack.submit(U_ADMIN, form, values)).closed).toBe(true);
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
    expect(event).toEqual({ keys: ['opening', 'closedDays', 'appointment', 'sendHours'] });
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
