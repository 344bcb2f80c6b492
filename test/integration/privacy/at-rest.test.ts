import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type MessageId, newId } from '../../../src/lib/ids.ts';
import { readBody } from '../../../src/messaging/index.ts';
import { openWorld, SMS_SENDER, type World } from '../../support/world.ts';

/** Cannot be compressed, so that a page that holds it in any way holds it as it is. */
const marker = () => randomBytes(24).toString('base64url');

/** Whether any file of the server holds these bytes: tables, indexes, TOAST, write-ahead log. */
function onDisk(folder: string, words: string): boolean {
  return whileThere(() => readdirSync(folder, { withFileTypes: true }), []).some((entry) => {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) return onDisk(inside, words);
    return entry.isFile() && whileThere(() => readFileSync(inside).includes(words), false);
  });
}

/** What `look` sees; `gone` where the file was recycled, or its database dropped, while we looked. */
function whileThere<T>(look: () => T, gone: T): T {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return gone;
    throw error;
  }
}

describe('what the database keeps on disk', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  async function checkpoint(): Promise<void> {
    const client = new pg.Client({ ...world.database.settings, user: 'postgres' });
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(
      `select current_setting('data_directory') as folder from (select pg_switch_wal()) as _`,
    );
    folder = rows[0]?.folder ?? '';
    await client.query('checkpoint');
    await client.end();
  }

  test('G7 has no words of a conversation in it, in tables or in the log', async () => {
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    const { leadId } = await world.drive(sofia);
    await world.settle();
    const said = marker();
    const answered = marker();
    const name = marker();
    await world.twilio.customerSends({ from: '+46701234567', to: SMS_SENDER, channel: 'sms', body: `Hej ${said}` });
    await world.rooms.desk.reply(sofia, leadId, `Svar ${answered}`, newId());
    const { data } = await world.rooms.tenants.keys(world.tenant.id);
    const bodies = await world.database.db.inTenant(world.tenant.id, async (tx) => {
      const rows = await tx.query<{ id: MessageId }>('select id from messages where body is not null');
      const words: (string | null)[] = [];
      for (const { id } of rows) words.push(await readBody(tx, data, id));
      return words;
    });
    expect(bodies).toEqual(expect.arrayContaining([`Hej ${said}`, `Svar ${answered}`]));
    // the positive control: what is kept in clear is found
    await world.database.db.system.query('update persons set name = $2 where tenant_id = $1', [world.tenant.id, name]);
    await checkpoint();
    expect(onDisk(folder, name)).toBe(true);
    expect(onDisk(folder, said)).toBe(false);
    expect(onDisk(folder, answered)).toBe(false);
  });
});
