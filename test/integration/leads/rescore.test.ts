import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ComeBackLater } from '../../../src/events/index.ts';
import { createRescore } from '../../../src/leads/index.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('what does not fit into one go is carried on from where it was broken off', async () => {
  const { rooms, tenant, clock, database } = world;
  for (const playbook of ['corporate-travel', 'home-services']) {
    await rooms.capture.capture(tenant.id, {
      playbook,
      source: 'form',
      sourceKey: playbook,
      name: 'Jo Ek',
      phone: '',
      email: `${playbook}@acme.io`,
      language: 'en',
      fields: {},
      consentGiven: true,
      ownerId: null,
      actor: 'system',
    });
  }
  await database.db.system.query('update scores set points = 99');
  const scores = async () =>
    (await database.db.system.query<{ points: number }>('select points from scores order by lead_id')).map(
      ({ points }) => points === 99,
    );
  let machine = 0;
  const slow = { ...clock, now: clock.now, machine: () => (machine += 30_000) };
  const rescore = createRescore({ db: database.db, clock: slow, tenants: rooms.tenants, playbooks: rooms.playbooks });
  await expect(rescore(tenant.id)).rejects.toThrow(ComeBackLater);
  expect(await scores()).toEqual([false, true]);
  expect(await rescore(tenant.id)).toBe(1);
  expect(await scores()).toEqual([false, false]);
  expect(await rescore(tenant.id).catch((error: unknown) => error)).toBeInstanceOf(ComeBackLater);
});
