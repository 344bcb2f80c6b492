import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seal } from '../../../src/lib/secrets.ts';
import { begin, type Ready } from '../../../src/messaging/begin.ts';
import { claim } from '../../../src/messaging/due.ts';
import { reconcile } from '../../../src/messaging/index.ts';
import { bodyPlace } from '../../../src/messaging/prepare.ts';
import { openWorld, type World } from '../../support/world.ts';

const WORKER = 4711;

/** What was claimed on the server that died may be begun on the replica that took its place: `test/faults/promotion.test.ts`. */
describe('a process that does not know yet that it is on another server', () => {
  let world: World;
  let ready: Ready[];
  let home: string;
  const sql = (text: string, values: unknown[] = []) => world.database.db.system.query<{ value: string }>(text, values);
  const begun = async () => (await begin(world.database.db.system, WORKER, ready, 60)).size;
  beforeAll(async () => {
    world = await openWorld({ whatsapp: false });
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    await world.drive(sofia, { name: 'Anna Karlsson', phone: '+46701740999' });
    const accounts = await world.rooms.dispatching.serveable();
    const { messages } = await claim(world.database.db.system, WORKER, world.clock.now(), 10, accounts);
    const { data } = await world.rooms.tenants.keys(world.tenant.id);
    ready = messages.map(({ id, tenantId, attempt, lease }) => ({
      id,
      attempt: attempt + 1,
      lease: lease ?? null,
      body: seal(data, bodyPlace({ tenantId, id }), 'Hej Anna!'),
      templateVersion: null,
    }));
    expect(ready).toHaveLength(1);
    home = (await sql('select server as value from installation'))[0]?.value ?? '';
  });
  afterAll(() => world.close());

  test('begins nothing there, and nothing automated while a person has to look', async () => {
    await sql(`update installation set server = 'another'`);
    expect(await begun()).toBe(0);
    await sql('update installation set server = $1', [home]);
    await sql(`update tenants set waits_for = 'restored'`);
    expect(await begun()).toBe(0);
    await sql('update tenants set waits_for = null');
    expect(await begun()).toBe(1);
  });

  test('does not hide since when that server knows nothing', async () => {
    const heard = `select (seen_until > clock_timestamp() - interval '1 second')::text as value from accounts limit 1`;
    await sql(`update accounts set seen_until = clock_timestamp() - interval '3 seconds'`);
    await sql(`update installation set server = 'another'`);
    await world.rooms.catchUp.beat();
    expect(await sql(heard)).toEqual([{ value: 'false' }]);
    await sql('update installation set server = $1', [home]);
    await world.rooms.catchUp.beat();
    expect(await sql(heard)).toEqual([{ value: 'true' }]);
  });

  test('gives no verdict there', async () => {
    await sql(
      `update sends set check_at = clock_timestamp() - interval '1 minute', started_at = started_at - interval '1 minute'`,
    );
    await sql(`update installation set server = 'another'`);
    expect(await reconcile(world.rooms.dispatching)).toBe(0);
    await sql('update installation set server = $1', [home]);
    expect(await reconcile(world.rooms.dispatching)).toBe(1);
  });
});
