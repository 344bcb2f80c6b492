import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '../../src/lib/logger.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import { type Gateway, type InboundMessage, reconcile } from '../../src/messaging/index.ts';
import type { PhoneHost } from '../../src/phones/port.ts';
import { createRooms, type Rooms } from '../../src/rooms.ts';
import type { WhatsAppWebStandIn } from '../../src/sandbox/whatsapp-web/index.ts';
import { createWhatsAppWeb } from '../../src/vendors/whatsapp-web/index.ts';
import { eventTypes, one } from '../support/facts.ts';
import { linkPhone } from '../support/link-phone.ts';
import { until } from '../support/until.ts';
import { AT_ONCE, openWorld, type World } from '../support/world.ts';

const PHONE = '+46709990002';

/* Two workers on one database, each with its own WhatsApp Web of the same phone. */
describe('a phone and two workers', () => {
  let world: World;
  let phones: WhatsAppWebStandIn;
  let other: Rooms;
  let second: Gateway;
  let otherSession: PhoneHost['session'] | undefined;

  const holder = () => one<number>(world, 'select held_by as value from linked_phones');
  const outgoing = (): Parameters<Gateway['send']>[0] => ({
    channel: 'whatsapp',
    to: '+46701119999',
    from: PHONE,
    body: 'Hej',
    statusCallback: 'http://door/?message=m&attempt=1',
    validitySeconds: 60,
  });
  /** What became of sends, by the worker that tried. */
  const outcomes: string[] = [];
  async function send(gateway: Gateway | undefined) {
    const outcome = await gateway?.send(outgoing(), Date.now() + 3000);
    outcomes.push(outcome?.kind ?? 'none');
    return outcome;
  }
  const first = () => world.rooms.dispatching.gateways.platform.get('whatsapp-web');
  /** The hold runs out, as it does when nobody renews it for 20 seconds. */
  const runOut = () => world.database.db.system.query('update linked_phones set held_until = clock_timestamp()');

  beforeAll(async () => {
    world = await openWorld({ phones: true });
    if (!world.phones) throw new Error('no phones');
    phones = world.phones;
    const open = async (phoneId: string, session: PhoneHost['session']) => {
      otherSession = session;
      return phones.open(phoneId, session);
    };
    const vendor = createWhatsAppWeb({ open, machine: Date.now, sendMs: 400 });
    second = vendor;
    other = await createRooms({
      db: world.database.db,
      clock: world.clock,
      log: createLogger('silent'),
      keyring: createKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`),
      publicUrl: 'http://door',
      gateways: new Map([['whatsapp-web', vendor]]),
      accounts: [],
      statusPath: () => '/status',
      phoneVendor: vendor,
      phonePace: AT_ONCE,
    });
    await linkPhone(world, await world.hire('Erik Berg', 'admin'), PHONE);
    await until(() => one<number>(world, 'select 1 as value from phone_sessions'), 'the session');
  });
  afterAll(async () => {
    const left = phones.messages.filter(({ by }) => by === 'program').length;
    const refused = outcomes.filter((kind) => kind === 'not_written').length;
    process.stdout.write(
      `[two workers, one phone] ${left} messages left, ${refused} tries by who did not hold it (any more) were refused; not proven here: the real WhatsApp Web\n`,
    );
    await other.phones.stop();
    await world.close();
  });

  test('one holds it, and only there its messages are claimed', async () => {
    await other.phones.tend();
    expect(await holder()).toBe(world.rooms.worker);
    expect([first()?.holds?.(PHONE), second.holds?.(PHONE)]).toEqual([true, false]);
    const account = await one<string>(world, 'select account_id as value from linked_phones');
    expect(await world.rooms.catchUp.serveable()).toContain(account);
    expect(await other.catchUp.serveable()).not.toContain(account);
    expect(await send(second)).toEqual({ kind: 'not_written', detail: 'the phone is not connected' });
  });

  test('G2: only its holder judges what may have left from it, as long as there is time', async () => {
    phones.faults.hangs = 1;
    await world.drive(await world.hire('Sofia Lind', 'salesperson'), { phone: '+46701118888' });
    await world.settle();
    const state = () => one<string>(world, `select state as value from messages where attempt > 0`);
    await until(async () => (await state()) === 'uncertain', 'the doubt');
    const age = (seconds: number) =>
      world.database.db.system.query(
        `update sends set check_at = clock_timestamp(), started_at = clock_timestamp() - make_interval(secs => $1)
         where state = 'uncertain'`,
        [seconds],
      );
    await age(52);
    expect([await reconcile(other.dispatching), await state()]).toEqual([0, 'uncertain']);
    await world.database.db.system.query(`update sends set check_at = clock_timestamp() where state = 'uncertain'`);
    expect([await reconcile(world.rooms.dispatching), await state()]).toEqual([1, 'sent']);
  });

  test('its holder froze: another takes over with the session, and the old one sends nothing any more', async () => {
    await runOut();
    // before anybody has taken over, and after
    const refused = expect.stringMatching(/held elsewhere|not connected/); // it may have noticed by itself
    expect(await send(first())).toEqual({ kind: 'not_written', detail: refused });
    // the frozen one hears nothing of the conflict
    const before = phones.messages.length;
    await other.phones.tend();
    await until(() => second.holds?.(PHONE), 'the second connection');
    expect(await holder()).toBe(other.worker);
    expect(await send(second)).toMatchObject({ kind: 'accepted' });
    const late = await send(first());
    expect(late).toMatchObject({ kind: 'not_written' });
    expect(phones.messages.length - before).toBe(1);
  });

  test('what an earlier holder still hears changes nothing', async () => {
    // it was told of the conflict by its own WhatsApp Web, after its hold was over
    expect(await one(world, 'select state as value from linked_phones')).toBe('linked');
    await world.rooms.phones.tend(); // it closes what it has
    expect([first()?.holds?.(PHONE), await holder()]).toEqual([false, other.worker]);
    expect(await one<number>(world, 'select count(*) as value from phone_sessions')).toBe(1);
  });

  test('a process that stops gives it back at once', async () => {
    await other.phones.stop();
    await world.rooms.phones.tend();
    await until(() => first()?.holds?.(PHONE), 'the first connection');
    expect(await holder()).toBe(world.rooms.worker);
  });

  test('what an earlier holder saves late does not overwrite what keeps the phone linked', async () => {
    const kept = () => one<Buffer>(world, 'select content as value from phone_sessions');
    const before = await kept();
    await expect(otherSession?.save(Buffer.from('late'))).rejects.toMatchObject({ code: 'conflict' });
    expect(await kept()).toEqual(before);
  });

  test('both heard the same STOP, since each took itself for the holder: it counts once', async () => {
    const { leadId } = await world.drive(await world.hire('Lena Ek', 'salesperson'), { phone: '+46701117777' });
    const stop: InboundMessage = {
      gatewayId: '3EB0BOTH',
      accountSid: `whatsapp-web:${PHONE}`,
      channel: 'whatsapp',
      from: '+46701117777',
      to: PHONE,
      body: 'STOP',
      media: [],
    };
    await Promise.all([world.rooms, other].map(({ inbox }) => inbox.receive(stop, 'listed', {})));
    const types = await eventTypes(world, leadId);
    for (const type of ['message.received', 'person.opted_out']) {
      expect(types.filter((each) => each === type)).toHaveLength(1);
    }
  });
});
