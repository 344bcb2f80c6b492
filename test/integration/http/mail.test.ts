import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StandInLetter } from '../../../src/sandbox/mail/index.ts';
import { createSns, readReport } from '../../../src/vendors/mail/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { until } from '../../support/mail.ts';
import { openEdge, PUBLIC_URL, type TestEdge } from './open-edge.ts';

let edge: TestEdge;
let serial = 0;
const aws = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = aws.publicKey.export({ type: 'spki', format: 'pem' }).toString();

beforeAll(async () => {
  edge = await openEdge(() => ({ sns: createSns(async () => certificate) }), {
    mail: true,
    whatsapp: false,
    publicUrl: PUBLIC_URL,
  });
  await changeSettings(edge.world, edge.sofia, { mailTracking: true });
});
afterAll(() => edge.close());

/** A letter to somebody whom no phone reaches. */
async function aLetter(): Promise<{ letter: StandInLetter; personId: string; email: string }> {
  const n = ++serial;
  const email = `anna${n}@example.com`;
  const phone = `+4670123${1000 + n}`;
  edge.world.twilio.faults.setFor(phone, { refuseWith: 21614 });
  const { personId } = await edge.drive({ email, phone });
  await edge.world.settle();
  const letter = edge.world.mail?.standIn.letters.find(({ mailbox }) => mailbox === email);
  if (!letter) throw new Error('no letter came');
  return { letter, personId, email };
}

const here = (address: string) => address.replace(PUBLIC_URL, edge.origin);
const get = (address: string, method = 'GET') => fetch(here(address), { method, redirect: 'manual' });
const signals = (personId: string) =>
  edge.value<number>(`select count(*)::int from events where person_id = $1 and type = 'message.signal'`, [personId]);
const report = (body: unknown) =>
  fetch(`${edge.origin}/webhooks/email-engagement`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('the picture in a letter tells once that it was opened; looking at it does not', async () => {
  const { letter, personId } = await aLetter();
  const pixel = /<img src="([^"]+)"/.exec(letter.html ?? '')?.[1] ?? '';
  expect((await get(pixel, 'HEAD')).status).toBe(200);
  expect(await signals(personId)).toBe(0);

  const shown = await get(pixel);
  expect(shown.headers.get('content-type')).toBe('image/gif');
  expect(shown.headers.get('cache-control')).toContain('no-store');
  await until(async () => (await signals(personId)) === 1);
  await get(pixel);
  expect(await signals(personId)).toBe(1);
});

test('a link leads to our own page and nowhere else; the way out is never wrapped', async () => {
  const { letter } = await aLetter();
  const links = letter.text.match(/https:\S+/g) ?? [];
  const tracked = links.find((link) => link.includes('/t/')) ?? '';
  expect(links.some((link) => link.includes('/o/'))).toBe(true);
  const answer = await get(`${tracked}?to=https://evil.example`);
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toMatch(new RegExp(`^${PUBLIC_URL}/terms/[\\w-]+$`));
  expect((await get(`${PUBLIC_URL}/t/${'A'.repeat(35)}`)).status).toBe(404);
});

test('the link to the calculator leads to the address of the business, tells that it was followed, and ends with it', async () => {
  const calculatorUrl = 'https://nordic.example/calculator?a=1&b=2';
  await changeSettings(edge.world, edge.sofia, { calculatorUrl });
  const email = 'jo@acme.io';
  const payload = { name: 'Jo Ek', email, service: 'corporate', estimated_value: 900, group_size: 8 };
  const { leadId } = await edge.world.rooms.enquiries.receive({
    tenantId: edge.world.tenant.id,
    source: 'form',
    playbook: 'corporate-travel',
    payload,
    submissionId: '',
  });
  await edge.world.settle();
  const letter = edge.world.mail?.standIn.letters.find(({ mailbox }) => mailbox === email);
  const [link = '', ...more] = letter?.text.match(/https:\S+\/t\/\S+/g) ?? [];
  expect(more).toEqual([]);
  expect(letter?.html).toContain(link);
  const followed = () =>
    edge.value<number>(
      `select count(*)::int from events where lead_id = $1 and type = 'message.signal' and data->>'kind' = 'click'`,
      [leadId],
    );
  expect(await followed()).toBe(0);
  const answer = await get(link);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, calculatorUrl]);
  await until(async () => (await followed()) === 1);

  await changeSettings(edge.world, edge.sofia, { calculatorUrl: null });
  expect((await get(link)).status).toBe(404);
});

