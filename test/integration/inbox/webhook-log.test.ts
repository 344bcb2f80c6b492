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

test('one that was processed says so when it comes again', async () => {
  const first = await log.store('again', 'SM1', { Body: 'Hej' });
  await log.done(first.id);
  expect(await log.store('again', 'SM1', { Body: 'Hej' })).toEqual({ id: first.id, done: true });
});
