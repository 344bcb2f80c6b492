import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signedToken } from '../../../src/lib/signed-links.ts';
import { signedHeaders } from '../../../src/sandbox/sinch/index.ts';
import { sign as twilioSignature } from '../../../src/sandbox/twilio/index.ts';
import type { Form } from '../../../src/tenants/index.ts';
import { googleLeads } from '../../../src/vendors/google/index.ts';
import { MARK, misencoded, spoiledForm, spoiledJson, TEXTS } from '../../support/hostile.ts';
import { collecting } from '../../support/log.ts';
import { SINCH } from '../../support/sinch.ts';
import { ACCOUNT_SID, AUTH_TOKEN, inboundForm, statusForm } from '../../support/twilio.ts';
import { SMS_SENDER } from '../../support/world.ts';
import { openEdge, PUBLIC_URL, type TestEdge } from '../http/open-edge.ts';

/* Every door that strangers can knock at: what is not signed has no effect, and nothing that is sent makes us fail. */

const APP_SECRET = 'meta-app-secret';
const ghl = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const RUNS = { seed: 84, numRuns: 16, endOnFailure: true } as const;

type Body = string | Uint8Array<ArrayBuffer>;
interface Door {
  name: string;
  path: () => string;
  /** A right body, and what it may be changed to. */
  good: () => string;
  spoiled: () => fc.Arbitrary<string>;
  type: string;
  /** Headers that prove who sends these bytes; none where whoever knows the address may send. */
  proof?: (body: Body) => Record<string, string>;
}

let edge: TestEdge;
let form: Form;
let googleKey = '';
let apiToken = '';
/** Links of somebody, whose buttons anybody can press who has them. */
let links: Record<'stop' | 'appointment' | 'shown' | 'upload', string>;
/** What the rooms wrote to the log. */
const roomLines: Record<string, unknown>[] = [];

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const encoded = (fields: Iterable<[string, string]>) => new URLSearchParams([...fields]).toString();
const bytesOf = (body: Body) => Buffer.from(body as string);
const fieldsOf = (body: Body) => Object.fromEntries(new URLSearchParams(bytesOf(body).toString()));

const twilio = (path: string, fields: () => Record<string, string>): Door => ({
  name: `Twilio ${path}`,
  path: () => path,
  good: () => encoded(Object.entries(fields())),
  spoiled: () => spoiledForm(fields()).map(encoded),
  type: FORM,
  proof: (body) => ({ 'x-twilio-signature': twilioSignature(AUTH_TOKEN, PUBLIC_URL + path, fieldsOf(body)) }),
});
const json = (name: string, path: () => string, good: () => object, proof?: Door['proof']): Door => ({
  name,
  path,
  good: () => JSON.stringify(good()),
  spoiled: () => spoiledJson(good()),
  type: JSON_TYPE,
  ...(proof && { proof }),
});

/** A page with a button. */
const page = (name: string, path: () => string, fields: Record<string, string>): Door => ({
  name,
  path,
  good: () => encoded(Object.entries(fields)),
  spoiled: () => spoiledForm(fields).map(encoded),
  type: FORM,
});

const PHOTO = { name: 'photo', filename: 'licence.png', type: 'image/png', bytes: '\u0089PNG' };
const photo = (part: ReadonlyMap<string, string>) =>
  `--cut\r\nContent-Disposition: form-data; name="${part.get('name')}"; filename="${part.get('filename')}"\r\n` +
  `Content-Type: ${part.get('type')}\r\n\r\n${part.get('bytes')}\r\n--cut--\r\n`;

const enquiry = () => ({
  name: 'Jo Ek',
  email: 'jo@acme.example',
  phone: '+46701230001',
  serviceType: 'Corporate',
  estimatedValue: 900,
  groupSize: 8,
  consent: true,
  message: 'Three cars, please.',
});

