import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { allLogs, newSigningKey, readSigningKey } from '../../../src/audit/index.ts';
import { foundIn, type LogWorld, openLog } from './log-world.ts';

/*
 * Somebody with the whole database server in their hands, but without the signing key, changes the log. Each time it is
 * found, and said where.
 */

let world: LogWorld;
/** Three batches of four events, in the log of the first tenant. */
let ids: number[];
const id = (place: number) => ids[place] ?? 0;

beforeAll(async () => {
  world = await openLog();
  ids = [];
  for (let batch = 0; batch < 3; batch++) {
    ids.push(...(await world.happen(4)));
    await world.happen(2, world.other);
    await world.seal();
  }
  await world.keep();
});
afterEach(() => world.back());
afterAll(() => world.close());

test('left alone, all of it fits', async () => {
  expect(await world.found()).toEqual([]);
  expect(await world.found({}, world.other)).toEqual([]);
  expect(await foundIn(await world.export())).toEqual([]);
});

describe('COMPLIANCE T12.1 an event', () => {
  test.each([
    ['type', `type = 'lead.captured'`],
    ['time', `at = at + interval '1 microsecond'`],
    ['actor', `actor = 'customer'`],
    ['person', 'person_id = tenant_id'],
    ['lead', 'lead_id = tenant_id'],
    ['message', 'message_id = tenant_id'],
    ['facts', `data = data || '{"to":"won"}'`],
    ['private part', `data = data || '{"commitment":"00"}'`],
  ])('whose %s was changed is named', async (_what, change) => {
    await world.tamper(`update events set ${change} where id = $1`, [id(5)]);
    expect(await world.found()).toEqual([{ kind: 'events_changed', batch: 2, events: [id(5)] }]);
    expect(await foundIn(await world.export())).toEqual([{ kind: 'events_changed', batch: 2, events: [id(5)] }]);
    expect(await world.found({}, world.other)).toEqual([]);
  });

  test('that was removed is named', async () => {
    await world.tamper('delete from events where id = $1', [id(6)]);
    const removed = { kind: 'events_removed', batch: 2, events: [id(6)] };
    expect(await world.found()).toEqual([removed]);
    expect(await foundIn(await world.export())).toEqual([removed]);
  });

  test('that was put among sealed ones is named', async () => {
    await world.tamper(
      `insert into events (id, tenant_id, type, at, actor, xid) overriding system value
       select 100000, tenant_id, type, at, actor, xid from events where id = $1`,
      [id(5)],
    );
    expect(await world.found()).toEqual([{ kind: 'events_inserted', events: [100_000] }]);
    expect(await foundIn(await world.export())).toEqual([{ kind: 'events_inserted', events: [100_000] }]);
  });

  test('that changed places with another is named, and so is the other', async () => {
    await world.tamper(
      `update events a set data = b.data from events b where (a.id = $1 and b.id = $2) or (a.id = $2 and b.id = $1)`,
      [id(4), id(7)],
    );
    expect(await world.found()).toEqual([{ kind: 'events_changed', batch: 2, events: [id(4), id(7)] }]);
  });

  test('that was moved to another tenant is missed here and found there', async () => {
    await world.tamper('update events set tenant_id = $2 where id = $1', [id(5), world.other.id]);
    expect(await world.found()).toEqual([{ kind: 'events_removed', batch: 2, events: [id(5)] }]);
    expect(await world.found({}, world.other)).toEqual([{ kind: 'events_inserted', events: [id(5)] }]);
  });

  test('that was changed together with its hash is located to its batch', async () => {
    await world.tamper(`update events set actor = 'customer' where id = $1`, [id(5)]);
    await world.tamper(
      'update seals set leaves = overlay(leaves placing sha256($1) from 33 for 32) where tenant_id = $2 and batch = 2',
      ['forged', world.nordic.id],
    );
    expect(await world.found()).toEqual([{ kind: 'batch_changed', batch: 2, span: [id(4), id(7)], suspects: [id(5)] }]);
  });

  test('of the end of the log that was cut off is missed', async () => {
    await world.tamper('delete from events where id >= $1', [id(10)]);
    expect(await world.found()).toEqual([{ kind: 'events_removed', batch: 3, events: [id(10), id(11)] }]);
  });

  test('is missed when all of them are gone', async () => {
    await world.tamper('truncate events');
    expect(await world.found()).toEqual(
      [1, 2, 3].map((batch) => ({
        kind: 'events_removed',
        batch,
        events: ids.slice((batch - 1) * 4, batch * 4),
      })),
    );
  });
});

