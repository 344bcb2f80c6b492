import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createVendors } from '../../../src/vendors.ts';
import { SINCH, startSinch, type TestSinch } from '../../support/sinch.ts';
import { U_ADMIN, U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../support/twilio.ts';

let sinch: TestSinch;
let world: TestEdge;
let vendors: ReturnType<typeof createVendors>;
beforeAll(async () => {
  sinch = await startSinch();
  const twilio = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, smsFrom: undefined, whatsappFrom: undefined };
  vendors = createVendors({
    twilio: { ...twilio, messagingServiceSid: undefined, apiUrl: 'http://127.0.0.1:1' },
    sinch: { ...SINCH, appId: 'platform', apiUrl: sinch.url },
    mail: undefined,
    httpTimeoutMs: 1000,
    clock: { machine: Date.now, now: () => new Date() },
  });
  world = await startEdge({
    own: vendors.own(
      async () => {},
      () => {},
    ),
  });
  await world.tenant();
});
afterAll(async () => {
  await world.stop();
  await vendors.close();
  await sinch.stop();
});

async function channels(user = U_ADMIN) {
  const { shown } = await world.slack.slash(user, '/rescue', 'channels');
  if (!shown) throw new Error('nothing was shown');
  return shown;
}
const open = async () => (await world.slack.click(U_ADMIN, { message: await channels() }, 'Connect Sinch')).modal();
const right = {
  'Project ID': SINCH.projectId,
  'App ID': SINCH.appId,
  'Access key: ID': SINCH.keyId,
  'Access key: secret': SINCH.keySecret,
  'Secret of the webhook': SINCH.webhookSecret,
  'Number for SMS': '+46700000077',
};

test('an admin connects Sinch by a form that says what is wrong before anything is kept', async () => {
  const half = await world.slack.submit(U_ADMIN, await open(), { ...right, 'Number for SMS': '0700' });
  expect(JSON.stringify(half.errors)).toContain('Write it like +46700000001.');
  const wrong = await world.slack.submit(U_ADMIN, await open(), { ...right, 'Access key: secret': 'wrong' });
  expect(JSON.stringify(wrong.errors)).toContain('Sinch did not accept our account.');
  expect((await channels()).text).not.toContain('Sinch');

  expect((await world.slack.submit(U_ADMIN, await open(), right)).closed).toBe(true);
  expect((await channels()).text).toMatch(/\*SMS\* from \+46700000077 \(sinch\).*your own\n✓ works/);
});

test('who is no manager sees nothing of it', async () => {
  expect((await channels(U_SOFIA)).text).toMatch(/^Only managers and admins can do this\./);
});
