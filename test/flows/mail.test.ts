import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Staff } from '../../src/tenants/index.ts';
import { changeSettings } from '../support/change-settings.ts';
import { postLetters, until } from '../support/mail.ts';
import { awayFromMidnight } from '../support/midnight.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../support/world.ts';

let world: World;
let sofia: Staff;
let serial = 0;

beforeAll(async () => {
  world = await openWorld({ mail: true, whatsapp: false });
  sofia = await world.hire('Sofia Berg', 'salesperson');
});
afterAll(() => world.close());

const mail = () => {
  if (!world.mail) throw new Error('no mail');
  return world.mail.standIn;
};

/** Somebody whom no phone reaches, so that e-mail is what is left. */
async function reachableByMail(changes: { language?: string; optsIn?: boolean } = {}) {
  const n = ++serial;
  const email = `anna${n}@example.com`;
  const phone = `+4670123${String(1000 + n)}`;
  world.twilio.faults.setFor(phone, { refuseWith: 21614 });
  const { leadId, personId } = await world.drive(sofia, {
    email,
    phone,
    ...(changes.language && { language: changes.language }),
  });
  await world.settle();
  return { email, phone, leadId, personId, letters: () => mail().letters.filter(({ mailbox }) => mailbox === email) };
}

const facts = (sql: string, ...values: unknown[]) =>
  world.database.db.system.query<Record<string, unknown>>(sql, values);
const post = () => postLetters(world);

