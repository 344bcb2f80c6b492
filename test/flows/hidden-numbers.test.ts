import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../src/lib/ids.ts';
import type { WhatsAppWebStandIn } from '../../src/sandbox/whatsapp-web/index.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { eventTypes, one } from '../support/facts.ts';
import { linkPhone } from '../support/link-phone.ts';
import { until } from '../support/until.ts';
import { openWorld, type World } from '../support/world.ts';

const PHONE = '+46709990003';
let serial = 200_000;
const number = () => `+46701${serial++}`;

/* In its chats WhatsApp may hide a customer's number, and keep to itself whose it is. Not proven here: the real WhatsApp Web. */
describe('a customer whose number WhatsApp hides', () => {
  let world: World;
  let phones: WhatsAppWebStandIn;
  let sofia: Staff;

  const system = (sql: string, values: unknown[] = []) => world.database.db.system.query(sql, values);
  const state = () => one<string>(world, 'select state as value from linked_phones');
  const written = (customer: string) =>
    phones.messages.filter((each) => each.customer === customer && each.by === 'program').length;
  const strangers = () => one<number>(world, `select count(*) as value from addresses where value like '%@lid'`);
  const stopped = (id: LeadId) =>
    one<boolean>(
      world,
      'select p.opted_out_at is not null as value from persons p join leads l on l.person_id = p.id where l.id = $1',
      [id],
    );
  async function lead(phone = number()) {
    const { leadId: id } = await world.drive(sofia, { phone });
    return { phone, id };
  }
  async function reached(customer: { phone: string }) {
    await until(async () => {
      await world.settle();
      return written(customer.phone) === 1;
    }, 'the message');
  }
  async function goesAway() {
    phones.breakOff(PHONE);
    await until(async () => (await state()) === 'lost', 'the loss');
  }
  /** Another connection, which remembers nothing of the one before. */
  async function comesBack() {
    await system(
      `update linked_phones set retry_at = clock_timestamp();
       update accounts set seen_until = clock_timestamp() - interval '10 seconds' where free_text`,
    );
    await world.rooms.phones.tend();
    await until(async () => (await state()) === 'linked', 'the connection');
  }
  async function restart() {
    await goesAway();
    await comesBack();
  }

  beforeAll(async () => {
    world = await openWorld({ phones: true });
    if (!world.phones) throw new Error('no phones');
    phones = world.phones;
    sofia = await world.hire('Sofia Lind', 'salesperson');
    await linkPhone(world, await world.hire('Erik Berg', 'admin'), PHONE);
    await until(() => one<number>(world, 'select 1 as value from phone_sessions'), 'the session');
  });
  afterAll(() => world.close());

  test('G5: is known after a restart by the chat that we wrote to, though WhatsApp tells nothing', async () => {
    const phone = number();
    phones.hide(phone, true);
    const shy = await lead(phone);
    await reached(shy);
    await restart();
    phones.typeOnPhone(PHONE, phone, 'Hej, det är Sofia');
    await until(async () => (await eventTypes(world, shy.id)).includes('conversation.taken'), 'the takeover');
    phones.customerWrites({ from: phone, to: PHONE, body: 'STOP' });
    await until(() => stopped(shy.id), 'the stop');
    expect(await strangers()).toBe(0);
  });

  test('G5: is known by the message of ours in the chat, where it was hidden since', async () => {
    const shy = await lead();
    await reached(shy);
    await goesAway();
    phones.hide(shy.phone, true);
    phones.customerWrites({ from: shy.phone, to: PHONE, body: 'STOP' });
    await comesBack();
    await world.rooms.catchUp.serveable();
    expect([await stopped(shy.id), await strangers()]).toEqual([true, 0]);
  });

  test('G5: while WhatsApp leaves open whose it is nothing leaves from this phone, and nobody else is made of it', async () => {
    const account = await one<string>(world, 'select account_id as value from linked_phones');
    const shy = await lead();
    await reached(shy);
    phones.hide(shy.phone);
    await goesAway();
    phones.faults.questions = 2;
    await comesBack();
    // our own message needs no question: somebody's does whom we never wrote to
    const asked = await lead();
    await system(`update messages set state = 'cancelled' where lead_id = $1`, [asked.id]);
    phones.hide(asked.phone);
    phones.customerWrites({ from: asked.phone, to: PHONE, body: 'STOP' });
    await until(() => phones.faults.questions === 1, 'the first question');
    await system(`update accounts set seen_until = clock_timestamp() - interval '10 seconds' where free_text`);
    expect(await world.rooms.catchUp.serveable()).not.toContain(account);
    expect(await stopped(asked.id)).toBe(false);
    await until(async () => (await world.rooms.catchUp.serveable()).includes(account as never), 'the answer');
    expect([await stopped(asked.id), await strangers()]).toEqual([true, 0]);
  });

  test('asked for silence as a stranger: nothing is written to the number that turns out to be theirs', async () => {
    const phone = number();
    phones.hide(phone, true);
    phones.customerWrites({ from: phone, to: PHONE, body: 'STOP' });
    await until(async () => (await strangers()) === 1, 'the stranger');
    await reached({ phone }); // that it was heard
    const shy = await lead(phone);
    await world.settle();
    await until(() => stopped(shy.id), 'the stop');
    await world.settle();
    expect(written(phone)).toBe(1);
    expect(
      await one(world, `select data->>'by' as value from events where type = 'person.opted_out' and lead_id = $1`, [
        shy.id,
      ]),
    ).toBe('hidden');
    // WhatsApp's times are whole seconds: a START of the same one would count as older than the stop
    const second = () => Math.floor(Date.now() / 1000);
    const stop = second();
    await until(() => second() > stop, 'the next second');
    // a START is theirs under either name, and nothing of the old word is left that would close it again
    phones.customerWrites({ from: phone, to: PHONE, body: 'START' });
    await until(async () => (await eventTypes(world, shy.id)).includes('person.opted_in'), 'the start');
    await restart();
    phones.customerWrites({ from: phone, to: PHONE, body: 'Hej igen' });
    await until(
      async () => (await eventTypes(world, shy.id)).filter((type) => type === 'message.received').length === 2,
      'the word',
    );
    expect(await stopped(shy.id)).toBe(false);
  });

  test('was known by a hidden id alone, and is the same person when WhatsApp shows the number', async () => {
    const phone = number();
    phones.hide(phone, true);
    const before = await strangers();
    phones.customerWrites({ from: phone, to: PHONE, body: 'STOP' });
    await until(async () => (await strangers()) === (before ?? 0) + 1, 'the stranger');
    phones.reveal(phone);
    phones.customerWrites({ from: phone, to: PHONE, body: 'Vem är det här?' });
    const address = () => one(world, 'select unreachable as value from addresses where value = $1', [phone]);
    expect(await until(address, 'the number')).toEqual([]);
    expect(await strangers()).toBe(before);
    await expect(world.drive(sofia, { phone })).rejects.toMatchObject({ code: 'opted_out' });
  });

  test('G5: what they changed or took back while nobody was connected is found', async () => {
    const [one, two] = [await lead(), await lead()];
    const hello = phones.customerWrites({ from: one.phone, to: PHONE, body: 'Hej' });
    const regret = phones.customerWrites({ from: two.phone, to: PHONE, body: 'Jag köper den' });
    const heard = async ({ id }: { id: LeadId }) => (await eventTypes(world, id)).includes('message.received');
    await until(async () => (await heard(one)) && (await heard(two)), 'the messages');
    await goesAway();
    phones.customerEdits(hello.id, 'STOP');
    phones.customerTakesBack(regret.id);
    await comesBack();
    await world.rooms.catchUp.serveable();
    expect(await stopped(one.id)).toBe(true);
    expect(await eventTypes(world, two.id)).toContain('message.withdrawn');
  });
});
