import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../src/lib/ids.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { eventTypes, one, plan } from '../support/facts.ts';
import { linkPhone } from '../support/link-phone.ts';
import { type OwnAccess, startOwnAccess } from '../support/own-access.ts';
import { SINCH, type TestSinch } from '../support/sinch.ts';
import { until } from '../support/until.ts';
import { AT_ONCE, openWorld, type World } from '../support/world.ts';

const OWN_SMS = '+46700000078';
const PHONE = '+46709990004';
const { webhookSecret, appId: gatewayAccount, ...access } = SINCH;

/*
 * What a business sends with changes while a message is with it: its access is given anew, it is put away, it is unlinked. Each
 * message leaves once, by whichever still may (G2). Not proven here: real gateways, the real WhatsApp Web.
 */
describe('a sender that changes while a message is with it', () => {
  let world: World;
  let sinch: TestSinch;
  let admin: Staff;
  let sofia: Staff;
  let gateway: OwnAccess;
  let serial = 300_000;

  const connect = () =>
    world.rooms.channels.connect(admin, {
      vendor: 'sinch',
      gatewayAccount,
      secrets: { ...access, webhookSecret, region: 'eu' },
      senders: [{ channel: 'sms', sender: OWN_SMS, rate: 100_000 }],
    });
  async function putAway(): Promise<void> {
    const own = (await world.rooms.channels.states(world.tenant.id)).find(({ account }) => account.sender === OWN_SMS);
    await world.rooms.channels.remove(admin, own?.account.id ?? '');
  }
  async function lead() {
    const phone = `+46701${serial++}`;
    const { leadId: id } = await world.drive(sofia, { phone });
    return { phone, id };
  }
  const bySinch = ({ phone }: { phone: string }) =>
    sinch.standIn.journal.sent.filter(({ customer }) => customer === phone).length;
  const byTwilio = ({ phone }: { phone: string }) => world.twilio.journal.sent.filter(({ to }) => to === phone).length;
  const first = async ({ id }: { id: LeadId }) => (await plan(world, id))[0];
  /** Looks at what nobody knows as if its time were over. */
  async function judged(): Promise<void> {
    await world.database.db.system.query(
      `update sends set started_at = started_at - interval '60 seconds', check_at = clock_timestamp()
       where state in ('sending', 'uncertain')`,
    );
    await world.housekeep();
  }

  beforeAll(async () => {
    gateway = await startOwnAccess();
    sinch = gateway.sinch;
    // a phone types for as long as it may, so that there is time to unlink it
    const phonePace = { ...AT_ONCE, typing: { perCharacter: 0, least: 60_000, most: 60_000 } };
    world = await openWorld({ own: gateway.own, whatsapp: false, phones: true, phonePace, httpTimeoutMs: 20_000 });
    admin = await world.hire('Erik Berg', 'admin');
    sofia = await world.hire('Sofia Lind', 'salesperson');
    await connect();
  });
  afterEach(() => {
    sinch.standIn.faults.clear();
    world.twilio.faults.clear();
  });
  afterAll(async () => {
    await world.rooms.gateways.close();
    await world.close();
    await gateway.close();
  });

  test('access given anew while a request is answered: the answer is heard, and the next goes by the new access', async () => {
    sinch.standIn.faults.set({ answerDelayMs: 300 });
    const anna = await lead();
    const leaving = world.settle();
    await until(() => bySinch(anna) === 1, 'the request');
    expect(await connect()).toMatchObject({ renewed: true });
    const { accounts } = await world.rooms.routing.of(world.tenant.id);
    await world.rooms.gateways.of(accounts.sms ?? { vendor: '' }); // it is opened anew, the old one closed
    await leaving;
    const bo = await lead();
    await world.settle();
    await judged(); // on a busy machine an answer may come too late
    expect([await first(anna), await first(bo)]).toEqual(['day_0 sms sent', 'day_0 sms sent']);
    expect([anna, bo].map(bySinch)).toEqual([1, 1]);
    expect([anna, bo].map(byTwilio)).toEqual([0, 0]);
  });

  test('access given anew while nobody knows what became of a request: the new one’s list tells', async () => {
    sinch.standIn.faults.set({ hang: 'after' });
    const anna = await lead();
    await world.settle();
    expect(await first(anna)).toContain('uncertain');
    await connect();
    await judged();
    expect(await first(anna)).toBe('day_0 sms sent');
    expect([bySinch(anna), byTwilio(anna)]).toEqual([1, 0]);
  });

  test('put away with requests nobody knows of: what it took is found there, what it did not take goes by the next', async () => {
    sinch.standIn.faults.set({ hang: 'after' });
    const taken = await lead();
    await world.settle();
    sinch.standIn.faults.set({ hang: 'before' });
    const lost = await lead();
    await world.settle();
    await putAway();
    await judged();
    await world.rooms.channels.tend();
    world.clock.turnTo(world.clock.offsetMs + 60_000);
    await world.settle();
    await world.twilio.idle();
    expect([bySinch(taken), byTwilio(taken)]).toEqual([1, 0]);
    expect([bySinch(lost), byTwilio(lost)]).toEqual([0, 1]);
    expect(await first(taken)).toBe('day_0 sms sent');
    expect(await first(lost)).toContain('delivered');
  });

  test('the gateway that was left reports while the next one is asked: nobody is written to a third time', async () => {
    await connect();
    sinch.standIn.faults.set({ hang: 'before' });
    const anna = await lead();
    await world.settle();
    await putAway();
    await judged(); // it is not in the list
    await world.rooms.channels.tend();
    world.twilio.faults.set({ answerDelayMs: 300 });
    world.clock.turnTo(world.clock.offsetMs + 60_000);
    const leaving = world.settle();
    await until(() => byTwilio(anna) === 1, 'the request to the next one');
    const day0 = `select id as value from messages where lead_id = $1 and step_key = 'day_0'`;
    const messageId = (await one<string>(world, day0, [anna.id])) ?? '';
    await world.rooms.statuses([{ messageId, attempt: 1, gatewayId: '01LATE', gatewayAccount, status: 'delivered' }]);
    await leaving;
    await world.twilio.idle();
    await judged();
    await world.settle();
    expect([bySinch(anna), byTwilio(anna)]).toEqual([0, 1]);
    expect(await first(anna)).toContain('delivered');
    expect((await eventTypes(world, anna.id)).filter((type) => type === 'message.sent')).toHaveLength(1);
  });

  test('a phone that is unlinked while it types: the message goes by the other sender, once', async () => {
    const phones = world.phones;
    if (!phones) throw new Error('no phones');
    const state = () => one<string>(world, 'select state as value from linked_phones');
    const id = await linkPhone(world, admin, PHONE);
    const anna = await lead();
    await until(async () => {
      world.rooms.dispatcher.wake(); // whether the phone may be used is asked once a second
      return (await first(anna))?.startsWith('day_0 whatsapp sending');
    }, 'the typing');
    await world.rooms.phones.unlink(admin, id);
    await world.rooms.phones.tend();
    await world.rooms.dispatcher.idle();
    await until(async () => {
      await world.rooms.phones.tend();
      world.clock.turnTo(world.clock.offsetMs + 60_000);
      await world.settle();
      return byTwilio(anna) === 1;
    }, 'the other sender');
    expect(await state()).toBe('removed');
    expect(phones.messages.filter(({ by }) => by === 'program')).toEqual([]);
    await world.twilio.idle();
    expect(await first(anna)).toContain('delivered');
  });
});
