import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRelay } from '../../../src/events/index.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { placesInWords } from '../../../src/privacy/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { createBucket } from '../../../src/vendors/s3/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { startS3, type TestS3 } from '../../support/s3.ts';
import { openWorld, type World } from '../../support/world.ts';

const STOCKHOLM = 'photos-stockholm';
const PARIS = 'photos-paris';
const HOUR_MS = 60 * 60 * 1000;
const PHOTO = Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0\x01 the licence of Anna', 'latin1');
const photo = { bytes: PHOTO, mime: 'image/jpeg', by: 'slack' } as const;

describe('photos in an object store', () => {
  let s3: TestS3;
  let world: World;
  let sofia: Staff;
  let serial = 0;
  let ahead = 0;
  beforeAll(async () => {
    s3 = await startS3({ [STOCKHOLM]: 'eu-north-1', [PARIS]: 'eu-west-3' });
    const bucket = (name: string) => createBucket({ bucket: name, region: 'eu-north-1', endpoint: s3.url });
    world = await openWorld({ buckets: [bucket(STOCKHOLM), bucket(PARIS)] });
    const { machine } = world.clock;
    world.clock.machine = () => machine() + ahead;
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterAll(async () => {
    await world.close();
    await s3.stop();
  });
  beforeEach(() => {
    for (const name of [STOCKHOLM, PARIS]) s3.down(name, false);
    s3.move(STOCKHOLM, 'eu-north-1');
    s3.move(PARIS, 'eu-west-3');
    ahead += 2 * HOUR_MS; // what the buckets said before is old
  });

  const lead = async (): Promise<LeadId> =>
    (await world.drive(sofia, { phone: `+4670423${String(1000 + serial++)}` })).leadId;
  const store = async (leadId: LeadId) => (await world.rooms.vault.store(world.tenant.id, leadId, photo)).assetId;
  const keyOf = (assetId: string) => `${world.tenant.id}/${assetId}`;
  const openAsset = (assetId: string) => world.rooms.vault.open(world.tenant.id, assetId);
  const blobs = () => world.database.db.system.query<{ state: string }>('select state from blobs order by id');
  const relay = () =>
    createRelay({ db: world.database.db, log: createLogger('silent'), handlers: world.rooms.privacyHandlers });
  const again = () => world.database.db.system.query('update effects set due_at = clock_timestamp()');

  test('are sealed before they leave us, and open again', async () => {
    const assetId = await store(await lead());
    const kept = s3.objects(STOCKHOLM).get(keyOf(assetId));
    expect(kept?.length).toBeGreaterThan(PHOTO.length);
    expect(kept?.includes('JFIF')).toBe(false);
    expect(await openAsset(assetId)).toEqual({ bytes: PHOTO, mime: 'image/jpeg' });
    expect(s3.objects(PARIS).size).toBe(0);
  });

  test('go to the second bucket while the first does not answer, and are read wherever they are', async () => {
    s3.down(STOCKHOLM, true);
    const assetId = await store(await lead());
    expect([...s3.objects(PARIS).keys()]).toContain(keyOf(assetId));
    expect((await openAsset(assetId)).bytes).toEqual(PHOTO);
    // moved by its operator
    const bytes = s3.objects(PARIS).get(keyOf(assetId)) ?? Buffer.alloc(0);
    s3.down(STOCKHOLM, false);
    s3.put(STOCKHOLM, keyOf(assetId), bytes);
    (s3.objects(PARIS) as Map<string, Buffer>).delete(keyOf(assetId));
    expect((await openAsset(assetId)).bytes).toEqual(PHOTO);
  });

  test('are not stored at all while no bucket answers, and nothing is left behind', async () => {
    s3.down(STOCKHOLM, true);
    s3.down(PARIS, true);
    const leadId = await lead();
    await expect(store(leadId)).rejects.toMatchObject({ code: 'unavailable' });
    s3.down(STOCKHOLM, false);
    s3.down(PARIS, false);
    await relay().run();
    expect((await blobs()).filter(({ state }) => state !== 'kept')).toEqual([]);
    await expect(store(leadId)).resolves.toBeDefined();
  });

  test('of a business in the EU never go to a bucket that says it is elsewhere', async () => {
    s3.move(STOCKHOLM, 'us-east-1');
    const assetId = await store(await lead());
    expect([...s3.objects(PARIS).keys()]).toContain(keyOf(assetId));

    s3.move(PARIS, 'eu-west-2'); // London
    ahead += 2 * HOUR_MS;
    const before = s3.objects(STOCKHOLM).size + s3.objects(PARIS).size;
    await expect(store(await lead())).rejects.toMatchObject({
      code: 'misconfigured',
      userMessage: expect.stringContaining(`${STOCKHOLM} is in us-east-1`),
    });
    expect(s3.objects(STOCKHOLM).size + s3.objects(PARIS).size).toBe(before);

    const words = placesInWords(await world.rooms.privacy.places(world.tenant.id));
    expect(words[0]).toMatch(/in the EU only \(because of your country\)/);
    expect(words).toContainEqual(expect.stringMatching(/photos-paris: in eu-west-2.*nothing of yours/));
    expect(words.at(-1)).toMatch(/Not checked.*region the database runs/);
  });

  test('of a business elsewhere, or one that has said so, may', async () => {
    s3.move(STOCKHOLM, 'us-east-1');
    const change = (residency: 'any' | null) => changeSettings(world, sofia, { residency });
    await change('any');
    const assetId = await store(await lead());
    expect([...s3.objects(STOCKHOLM).keys()]).toContain(keyOf(assetId));
    await change(null);
  });

  test('are deleted in both buckets, however long one of them does not answer', async () => {
    const leadId = await lead();
    const assetId = await store(leadId);
    s3.put(PARIS, keyOf(assetId), Buffer.from('a copy'));
    s3.down(PARIS, true);
    expect(await world.rooms.licences.remove(sofia, leadId)).toBe('Anna Karlsson');
    await expect(openAsset(assetId)).rejects.toMatchObject({ code: 'not_found' });
    for (let i = 0; i < 10; i++) {
      await relay().run();
      await again();
    }
    expect(s3.objects(STOCKHOLM).has(keyOf(assetId))).toBe(false);
    expect(s3.objects(PARIS).has(keyOf(assetId))).toBe(true);
    const parked = await world.database.db.system.query('select from effects where parked_at is not null');
    expect(parked).toEqual([]);
    s3.down(PARIS, false);
    await again();
    await relay().run();
    expect(s3.objects(PARIS).has(keyOf(assetId))).toBe(false);
    expect((await blobs()).filter(({ state }) => state === 'deleting')).toEqual([]);
  });

  test('that a dead process began are swept away', async () => {
    const { db } = world.database;
    const id = '018f0000-0000-7000-8000-000000000001';
    await db.system.query(
      `insert into blobs (id, tenant_id, state, changed_at) values ($1, $2, 'writing', clock_timestamp() - interval '2 hours')`,
      [id, world.tenant.id],
    );
    s3.put(STOCKHOLM, keyOf(id), Buffer.from('half'));
    await world.rooms.vault.purge();
    await relay().run();
    expect(s3.objects(STOCKHOLM).has(keyOf(id))).toBe(false);
    expect((await blobs()).filter(({ state }) => state !== 'kept')).toEqual([]);
  });
});