describe('a batch', () => {
  const seal = (set: string) =>
    world.tamper(`update seals set ${set} where tenant_id = $1 and batch = 2`, [world.nordic.id]);
  const replaced = { kind: 'seal_replaced', batch: 2, tenant: expect.any(String), round: 2, at: expect.any(String) };

  test('whose list was changed is told from changed events', async () => {
    await seal(`leaves = overlay(leaves placing sha256('x') from 65 for 32)`);
    expect(await world.found()).toEqual([{ kind: 'list_changed', batch: 2, events: [id(6)] }]);
  });

  test('whose order was changed says which events moved', async () => {
    await seal(
      `event_ids = array[event_ids[2], event_ids[1], event_ids[3], event_ids[4]],
       leaves = substring(leaves from 33 for 32) || substring(leaves from 1 for 32) || substring(leaves from 65)`,
    );
    expect(await world.found()).toEqual([{ kind: 'order_changed', batch: 2, events: [id(4), id(5)] }]);
  });

  test('that lost an event from its list is named, and the event too', async () => {
    await seal('event_ids = event_ids[2:], leaves = substring(leaves from 33)');
    expect(await world.found()).toEqual([
      { kind: 'list_miscounted', batch: 2, missing: 1, after: [], span: [id(5), id(7)] },
      { kind: 'events_inserted', events: [id(4)] },
    ]);
  });

  test('that was given an event is named with it', async () => {
    await world.tamper(
      `insert into events (id, tenant_id, type, at, actor, xid) overriding system value
       select 100000, tenant_id, type, at, actor, xid from events where id = $1`,
      [id(5)],
    );
    await seal(`event_ids = event_ids || 100000, leaves = leaves || sha256('x')`);
    expect(await world.found()).toEqual([{ kind: 'list_inserted', batch: 2, events: [100_000] }]);
  });

  test('that holds an event for a second time is named', async () => {
    await seal(`event_ids[4] = ${id(0)}`);
    expect(await world.found()).toContainEqual({ kind: 'events_twice', batch: 2, events: [id(0)] });
  });

  test('that was removed is missed, with its events', async () => {
    await world.tamper('delete from seals where tenant_id = $1 and batch = 2', [world.nordic.id]);
    expect(await world.found()).toEqual([
      { kind: 'batches_removed', from: 2, to: 2 },
      { kind: 'batch_unchecked', batch: 3 },
      { kind: 'events_inserted', events: ids.slice(4, 8) },
      { kind: 'seal_removed', batch: 2, tenant: world.nordic.id, round: 2, at: expect.any(String) },
    ]);
    expect(await world.found({}, world.other)).toEqual([]);
  });

  test('at the end that was removed, with its events, is missed by the round that made it', async () => {
    await world.tamper('delete from seals where tenant_id = $1 and batch = 3', [world.nordic.id]);
    await world.tamper('delete from events where id = any($1)', [ids.slice(8)]);
    expect(await world.found()).toEqual([
      { kind: 'seal_removed', batch: 3, tenant: world.nordic.id, round: 3, at: expect.any(String) },
    ]);
  });

  test.each(['seals', 'seal_rounds'])('is missed when all %s are gone', async (table) => {
    await world.tamper(`truncate ${table} cascade`);
    expect(await world.found()).toEqual(
      table === 'seals'
        ? [
            { kind: 'events_inserted', events: ids },
            ...[1, 2, 3].map((batch) => ({ ...replaced, kind: 'seal_removed', batch, round: batch })),
          ]
        : [{ kind: 'nothing_sealed', events: 12 }],
    );
  });

  test('that was sealed again with another key is not trusted', async () => {
    const forger = readSigningKey(newSigningKey());
    expect(await world.found({ keys: forger.trusted })).toEqual([
      { kind: 'head_foreign', batch: 1, fingerprint: expect.stringMatching(/^SHA256:/) },
    ]);
  });
});