const DOORS: Door[] = [
  twilio('/webhooks/twilio/inbound', () =>
    inboundForm({ To: SMS_SENDER, NumMedia: '1', MediaUrl0: 'https://x', MediaContentType0: 'image/png' }),
  ),
  twilio('/webhooks/twilio/status?message=019ab6d4-0000-7000-8000-000000000001&attempt=1', () =>
    statusForm({ ErrorCode: '30003' }),
  ),
  json(
    'Sinch',
    () => '/webhooks/sinch',
    () => ({
      app_id: SINCH.appId,
      message: {
        id: '01A',
        direction: 'TO_APP',
        accept_time: '2026-11-23T09:00:00Z',
        contact_message: { text_message: { text: 'Hello' }, media_message: { url: 'https://x.sinch.com/1' } },
        channel_identity: { channel: 'SMS', identity: '46701234567', app_id: '' },
        sender_id: '46700000009',
      },
      message_delivery_report: { message_id: '01M', status: 'DELIVERED', metadata: 'message=1&attempt=1' },
    }),
    (body) => signedHeaders(SINCH.webhookSecret, bytesOf(body).toString(), Date.now) as Record<string, string>,
  ),
  json(
    'Meta',
    () => '/webhooks/meta',
    () => ({
      object: 'page',
      entry: [
        { id: '1', time: 1, changes: [{ field: 'leadgen', value: { leadgen_id: '9', page_id: '7', form_id: '3' } }] },
      ],
    }),
    (body) => ({
      'x-hub-signature-256': `sha256=${createHmac('sha256', APP_SECRET).update(bytesOf(body)).digest('hex')}`,
    }),
  ),
  json(
    'GoHighLevel',
    () => '/webhooks/gohighlevel',
    () => ({
      type: 'ContactCreate',
      timestamp: new Date().toISOString(),
      webhookId: 'w1',
      locationId: 'l1',
      id: 'c1',
      name: 'John Déo',
      email: 'john@example.com',
      phone: '+19195550111',
      tags: ['hot'],
      customFields: [{ id: 'x', value: 'y' }],
    }),
    (body) => ({ 'x-ghl-signature': signBytes(null, bytesOf(body), ghl.privateKey).toString('base64') }),
  ),
  json(
    'Google',
    () => '/webhooks/google-leads',
    () => ({
      lead_id: 'g-1',
      google_key: googleKey,
      is_test: false,
      user_column_data: [
        { column_id: 'FULL_NAME', string_value: 'First Last' },
        { column_id: 'EMAIL', string_value: 'first@example.com' },
        { column_id: 'what_is_it', string_value: 'Wedding' },
      ],
    }),
  ),
  json(
    'the provider of e-mail',
    () => '/webhooks/email-engagement',
    () => ({
      event: 'bounce',
      status: '5.1.1',
      email: 'a@b.example',
      id: '<lr.019ab6d4-0000-7000-8000-000000000001.1@x>',
    }),
  ),
  json('a form as JSON', () => '/webhooks/form-submission', enquiry),
  {
    name: 'a form as a browser sends it',
    path: () => '/webhooks/form-submission',
    good: () => encoded(Object.entries(enquiry()).map(([name, value]) => [name, String(value)])),
    spoiled: () =>
      spoiledForm(Object.fromEntries(Object.entries(enquiry()).map(([n, v]) => [n, String(v)]))).map(encoded),
    type: FORM,
  },
  json('a form’s page, by a program', () => `/api/forms/${form.slug}/submit`, enquiry),
  {
    name: 'a form’s page, by a browser',
    path: () => `/api/forms/${form.slug}/submit`,
    good: () => encoded(Object.entries(pageFields())),
    spoiled: () => spoiledForm(pageFields()).map(encoded),
    type: FORM,
  },
  {
    name: 'a form in parts',
    path: () => '/webhooks/form-submission',
    good: () => multipart(Object.entries(enquiry()).map(([name, value]) => [name, String(value)])),
    spoiled: () =>
      spoiledForm(Object.fromEntries(Object.entries(enquiry()).map(([n, v]) => [n, String(v)]))).map(multipart),
    type: 'multipart/form-data; boundary=cut',
  },
  page('the way out', () => links.stop, { action: 'stop', 'List-Unsubscribe': 'One-Click' }),
  page('an appointment', () => links.appointment, { action: 'move', at: '1764324000000' }),
  page('what is shown once', () => links.shown, { action: 'show' }),
  {
    name: 'a photo',
    path: () => links.upload,
    good: () => photo(new Map(Object.entries(PHOTO))),
    spoiled: () => spoiledForm(PHOTO).map((fields) => photo(new Map(fields))),
    type: 'multipart/form-data; boundary=cut',
  },
  json(
    'the API, signing in',
    () => '/api/v2/tokens',
    () => ({ apiKey: 'lrk_x' }),
  ),
  json(
    'the API, a lead',
    () => '/api/v2/leads',
    () => ({
      playbook: 'corporate-travel',
      name: 'Åsa Öberg',
      phone: '+46701230002',
      email: 'asa@fans.example',
      language: 'sv',
      fields: { service: 'airport' },
      consent: true,
      externalId: 'crm-1',
    }),
    () => ({ authorization: `Bearer ${apiToken}` }),
  ),
];

