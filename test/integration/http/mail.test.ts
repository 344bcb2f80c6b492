import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StandInLetter } from '../../../src/sandbox/mail/index.ts';
import { changeSettings } from '../../support/change-settings.ts';
import { until } from '../../support/mail.ts';
import { openEdge, PUBLIC_URL, type TestEdge } from './open-edge.ts';

let edge: TestEdge;
let serial = 0;

beforeAll(async () => {
  edge = await openEdge(() => ({}), { mail: true, whatsapp: false, publicUrl: PUBLIC_URL });
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