describe('a lead whom no phone reaches', () => {
  test('gets the same words by e-mail: text, HTML and a way out', async () => {
    const { letters, leadId } = await reachableByMail();

    const [got] = letters();
    expect(letters()).toHaveLength(1);
    expect(got?.subject).toBe('Tack för att du provkörde BMW X5');
    expect(got?.text).toContain('Hej Anna! Tack för att du kom och provkörde BMW X5 hos oss på Nordic Motors.');
    expect(got?.html).toContain('Nordic Motors');
    const way = got?.headers.get('list-unsubscribe')?.slice(1, -1) ?? '';
    expect(got?.text).toContain(way);
    expect(got?.html).toContain(way);
    const rows = await facts(
      `select channel, state, reason from messages where lead_id = $1 and step_key = 'day_0'`,
      leadId,
    );
    expect(rows).toEqual([{ channel: 'email', state: 'sent', reason: null }]);
  });

  test('a letter that advertises waits for the postal address, and has it, a way out and a true sender (COMPLIANCE T4.1)', async () => {
    const { letters, leadId } = await reachableByMail();
    await world.turnTo(new Date(MONDAY.getTime() + 2 * 86_400_000));
    expect(letters()).toHaveLength(1);
    const waiting = await facts(`select state, reason from messages where lead_id = $1 and step_key = 'day_2'`, leadId);
    expect(waiting).toEqual([{ state: 'scheduled', reason: 'postal_address_needed' }]);

    const address = 'Storgatan 1, 111 23 Stockholm';
    await changeSettings(world, sofia, { facts: [{ topic: 'adress', words: { sv: address } }] });
    await world.turnTo(new Date(MONDAY.getTime() + 3 * 86_400_000 + 60_000));
    const [, letter] = letters();
    const way = letter?.headers.get('list-unsubscribe')?.slice(1, -1) ?? '';
    expect(way).toMatch(/^https?:/);
    for (const body of [letter?.text, letter?.html]) {
      expect(body).toContain(address);
      expect(body).toContain(way);
      expect(body).toContain('Nordic Motors');
    }
    expect(letter?.headers.get('from')).toMatch(/Nordic Motors.*<hello@leads\.example>/);
    await world.turnTo(MONDAY);
  });

  test('is written to by e-mail from then on, in one thread', async () => {
    const { letters } = await reachableByMail();
    await world.turnTo(new Date(MONDAY.getTime() + 2 * 86_400_000));
    const [first, second] = letters();
    expect(second?.subject).toBe('Har du frågor om BMW X5?');
    expect(second?.references).toEqual([first?.messageId]);
    await world.turnTo(MONDAY);
  });

  test('an answer ends the follow-up; our words in it are not theirs', async () => {
    const { letters, email, leadId } = await reachableByMail();
    const [ours] = letters();
    await mail().customerWrites({ from: email, text: 'Hej! Finns den i blått?', ...(ours && { answers: ours }) });
    await post();

    const [lead] = await facts('select stage from leads where id = $1', leadId);
    expect(lead).toEqual({ stage: 'replied' });
    const open = await facts(
      `select 1 from messages where lead_id = $1 and state = 'scheduled' and purpose = 'cadence'`,
      leadId,
    );
    expect(open).toHaveLength(0);
    expect(await wordsOf(leadId)).toBe('Hej! Finns den i blått?');
  });

  test('a stop counts that comes under the id of an earlier letter, once', async () => {
    const { email, leadId } = await reachableByMail();
    const headers = { 'Message-ID': `<always-the-same@${email}>` };
    await mail().customerWrites({ from: email, subject: 'Fråga', text: 'Är den såld?', headers });
    await post();
    await mail().customerWrites({ from: email, subject: 'Fråga', text: 'snälla sluta skriva till mig', headers });
    await post();
    await post();
    const [person] = await facts(
      'select opted_out_at is not null as out from persons where id = (select person_id from leads where id = $1)',
      leadId,
    );
    expect(person).toEqual({ out: true });
    const came = await facts(`select 1 from messages where lead_id = $1 and direction = 'in'`, leadId);
    expect(came).toHaveLength(2);
  });

  test('staff answer in the same thread, under the same name', async () => {
    const { letters, email, leadId } = await reachableByMail();
    const [ours] = letters();
    const theirs = await mail().customerWrites({
      from: email,
      text: 'Finns den i blått?',
      ...(ours && { answers: ours }),
    });
    await post();
    expect(await world.rooms.desk.replyRoute(sofia, leadId)).toEqual({ channel: 'email', to: email });
    await world.rooms.desk.reply(sofia, leadId, 'Ja, två stycken.', `key-${email}`);
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));

    const answer = letters().at(-1);
    expect(answer?.text).toBe('Ja, två stycken.');
    expect(answer?.subject).toBe('Re: Tack för att du provkörde BMW X5');
    expect(answer?.references).toEqual([ours?.messageId, theirs.messageId]);
    expect(answer?.headers.has('list-unsubscribe')).toBe(false);
  });

  test.each([
    ['STOPP', undefined],
    ['snälla sluta skriva till mig', undefined],
    ['', 'Unsubscribe'],
  ])('"%s" (subject %s) stops everything on every channel (COMPLIANCE T2.5, T4.3)', async (text, subject) => {
    const { letters, email, personId } = await reachableByMail();
    const [ours] = letters();
    await mail().customerWrites({ from: email, text, ...(subject && { subject }), ...(ours && { answers: ours }) });
    await post();
    const [person] = await facts('select opted_out_at is not null as out from persons where id = $1', personId);
    expect(person).toEqual({ out: true });
    const open = await facts(
      `select 1 from messages where person_id = $1 and state = 'scheduled' and purpose = 'cadence'`,
      personId,
    );
    expect(open).toHaveLength(0);
    await world.settle();
    expect(letters().at(-1)?.text).toContain('du får inga fler meddelanden');
    const before = letters().length;
    await world.turnTo(new Date(MONDAY.getTime() + 3 * 86_400_000));
    expect(letters()).toHaveLength(before);
    await world.turnTo(MONDAY);
  });

  test('an answer from another mailbox belongs to whom we wrote', async () => {
    const { letters, personId } = await reachableByMail();
    const [ours] = letters();
    await mail().customerWrites({ from: `other${serial}@example.net`, text: 'STOPP', ...(ours && { answers: ours }) });
    await post();
    const [person] = await facts('select opted_out_at is not null as out from persons where id = $1', personId);
    expect(person).toEqual({ out: true });
  });

  test('a certain automatic reply is kept and changes nothing', async () => {
    const { letters, email, leadId } = await reachableByMail();
    const [ours] = letters();
    const headers = { 'Auto-Submitted': 'auto-replied' };
    await mail().customerWrites({
      from: email,
      text: 'Please stop by after Monday. Unsubscribe here.',
      headers,
      ...(ours && { answers: ours }),
    });
    await post();
    const [event] = await facts(`select data from events where lead_id = $1 and type = 'message.received'`, leadId);
    expect(event).toEqual({ data: { channel: 'email', understood: 'auto_reply', rule: 'auto_submitted' } });
    const [follow] = await facts('select state from enrolments where lead_id = $1', leadId);
    expect(follow).toEqual({ state: 'active' });
    const owed = await facts('select 1 from conversations where lead_id = $1 and owed_since is not null', leadId);
    expect(owed).toHaveLength(0);
  });

  test('the same letter read again has one effect', async () => {
    const { email, leadId } = await reachableByMail();
    await mail().customerWrites({ from: email, subject: 'Fråga', text: 'Är den såld?' });
    await post();
    await post();
    const rows = await facts(`select 1 from messages where lead_id = $1 and direction = 'in'`, leadId);
    expect(rows).toHaveLength(1);
    expect(await wordsOf(leadId)).toBe('Fråga\n\nÄr den såld?');
  });
});