describe('a head', () => {
  const seal = (set: string) =>
    world.tamper(`update seals set ${set} where tenant_id = $1 and batch = 2`, [world.nordic.id]);
  const changed = { kind: 'head_changed', batch: 2 };
  const replaced = { kind: 'seal_replaced', batch: 2, tenant: expect.any(String), round: 2, at: expect.any(String) };

  test.each([
    ['root', `root = sha256('x')`],
    ['time', `sealed_at = sealed_at - interval '1 day'`],
    ['previous head', `previous = sha256('x')`],
    ['watermark', `watermark = '5'::xid8`],
    ['signature', `signature = sha256('x')`],
    ['size', 'size = 7'],
  ])('whose %s was changed is named, and its events are not accused', async (what, set) => {
    await seal(set);
    const found = await world.found();
    expect(found).toContainEqual(changed);
    expect(
      found.filter((finding) => !['head_changed', 'seal_replaced'].includes((finding as typeof changed).kind)),
    ).toEqual([]);
    if (what !== 'signature') expect(found).toContainEqual(replaced);
  });

  test('whose key was changed is not trusted', async () => {
    const { publicKey } = readSigningKey(newSigningKey());
    await seal(`public_key = '${publicKey}'`);
    expect(await world.found()).toEqual([
      { kind: 'head_foreign', batch: 2, fingerprint: expect.any(String) },
      changed,
      replaced,
    ]);
  });

  test('whose kept subtrees were changed is named, and the next batch is checked all the same', async () => {
    await seal(`peaks = sha256('x')`);
    await world.tamper(`update events set actor = 'customer' where id = $1`, [id(9)]);
    expect(await world.found()).toEqual([
      { kind: 'peaks_changed', batch: 2 },
      { kind: 'events_changed', batch: 3, events: [id(9)] },
    ]);
  });

  test('after a damaged batch is checked by itself', async () => {
    await seal(`leaves = sha256('a') || sha256('b') || sha256('c') || sha256('d')`);
    await world.tamper(`update events set actor = 'customer' where id = any($1)`, [[id(5), id(9)]]);
    expect(await world.found()).toEqual([
      { kind: 'batch_changed', batch: 2, span: [id(4), id(7)], suspects: ids.slice(4, 8) },
      { kind: 'events_changed', batch: 3, events: [id(9)] },
    ]);
  });
});

describe('a round', () => {
  test('that was changed is named', async () => {
    await world.tamper(`update seal_rounds set until_id = 0 where round = 3`);
    expect(await world.found()).toContainEqual({ kind: 'round_changed', round: 3 });
  });

  test.each([1, 2, 3])('that was removed is missed: %i', async (round) => {
    await world.tamper('delete from seal_rounds where round = $1', [round]);
    expect(await world.found()).toContainEqual({ kind: 'rounds_removed', from: round, to: round });
  });

  test('with nonsense in it does not stop the check', async () => {
    await world.tamper(`update seal_rounds set heads = '{"tenant": 5}' where round = 2`);
    expect(await world.found()).toEqual([{ kind: 'round_changed', round: 2 }]);
  });
});

test('a tenant that was removed with its whole log is missed all the same', async () => {
  const mine = world.other.id;
  await world.tamper('create table kept.tenants as table tenants');
  for (const [table, column] of [
    ['seals', 'tenant_id'],
    ['events', 'tenant_id'],
    ['tenants', 'id'],
  ]) {
    await world.tamper(`delete from ${table} where ${column} = $1`, [mine]);
  }
  const logs = await allLogs(world.db.system);
  const gone = logs.find(({ id }) => id === mine);
  expect(gone?.name).toContain('A tenant that is gone');
  expect(await world.found({}, gone)).toMatchObject([1, 2, 3].map((batch) => ({ kind: 'seal_removed', batch })));
  expect(await world.found()).toEqual([]);
  await world.tamper('insert into tenants select * from kept.tenants where id = $1', [mine]);
});

