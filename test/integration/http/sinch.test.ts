import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signedHeaders } from '../../../src/sandbox/sinch/index.ts';
import { SINCH } from '../../support/sinch.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

const SENDER = '+46700000009';

let edge: TestEdge;
beforeAll(async () => {
  edge = await openEdge(
    () => ({
      webhookSecrets: async (vendor, app) => (vendor === 'sinch' && app === SINCH.appId ? [SINCH.webhookSecret] : []),
    }),
    { accounts: [{ vendor: 'sinch', channel: 'sms', sender: SENDER, gatewayAccount: SINCH.appId, rate: 100 }] },
  );
});
afterAll(() => edge.close());

async function post(payload: object, change: { secret?: string; body?: string; machine?: () => number } = {}) {
  const body = JSON.stringify({ app_id: SINCH.appId, project_id: 'p', ...payload });
  const headers = signedHeaders(change.secret ?? SINCH.webhookSecret, body, change.machine ?? Date.now);
  const request = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: change.body ?? body,
  };
  return (await fetch(`${edge.origin}/webhooks/sinch`, request)).status;
}

const says = (id: string, text: string) => ({
  message: {
    id,
    direction: 'TO_APP',
    contact_message: { text_message: { text } },
    channel_identity: { channel: 'SMS', identity: '46701234567', app_id: '' },
    sender_id: SENDER.slice(1),
  },
});

test('only what Sinch has signed lately is let in, and once', async () => {
  const { personId } = await edge.drive();
  const stopped = () => edge.value<boolean>('select opted_out_at is not null from persons where id = $1', [personId]);
  expect(await post(says('01A', 'STOP'), { secret: 'another' })).toBe(403);
  expect(await post(says('01A', 'STOP'), { machine: () => Date.now() - 3_600_000 })).toBe(403);
  expect(
    await post(says('01A', 'Hello'), { body: JSON.stringify({ app_id: SINCH.appId, ...says('01A', 'STOP') }) }),
  ).toBe(403);
  expect(await post({ ...says('01A', 'STOP'), app_id: 'another-app' })).toBe(403);
  expect(await post({ contact_create_notification: {} })).toBe(200);
  expect(await stopped()).toBe(false);

  expect(await post(says('01A', 'STOP'))).toBe(200);
  expect(await post(says('01A', 'STOP'))).toBe(200);
  expect(await stopped()).toBe(true);
  expect(await edge.value("select count(*)::int from messages where direction = 'in'")).toBe(1);
  expect(await post({ message: { id: '01B' } })).toBe(400);
});

test('a delivery report moves the attempt that its metadata name', async () => {
  const { leadId } = await edge.drive({ phone: '+46701234568', name: 'Bo' });
  const id = await edge.value<string>(`select id from messages where lead_id = $1 order by due_at limit 1`, [leadId]);
  await edge.world.database.db.system.query(
    `insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, worker, check_at)
     select id, 1, tenant_id, account_id, address_id, channel, 'sending', 1, clock_timestamp() from messages where id = $1`,
    [id],
  );
  await edge.world.database.db.system.query(`update messages set state = 'sending', attempt = 1 where id = $1`, [id]);
  const channel_identity = { channel: 'SMS', identity: '46701234568', app_id: '' };
  const report = { message_id: '01M', status: 'DELIVERED', metadata: `message=${id}&attempt=1`, channel_identity };
  expect(await post({ message_delivery_report: report })).toBe(200);
  expect(await edge.value('select state from messages where id = $1', [id])).toBe('delivered');
});
