import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSealing, sealOf } from '../../../src/audit/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { type LogWorld, openLog, openTransaction, untilTrue } from './log-world.ts';

let world: LogWorld;
beforeEach(async () => {
  world = await openLog();
});
afterEach(() => world.close());

const sealing = (limit?: number) =>
  createSealing({
    db: world.db,
    clock: world.clock,
    log: createLogger('silent'),
    key: world.key,
    ...(limit && { limit }),
  });

/** The ids of each batch. */
async function batches(): Promise<number[][]> {
  const rows = await world.db.system.query<{ ids: string[] }>(
    'select event_ids as ids from seals where tenant_id = $1 order by batch',
    [world.nordic.id],
  );
  return rows.map(({ ids }) => ids.map(Number));
}

describe('sealing', () => {
  test('puts what has happened into a batch, and what happens then into the next', async () => {
    const first = await world.happen(3);
    await world.seal();
    const second = await world.happen(2);
    await world.seal();
    expect(await batches()).toEqual([first, second]);
    expect(await world.verify()).toMatchObject({ batches: 2, sealed: 5, unsealed: 0, findings: [] });
  });

  test('gives each tenant a log of its own', async () => {
    await world.happen(2);
    await world.happen(3, world.other);
    await world.seal();
    expect(await world.verify()).toMatchObject({ sealed: 2, findings: [] });
    expect(await world.verify({}, world.other)).toMatchObject({ sealed: 3, findings: [] });
    const mine = await world.db.inTenant(world.nordic.id, (tx) => tx.query('select from seals'));
    expect(mine).toHaveLength(1);
    const export_ = (await world.export()).join('\n');
    expect(export_).toContain(world.nordic.id);
    expect(export_).not.toContain(world.other.id);
  });

  test('does nothing while nothing happens', async () => {
    await world.happen();
    await world.seal();
    expect(await sealing().run()).toBe(0);
    expect(await batches()).toHaveLength(1);
  });

  test('takes what commits after a later id was sealed into the next batch', async () => {
    const early = await openTransaction(world);
    await early.begin();
    const late = await openTransaction(world);
    await late.begin();
    const lower = await late.append();
    const higher = await early.append();
    expect(lower).toBeLessThan(higher);
    await early.commit();
    await untilTrue(async () => {
      await sealing().run();
      return (await batches()).length > 0;
    });
    expect(await batches()).toEqual([[higher]]);
    await late.commit();
    await world.seal();
    expect(await batches()).toEqual([[higher], [lower]]);
    expect((await world.verify()).findings).toEqual([]);
  });

  test('does not pass a transaction that still runs', async () => {
    const open = await openTransaction(world);
    const pending = await open.append();
    const [after] = await world.happen();
    for (let i = 0; i < 5; i++) expect(await sealing().run()).toBe(0);
    await open.commit();
    await world.seal();
    expect(await batches()).toEqual([[pending, after]]);
  });

  test('leaves out what was rolled back', async () => {
    const failing = world.db.inTenant(world.nordic.id, async (tx) => {
      await tx.query(`insert into events (tenant_id, type, at, actor) values ($1, 'x', now(), 'system')`, [
        tx.tenantId,
      ]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const ids = await world.happen();
    await world.seal();
    expect(await batches()).toEqual([ids]);
  });

  test('goes on in small rounds, also through one large transaction', async () => {
    const ids = await world.happen(23);
    await untilTrue(async () => {
      await sealing(5).run();
      return (await batches()).flat().length === 23;
    });
    expect((await batches()).flat()).toEqual(ids);
    expect((await batches()).every((batch) => batch.length <= 5)).toBe(true);
    expect((await world.verify()).findings).toEqual([]);
  });

  test('holds while many write and several workers seal at once', async () => {
    let writing = true;
    const writers = Array.from({ length: 6 }, async (_, n) => {
      for (let i = 0; i < 15; i++) await world.happen(1 + ((n + i) % 4), n % 3 === 0 ? world.other : world.nordic);
    });
    const workers = Array.from({ length: 3 }, async () => {
      while (writing) await sealing(7).run();
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(workers);
    await world.seal();
    for (const business of [world.nordic, world.other]) {
      expect(await world.verify({}, business)).toMatchObject({ unsealed: 0, findings: [] });
    }
    const [total] = await world.db.system.query<{ events: number; sealed: number }>(
      'select (select count(*) from events) as events, (select sum(cardinality(event_ids))::bigint from seals) as sealed',
    );
    expect(total?.sealed).toBe(total?.events);
  });

  test('stops, and says so once, where the newest head is not what was written', async () => {
    await world.happen(3);
    await world.seal();
    await world.tamper(`update seals set root = sha256('forged')`);
    await world.happen();
    const lines: string[] = [];
    const log = Object.assign(createLogger('silent'), { error: (_facts: object, words: string) => lines.push(words) });
    const stopped = createSealing({ db: world.db, clock: world.clock, log, key: world.key });
    await untilTrue(async () => {
      expect(await stopped.run()).toBe(0);
      return lines.length > 0;
    });
    await stopped.run();
    expect(lines).toEqual([expect.stringContaining('sealing has stopped')]);
    expect(await batches()).toHaveLength(1);
  });

  test('says when a transaction that does not end keeps the log open', async () => {
    const open = await openTransaction(world);
    await open.append();
    await world.happen(); // waits behind it
    const lines: string[] = [];
    const log = Object.assign(createLogger('silent'), { error: (_facts: object, words: string) => lines.push(words) });
    let minutes = 0;
    const clock = { now: world.clock.now, machine: () => minutes * 60_000 };
    const waiting = createSealing({ db: world.db, clock, log, key: world.key });
    // transactions of other databases on this server come and go, and each of them begins the wait anew
    await untilTrue(async () => {
      minutes += 6;
      await waiting.run();
      return lines.length > 0;
    });
    expect(lines).toEqual([expect.stringContaining('a transaction on this database server does not end')]);
    await open.commit();
  });

  test('says in which batch an event is', async () => {
    const first = await world.happen(2);
    await world.seal();
    const second = await world.happen(2);
    await world.seal();
    const [open] = await world.happen();
    const sealed = await world.db.inTenant(world.nordic.id, (tx) => sealOf(tx, [...first, ...second, open ?? 0, 999]));
    expect([...sealed].map(([id, { batch }]) => [id, batch])).toEqual([
      ...first.map((id) => [id, 1]),
      ...second.map((id) => [id, 2]),
    ]);
    const elsewhere = await world.db.inTenant(world.other.id, (tx) => sealOf(tx, first));
    expect(elsewhere.size).toBe(0);
  });
});

describe('the seals', () => {
  test('can be changed or removed by nobody who runs the product', async () => {
    await world.happen();
    await world.seal();
    for (const table of ['seals', 'seal_rounds', 'seal_witnesses']) {
      for (const statement of [`update ${table} set public_key = 'x'`, `delete from ${table}`, `truncate ${table}`]) {
        if (table === 'seal_witnesses' && statement.startsWith('update')) continue;
        await expect(world.db.system.query(statement)).rejects.toThrow(/permission denied/);
        await expect(world.db.inTenant(world.nordic.id, (tx) => tx.query(statement))).rejects.toThrow(
          /permission denied/,
        );
      }
    }
    await world.tamper('set session_replication_role = origin');
    await expect(world.tamper('delete from seals')).rejects.toThrow(/append-only/);
    await expect(world.tamper('truncate seal_rounds cascade')).rejects.toThrow(/append-only/);
  });
});
