import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWebhookLog, type WebhookLog } from '../../../src/inbox/webhook-log.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let log: WebhookLog;
beforeAll(async () => {
  database = await freshDatabase();
  log = createWebhookLog({ db: database.db, key: Buffer.alloc(32, 9) });
});
afterAll(() => database.drop());

const rows = async () =>
  (await database.db.system.query<{ n: number }>('select count(*) as n from webhook_log'))[0]?.n ?? 0;

test('copies of a webhook that arrive at once are one row, and none of them is an error', async () => {
  const before = await rows();
  const names = Array.from({ length: 60 }, (_, n) => `SM${n}`);
  for (const name of names) {
    const copies = await Promise.all(Array.from({ length: 8 }, () => log.store('race', name, { Body: 'Hej' })));
    expect(new Set(copies.map(({ id }) => id)).size).toBe(1);
    expect(copies.every(({ done }) => !done)).toBe(true);
  }
  expect(await rows()).toBe(before + names.length);
});

test('what waits for another system is tried for a day, everything else ten times', async () => {
  const { id } = await log.store('patient', 'L1', { raw: 'x' }, { soon: true });
  const sql = database.db.system;
  /** Another try that fails; what it becomes. */
  const fail = async (patiently?: true) => {
    await sql.query(`update webhook_log set next_at = clock_timestamp() where id = $1 and state = 'stored'`, [id]);
    const taken = await log.takeOpen(10, { only: ['patient'] });
    if (taken.length > 0) await log.postpone(id, 'no_answer', patiently ? { patiently } : {});
    const [row] = await sql.query<{ state: string }>('select state from webhook_log where id = $1', [id]);
    return `${row?.state} ${taken.length}`;
  };
  for (let tries = 0; tries < 40; tries++) expect(await fail(true)).toBe('stored 1');
  await sql.query(`update webhook_log set try_until = clock_timestamp() - interval '1 second' where id = $1`, [id]);
  expect(await fail(true)).toBe('parked 1');

  await sql.query(`update webhook_log set state = 'stored', attempts = 0, try_until = null where id = $1`, [id]);
  for (let tries = 1; tries < 10; tries++) expect(await fail()).toBe('stored 1');
  expect(await fail()).toBe('parked 1');
  expect(await fail()).toBe('parked 0');
});

test('one that was processed says so when it comes again', async () => {
  const first = await log.store('again', 'SM1', { Body: 'Hej' });
  await log.done(first.id);
  expect(await log.store('again', 'SM1', { Body: 'Hej' })).toEqual({ id: first.id, done: true });
});