test('the button of a mail program stops everything, without cookies and without a redirect (COMPLIANCE T5.1)', async () => {
  const { letter, personId } = await aLetter();
  const address = letter.headers.get('list-unsubscribe')?.slice(1, -1) ?? '';
  await get(address);
  expect(await edge.value('select opted_out_at from persons where id = $1', [personId])).toBeNull();
  for (let twice = 0; twice < 2; twice++) {
    const answer = await fetch(here(address), {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect(answer.status).toBe(200);
  }
  expect(await edge.value('select opted_out_at from persons where id = $1', [personId])).not.toBeNull();
});

test('a provider’s report counts for the letter that it names', async () => {
  const { letter, email, personId } = await aLetter();
  expect((await report([{ event: 'open', 'smtp-id': letter.messageId }])).status).toBe(204);
  await until(async () => (await signals(personId)) === 1);
  expect((await report({ event: 'bounce', status: '5.1.1', 'smtp-id': letter.messageId })).status).toBe(204);
  expect(await edge.value(`select unreachable from addresses where kind = 'email' and value = $1`, [email])).toEqual([
    'email',
  ]);

  const other = await aLetter();
  expect(
    (
      await report([
        { event: 'spamreport', email: other.email },
        { event: 'spamreport', sg: other.letter.messageId },
      ])
    ).status,
  ).toBe(204);
  expect(await edge.value('select opted_out_channels from persons where id = $1', [other.personId])).toEqual(['email']);
  expect((await report('nonsense')).status).toBe(400);
});

test('reports are kept as they came, before they have an effect, and counted; the same once more changes nothing', async () => {
  const log = () =>
    edge.world.database.db.system.query<{ state: string; about: string; own: boolean; known: boolean }>(
      `select state, about, belongs_to = $1 as own, sender_hash is not null as known from webhook_log
       where source = 'email.engagement' order by received_at desc, about limit 3`,
      [edge.world.tenant.id],
    );
  const letters = await Promise.all([aLetter(), aLetter(), aLetter()]);
  const [bounced, complained, strange] = letters.map(({ letter }) => letter.messageId);
  const batch = [
    { event: 'bounce', status: '5.1.1', 'smtp-id': bounced },
    { RecordType: 'SpamComplaint', Metadata: { letter: complained } },
    { event: 'telepathy', 'smtp-id': strange },
    { event: 'open', 'smtp-id': '<lr.019ab6d4-0000-7000-8000-000000000001.1@x>' },
  ];
  const rows = () => edge.value<number>(`select count(*)::int from webhook_log where source = 'email.engagement'`);
  const before = (await rows()) ?? 0;
  const count = (result: string) =>
    edge.metric(`leadrescue_webhooks_total{source="email.engagement",result="${result}"}`);
  const [unheard, unknown] = await Promise.all([count('unheard'), count('unknown')]);
  for (let twice = 0; twice < 2; twice++) expect((await report(batch)).status).toBe(204);
  expect(await rows()).toBe(before + 3);
  expect((await log()).map(({ about }) => about).sort()).toEqual(['bounced', 'complained', 'unknown']);
  expect(new Set((await log()).map(({ state, own, known }) => `${state} ${own} ${known}`))).toEqual(
    new Set(['done true true']),
  );
  expect(await count('unheard')).toBe(unheard + 2);
  expect(await count('unknown')).toBe(unknown + 2);
  const stopped = 'select opted_out_channels from persons where id = $1';
  expect(await edge.value(stopped, [letters[1]?.personId])).toEqual(['email']);
  expect(
    await edge.value(`select unreachable from addresses where kind = 'email' and value = $1`, [letters[0]?.email]),
  ).toEqual(['email']);
});

test('a mailbox that turns out not to exist after its server took the letter is written to no more; a full one is', async () => {
  const state = (id: string) => edge.value<string>(`select state from messages where id = $1`, [id]);
  const closed = (email: string) =>
    edge.value(`select unreachable from addresses where kind = 'email' and value = $1`, [email]);
  const said = async (letter: StandInLetter, ...events: object[]) => {
    for (const event of events) expect((await report({ 'smtp-id': letter.messageId, ...event })).status).toBe(204);
  };
  const idOf = ({ messageId }: StandInLetter) => /[0-9a-f-]{36}/.exec(messageId)?.[0] ?? '';

  const full = await aLetter();
  await said(full.letter, { event: 'delivered' }, { event: 'bounce', type: 'blocked', status: '4.2.2' });
  expect(await closed(full.email)).toEqual([]);
  expect(await state(idOf(full.letter))).toBe('delivered');

  const gone = await aLetter();
  await said(gone.letter, { event: 'delivered' }, { event: 'bounce', status: '5.1.1' });
  expect(await closed(gone.email)).toEqual(['email']);
  expect(await state(idOf(gone.letter))).toBe('failed');
  // neither again nor in the wrong order does it come back
  await said(gone.letter, { event: 'bounce', status: '5.1.1', again: true }, { event: 'delivered', late: true });
  expect(await state(idOf(gone.letter))).toBe('failed');
  expect(
    await edge.value(`select count(*)::int from events where message_id = $1 and type = 'message.failed'`, [
      idOf(gone.letter),
    ]),
  ).toBe(1);
});

test('a report that is applied again after a crash counts no second opening', async () => {
  const { letter, personId } = await aLetter();
  await report({ event: 'open', 'smtp-id': letter.messageId });
  await edge.world.database.db.system.query(
    `update webhook_log set state = 'stored', next_at = clock_timestamp() where id in
       (select id from webhook_log where source = 'email.engagement' order by received_at desc limit 1)`,
  );
  expect(await edge.world.rooms.mailReports.retry(readReport)).toBe(1);
  expect(await signals(personId)).toBe(1);
  expect(
    await edge.value(
      `select sum(times)::int from mail_signals g join messages m on m.id = g.message_id where m.person_id = $1`,
      [personId],
    ),
  ).toBe(1);
});

test('a report whose effect was lost is applied by whoever comes next', async () => {
  const { letter, personId } = await aLetter();
  const sql = edge.world.database.db.system;
  await report({ event: 'open', 'smtp-id': letter.messageId });
  await sql.query('delete from mail_signals');
  await sql.query(
    `update webhook_log set state = 'stored', next_at = clock_timestamp() where id in
       (select id from webhook_log where source = 'email.engagement' order by received_at desc limit 1)`,
  );
  expect(await edge.world.rooms.mailReports.retry(readReport)).toBe(1);
  expect(await signals(personId)).toBe(2);
  expect(await edge.world.rooms.mailReports.retry(readReport)).toBe(0);
});

test('SES reports by SNS, which calls its JSON plain text and signs it', async () => {
  const { letter, personId } = await aLetter();
  const Message = JSON.stringify({
    notificationType: 'Complaint',
    mail: { headers: [{ name: 'Message-ID', value: letter.messageId }] },
  });
  const fields = {
    ...{ Type: 'Notification', MessageId: 'm', TopicArn: 't', Message, Timestamp: '2026-11-23T09:00:00Z' },
    ...{ SignatureVersion: '2', SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem' },
  };
  const names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'] as const;
  const signed = names.map((name) => `${name}\n${fields[name]}\n`).join('');
  const post = (Signature: string) =>
    fetch(`${edge.origin}/webhooks/email-engagement`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=UTF-8' },
      body: JSON.stringify({ ...fields, Signature }),
    });
  expect((await post('AAAA')).status).toBe(403);
  const stopped = 'select opted_out_channels from persons where id = $1';
  expect(await edge.value(stopped, [personId])).toEqual([]);
  expect((await post(sign('RSA-SHA256', Buffer.from(signed), aws.privateKey).toString('base64'))).status).toBe(204);
  expect(await edge.value(stopped, [personId])).toEqual(['email']);
});