test('an appointment comes with its calendar file', async () => {
  const { letters, personId, leadId } = await reachableByMail();
  const startsAt = new Date('2026-11-26T11:00:00Z');
  await world.rooms.bookings.book(world.tenant.id, { personId, leadId, startsAt, by: { kind: 'customer' } });
  await world.settle();
  const booked = letters().find(({ subject }) => subject.startsWith('Bokad:'));
  const file = booked?.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content.toString();
  expect(file).toContain('DTSTART:20261126T110000Z');
  expect(file).toContain('METHOD:PUBLISH');
});

test('a START that lay in the mailbox while STOP was said elsewhere opens nothing', async () => {
  const { email, phone, personId } = await reachableByMail();
  await mail().customerWrites({ from: email, text: 'START', subject: '' });
  await world.twilio.customerSends({ from: phone, to: SMS_SENDER, channel: 'sms', body: 'STOP' });
  await post();
  const [person] = await facts('select opted_out_at is not null as out from persons where id = $1', personId);
  expect(person).toEqual({ out: true });
  const [last] = await facts(
    `select data->>'understood' as understood from events where person_id = $1 and type = 'message.received'
     order by id desc limit 1`,
    personId,
  );
  expect(last).toEqual({ understood: 'opt_in' });
});

test('a stop that could not be taken in yet does not end in the place of a later letter with its id', async () => {
  const { email, personId } = await reachableByMail();
  const accountSid = 'mail:hello@leads.example';
  const id = `<twice@${email}>`;
  const written = (body: string) => ({
    kind: 'message' as const,
    message: {
      ...{ gatewayId: id, accountSid, channel: 'email' as const, from: email, to: '', media: [], body },
      letter: { id, references: [], subject: 'Fråga' },
    },
  });
  const stop = written('snälla sluta skriva till mig');
  // its process was killed between storing it and taking it in
  await world.rooms.webhooks.store('mail.inbound', `${accountSid}/${id}`, { message: JSON.stringify(stop.message) });
  await world.rooms.post.letter(written('Är den såld?'));
  await world.rooms.post.letter(stop);
  const [person] = await facts('select opted_out_at is not null as out from persons where id = $1', personId);
  expect(person).toEqual({ out: true });
});