describe('COMPLIANCE T12.3 somebody outside who has seen a head', () => {
  const witness = async () => {
    const { last } = await world.verify();
    return { size: last?.size ?? 0, root: last?.root ?? '', from: 'the head you gave' };
  };

  test('knows when all of the end was cut off, whatever else was made to fit', async () => {
    const seen = await witness();
    await world.tamper('delete from seals where round = 3');
    await world.tamper('delete from seal_rounds where round = 3');
    await world.tamper('delete from events where id > $1', [id(7) + 2]);
    expect(await world.found()).toEqual([]); // nothing inside the database can tell
    expect(await world.found({ witnesses: [seen] })).toEqual([
      { kind: 'log_cut', size: 12, has: 8, from: 'the head you gave' },
    ]);
    expect(await foundIn(await world.export(), { witnesses: [seen] })).toEqual([
      { kind: 'log_cut', size: 12, has: 8, from: 'the head you gave' },
    ]);
  });

  test('knows when the log went on in another way', async () => {
    const seen = await witness();
    await world.tamper('delete from seals where round = 3');
    await world.tamper('delete from seal_rounds where round = 3');
    await world.tamper(`update events set actor = 'customer' where id = any($1)`, [ids.slice(8)]);
    await world.seal(); // with the right key, even
    expect(await world.found()).toEqual([]);
    expect(await world.found({ witnesses: [seen] })).toEqual([
      { kind: 'witness_differs', size: 12, from: 'the head you gave' },
    ]);
  });

  test('is content while the log only grows', async () => {
    const seen = await witness();
    await world.happen(5);
    await world.seal();
    expect(await world.verify({ witnesses: [seen] })).toMatchObject({ findings: [], witnessed: 1 });
  });
});

describe('an export', () => {
  let lines: string[];
  const line = (words: string) => lines.findIndex((each) => each.includes(words));
  beforeEach(async () => {
    lines = await world.export();
  });

  test('from which an entry was taken says where', async () => {
    const at = line(`"id":${id(5)},`);
    expect(await foundIn(lines.toSpliced(at, 1))).toEqual([
      { kind: 'list_miscounted', batch: 2, missing: 1, after: [id(4)], span: [id(4), id(7)] },
    ]);
  });

  test('in which entries changed places says which', async () => {
    const [a, b] = [line(`"id":${id(5)},`), line(`"id":${id(6)},`)];
    const swapped = lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
    expect(await foundIn(swapped)).toEqual([{ kind: 'order_changed', batch: 2, events: [id(5), id(6)] }]);
  });

  test('from which a batch was taken is missed', async () => {
    const cut = lines.filter((each) => !each.includes('"batch":2,'));
    expect(await foundIn(cut)).toEqual([
      { kind: 'batches_removed', from: 2, to: 2 },
      { kind: 'batch_unchecked', batch: 3 },
    ]);
  });

  test('from which only a head was taken is missed with its entries', async () => {
    const at = lines.findIndex((each) => each.startsWith('{"head"') && each.includes('"batch":3,'));
    expect(await foundIn(lines.toSpliced(at, 1))).toEqual([{ kind: 'file_cut' }]);
  });

  test('holds what is not sealed yet, which is no finding, and misses it when it is taken out', async () => {
    await world.happen(2);
    const grown = await world.export();
    expect(grown.filter((each) => each.startsWith('{"unsealed"'))).toHaveLength(2);
    expect(await foundIn(grown)).toEqual([]);
    expect(await foundIn(grown.toSpliced(-2, 1))).toEqual([{ kind: 'file_cut' }]);
  });

  test('that is not complete says so', async () => {
    expect(await foundIn(lines.slice(0, -1))).toEqual([{ kind: 'file_cut' }]);
    expect(await foundIn(lines.with(3, '{"what":1}'))).toContainEqual({ kind: 'file_unreadable', line: 4 });
    expect(await foundIn([...lines, lines[2] ?? ''])).toContainEqual({
      kind: 'file_unreadable',
      line: lines.length + 1,
    });
  });

  test('in which an event and its hash were changed is located to the batch', async () => {
    const at = line(`"id":${id(5)},`);
    const forged = (lines[at] ?? '').replace('"actor":"system"', '"actor":"customer"');
    expect(await foundIn(lines.with(at, forged))).toEqual([{ kind: 'events_changed', batch: 2, events: [id(5)] }]);
    const both = forged.replace(/"leaf":"../, '"leaf":"00');
    expect(await foundIn(lines.with(at, both))).toMatchObject([{ kind: 'batch_changed', batch: 2 }]);
  });
});
