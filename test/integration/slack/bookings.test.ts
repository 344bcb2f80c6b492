import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Booking } from '../../../src/bookings/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { button } from '../../../src/slack/card/index.ts';
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

/** Presses the button that the card of a customer who has answered has for it. */
async function press(leadId: LeadId, userId = U_SOFIA) {
  const card = await world.card(leadId);
  const blocks = [{ type: 'actions', elements: [button('booking_open', 'Book', leadId)] }] as SlackMessage['blocks'];
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
    await world.flush();
    expect(visibleText(await world.card(lead.leadId))).not.toContain('Appointment');
    await byAgent(lead);
    await world.flush();
    const card = visibleText(await world.card(lead.leadId));
    expect(card).toContain('*Appointment Sat 28 Nov 11:00* with Sofia Lindqvist');
    expect(card).toContain('Move appointment');
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