const pageFields = (): Record<string, string> => {
  const id = '019ab6d4-0000-7000-8000-00000000000a';
  return {
    name: 'Åsa Öst',
    email: 'asa@ost.example',
    phone: '',
    message: 'Hi',
    lang: 'sv',
    token: signedToken(edge.world.rooms.linkKey, `form/${form.id}`, id),
    consent: 'on',
  };
};
const multipart = (fields: [string, string][]) =>
  `${fields.map(([name, value]) => `--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--cut--\r\n`;

beforeAll(async () => {
  const gohighlevel = { ed25519: ghl.publicKey, rsa: rsa.publicKey };
  edge = await openEdge(
    () => ({
      signedBy: { meta: { appSecret: APP_SECRET, verifyToken: 'verify-me' }, gohighlevel },
      apiRates: { key: 5000, all: 100_000, address: 100_000, signIn: 5000 },
      webhookSecrets: async (vendor, account) => {
        if (vendor === 'twilio' && account === ACCOUNT_SID) return [AUTH_TOKEN];
        return vendor === 'sinch' && account === SINCH.appId ? [SINCH.webhookSecret] : [];
      },
    }),
    { sourcePorts: new Map([['google', googleLeads]]), log: collecting(roomLines) },
  );
  const { rooms } = edge.world;
  const boss = await edge.world.hire('Maria Berg', 'admin');
  ({ form } = await rooms.forms.make(boss, { name: 'Resor', playbook: 'corporate-travel' }));
  const made = await rooms.leadSources.connect(boss, {
    kind: 'google',
    name: 'Ads',
    playbook: 'corporate-travel',
    account: '',
    secrets: {},
  });
  googleKey = made.key ?? '';
  const { words } = await rooms.apiKeys.make(boss, { name: 'Fuzz', role: 'admin' });
  apiToken = (await rooms.signIns.withKey(words)).accessToken;
  const { leadId, personId, link } = await edge.drive({ phone: '+46701239999' });
  const { tenant } = edge.world;
  const startsAt = new Date('2026-11-28T11:00:00+01:00');
  const booking = await rooms.bookings.book(tenant.id, { leadId, personId, startsAt, by: { kind: 'agent' } });
  links = {
    stop: link,
    appointment: `/b/${signedToken(rooms.linkKey, 'booking', booking.id)}`,
    shown: `/l/${(await rooms.privacy.exportLink(boss, personId)).token}`,
    upload: `/u/${await rooms.vault.createUploadLink(tenant.id, leadId)}`,
  };
});
afterAll(() => edge.close());

let address = 0;
/** Each request comes from another address, so that no limit on guessing hides what is behind it. */
function nextAddress(): string {
  address++;
  return `198.51.${(address >> 8) & 255}.${address & 255}`;
}

async function knock(door: Door, body: Body, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(edge.origin + door.path(), {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': door.type,
      'x-forwarded-for': nextAddress(),
      ...headers,
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** How many rows each table has, but for those in which it is counted who asked how often. */
async function rows(): Promise<Record<string, number>> {
  const { system } = edge.world.database.db;
  const tables = await system.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as n from "${name}"`);
  const found = await system.query<{ name: string; n: number }>(counts.join(' union all '));
  return Object.fromEntries(found.map(({ name, n }) => [name, n]));
}

/** Lines that say that something of ours went wrong; what a signed sender writes that we do not understand is theirs. */
const failures = () =>
  [...edge.log, ...roomLines]
    .filter(({ level, err }) => Number(level) >= 40 && err !== undefined)
    .map(({ err, msg }) => ({ err, msg }));

