import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ComeBackLater, createRelay, type Effect, request, tryAgain } from '../../../src/events/index.ts';
import { KnownError } from '../../../src/lib/errors.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { one } from '../../support/facts.ts';
import { until } from '../../support/until.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('the outbox', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const ask = (key: string) =>
    world.database.db.inTenant(world.tenant.id, (tx) => request(tx, world.tenant.id, [{ kind: 'card.refresh', key }]));
  const relay = (handler: (effect: Effect) => Promise<void>) =>
    createRelay({ db: world.database.db, log: createLogger('silent'), handlers: { 'card.refresh': handler } });
  const left = () => one<number>(world, 'select count(*) as value from effects');
  const makeDue = () => world.database.db.system.query('update effects set due_at = clock_timestamp()');

  test('an effect is run once and is gone', async () => {
    const seen: string[] = [];
    await ask('a');
    await ask('b');
    await relay(async (effect) => {
      seen.push(effect.key);
    }).run();
    expect(seen.sort()).toEqual(['a', 'b']);
    expect(await left()).toBe(0);
  });

  test('an effect is kept for as long as somebody works on it; what a dead process had comes again after its lease', async () => {
    const lease = async () => (await one<Date>(world, 'select lease_until as value from effects'))?.getTime() ?? 0;
    let first = 0;
    const slow = createRelay({
      db: world.database.db,
      log: createLogger('silent'),
      handlers: {
        'card.refresh': async () => {
          first = await lease();
          await until(async () => (await lease()) > first, 'the lease to be renewed');
        },
      },
      renewMs: 20,
    });
    await ask('a');
    await slow.run();
    expect(await left()).toBe(0);

    await ask('b');
    await world.database.db.system.query(
      `update effects set attempts = 1, lease_until = clock_timestamp() + interval '20 seconds'`,
    );
    const attempts: number[] = [];
    const other = relay(async ({ attempt }) => {
      attempts.push(attempt);
    });
    await other.run();
    expect(attempts).toEqual([]);
    await world.database.db.system.query(`update effects set lease_until = clock_timestamp() - interval '1 ms'`);
    await other.run();
    expect(attempts).toEqual([2]);
  });

  test('asked for twice before it runs, it runs once', async () => {
    let runs = 0;
    await ask('a');
    await ask('a');
    await relay(async () => {
      runs++;
    }).run();
    expect(runs).toBe(1);
  });

  test('asked for again while it runs, it runs once more', async () => {
    let runs = 0;
    await ask('a');
    await relay(async () => {
      if (runs++ === 0) await ask('a');
    }).run();
    expect(runs).toBe(2);
    expect(await left()).toBe(0);
  });

  test('nothing asked for in a transaction that rolls back', async () => {
    const failing = world.database.db.inTenant(world.tenant.id, async (tx) => {
      await request(tx, world.tenant.id, [{ kind: 'card.refresh', key: 'a' }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await left()).toBe(0);
  });

  test('what fails is tried again later, knows its attempt, and is parked in the end', async () => {
    const attempts: number[] = [];
    const failing = relay(async (effect) => {
      attempts.push(effect.attempt);
      throw new Error('Slack is down');
    });
    await ask('a');
    for (let n = 0; n < 10; n++) {
      await failing.run();
      await makeDue();
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await one(world, 'select parked_at is not null as value from effects')).toBe(true);
  });

  test('somebody else’s outage is waited for, for a day; only what fails by itself is parked before', async () => {
    const attempts: number[] = [];
    const outage = new KnownError('unavailable', 'Slack cannot be reached', 'Slack did not answer.');
    let fails: Error = outage;
    const line = relay(async (effect) => {
      attempts.push(effect.attempt);
      throw fails;
    });
    const rounds = async (n: number) => {
      for (let round = 0; round < n; round++) {
        await line.run();
        await makeDue();
      }
    };
    const parked = () => one<boolean>(world, 'select parked_at is not null as value from effects');
    const failingFor = (ago: string) =>
      world.database.db.system.query('update effects set failing_since = clock_timestamp() - $1::interval', [ago]);
    await ask('a');
    await rounds(12);
    // a call without an answer may have had its effect: a handler looks for its traces
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await parked()).toBe(false);
    fails = new Error('ours');
    await rounds(7);
    expect(await parked()).toBe(false);
    await rounds(1);
    expect(await parked()).toBe(true);

    await world.database.db.system.query('delete from effects');
    fails = outage;
    await ask('b');
    await rounds(1);
    await failingFor('23 hours');
    await rounds(1);
    expect(await parked()).toBe(false);
    await failingFor('25 hours');
    await rounds(1);
    expect(await parked()).toBe(true);
    await tryAgain(world.database.db.system, [world.tenant.id]);
    fails = new Error('ours');
    await rounds(1);
    expect(attempts.at(-1)).toBe(1);
    expect(await parked()).toBe(false);
  });

  test('told to come back later, it does, and that is no failure', async () => {
    const attempts: number[] = [];
    const later = relay(async (effect) => {
      attempts.push(effect.attempt);
      if (attempts.length < 4) throw new ComeBackLater(30);
    });
    await ask('a');
    await later.run();
    expect(await one(world, `select due_at > clock_timestamp() + interval '20 seconds' as value from effects`)).toBe(
      true,
    );
    for (let n = 0; n < 4; n++) {
      await makeDue();
      await later.run();
    }
    expect(attempts).toEqual([1, 1, 1, 1]);
    expect(await left()).toBe(0);
  });

  test('two workers share the work, and nothing runs twice', async () => {
    const seen: string[] = [];
    for (let n = 0; n < 30; n++) await ask(`k${n}`);
    const work = async (effect: Effect) => {
      seen.push(effect.key);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await Promise.all([relay(work).run(), relay(work).run()]);
    expect(seen.length).toBe(30);
    expect(new Set(seen).size).toBe(30);
  });

  test('a slow effect does not hold up the others, nor what is asked for while it runs', async () => {
    const seen: string[] = [];
    let release: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const others = ['b', 'c', 'd', 'e', 'f', 'g'];
    const line = relay(async (effect) => {
      if (effect.key === 'slow') await slow;
      seen.push(effect.key);
    });
    await ask('slow');
    const running = line.run();
    await until(
      async () => (await one<number>(world, 'select sum(attempts) as value from effects')) === 1,
      'slow begins',
    );
    for (const key of others) {
      await ask(key);
      line.run().catch(() => {});
    }
    await until(async () => seen.length === others.length, 'the others are through');
    expect(seen.sort()).toEqual(others);
    release();
    await running;
    expect(seen.at(-1)).toBe('slow');
    expect(await left()).toBe(0);
  });
});
