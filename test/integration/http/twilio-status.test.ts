import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { Pool } from 'undici';
import { newId } from '../../../src/lib/ids.ts';
import { sign } from '../../../src/sandbox/twilio/index.ts';
import { plan } from '../../support/facts.ts';
import { AUTH_TOKEN, statusForm } from '../../support/twilio.ts';
import { openEdge, PUBLIC_URL, type TestEdge } from './open-edge.ts';

const STATUS = '/webhooks/twilio/status';

describe('Twilio’s status callback', () => {
  let edge: TestEdge;
  let serial = 0;
  const woken = jest.fn(async () => {});
  const batches: number[] = [];
  beforeEach(() => {
    batches.length = 0;
    woken.mockClear();
  });
  beforeAll(async () => {
    edge = await openEdge(({ rooms }) => ({
      wakeMessages: woken,
      statuses(reports) {
        batches.push(reports.length);
        return rooms.statuses(reports);
      },
    }));
    // what the stand-in reports by itself would blur what these tests report
    edge.world.twilio.faults.set({ callbacks: 'none' });
  });
  afterAll(() => edge.close());

  /** A message that has just left, and where its delivery is reported. */
  async function sent(): Promise<{ id: string; sid: string; path: string; line(): Promise<string | undefined> }> {
    const { leadId } = await edge.drive({ phone: `+4670423${String(1000 + serial++)}` });
    await edge.world.settle();
    const id =
      (await edge.value<string>('select id from messages where lead_id = $1 order by due_at limit 1', [leadId])) ?? '';
    const sid = (await edge.value<string>('select gateway_id from sends where message_id = $1', [id])) ?? '';
    return {
      id,
      sid,
      path: `${STATUS}?message=${id}&attempt=1`,
      line: async () => (await plan(edge.world, leadId))[0],
    };
  }
  const webhooks = (result: string) =>
    edge.metric(`leadrescue_webhooks_total{source="twilio.status",result="${result}"}`);

  test('moves the message forward, never back, and answers with nothing', async () => {
    const { path, sid, line } = await sent();
    const answer = await edge.twilio(path, statusForm({ MessageSid: sid, MessageStatus: 'delivered' }));
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(await line()).toBe('day_0 sms delivered');
    expect((await edge.twilio(path, statusForm({ MessageSid: sid, MessageStatus: 'sent' }))).status).toBe(200);
    expect(await line()).toBe('day_0 sms delivered');
  });

  test('a failure that another channel can mend wakes the dispatchers', async () => {
    const { path, sid, id } = await sent();
    await edge.value(`update messages set channel = 'whatsapp' where id = $1`, [id]);
    await edge.value(`update sends set channel = 'whatsapp' where message_id = $1`, [id]);
    const failed = statusForm({ MessageSid: sid, MessageStatus: 'undelivered', ErrorCode: '63024' });
    expect((await edge.twilio(path, failed)).status).toBe(200);
    expect(woken).toHaveBeenCalledTimes(1);
    expect(await edge.value<string>('select state from messages where id = $1', [id])).toBe('scheduled');
  });

  test('about a message that is not ours is answered 200 and counted', async () => {
    const path = `${STATUS}?message=${newId()}&attempt=1`;
    const [unknown, ok] = [await webhooks('unknown'), await webhooks('ok')];
    expect((await edge.twilio(path, statusForm())).status).toBe(200);
    expect([await webhooks('unknown'), await webhooks('ok')]).toEqual([unknown + 1, ok]);
  });

  test.each([
    ['no message', `${STATUS}?attempt=1`, {}, 400],
    ['a message that is no id', `${STATUS}?message=x&attempt=1`, {}, 400],
    ['an attempt that is no number', `${STATUS}?message=${newId()}&attempt=x`, {}, 400],
    ['an attempt beyond all counting', `${STATUS}?message=${newId()}&attempt=99999`, {}, 400],
    ['two messages', `${STATUS}?message=${newId()}&message=${newId()}&attempt=1`, {}, 400],
    ['a status that does not exist', `${STATUS}?message=${newId()}&attempt=1`, { MessageStatus: 'eaten' }, 400],
    ['a body that is too large', `${STATUS}?message=${newId()}&attempt=1`, { Big: 'x'.repeat(70_000) }, 413],
  ])('with %s is refused before it reaches the database', async (_what, path, changes, status) => {
    expect((await edge.twilio(path, statusForm(changes))).status).toBe(status);
    expect(batches).toEqual([]);
  });

  test('that is not signed for exactly this address is refused', async () => {
    const { path, sid, line } = await sent();
    const form = statusForm({ MessageSid: sid, MessageStatus: 'failed', ErrorCode: '30005' });
    const refused = await webhooks('refused');
    expect((await edge.twilio(path, form, 'not-the-token')).status).toBe(403);
    const signature = sign(AUTH_TOKEN, PUBLIC_URL + path, form);
    const init = { method: 'POST', body: new URLSearchParams(form), headers: { 'x-twilio-signature': signature } };
    expect((await fetch(`${edge.origin}${path.replace('attempt=1', 'attempt=2')}`, init)).status).toBe(403);
    expect((await fetch(edge.origin + path)).status).toBe(405);
    expect(await line()).toBe('day_0 sms sent');
    expect(await webhooks('refused')).toBe(refused + 2);
  });

  test('is answered 500 while the database refuses, and taken again after that', async () => {
    const { path, sid, line } = await sent();
    const owner = new pg.Client(edge.world.database.settings);
    await owner.connect();
    await owner.query('revoke update on sends from leadrescue_system');
    const form = statusForm({ MessageSid: sid });
    const answers = await Promise.all([edge.twilio(path, form), edge.twilio(path, form)]);
    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    expect(await line()).toBe('day_0 sms sent');
    await owner.query('grant update on sends to leadrescue_system');
    await owner.end();
    expect((await edge.twilio(path, form)).status).toBe(200);
    expect(await line()).toBe('day_0 sms delivered');
  });

  test('is not lost because of another one that the database cannot take', async () => {
    for (let tries = 1; ; tries++) {
      batches.length = 0;
      const good = await sent();
      const [spoiled, owner] = [await sent(), await sent()];
      // a gateway id belongs to one attempt only: this report claims somebody else's
      await edge.value('update sends set gateway_id = null where message_id = $1', [spoiled.id]);
      const answers = await Promise.all([
        edge.twilio(spoiled.path, statusForm({ MessageSid: owner.sid })),
        edge.twilio(good.path, statusForm({ MessageSid: good.sid })),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([500, 200]);
      expect(await good.line()).toBe('day_0 sms delivered');
      if (batches[0] === 2 || tries === 20) break; // on a busy machine they may come too far apart for one batch
    }
    expect(batches[0]).toBe(2);
  });

  test('comes by the thousand, and the database sees few statements', async () => {
    const { id, sid } = await sent();
    const pool = new Pool(edge.origin, { connections: 64, pipelining: 1 });
    const statuses = ['sent', 'delivered'];
    const calls = Array.from({ length: 2000 }, (_, i) => {
      const path = `${STATUS}?message=${i % 3 ? newId() : id}&attempt=1`;
      const form = statusForm({ MessageSid: i % 3 ? `SM${newId()}` : sid, MessageStatus: statuses[i % 2] ?? '' });
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign(AUTH_TOKEN, PUBLIC_URL + path, form),
      };
      return { path, method: 'POST' as const, headers, body: new URLSearchParams(form).toString() };
    });
    const answers = await Promise.all(
      calls.map(async (call) => {
        const { statusCode, body } = await pool.request(call);
        await body.dump();
        return statusCode;
      }),
    );
    await pool.close();
    expect(answers.every((status) => status === 200)).toBe(true);
    expect(batches.reduce((sum, size) => sum + size, 0)).toBe(calls.length);
    expect(batches.length).toBeLessThan(calls.length / 2);
  }, 30_000);
});
