import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  allLogs,
  createSealing,
  type LogReport,
  newSigningKey,
  readSigningKey,
  verifyDatabase,
} from '../../../src/audit/index.ts';
import { createBackup, openFolder, restoreBackup } from '../../../src/backup/index.ts';
import { migrate, openDatabase, startEmbedded } from '../../../src/db/index.ts';
import { accountsOf, statusPath } from '../../../src/gateways.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createKeyring } from '../../../src/lib/secrets.ts';
import { markRestored, noticeRestore, reconcile } from '../../../src/messaging/index.ts';
import { createRooms, type Rooms } from '../../../src/rooms.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { texts } from '../../support/texts.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../support/twilio.ts';
import { until } from '../../support/until.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/*
 * A backup is made; a hundred messages leave and ten people say stop; the disk is lost. The copy that is restored knows
 * nothing of it.
 */

const PEOPLE = 100;
const STOPPED = 10;
const LATER = 5; // captured before the backup, due after the restore
const DAY_0 = new Date('2026-11-23T10:00:00Z');
const DAY_2 = new Date('2026-11-25T10:00:00Z');
const KEYS = createKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
const QUICK = { fsync: 'off', full_page_writes: 'off' };

const parent = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'leadrescue-held-'));
chmodSync(parent, 0o755); // run by root, the server is another user and has to get in
const phone = (n: number) => `+4670123${String(n).padStart(4, '0')}`;

async function serverIn(dir: string) {
  const server = await startEmbedded(path.join(parent, dir), undefined, QUICK, true);
  const settings = server.connection('leadrescue');
  await migrate(settings);
  const db = await openDatabase({ settings, strict: true });
  const drop = async () => {
    await db.close();
    await server.stop();
  };
  return { server, database: { db, settings, drop } };
}
type Own = Awaited<ReturnType<typeof serverIn>>;

let world: World;
let admin: Staff;
let copy: Own;
let rooms: Rooms;
const folder = openFolder(path.join(parent, 'backup'), KEYS);

/** The rooms of a process that starts on the copy, with the same gateway. */
const roomsOn = ({ database: { db } }: Own) =>
  createRooms({
    texts: texts(),
    db,
    clock: world.clock,
    log: createLogger('silent'),
    keyring: KEYS,
    publicUrl: world.rooms.dispatching.publicUrl,
    gateways: new Map([['twilio', world.gateway]]),
    accounts: accountsOf({
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      smsFrom: SMS_SENDER,
      whatsappFrom: undefined,
      messagingServiceSid: undefined,
      apiUrl: undefined,
    }).map((account) => ({ ...account, rate: 100_000 })),
    statusPath,
    httpTimeoutMs: 3000,
  });

const count = async (own: Own, sql: string, values: unknown[] = []) => {
  const [row] = await own.database.db.system.query<{ n: number }>(`select count(*) as n from ${sql}`, values);
  return row?.n;
};

/** Everything due happens, and the gateway is asked about what is not known, until nothing is open. */
async function settle(): Promise<void> {
  await until(async () => {
    rooms.dispatcher.wake();
    await rooms.dispatcher.idle();
    await reconcile(rooms.dispatching);
    const open = `messages where state in ('claimed', 'sending', 'uncertain') or state = 'scheduled' and due_at <= $1`;
    return (await count(copy, open, [world.clock.now()])) === 0;
  }, 'everything to be settled');
}

beforeAll(async () => {
  const own = await serverIn('first');
  // it is closed here, when its disk is lost
  world = await openWorld({ whatsapp: false, database: { ...own.database, drop: async () => {} } });
  admin = await world.hire('Sofia Lind', 'admin');
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  for (let n = 0; n < PEOPLE + LATER; n++) {
    await world.drive(admin, { name: `Person ${n}`, phone: phone(n), fields: { car: 'BMW X5' } });
  }
  // the last ones wait, so that something is due after all of this
  await own.database.db.system.query(
    `update messages set due_at = $2 where step_key = 'day_0' and person_id in
       (select person_id from addresses where value = any($1::text[]))`,
    [Array.from({ length: LATER }, (_, n) => phone(PEOPLE + n)), DAY_0],
  );
  await createBackup(own.server, folder, () => new Date());

  await world.settle();
  expect(world.twilio.journal.sent.length).toBe(PEOPLE);
  for (let n = 0; n < STOPPED; n++) {
    await world.twilio.customerSends({ from: phone(n), to: SMS_SENDER, channel: 'sms', body: 'STOP' });
  }
  await world.twilio.idle();
  expect(await count(own, 'persons where opted_out_at is not null')).toBe(STOPPED);
  await own.database.db.close();
  await own.server.stop(); // the disk is lost

  await restoreBackup(folder, { target: path.join(parent, 'copy'), settings: QUICK });
  copy = await serverIn('copy');
  rooms = await roomsOn(copy);
}, 60_000);

