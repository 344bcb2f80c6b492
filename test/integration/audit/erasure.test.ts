import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkProof, type Proof, prove } from '../../../src/audit/index.ts';
import type { Tx } from '../../../src/db/index.ts';
import { appendOne, commit, eraseDetails, keepDetail, newDetail, readDetail } from '../../../src/events/index.ts';
import { newId, type PersonId } from '../../../src/lib/ids.ts';
import { foundIn, type LogWorld, moved, openLog } from './log-world.ts';

const WORDS = 'Anna Karlsson, +46 70 123 45 67: sluta skriva';
const dataKey = randomBytes(32);
const anna = newId<PersonId>();
let world: LogWorld;
let eventId: number;

beforeAll(async () => {
  world = await openLog();
  const detail = newDetail({ words: WORDS });
  eventId = await world.db.inTenant(world.nordic.id, async (tx) => {
    const event = { ...moved('won'), personId: anna, commitment: detail.commitment };
    const id = await appendOne(tx, tx.tenantId, world.clock.now(), 'system', event);
    await keepDetail(tx, dataKey, id, detail, anna);
    return id;
  });
  await world.seal();
});
afterAll(() => world.close());

const inTenant = <T>(work: (tx: Tx) => Promise<T>) => world.db.inTenant(world.nordic.id, work);
const read = () => inTenant((tx) => readDetail(tx, dataKey, eventId));
const proof = async () => (await prove(world.db.system, eventId)) as Proof;

describe('the private part of an event', () => {
  test('is read back, and is nowhere in clear', async () => {
    expect(await read()).toEqual({ words: WORDS });
    const [row] = await world.db.system.query<{ all: string }>(
      `select (select string_agg(e::text, '') from events e) || (select encode(sealed, 'escape') from event_details) as all`,
    );
    expect(row?.all).not.toContain('Anna');
    expect(row?.all).not.toContain('sluta');
  });

  test('cannot be swapped for another', async () => {
    const other = newDetail({ words: 'nothing' });
    const [id] = await world.happen();
    await inTenant((tx) => keepDetail(tx, dataKey, id ?? 0, other));
    await expect(inTenant((tx) => readDetail(tx, dataKey, id ?? 0))).rejects.toThrow(/another one/);
    await world.tamper(
      'update event_details a set sealed = b.sealed from event_details b where a.event_id = $1 and b.event_id = $2',
      [eventId, id],
    );
    await expect(read()).rejects.toThrow();
    await inTenant((tx) => tx.query('delete from event_details where event_id = any($1)', [[eventId, id]]));
  });
});

describe('COMPLIANCE T12.4 after an erasure', () => {
  let before: Proof;
  beforeAll(async () => {
    await inTenant(async (tx) => {
      const detail = newDetail({ words: WORDS });
      const event = { ...moved('lost'), personId: anna, commitment: detail.commitment };
      const id = await appendOne(tx, tx.tenantId, world.clock.now(), 'system', event);
      await keepDetail(tx, dataKey, id, detail, anna);
      eventId = id;
    });
    await world.seal();
    before = await proof();
    expect(await inTenant((tx) => eraseDetails(tx, anna))).toBe(1);
  });

  test('the log and its proofs hold as before', async () => {
    expect(await world.found()).toEqual([]);
    expect(await foundIn(await world.export())).toEqual([]);
    expect(checkProof(before, { keys: world.key.trusted, witnesses: [] })).toEqual([]);
    expect(await proof()).toEqual(before);
  });

  test('nothing of the words is left, and they cannot be found by guessing', async () => {
    expect(await read()).toBeUndefined();
    const { commitment } = before.event.data as { commitment: string };
    const guesses = [Buffer.alloc(0), Buffer.alloc(32), Buffer.from(String(eventId)), Buffer.from(anna)];
    for (const salt of guesses) expect(commit(salt, { words: WORDS })).not.toBe(commitment);
  });

  test('of nobody, nothing is erased', async () => {
    expect(await inTenant((tx) => eraseDetails(tx, newId<PersonId>()))).toBe(0);
  });
});
