import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKeyring } from '../../../src/lib/secrets.ts';
import { rewrapKeys } from '../../../src/privacy/index.ts';
import { createTenants } from '../../../src/tenants/index.ts';
import { openWorld, type World } from '../../support/world.ts';

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
const OLD = key('k1', 7);
const NEW = key('k2', 8);

describe('another master key', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const keysUnder = (masterKeys: string) =>
    createTenants({ db: world.database.db, clock: world.clock, keyring: createKeyring(masterKeys) }).keys(
      world.tenant.id,
    );

  test('takes over while both are known, and the old one can then be dropped', async () => {
    const { db } = world.database;
    const before = await keysUnder(OLD);
    expect(await rewrapKeys(db, createKeyring(OLD))).toBe(0);
    await expect(keysUnder(NEW)).rejects.toMatchObject({ code: 'misconfigured' });

    const both = createKeyring(`${NEW},${OLD}`);
    const counts = await Promise.all([rewrapKeys(db, both), rewrapKeys(db, both), rewrapKeys(db, both)]);
    // two of the tenant, and the platform's own for links, webhooks and the API: each exactly once
    expect(counts.reduce((sum, count) => sum + count)).toBe(5);
    expect(await keysUnder(NEW)).toEqual(before);
    await expect(keysUnder(OLD)).rejects.toMatchObject({ code: 'misconfigured' });

    expect(await rewrapKeys(db, createKeyring(`${OLD},${NEW}`))).toBe(5);
    expect(await keysUnder(OLD)).toEqual(before);
  });

  test('cannot take over from one that is not there', async () => {
    await expect(rewrapKeys(world.database.db, createKeyring(NEW))).rejects.toMatchObject({
      code: 'misconfigured',
      userMessage: expect.stringContaining('"k1"'),
    });
  });
});
