import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { readStored } from '../../../src/gateways.ts';
import { sign } from '../../../src/sandbox/twilio/index.ts';
import { enrolmentState } from '../../support/facts.ts';
import { ACCOUNT_SID, AUTH_TOKEN, inboundForm } from '../../support/twilio.ts';
import { SMS_SENDER } from '../../support/world.ts';
import { openEdge, PUBLIC_URL, type TestEdge, until } from './open-edge.ts';

const INBOUND = '/webhooks/twilio/inbound';
const FORM = 'application/x-www-form-urlencoded';

describe('Twilio’s inbound webhook', () => {
  let edge: TestEdge;
  let serial = 0;
  let anna = '';
  beforeAll(async () => {
    edge = await openEdge();
  });
  afterAll(() => edge.close());

  const form = (changes: Record<string, string> = {}) =>
    inboundForm({ MessageSid: `SM${String(serial++).padStart(32, '0')}`, From: anna, To: SMS_SENDER, ...changes });
  const signatureOf = (fields: Record<string, string>, url = PUBLIC_URL + INBOUND) => sign(AUTH_TOKEN, url, fields);
  const post = (body: string | Buffer, headers: Record<string, string>, path = INBOUND) =>
    fetch(edge.origin + path, { method: 'POST', body, headers: { 'content-type': FORM, ...headers } });
  const encoded = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

  /** A customer of their own for each test: `form` writes as the newest. */
  const drive = () => {
    anna = `+4670523${String(1000 + serial++)}`;
    return edge.drive({ phone: anna });
  };
  const inbound = () => edge.value<number>(`select count(*) from messages where direction = 'in'`);
  const stored = () => edge.value<string>('select state from webhook_log order by received_at desc limit 1');
  /** What could have changed: webhooks stored, messages, events. */
  const traces = () =>
    edge.value<string>(`select concat_ws(' ', (select count(*) from webhook_log), (select count(*) from messages),
      (select count(*) from events), (select count(*) from persons where opted_out_at is not null))`);

  test('stores, handles and answers with TwiML that says nothing', async () => {
    const { leadId } = await drive();
    const answer = await edge.twilio(INBOUND, form({ Body: 'Hej, vad kostar den?', NewField: 'åäö & 1=2 +' }));
    expect([answer.status, answer.contentType]).toEqual([200, 'text/xml; charset=utf-8']);
    expect(answer.body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    expect(await enrolmentState(edge.world, leadId)).toBe('replied');
    expect(await stored()).toBe('done');
    expect(await edge.metric('leadrescue_webhooks_total{source="twilio.inbound",result="ok"}')).toBeGreaterThan(0);
  });

  test('has one effect when it is delivered twice', async () => {
    await drive();
    const same = form({ Body: 'Hej!' });
    const before = (await inbound()) ?? 0;
    expect((await edge.twilio(INBOUND, same)).status).toBe(200);
    expect((await edge.twilio(INBOUND, same)).status).toBe(200);
    expect(await inbound()).toBe(before + 1);
  });

  test('believes a signature over the public address with its query, whatever Host says', async () => {
    await drive();
    const path = `${INBOUND}?tenant=a%20b&x='`;
    const fields = form({ Body: 'Hej!' });
    const signature = signatureOf(fields, PUBLIC_URL + path);
    const answer = await post(
      encoded(fields),
      { 'x-twilio-signature': signature, 'x-forwarded-host': 'evil.test' },
      path,
    );
    expect(answer.status).toBe(200);
  });

  test('counts every field received, also one that came twice', async () => {
    await drive();
    const fields = form({ Body: 'Hej!' });
    // array values are de-duplicated, sorted, and each prefixed with its key
    const signature = signatureOf({ ...fields, Tag: 'aTagb' });
    const answer = await post(`${encoded(fields)}&Tag=b&Tag=a&Tag=b`, { 'x-twilio-signature': signature });
    expect(answer.status).toBe(200);
    const without = await post(`${encoded(form({ Body: 'Hej!' }))}&Tag=b`, { 'x-twilio-signature': signature });
    expect(without.status).toBe(403);
  });

  describe('without effect', () => {
    const stop = () => form({ Body: 'STOP' });
    const cases: [string, number, () => Promise<{ status: number }>][] = [
      ['no signature', 403, () => post(encoded(stop()), {})],
      ['an empty signature', 403, () => post(encoded(stop()), { 'x-twilio-signature': '' })],
      ['another token’s signature', 403, () => edge.twilio(INBOUND, stop(), 'not-the-token')],
      [
        'an account that is not ours',
        403,
        () => edge.twilio(INBOUND, { ...stop(), AccountSid: `AC${'f'.repeat(32)}` }),
      ],
      ['no account', 403, () => edge.twilio(INBOUND, { Body: 'STOP' })],
      [
        'a field changed after signing',
        403,
        () => {
          const fields = form({ Body: 'Hello' });
          const signature = signatureOf(fields);
          return post(encoded({ ...fields, Body: 'STOP' }), { 'x-twilio-signature': signature });
        },
      ],
      [
        'a field added after signing',
        403,
        () => {
          const fields = stop();
          return post(`${encoded(fields)}&OptOutType=STOP`, { 'x-twilio-signature': signatureOf(fields) });
        },
      ],
      [
        'a field left out after signing',
        403,
        () => {
          const { NumSegments, ...rest } = stop();
          const signature = signatureOf({ ...rest, NumSegments: NumSegments ?? '' });
          return post(encoded(rest), { 'x-twilio-signature': signature });
        },
      ],
      [
        'a signature for another path',
        403,
        () => {
          const fields = stop();
          const signature = signatureOf(fields, `${PUBLIC_URL}/webhooks/twilio/status`);
          return post(encoded(fields), { 'x-twilio-signature': signature });
        },
      ],
      [
        'a signature for the address behind the proxy',
        403,
        () => {
          const fields = stop();
          return post(encoded(fields), { 'x-twilio-signature': signatureOf(fields, edge.origin + INBOUND) });
        },
      ],
      ['a message without a sender', 400, () => edge.twilio(INBOUND, { AccountSid: ACCOUNT_SID, Body: 'STOP' })],
      ['a body that is too large', 413, () => edge.twilio(INBOUND, form({ Body: `STOP${' '.repeat(70_000)}` }))],
      ['JSON', 415, () => post(JSON.stringify(stop()), { 'content-type': 'application/json' })],
      ['a body of no kind', 415, () => post(encoded(stop()), { 'content-type': 'text/plain' })],
      ['a compressed body', 415, () => post(encoded(stop()), { 'content-encoding': 'gzip' })],
      ['an empty body', 403, () => post('', {})],
      ['a GET', 405, () => fetch(`${edge.origin}${INBOUND}?${encoded(stop())}`)],
      ['a PUT', 405, () => fetch(edge.origin + INBOUND, { method: 'PUT' })],
    ];
    test.each(cases)('%s is answered %d', async (_what, status, send) => {
      await drive();
      const before = await traces();
      expect((await send()).status).toBe(status);
      expect(await traces()).toBe(before);
    });
  });

  test('G5 keeps and parks a message by a channel that is not ours', async () => {
    const fields = form({ From: 'messenger:1', Body: 'STOP' });
    expect((await edge.twilio(INBOUND, fields)).status).toBe(200);
    expect((await edge.twilio(INBOUND, fields)).status).toBe(200);
    const kept = await edge.value<string>(
      `select string_agg(state || ' ' || error, ', ') from webhook_log where external_id = $1`,
      [fields.MessageSid],
    );
    expect(kept).toBe('parked unknown_channel');
  });

  test('a text with a NUL, which Postgres cannot keep, is taken all the same', async () => {
    const answer = await edge.twilio(INBOUND, form({ From: '+46709990099', Body: 'a\0b', ProfileName: 'Eve\0' }));
    expect(answer.status).toBe(200);
    expect(await edge.value<string>('select name from persons order by created_at desc, id desc limit 1')).toBe(
      'Eve\ufffd',
    );
  });

  test('G3 acknowledges a STOP only after it is committed', async () => {
    const { personId, leadId } = await drive();
    const { settings, db } = edge.world.database;
    const other = new pg.Client(settings);
    await other.connect();
    await other.query(`begin; set local role leadrescue_system`);
    await other.query('select from persons where id = $1 for update', [personId]);

    let answered = false;
    const stops = () => edge.metric('leadrescue_stop_seconds_count{way="message"}');
    const before = await stops();
    const answer = edge.twilio(INBOUND, form({ Body: 'STOP' })).then((result) => {
      answered = true;
      return result;
    });
    const waits = `select from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where not l.granted and a.datname = current_database()`;
    await until(async () => (await db.system.query(waits)).length > 0);
    expect(answered).toBe(false);
    expect(await stored()).toBe('stored'); // before anything else (G5)
    expect(await enrolmentState(edge.world, leadId)).toBe('active');
    await other.query('commit');
    await other.end();

    expect((await answer).status).toBe(200);
    expect(await enrolmentState(edge.world, leadId)).toBe('opted_out');
    expect(await stops()).toBe(before + 1);
  });

  test('G5 what could not be handled is answered 500, stays stored, and is handled later', async () => {
    const { leadId } = await drive();
    const owner = new pg.Client(edge.world.database.settings);
    await owner.connect();
    await owner.query('revoke insert on messages from leadrescue_app');
    expect((await edge.twilio(INBOUND, form({ Body: 'STOP' }))).status).toBe(500);
    expect(await stored()).toBe('stored');
    expect(await enrolmentState(edge.world, leadId)).toBe('active');

    await owner.query('grant insert on messages to leadrescue_app');
    await owner.end();
    await edge.value(`update webhook_log set next_at = clock_timestamp() where state = 'stored'`);
    expect(await edge.world.rooms.inbox.retry(readStored)).toBe(1);
    expect(await enrolmentState(edge.world, leadId)).toBe('opted_out');
    expect(await stored()).toBe('done');
  });
});
