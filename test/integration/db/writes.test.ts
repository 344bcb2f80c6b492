import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Rows, type Tx, together } from '../../../src/db/index.ts';
import { newId } from '../../../src/lib/ids.ts';
import { openWorld, type World } from '../../support/world.ts';

/* What is sent inside a transaction without waiting for its answer. */

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const inTenant = <T>(work: (tx: Tx) => Promise<T>) => world.database.db.inTenant(world.tenant.id, work);
const KEEP = `insert into effects (tenant_id, kind, key, priority) values ($1, 'card.refresh', $2, 5)`;
const kept = (key: string) => inTenant((tx) => tx.query('select from effects where key = $1', [key]));

test('is done in order, and there when the transaction is', async () => {
  const key = newId();
  await inTenant(async (tx) => {
    await tx.write(KEEP, [tx.tenantId, key]);
    expect(await tx.query('select from effects where key = $1', [key])).toHaveLength(1);
    await tx.write(`update effects set requested = 7 where key = $1`, [key]);
  });
  expect(await inTenant((tx) => tx.query('select requested from effects where key = $1', [key]))).toEqual([
    { requested: 7 },
  ]);
});

test('fails the transaction with its own error, and nothing of it stays', async () => {
  const key = newId();
  const twice = inTenant(async (tx) => {
    await tx.write(KEEP, [tx.tenantId, key]);
    await tx.write(KEEP, [tx.tenantId, key]);
    // refused because of the one before, whose error is the one to be told
    await tx.query('select 1');
  });
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  expect(await kept(key)).toEqual([]);
  const last = inTenant(async (tx) => {
    await tx.write(KEEP, [tx.tenantId, key]);
    await tx.write('select 1 / 0');
  });
  await expect(last).rejects.toMatchObject({ code: '22012' });
  expect(await kept(key)).toEqual([]);
});

test('a failure that somebody swallows does not pass for a commit', async () => {
  const key = newId();
  const swallowed = inTenant(async (tx) => {
    await tx.write(KEEP, [tx.tenantId, key]);
    await tx.query('select 1 / 0').catch(() => {});
  });
  await expect(swallowed).rejects.toThrow('rolled back');
  expect(await kept(key)).toEqual([]);
});

test('a connection is as good as before after any of it', async () => {
  const key = newId();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, (_, n) =>
      inTenant(async (tx) => {
        await tx.write(KEEP, [tx.tenantId, `${key}/${n}`]);
        if (n % 3 === 0) await tx.write('select 1 / 0');
        if (n % 3 === 1) throw new Error('given up');
      }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  const rows = await inTenant((tx) => tx.query(`select from effects where key like $1 || '/%'`, [key]));
  expect(rows).toHaveLength(20);
});

test('its failure is what the writer makes of it', async () => {
  const key = newId();
  const twice = inTenant(async (tx) => {
    await tx.write(KEEP, [tx.tenantId, key]);
    await tx.write(KEEP, [tx.tenantId, key], (error) => new Error('taken', { cause: error }));
    await tx.query('select 1');
  });
  await expect(twice).rejects.toMatchObject({ message: 'taken', cause: { code: '23505' } });
  expect(await kept(key)).toEqual([]);
});

test("work that goes on after its transaction is refused: the connection is another one's", async () => {
  const key = newId();
  let late: Tx | undefined;
  await inTenant(async (tx) => {
    late = tx;
  });
  await expect(late?.query('select 1')).rejects.toThrow('over');
  await expect(late?.write(KEEP, [world.tenant.id, key])).rejects.toThrow('over');
  const failed = inTenant(async (tx) => {
    late = tx;
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await expect(late?.query('select 1')).rejects.toThrow('over');
  expect(await kept(key)).toEqual([]);
});

test('whoever listens is told once it has committed, once for many, and of nothing that was rolled back', async () => {
  const { db } = world.database;
  const listener = await db.connect();
  const heard: string[] = [];
  const last = new Promise<void>((resolve) => {
    listener.on('notification', ({ payload = '' }) => {
      heard.push(payload);
      if (payload === 'last') resolve();
    });
  });
  await listener.query('listen notices');
  await expect(
    inTenant(async (tx) => {
      await tx.notify('notices', 'rolled back');
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await inTenant(async (tx) => {
    await tx.notify('notices', 'first');
    await tx.notify('notices', 'first');
    await tx.query('select 1');
  });
  await db.system.notify('notices', 'last');
  await last;
  expect(heard).toEqual(['first', 'last']);
  await listener.end();
});

/** `depth` 1 makes rows that those of depth 2 change: in the wrong order they would find none. */
const EFFECTS: Rows = {
  name: 'test-effects',
  depth: 1,
  text: `insert into effects (tenant_id, kind, key, priority) select $1, 'card.refresh', e.key, 5 from unnest($2::text[]) as e(key)`,
};
const COUNTED: Rows = {
  name: 'test-effects-counted',
  depth: 2,
  text: `update effects f set requested = 7 from unnest($2::text[]) as e(key) where f.tenant_id = $1 and f.key = e.key`,
};

test('rows that leave together are one statement, those that others refer to first, and are there for whoever asks', async () => {
  const key = newId();
  const statements = (tx: Tx) =>
    tx.query<{ n: number; rows: number }>(
      `select count(distinct cmin::text) as n, count(*) as rows from effects where key like $1 || '/%'`,
      [key],
    );
  await inTenant((all) =>
    together(all, async (tx) => {
      for (const n of [1, 2, 3]) {
        await tx.writeRows(COUNTED, [[`${key}/${n}`]]);
        await tx.writeRows(EFFECTS, [[`${key}/${n}`]]);
      }
      expect(await tx.query(`select key from effects where key like $1 || '/%' and requested = 7`, [key])).toHaveLength(
        3,
      );
      await tx.writeRows(EFFECTS, [[`${key}/4`, `${key}/5`]]);
      // what is told in between comes after them too
      await tx.write('update effects set requested = 8 where key = $1', [`${key}/4`]);
      await tx.writeRows(EFFECTS, [[`${key}/6`]]);
      await tx.writeRows(EFFECTS, [[`${key}/7`]]);
    }),
  );
  const left = await inTenant((tx) =>
    tx.query(`select right(key, 1)::int as n, requested from effects where key like $1 || '/%' order by key`, [key]),
  );
  expect(left).toEqual([7, 7, 7, 8, 1, 1, 1].map((requested, at) => ({ n: at + 1, requested })));
  const fresh = await inTenant((all) =>
    together(all, async (tx) => {
      await tx.query(`delete from effects where key like $1 || '/%'`, [key]);
      for (const n of [1, 2, 3]) await tx.writeRows(EFFECTS, [[`${key}/${n}`]]);
      return statements(tx);
    }),
  );
  expect(fresh).toEqual([{ n: 1, rows: 3 }]);
});

test('of rows that leave together none stays when one is refused, or the work ends', async () => {
  const key = newId();
  const refused = inTenant((all) =>
    together(all, async (tx) => {
      const understood = (error: unknown) => new Error('taken', { cause: error });
      for (let twice = 0; twice < 2; twice++) await tx.writeRows(EFFECTS, [[key]], understood);
    }),
  );
  await expect(refused).rejects.toMatchObject({ message: 'taken', cause: { code: '23505' } });
  const given = inTenant((all) =>
    together(all, async (tx) => {
      await tx.writeRows(EFFECTS, [[key]]);
      throw new Error('given up');
    }),
  );
  await expect(given).rejects.toThrow('given up');
  expect(await kept(key)).toEqual([]);
  await expect(inTenant((all) => together(all, async (tx) => tx.orm))).rejects.toThrow('models');
});