describe('a door that asks for a proof', () => {
  const proven = DOORS.filter((door) => door.proof);

  test.each(proven.map((door) => [door.name, door] as const))('%s: without it nothing happens', async (_name, door) => {
    const before = await rows();
    const good = door.good();
    const proof = door.proof?.(good) ?? {};
    const spoilProof = (spoil: (value: string) => string) =>
      Object.fromEntries(Object.entries(proof).map(([name, value]) => [name, spoil(value)]));
    const forgeries: [string, Body, Record<string, string>][] = [
      ['none', good, {}],
      ['empty', good, spoilProof(() => '')],
      ['half of it', good, spoilProof((value) => value.slice(0, value.length / 2))],
      ['one letter more', good, spoilProof((value) => `A${value}`)],
      ['in other letters', good, spoilProof((value) => value.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()))],
      ['a list', good, spoilProof((value) => `${'x'.repeat(value.length)}, ${value}`)],
      ['much', good, spoilProof(() => 'A'.repeat(4000))],
      ...(door.name.startsWith('the API')
        ? []
        : ([['of other bytes', `${good} `, proof]] as [string, Body, Record<string, string>][])),
    ];
    for (const [how, body, headers] of forgeries) {
      const status = await knock(door, body, headers);
      expect([how, [400, 401, 403].includes(status) ? 'refused' : status]).toEqual([how, 'refused']);
    }
    await fc.assert(
      fc.asyncProperty(door.spoiled(), async (body) => {
        const status = await knock(door, body, {});
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { ...RUNS, numRuns: 5 },
    );
    expect(await rows()).toEqual(before);
  });
});

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}
/** Every address of ours, as the server itself has them; the API's operations have a test of their own (`api/contract`). */
const routes = () => (edge.http.app.router as unknown as { stack: Layer[] }).stack.flatMap(({ route }) => route ?? []);

test('no door is forgotten here', () => {
  const known = DOORS.map((door) => door.path().replace(/\?.*/, ''));
  const isKnown = (path: string) =>
    known.some((each) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(each));
  const posts = routes().flatMap(({ path, methods }) => (methods.post ? [path] : []));
  expect(posts.length).toBeGreaterThan(10);
  expect(posts.filter((path) => !isKnown(path))).toEqual([]);
});

/** What may stand in an address instead of a token. */
const SEGMENTS = [
  ...TEXTS.filter((text) => text.trim() !== '' && text.length < 500 && !/[\ud800-\udfff]/.test(text)),
  '..',
  'x'.repeat(4000),
]
  .map(encodeURIComponent)
  .concat('%', '%ff', '%00', '%e0%a4', '%2e%2e%2f');

test.each(['GET', 'POST'])('an address of nobody’s is answered, and nothing fails (%s)', async (method) => {
  const seen = failures().length;
  const tokens = routes().flatMap(({ path }) => (path.includes('/:') ? [path] : []));
  expect(tokens.length).toBeGreaterThan(8);
  for (const path of tokens) {
    for (const segment of SEGMENTS) {
      const at = `${path.replaceAll(/:\w+/g, segment)}?q=${segment}`;
      const answer = await fetch(edge.origin + at, {
        method,
        redirect: 'manual',
        headers: { 'x-forwarded-for': nextAddress() },
      });
      await answer.arrayBuffer();
      expect([at.slice(0, 80), answer.status < 500 && answer.status >= 300]).toEqual([at.slice(0, 80), true]);
    }
  }
  expect(failures().slice(seen)).toEqual([]);
});

describe('a door that is sent what nobody should send', () => {
  test.each(DOORS.map((door) => [door.name, door] as const))('%s', async (_name, door) => {
    const seen = failures().length;
    await fc.assert(
      fc.asyncProperty(door.spoiled(), async (body) => {
        const status = await knock(door, body, door.proof?.(body) ?? {});
        expect([status < 500 && status !== 429, failures().slice(seen)]).toEqual([true, []]);
      }),
      RUNS,
    );
    for (const [how, body, headers] of misencoded(door.good())) {
      const status = await knock(door, body, { ...door.proof?.(body), ...headers });
      expect([how, status < 500 && status !== 429, failures().slice(seen)]).toEqual([how, true, []]);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('what was stored is worked off, and nobody’s words are in the log', async () => {
    const { rooms, database } = edge.world;
    await rooms.sourceLeads.retry();
    await edge.world.settle();
    const waiting = await database.db.system.query(
      `select source, error from webhook_log where state = 'stored' and source <> 'meta' and source <> 'gohighlevel'`,
    );
    expect([waiting, roomLines.filter(({ err }) => err !== undefined)]).toEqual([[], []]);
    const log = JSON.stringify([edge.log, roomLines]);
    for (const secret of [
      MARK,
      'acme.example',
      'ost.example',
      '701230001',
      '701239999',
      googleKey,
      apiToken,
      APP_SECRET,
    ]) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });
});
