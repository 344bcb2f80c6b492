import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LeadId, newId } from '../../../src/lib/ids.ts';
import type { Vault } from '../../../src/privacy/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { openWorld, type World } from '../../support/world.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HEIC = Buffer.from('\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\0', 'latin1');
const PHOTOS = {
  'image/jpeg': Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0\x01', 'latin1'),
  'image/png': Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
  'image/webp': Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'),
  'image/heic': HEIC,
};
const photo = { bytes: PHOTOS['image/jpeg'], mime: 'image/jpeg', by: 'slack' } as const;

describe('the licence vault', () => {
  let world: World;
  let sofia: Staff;
  let vault: Vault;
  let serial = 0;
  beforeAll(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
    vault = world.rooms.vault;
  });
  afterAll(() => world.close());

  async function lead(): Promise<LeadId> {
    return (await world.drive(sofia, { phone: `+4670323${String(1000 + serial++)}` })).leadId;
  }
  const tenantId = () => world.tenant.id;
  const facts = (leadId: LeadId, type: string) =>
    world.database.db.system.query<{ data: object }>(
      'select data from events where lead_id = $1 and type = $2 order by id',
      [leadId, type],
    );
  const inDays = async <T>(days: number, work: () => Promise<T>): Promise<T> => {
    const offset = world.clock.offsetMs;
    world.clock.turnTo(offset + days * DAY_MS);
    try {
      return await work();
    } finally {
      world.clock.turnTo(offset);
    }
  };
  const end = (leadId: LeadId) =>
    world.database.db.system.query(`update enrolments set state = 'closed', ended_at = $2 where lead_id = $1`, [
      leadId,
      world.clock.now(),
    ]);

  test.each(Object.entries(PHOTOS))(
    'keeps %s by its first bytes, whatever the sender calls it',
    async (mime, bytes) => {
      const { assetId } = await vault.store(tenantId(), await lead(), { bytes, mime: 'image/unheard-of', by: 'slack' });
      expect(await vault.open(tenantId(), assetId)).toEqual({ bytes, mime });
    },
  );

  test.each([
    ['an empty file', Buffer.alloc(0), 'image/jpeg'],
    ['a PDF', Buffer.from('%PDF-1.7 and so on'), 'image/jpeg'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['an AVIF', Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\0\0', 'latin1'), 'image/avif'],
    ['a film', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\0', 'latin1'), 'image/heic'],
    ['a page with the first bytes of a photo', PHOTOS['image/jpeg'], 'text/html'],
    ['a photo of more than 10 MB', Buffer.concat([PHOTOS['image/jpeg'], Buffer.alloc(10 * 1024 * 1024)]), 'image/jpeg'],
  ])('refuses %s at the field of the photo', async (_what, bytes, mime) => {
    const leadId = await lead();
    await expect(vault.store(tenantId(), leadId, { bytes, mime, by: 'slack' })).rejects.toMatchObject({
      code: 'validation_error',
      problems: [{ field: 'licence_photo' }],
    });
    expect(await facts(leadId, 'licence.stored')).toEqual([]);
  });

  test('holds one photo a lead: a second one answers the first, also at the same moment', async () => {
    const leadId = await lead();
    const both = await Promise.all([vault.store(tenantId(), leadId, photo), vault.store(tenantId(), leadId, photo)]);
    const third = await vault.store(tenantId(), leadId, { ...photo, bytes: PHOTOS['image/png'] });
    expect(new Set([...both, third].map(({ assetId }) => assetId)).size).toBe(1);
    expect(await facts(leadId, 'licence.stored')).toEqual([{ data: { assetId: third.assetId, by: 'slack' } }]);
  });

  test('asks for the card and what else is to follow, with the photo', async () => {
    const leadId = await lead();
    await world.database.db.system.query('delete from effects');
    const effects = (assetId: string) => [{ kind: 'licence.clear' as const, key: assetId, data: { fileId: 'F1' } }];
    const { assetId } = await vault.store(tenantId(), leadId, { ...photo, original: 'present', effects });
    const asked = await world.database.db.system.query('select kind, key from effects order by kind');
    expect(asked).toEqual([
      { kind: 'card.refresh', key: leadId },
      { kind: 'licence.clear', key: assetId },
    ]);
  });

  test('seals each photo to its own row and tenant', async () => {
    const [first, second] = [await lead(), await lead()];
    const one = await vault.store(tenantId(), first, {
      ...photo,
      bytes: Buffer.concat([photo.bytes, randomBytes(50)]),
    });
    const other = await vault.store(tenantId(), second, photo);
    const swap = 'update assets set content = (select content from assets where id = $2) where id = $1';
    await world.database.db.system.query(swap, [one.assetId, other.assetId]);
    await expect(vault.open(tenantId(), one.assetId)).rejects.toThrow();
    expect((await vault.open(tenantId(), other.assetId)).bytes).toEqual(photo.bytes);
  });

  test('COMPLIANCE T11.2 shows nothing to another tenant', async () => {
    const leadId = await lead();
    const { assetId } = await vault.store(tenantId(), leadId, photo);
    const place = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    const stranger = await world.rooms.tenants.ensure({ name: 'Other', slackTeamId: `T${newId()}`, ...place }, 'test');
    await expect(vault.open(stranger.id, assetId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(vault.store(stranger.id, leadId, photo)).rejects.toMatchObject({ code: 'not_found' });
    await expect(vault.createUploadLink(stranger.id, leadId)).rejects.toMatchObject({ code: 'not_found' });
    await vault.original(stranger.id, assetId, 'deleted');
    expect(await facts(leadId, 'licence.original')).toEqual([]);
  });

  test('records once what became of the original', async () => {
    const leadId = await lead();
    const { assetId } = await vault.store(tenantId(), leadId, { ...photo, original: 'present' });
    for (const outcome of ['asked', 'asked', 'deleted', 'deleted', 'asked'] as const) {
      await vault.original(tenantId(), assetId, outcome);
    }
    expect(await facts(leadId, 'licence.original')).toEqual([
      { data: { outcome: 'asked' } },
      { data: { outcome: 'deleted' } },
    ]);
  });

  test('COMPLIANCE T11.1 deletes a photo 30 days after the last follow-up of its lead has ended', async () => {
    const leadId = await lead();
    const { assetId } = await vault.store(tenantId(), leadId, photo);
    await end(leadId);
    await inDays(29.9, async () => {
      await vault.purge();
      expect((await vault.open(tenantId(), assetId)).bytes).toEqual(photo.bytes);
    });
    await inDays(30.1, async () => {
      const [mine, again] = [await vault.purge(), await vault.purge()];
      expect([mine >= 1, again]).toEqual([true, 0]);
      await expect(vault.open(tenantId(), assetId)).rejects.toMatchObject({ code: 'not_found' });
    });
    expect(await facts(leadId, 'licence.purged')).toEqual([{ data: { assetId } }]);
  });

  test('keeps a photo while the follow-up runs, but never longer than 90 days', async () => {
    const leadId = await lead();
    const { assetId } = await vault.store(tenantId(), leadId, photo);
    await inDays(80, async () => {
      await vault.purge();
      expect((await vault.open(tenantId(), assetId)).mime).toBe('image/jpeg');
    });
    await inDays(90.1, () => vault.purge());
    await expect(vault.open(tenantId(), assetId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('deletes each photo once when several workers look at the same time', async () => {
    const leads = await Promise.all(Array.from({ length: 12 }, () => lead()));
    for (const leadId of leads) {
      await vault.store(tenantId(), leadId, photo);
      await end(leadId);
    }
    await inDays(31, () => Promise.all([vault.purge(), vault.purge(), vault.purge()]));
    for (const leadId of leads) expect(await facts(leadId, 'licence.purged')).toHaveLength(1);
  });
});