afterAll(async () => {
  await rooms.dispatcher.stop();
  await world.close();
  await copy.database.drop();
  rmSync(parent, { recursive: true, force: true });
});

test('the copy knows that it is one, and is held', async () => {
  expect(await count(copy, 'persons where opted_out_at is not null')).toBe(0);
  expect((await rooms.tenants.byId(world.tenant.id)).waitsFor).toBe('restored');
  expect(await count(copy, `messages where lost_since is not null`)).toBe(PEOPLE);
  expect(await count(copy, `events where type = 'tenant.restored'`)).toBe(1);
  // another process, or another start, finds nothing new
  expect(await noticeRestore(copy.database.db, world.clock.now())).toBeUndefined();
});

test('what had left is found at the gateway and marked as sent; every stop counts; nothing goes twice', async () => {
  const before = world.twilio.journal.sent.length;
  await rooms.catchUp.started();
  await settle();
  expect(world.twilio.journal.sent.length).toBe(before);
  expect(await count(copy, `messages where step_key = 'day_0' and state = 'sent'`)).toBe(PEOPLE - STOPPED);
  expect(await count(copy, 'persons where opted_out_at is not null')).toBe(STOPPED);
  const known = world.twilio.journal.sent.map(({ sid }) => sid);
  expect(await count(copy, 'sends where gateway_id = any($1::text[])', [known])).toBe(PEOPLE - STOPPED);
});

test('what is due since waits until an admin releases it, and leaves once', async () => {
  const before = world.twilio.journal.sent.length;
  world.clock.turnTo(DAY_0.getTime() - Date.now());
  await settle();
  expect(world.twilio.journal.sent.length).toBe(before);
  expect(await rooms.live.waiting(world.tenant.id)).toBe(LATER);

  const tenant = await rooms.tenants.byId(world.tenant.id);
  await expect(rooms.live.resume(tenant, { ...admin, role: 'manager' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await rooms.live.resume(tenant, admin)).toEqual({ released: LATER });
  expect(await rooms.live.resume(tenant, admin)).toEqual({ released: 0 });
  await settle();
  expect(
    world.twilio.journal.sent
      .slice(before)
      .map(({ to }) => to)
      .sort(),
  ).toEqual(Array.from({ length: LATER }, (_, n) => phone(PEOPLE + n)));

  world.clock.turnTo(DAY_2.getTime() - Date.now());
  await settle();
  const tally = new Map<string, number>();
  for (const { to } of world.twilio.journal.sent) tally.set(to, (tally.get(to) ?? 0) + 1);
  const stopped = Array.from({ length: STOPPED }, (_, n) => tally.get(phone(n)));
  expect(stopped).toEqual(stopped.map(() => 1));
  expect([...tally.values()].filter((n) => n === 2).length).toBe(PEOPLE + LATER - STOPPED);
});

test('the log verifies, and goes on in a new era where the server is another one', async () => {
  const { db } = copy.database;
  const key = readSigningKey(newSigningKey());
  await createSealing({ db, clock: world.clock, log: createLogger('silent'), key }).run();
  const reports: LogReport[] = [];
  await verifyDatabase(db, await allLogs(db.system), { keys: [...key.trusted], witnesses: [] }, (each) =>
    reports.push(each),
  );
  expect(reports.map(({ findings }) => findings)).toEqual([[]]);
});

test('a snapshot that looks like the original is told by whoever restored it; what was not sent leaves after the release', async () => {
  world.clock.turnTo(new Date('2026-11-26T10:00:00Z').getTime() - Date.now());
  const before = world.twilio.journal.sent.length;
  const { db } = copy.database;
  await db.system.query(
    `update messages set due_at = $1 where id in
       (select id from messages where step_key = 'day_7' and state = 'scheduled' order by id limit 3)`,
    [world.clock.now()],
  );
  await markRestored(db.system);
  const found = await noticeRestore(db, world.clock.now());
  expect(found).toMatchObject({ doubted: 3 });
  rooms.tenants.forget(world.tenant);
  await settle();
  expect(await count(copy, `messages where state = 'held' and reason = 'restored'`)).toBe(3);
  expect(world.twilio.journal.sent.length).toBe(before);
  await rooms.live.resume(await rooms.tenants.byId(world.tenant.id), admin);
  await settle();
  expect(world.twilio.journal.sent.length).toBe(before + 3);
  expect(await count(copy, `messages where state = 'unconfirmed'`)).toBe(0);
});
