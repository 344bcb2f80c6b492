import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MessageId, PhoneId } from '../../src/lib/ids.ts';
import type { WhatsAppWebStandIn } from '../../src/sandbox/whatsapp-web/index.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { eventTypes, one } from '../support/facts.ts';
import { linked, linkPhone } from '../support/link-phone.ts';
import { until } from '../support/until.ts';
import { openWorld, SMS_SENDER, type World } from '../support/world.ts';

const PHONE = '+46709990001';
let serial = 100_000;
const number = () => `+46701${serial++}`;

describe('a linked phone', () => {
  let world: World;
  let phones: WhatsAppWebStandIn;
  let sofia: Staff;
  let admin: Staff;
  let id: PhoneId;

  const phoneState = () => one<string>(world, 'select state as value from linked_phones where id = $1', [id]);
  const stateOf = (body: string) =>
    one<string>(
      world,
      `select m.state as value from messages m join sends s on s.message_id = m.id where s.gateway_id = $1`,
      [phones.messages.find((each) => each.body === body)?.id],
    );
  const outbox = (customer: string) =>
    phones.messages.filter((each) => each.customer === customer && each.by === 'program').map(({ body }) => body);
  async function lead(changes = {}) {
    const phone = number();
    const captured = await world.drive(sofia, { phone, ...changes });
    await world.settle();
    return { phone, id: captured.leadId };
  }
  /** Waits for it as the ticks do: what somebody held just then is looked at again. */
  const leaves = (what: string, left: () => boolean) =>
    until(async () => {
      await world.rooms.phones.tend();
      await world.settle();
      return left();
    }, what);
  /** Lets time since the last attempt pass for the reconciler. */
  const checkNow = () =>
    world.database.db.system.query(
      `update sends set check_at = clock_timestamp(), started_at = started_at - interval '60 seconds'
       where state in ('sending', 'uncertain')`,
    );

  beforeAll(async () => {
    world = await openWorld({ phones: true });
    if (!world.phones) throw new Error('no phones');
    phones = world.phones;
    sofia = await world.hire('Sofia Lind', 'salesperson');
    admin = await world.hire('Erik Berg', 'admin');
  });
  afterAll(async () => {
    await world.close();
    process.stdout.write(
      '[linked phone] the client of whatsapp-web.js is played; not proven here: the real WhatsApp Web\n',
    );
  });

  test('is linked by scanning the newest code; only admins may', async () => {
    await expect(world.rooms.phones.link(sofia)).rejects.toMatchObject({ code: 'forbidden' });
    id = await world.rooms.phones.link(admin);
    await world.rooms.phones.tend();
    const first = await until(async () => (await world.rooms.phones.read(world.tenant.id, id))?.code, 'a code');
    phones.renewCode();
    const second = await until(async () => {
      const now = (await world.rooms.phones.read(world.tenant.id, id))?.code;
      return now === first ? undefined : now;
    }, 'another code');
    expect(() => phones.scan(PHONE, first)).toThrow('not valid');
    phones.scan(PHONE, second);
    await linked(world, id);
    expect(await world.rooms.phones.list(admin)).toMatchObject([
      { id, number: PHONE, state: 'linked', dailyLimit: 1000 },
    ]);
    const stored = await one<Buffer | null>(world, 'select code as value from linked_phones where id = $1', [id]);
    expect(stored).toBeNull();
    await until(
      () => one<number>(world, 'select 1 as value from phone_sessions where phone_id = $1', [id]),
      'the session',
    );
  });

  test('carries the first message as free text, and its ticks come back', async () => {
    const anna = await lead();
    await until(() => outbox(anna.phone).length === 1, 'the message');
    const [body = ''] = outbox(anna.phone);
    await until(async () => (await stateOf(body)) === 'delivered', 'the second tick');
    const sent = phones.messages.find((each) => each.body === body);
    phones.read(sent?.id ?? '');
    await until(async () => (await stateOf(body)) === 'read', 'the blue ticks');
    expect(world.twilio.journal.sent).toHaveLength(0);
  });

  test('a customer answers: once, however often it is told', async () => {
    const anna = await lead();
    const written = phones.customerWrites({ from: anna.phone, to: PHONE, body: 'Är den kvar?' });
    await until(async () => (await eventTypes(world, anna.id)).includes('message.received'), 'the answer');
    phones.breakOff(PHONE, 'CONFLICT');
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    await world.database.db.system.query('update linked_phones set retry_at = clock_timestamp()');
    await world.rooms.phones.tend();
    await until(async () => (await phoneState()) === 'linked', 'the connection');
    await world.rooms.catchUp.serveable();
    const received = (await eventTypes(world, anna.id)).filter((type) => type === 'message.received');
    expect([received.length, written.body]).toEqual([1, 'Är den kvar?']);
  });

  test('a STOP ends everything, also one that came by an edit or while nobody was connected', async () => {
    const [plain, edited, late] = [await lead(), await lead(), await lead()];
    const state = (lead: { id: string }) =>
      one<string>(
        world,
        `select case when p.opted_out_at is null then 'none' else 'opted_out' end as value
         from persons p join leads l on l.person_id = p.id where l.id = $1`,
        [lead.id],
      );
    phones.customerWrites({ from: plain.phone, to: PHONE, body: 'STOP' });
    const hello = phones.customerWrites({ from: edited.phone, to: PHONE, body: 'Hej' });
    await until(async () => (await state(plain)) === 'opted_out', 'the stop');
    phones.customerEdits(hello.id, 'STOP');
    await until(async () => (await state(edited)) === 'opted_out', 'the edited stop');

    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    phones.customerWrites({ from: late.phone, to: PHONE, body: 'STOPP' });
    await world.database.db.system.query(
      `update linked_phones set retry_at = clock_timestamp();
       update accounts set seen_until = clock_timestamp() - interval '10 seconds' where free_text`,
    );
    await world.rooms.phones.tend();
    await until(async () => (await phoneState()) === 'linked', 'the connection');
    expect(await world.rooms.catchUp.serveable()).not.toHaveLength(0);
    expect(await state(late)).toBe('opted_out');
  });

  test('a START that the phone brings late opens nothing that was closed since', async () => {
    const late = await lead();
    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    phones.customerWrites({ from: late.phone, to: PHONE, body: 'START' });
    await world.twilio.customerSends({ from: late.phone, to: SMS_SENDER, channel: 'sms', body: 'STOP' });
    await world.database.db.system.query(
      `update linked_phones set retry_at = clock_timestamp();
       update accounts set seen_until = clock_timestamp() - interval '10 seconds' where free_text`,
    );
    await world.rooms.phones.tend();
    await until(async () => (await phoneState()) === 'linked', 'the connection');
    await world.rooms.catchUp.serveable();
    const types = await eventTypes(world, late.id);
    expect(types.filter((type) => type === 'message.received')).toHaveLength(2);
    const person = (what: string) =>
      one(world, `select ${what} as value from persons p join leads l on l.person_id = p.id where l.id = $1`, [
        late.id,
      ]);
    expect(await person('p.opted_out_at is not null')).toBe(true);
    expect(
      await person(`(select count(*) from events e where e.person_id = p.id and e.type = 'person.unsure')::int`),
    ).toBe(1);
  });

  test('G5: its browser hangs: that is noticed, and a STOP that came meanwhile is found', async () => {
    const late = await lead();
    const account = await one<string>(world, 'select account_id as value from linked_phones where id = $1', [id]);
    const age = () =>
      world.database.db.system.query(
        `update linked_phones set retry_at = clock_timestamp();
         update accounts set seen_until = clock_timestamp() - interval '5 minutes' where free_text`,
      );
    phones.freeze(PHONE);
    phones.customerWrites({ from: late.phone, to: PHONE, body: 'STOP' });
    await age();
    // that it was told nothing proves nothing
    expect(await world.rooms.catchUp.serveable()).not.toContain(account);
    await until(async () => {
      await world.rooms.phones.tend();
      return (await phoneState()) === 'lost';
    }, 'the loss');
    await age();
    await world.rooms.phones.tend();
    await until(async () => (await phoneState()) === 'linked', 'the connection');
    expect(await world.rooms.catchUp.serveable()).toContain(account);
    const stopped =
      'select p.opted_out_at is not null as value from persons p join leads l on l.person_id = p.id where l.id = $1';
    expect(await one<boolean>(world, stopped, [late.id])).toBe(true);
  });

  test('is lost for more than five minutes: what is due goes by another sender, until it is back', async () => {
    const { system } = world.database.db;
    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    await system.query(`update linked_phones set retry_at = clock_timestamp() + interval '1 hour'`);
    const elsewhere = (to: string) => world.twilio.journal.sent.filter((each) => each.to === to).length;
    const anna = await lead();
    await world.rooms.phones.tend();
    await world.settle();
    expect([outbox(anna.phone).length, elsewhere(anna.phone)]).toEqual([0, 0]);

    await system.query(`update linked_phones set lost_at = lost_at - interval '5 minutes' where state = 'lost'`);
    await world.rooms.phones.tend();
    await leaves('the other sender', () => elsewhere(anna.phone) === 1);
    const bo = await lead(); // nothing new is given to it
    await leaves('the other sender', () => elsewhere(bo.phone) === 1);
    expect(await one(world, `select count(*) as value from events where type = 'sender.rested'`)).toBe(1);

    await system.query('update linked_phones set retry_at = clock_timestamp()');
    await world.rooms.phones.tend();
    await until(async () => (await phoneState()) === 'linked', 'the connection');
    world.skip(60_000); // routes are remembered for a moment
    const cleo = await lead();
    await leaves('the phone again', () => outbox(cleo.phone).length === 1);
    expect([outbox(anna.phone).length, outbox(bo.phone).length, elsewhere(cleo.phone)]).toEqual([0, 0, 0]);
  });

  test('what staff type on the phone takes the conversation over, once', async () => {
    const anna = await lead();
    phones.customerWrites({ from: anna.phone, to: PHONE, body: 'Hej, hur är räckvidden?' });
    await until(async () => (await eventTypes(world, anna.id)).includes('message.received'), 'the question');
    const typed = phones.typeOnPhone(PHONE, anna.phone, 'Hej! Omkring 50 mil.');
    await until(async () => (await eventTypes(world, anna.id)).includes('conversation.taken'), 'the takeover');
    const taken = await one<string>(
      world,
      'select c.taken_by as value from conversations c join leads l on l.person_id = c.person_id where l.id = $1',
      [anna.id],
    );
    expect(taken).toBe(sofia.id);
    const row = await one<MessageId>(
      world,
      `select m.id as value from messages m join sends s on s.message_id = m.id where s.gateway_id = $1 and m.purpose = 'reply'`,
      [typed.id],
    );
    expect(row).toBeDefined();
    expect(outbox(anna.phone)).toHaveLength(1); // its own first message is no takeover
    // chats with people who are no customers stay where they are
    const before = await one<number>(world, 'select count(*) as value from messages');
    phones.typeOnPhone(PHONE, number(), 'Mamma, jag blir sen');
    const marker = await lead();
    phones.typeOnPhone(PHONE, marker.phone, 'Hej igen');
    await until(async () => (await eventTypes(world, marker.id)).includes('conversation.taken'), 'the next one');
    const planned = await one<number>(world, 'select count(*) as value from messages where lead_id = $1', [marker.id]);
    expect(await one<number>(world, 'select count(*) as value from messages')).toBe((before ?? 0) + (planned ?? 0));
  });

  test('somebody whose number is hidden is found where WhatsApp tells it, else is a stranger', async () => {
    const known = await lead();
    phones.hide(known.phone);
    phones.customerWrites({ from: known.phone, to: PHONE, body: 'Jag är intresserad' });
    await until(async () => (await eventTypes(world, known.id)).includes('message.received'), 'the answer');

    const secret = number();
    phones.hide(secret, true);
    phones.customerWrites({ from: secret, to: PHONE, body: 'Säljer ni även begagnat?' });
    const address = await until(
      () =>
        one<{ value: string; unreachable: string[] }>(
          world,
          `select json_build_object('value', a.value, 'unreachable', a.unreachable) as value from addresses a
           where a.value like '%@lid'`,
        ),
      'the stranger',
    );
    expect(address).toEqual({ value: expect.stringMatching(/^\d+@lid$/), unreachable: ['sms'] });
  });

  test('somebody whose number is hidden and who was written to is known by their answer', async () => {
    const shy = number();
    phones.hide(shy, true);
    const captured = await world.drive(sofia, { phone: shy });
    await leaves('the message', () => outbox(shy).length === 1);
    phones.customerWrites({ from: shy, to: PHONE, body: 'STOP' });
    const stopped = 'select p.opted_out_at as value from persons p join leads l on l.person_id = p.id where l.id = $1';
    await until(() => one<Date | null>(world, stopped, [captured.leadId]), 'the stop');
  });

  test('a picture is fetched from the phone', async () => {
    const anna = await lead();
    const data = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    phones.customerWrites({ from: anna.phone, to: PHONE, body: 'Min bil', media: { mimetype: 'image/png', data } });
    const messageId = await until(
      () =>
        one<MessageId>(
          world,
          `select m.id as value from messages m join media g on g.message_id = m.id where m.lead_id = $1`,
          [anna.id],
        ),
      'the picture',
    );
    await world.rooms.media.fetch(world.tenant.id, messageId, 1);
    const album = await world.rooms.media.album(world.tenant.id, messageId);
    expect(album?.media).toMatchObject([{ state: 'stored', mime: 'image/png' }]);
  });

  test('a customer takes a message back: it is kept, marked, and told', async () => {
    const anna = await lead();
    const written = phones.customerWrites({ from: anna.phone, to: PHONE, body: 'Glöm det' });
    await until(async () => (await eventTypes(world, anna.id)).includes('message.received'), 'the message');
    phones.customerTakesBack(written.id);
    await until(async () => (await eventTypes(world, anna.id)).includes('message.withdrawn'), 'its end');
  });

  test('G2: nothing came back, and the echo proves that it left: not sent again', async () => {
    phones.faults.sentInSilence = 1;
    const anna = await lead();
    await until(async () => (await stateOf(outbox(anna.phone)[0] ?? '')) === 'delivered', 'the proof');
    await checkNow();
    await world.housekeep();
    await world.settle();
    expect(outbox(anna.phone)).toHaveLength(1);
    expect(await eventTypes(world, anna.id)).not.toContain('conversation.taken');
  });

  test('G2: no answer and no echo, but the phone shows it: sent; where it shows nothing, a person decides', async () => {
    phones.faults.hangs = 1;
    const seen = await lead();
    const state = (lead: { id: string }) =>
      one<string>(world, `select state as value from messages where lead_id = $1 and attempt > 0`, [lead.id]);
    await until(async () => (await state(seen)) === 'uncertain', 'the doubt');
    await world.database.db.system.query('update sends set check_at = clock_timestamp() where state = $1', [
      'uncertain',
    ]);
    await world.housekeep();
    expect(await state(seen)).toBe('sent');

    phones.faults.lost = 1;
    const lost = await lead();
    await until(async () => (await state(lost)) === 'uncertain', 'the doubt');
    await checkNow();
    await world.housekeep();
    expect(await state(lost)).toBe('unconfirmed');
    expect(outbox(lost.phone)).toHaveLength(0);
  });

  test('a number that is not on WhatsApp is written to by SMS', async () => {
    const phone = number();
    phones.notOnWhatsApp(phone);
    await world.drive(sofia, { phone });
    await world.settle();
    await until(() => world.twilio.journal.sent.some((each) => each.to === phone && each.channel === 'sms'), 'the SMS');
  });

  test('is thrown out while messages wait: they go another way, and a new link takes over again', async () => {
    await world.database.db.system.query(
      'delete from routes r using accounts a where a.id = r.account_id and not a.free_text', // the platform has none
    );
    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    const anna = await lead();
    expect(outbox(anna.phone)).toHaveLength(0);
    phones.throwOut(PHONE);
    await world.database.db.system.query('update linked_phones set retry_at = clock_timestamp()');
    await world.rooms.phones.tend(); // it is asked to scan a code, so it was forgotten
    await until(async () => (await phoneState()) === 'logged_out', 'the end of the link');
    world.clock.turnTo(world.clock.offsetMs + 60_000); // whatever was tried meanwhile is due again
    await world.rooms.phones.tend();
    const waits = () =>
      one<string>(
        world,
        `select concat_ws(' ', state, reason) as value from messages where lead_id = $1 and due_at <= $2`,
        [anna.id, world.clock.now()],
      );
    expect(await waits()).toBe('held phone_gone');
    expect(await world.rooms.phones.list(admin)).toMatchObject([{ state: 'logged_out', waiting: 1 }]);

    id = await linkPhone(world, admin, PHONE);
    await leaves('the message that waited', () => outbox(anna.phone).length === 1);
    expect((await world.rooms.phones.list(admin)).map(({ state }) => state)).toEqual(['linked']);
  });

  test('is linked once more: the new link stands, and nothing is kept of the old one', async () => {
    const before = id;
    id = await linkPhone(world, admin, PHONE);
    await until(() => one(world, 'select 1 as value from phone_sessions where phone_id = $1', [id]), 'the session');
    expect(await one(world, 'select count(*) as value from phone_sessions')).toBe(1);
    expect(await world.rooms.phones.read(world.tenant.id, before)).toMatchObject({
      state: 'removed',
      reason: 'linked_anew',
    });
    const told = `select count(*) as value from events where type = 'phone.changed' and data->>'phoneId' = $1 and data->>'state' = 'removed'`;
    expect(await one(world, told, [before])).toBe(1);
  });

  test('is unlinked by an admin: at WhatsApp as well, and its session is deleted', async () => {
    await world.rooms.phones.unlink(admin, id);
    await world.rooms.phones.tend();
    expect(await phoneState()).toBe('removed');
    expect(await one(world, 'select count(*) as value from phone_sessions')).toBe(0);
    await expect(world.rooms.phones.unlink(admin, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await one(world, `select count(*) as value from routes r join linked_phones p using (account_id)`)).toBe(0);
    expect(await world.rooms.phones.read(world.tenant.id, id)).toMatchObject({ reason: null });
  });

  test('is unlinked while nobody holds it: the phone still lists it, which is said', async () => {
    id = await linkPhone(world, admin, PHONE);
    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    await world.rooms.phones.unlink(admin, id);
    expect(await world.rooms.phones.read(world.tenant.id, id)).toMatchObject({
      state: 'removed',
      reason: 'still_listed',
    });
  });

  test('where a second person has to agree, what comes arrives and nothing leaves until they have', async () => {
    const maria = await world.hire('Maria Ek', 'manager');
    id = await linkPhone(world, admin, PHONE);
    phones.breakOff(PHONE);
    await until(async () => (await phoneState()) === 'lost', 'the loss');
    const [anna, bo] = [await lead(), await lead()];
    await world.rooms.phones.unlink(admin, id);
    const held = () =>
      one<string>(world, `select reason as value from messages where lead_id = $1 and state = 'held'`, [anna.id]);
    await until(async () => {
      await world.rooms.phones.tend();
      return (await held()) === 'phone_gone';
    }, 'the message that waits');

    await world.rooms.changes.make(admin, { patch: () => ({ approval: ['senders'] }) });
    id = await linkPhone(world, admin, PHONE);
    expect(await world.rooms.phones.list(admin)).toMatchObject([{ state: 'linked', use: 'asked' }]);
    await world.rooms.phones.useLinked(world.tenant.id, id); // an effect may come twice
    const [asked, more] = await world.rooms.changes.waiting(world.tenant.id);
    expect(more).toBeUndefined();
    phones.customerWrites({ from: bo.phone, to: PHONE, body: 'Hej?' });
    await until(async () => (await eventTypes(world, bo.id)).includes('message.received'), 'what the customer wrote');
    await world.rooms.phones.tend();
    await world.settle();
    expect([await held(), outbox(anna.phone)]).toEqual(['phone_gone', []]);

    if (!asked) throw new Error('nobody was asked');
    await world.rooms.changes.decide(maria, asked.id, 'approve');
    const { accountId } = (await world.rooms.phones.list(admin))[0] ?? {};
    if (!accountId) throw new Error('no account');
    await world.rooms.phones.settled(world.tenant.id, accountId);
    await leaves('the message that waited', () => outbox(anna.phone).length === 1);
    expect(await world.rooms.phones.list(admin)).toMatchObject([{ use: 'used', waiting: 0 }]);
  });
});