test('a letter that nobody can read is parked once, and seen', async () => {
  const parked = () => world.rooms.webhooks.parked();
  const before = await parked();
  const letter = {
    kind: 'unreadable',
    id: '<digest>',
    account: 'mail:hello@leads.example',
    place: 'imap:1/7',
  } as const;
  await world.rooms.post.letter(letter);
  await world.rooms.post.letter(letter);
  expect(await parked()).toBe(before + 1);
  await world.rooms.webhooks.decideParked(world.tenant.id, 'skipped');
  await world.rooms.post.letter(letter); // a new process looks into the mailbox anew
  expect(await parked()).toBe(0);
});

describe('what does not arrive', () => {
  test('a mailbox that does not exist is not written to again', async () => {
    const { letters, email, leadId } = await reachableByMail();
    const [ours] = letters();
    if (!ours) throw new Error('nothing arrived');
    mail().bounce(ours, '5.1.1');
    await post();
    const [address] = await facts(`select unreachable from addresses where kind = 'email' and value = $1`, email);
    expect(address).toEqual({ unreachable: ['email'] });
    const [step] = await facts(`select state, reason from messages where lead_id = $1 and step_key = 'day_0'`, leadId);
    expect(step).toEqual({ state: 'failed', reason: '5.1.1' });
    await world.turnTo(new Date(MONDAY.getTime() + 2 * 86_400_000));
    expect(letters()).toHaveLength(1);
    await world.turnTo(MONDAY);
  });

  test('a complaint closes e-mail like an opt-out there, and the rest waits for a person', async () => {
    const { letters, personId, leadId } = await reachableByMail();
    const [ours] = letters();
    if (!ours) throw new Error('nothing arrived');
    mail().complain(ours);
    await post();
    const [person] = await facts('select opted_out_channels as closed from persons where id = $1', personId);
    expect(person).toEqual({ closed: ['email'] });
    const [follow] = await facts('select state from enrolments where lead_id = $1', leadId);
    expect(follow).toEqual({ state: 'paused' });
  });

  test('an answer proves a letter of which nothing was known', async () => {
    const n = ++serial;
    const email = `silent${n}@example.com`;
    mail().setFaultsFor(email, { dropAfterData: true });
    const phone = `+4670123${String(1000 + n)}`;
    world.twilio.faults.setFor(phone, { refuseWith: 21614 });
    const { leadId } = await world.drive(sofia, { email, phone });
    await world.settle();
    const state = async () =>
      (await facts(`select state from messages where lead_id = $1 and step_key = 'day_0'`, leadId))[0]?.state;
    expect(await state()).toBe('uncertain');

    const ours = await until(() => mail().letters.find(({ mailbox }) => mailbox === email));
    await mail().customerWrites({ from: email, text: 'Tack!', answers: ours });
    await post();
    expect(await state()).toBe('sent');
    expect(mail().letters.filter(({ mailbox, direction }) => mailbox === email && direction === 'in')).toHaveLength(1);
  });
});

describe('a day has so many letters', () => {
  test('and not one more; the rest leaves when the day is over', async () => {
    await awayFromMidnight();
    await facts(`update accounts set daily_limit = used + 2 where channel = 'email'`);
    const before = mail().letters.length;
    const people = [];
    for (let i = 0; i < 4; i++) people.push(await reachableByMail());
    await world.settle();
    expect(mail().letters.length - before).toBe(2);
    await facts(`update accounts set used_day = used_day - 1 where channel = 'email'`);
    world.skip(1100); // who may send is asked once a second
    await world.settle();
    expect(mail().letters.length - before).toBe(4);
    await facts(`update accounts set daily_limit = 5000 where channel = 'email'`);
  });
});

/** What the lead's customer wrote last, as staff read it. */
async function wordsOf(leadId: string): Promise<string | null> {
  const { readBody } = await import('../../src/messaging/index.ts');
  const [row] = await facts(
    `select id from messages where lead_id = $1 and direction = 'in' order by created_at desc limit 1`,
    leadId,
  );
  const { data } = await world.rooms.tenants.keys(world.tenant.id);
  return world.database.db.inTenant(world.tenant.id, (tx) => readBody(tx, data, row?.id as never));
}
