import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRelay } from '../../../src/events/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { createBucket } from '../../../src/vendors/s3/index.ts';
import { startS3, type TestS3 } from '../../support/s3.ts';
import { MONDAY, openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

const BUCKET = 'photos-stockholm';
const PHOTO = Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0\x01 the licence of Anna', 'latin1');
const DAY_MS = 86_400_000;

describe('what others keep of an erased person', () => {
  let s3: TestS3;
  let world: World;
  let [sofia, maria, admin]: Staff[] = [];
  let serial = 0;
  beforeAll(async () => {
    s3 = await startS3({ [BUCKET]: 'eu-north-1' });
    world = await openWorld({ buckets: [createBucket({ bucket: BUCKET, region: 'eu-north-1', endpoint: s3.url })] });
    sofia = await world.hire('Sofia Lind', 'salesperson');
    maria = await world.hire('Maria Nyström', 'manager');
    admin = await world.hire('Anders Berg', 'admin');
  });
  afterAll(async () => {
    await world.close();
    await s3.stop();
  });

  const system = () => world.database.db.system;
  const theStaff = (who: Staff | undefined): Staff => {
    if (!who) throw new Error('nobody was hired');
    return who;
  };

  /** A lead who was written to and has answered, with a picture. */
  async function conversation(): Promise<{ leadId: LeadId; personId: PersonId; phone: string }> {
    const phone = `+4670424${String(1000 + serial++)}`;
    const { leadId, personId } = await world.drive(theStaff(sofia), { phone });
    await world.settle();
    const media = [{ bytes: PHOTO, contentType: 'image/jpeg' }];
    await world.twilio.customerSends({ from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body: 'Hej!', media });
    await world.twilio.idle();
    return { leadId, personId, phone };
  }

  async function erase(personId: PersonId): Promise<string> {
    const id = await world.rooms.erasures.ask(theStaff(maria), personId);
    await world.rooms.erasures.decide(theStaff(admin), id, 'approved');
    await goOn();
    return id;
  }

  /** Lets everything happen that is asked for, whenever it is due. */
  async function goOn(): Promise<void> {
    const log = createLogger('silent');
    const relay = createRelay({ db: world.database.db, log, handlers: world.rooms.privacyHandlers });
    for (let round = 0; round < 3; round++) {
      await system().query('update effects set due_at = clock_timestamp()');
      await relay.run();
    }
    await relay.drain();
  }

  const receipts = (id: string) => world.rooms.erasures.receipts(world.tenant.id, id);
  const told = (id: string) =>
    system().query<{ data: object }>(
      `select data - 'erasureId' as data from events where type = 'erasure.receipt' and data->>'erasureId' = $1 order by id`,
      [id],
    );

  test('COMPLIANCE T10.3 is deleted there, and each service has given a receipt', async () => {
    const [other, anna] = [await conversation(), await conversation()];
    await world.rooms.vault.store(world.tenant.id, anna.leadId, { bytes: PHOTO, mime: 'image/jpeg', by: 'slack' });
    expect(world.twilio.kept()).toEqual({ messages: 4, media: 2 });
    expect(s3.objects(BUCKET).size).toBe(1);

    const id = await erase(anna.personId);
    expect(world.twilio.kept()).toEqual({ messages: 2, media: 1 });
    const left = await world.gateway.listInbound({ channel: 'whatsapp', to: WHATSAPP_SENDER, since: new Date(0) });
    expect(left.map(({ from }) => from)).toEqual([other.phone]);
    expect(s3.objects(BUCKET).size).toBe(0);

    // the template is not approved: they were written to by SMS, and answered by WhatsApp
    const sms = { service: 'twilio', channel: 'sms', state: 'deleted', deleted: { messages: 1 } };
    const whatsapp = { service: 'twilio', channel: 'whatsapp', state: 'deleted', deleted: { messages: 1, files: 1 } };
    const store = { service: 's3', channel: null, state: 'deleted', deleted: { photos: 1 } };
    expect(await receipts(id)).toEqual([
      expect.objectContaining({ ...sms, answeredAt: expect.any(Date) }),
      expect.objectContaining(whatsapp),
      expect.objectContaining(store),
    ]);
    expect((await told(id)).map(({ data }) => data)).toEqual(expect.arrayContaining([sms, whatsapp, store]));
    expect(await told(id)).toHaveLength(3);
    expect(await system().query('select from deletion_receipts where customer is not null')).toEqual([]);
    expect(await system().query(`select from effects where kind = 'erasure.receipts' and key = $1`, [id])).toHaveLength(
      1,
    );
  });

  test('waits for a service that is down, and nobody is kept waiting for that', async () => {
    const { personId, phone } = await conversation();
    const before = world.twilio.kept();
    await world.twilio.faults.down();
    const id = await erase(personId);
    expect(await world.rooms.erasures.find(world.tenant.id, id)).toMatchObject({ state: 'done' });
    const asked = expect.objectContaining({ state: 'asked', answeredAt: null, deleted: {} });
    expect(await receipts(id)).toEqual([asked, asked]);
    expect(await told(id)).toEqual([]);
    // what is kept until then cannot be read
    const rows = await system().query<{ row: string }>('select r::text as row from deletion_receipts r');
    expect(rows.filter(({ row }) => row.includes(phone.slice(1)))).toEqual([]);
    expect(await system().query('select from deletion_receipts where customer is not null')).toHaveLength(2);

    await world.twilio.faults.up();
    await goOn();
    expect(await receipts(id)).toEqual([
      expect.objectContaining({ state: 'deleted', deleted: { messages: 1 } }),
      expect.objectContaining({ state: 'deleted', deleted: { messages: 1, files: 1 } }),
    ]);
    expect(world.twilio.kept().messages).toBe(before.messages - 2);
    await goOn();
    expect(await told(id)).toHaveLength(2);
  });

  test('is left to people when a service does not delete it for a month', async () => {
    const { personId } = await conversation();
    await world.twilio.faults.down();
    const id = await erase(personId);
    world.clock.turnTo(MONDAY.getTime() + 31 * DAY_MS - Date.now());
    await goOn();
    await world.twilio.faults.up();
    const left = expect.objectContaining({ state: 'by_hand', answeredAt: expect.any(Date) });
    expect(await receipts(id)).toEqual([left, left]);
    expect(await told(id)).toHaveLength(2);
    expect(await system().query('select from deletion_receipts where customer is not null')).toEqual([]);
  });
});
