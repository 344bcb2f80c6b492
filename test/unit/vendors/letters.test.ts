import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wordsOfLetter } from '../../../src/inbox/letter.ts';
import type { Letter } from '../../../src/messaging/port.ts';
import { understand } from '../../../src/people/index.ts';
import { readLetter } from '../../../src/vendors/mail/read.ts';
import { TEXTS } from '../../support/hostile.ts';

/* What strangers put into a mailbox: whatever it is, it is understood or said to be unreadable, and soon. */

const OURS = 'lr.019ab6d4-0000-7000-8000-000000000001.1@leads.example';
const reading = { mailbox: 'hello@leads.example', accountName: 'mail:hello@leads.example', place: 'imap:1/1' };
const HEAD = 'From: Anna <anna@example.com>\r\nTo: hello@leads.example\r\nMessage-ID: <a@example.com>\r\n';
const lines = (...each: string[]) => each.join('\r\n');

/** Right letters of each kind, in latin1: each character is a byte. */
const GOOD = {
  plain: lines(`${HEAD}Subject: Hello`, 'Content-Type: text/plain; charset=utf-8', '', 'STOP, please', ''),
  answer: lines(
    `${HEAD}Subject: =?utf-8?Q?R=C3=A4ksm=C3=B6rg=C3=A5s?= =?iso-8859-1?B?5Q==?=`,
    `In-Reply-To: <${OURS}>`,
    `References: <first@x> <${OURS}>`,
    'Auto-Submitted: no',
    'Content-Type: multipart/alternative; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain; charset=iso-8859-1; format=flowed',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'R=E4ksm=F6rg=E5s=',
    '!',
    '> quoted',
    '--cut',
    'Content-Type: text/html; charset=windows-1252',
    'Content-Transfer-Encoding: base64',
    '',
    'PHA+SGVqPC9wPg==',
    '--cut--',
    '',
  ),
  picture: lines(
    `${HEAD}Subject: A picture`,
    'Content-Type: multipart/mixed; boundary=cut',
    '',
    '--cut',
    'Content-Type: text/html',
    '',
    '<p>Here <b>it</b> is</p>',
    '--cut',
    `Content-Type: image/png; name*0*=utf-8''%C3%A5; name*1=b.png`,
    'Content-Disposition: attachment; filename="a.png"',
    'Content-Transfer-Encoding: base64',
    '',
    'iVBORw0KGgo=',
    '--cut--',
    '',
  ),
  bounce: lines(
    'From: Mailer <mailer-daemon@example.com>',
    'Return-Path: <>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=cut',
    '',
    '--cut',
    'Content-Type: message/delivery-status',
    '',
    'Final-Recipient: rfc822; anna@example.com',
    'Action: failed',
    'Status: 5.1.1',
    '--cut',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${OURS}>`,
    '--cut--',
    '',
  ),
  complaint: lines(
    'From: complaints@example.com',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=cut',
    '',
    '--cut',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    '--cut',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: <${OURS}>`,
    '',
    'Hello',
    '--cut--',
    '',
  ),
} as const;

/** What stands in letters where something else should. */
const BITS = [
  ...TEXTS.map((text) => Buffer.from(text).toString('latin1')),
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '--cut\r\n',
  '--cut--',
  '"',
  '<',
  '>',
  '(((((',
  ';',
  '=',
  '=?utf-8?B?AAAA?=',
  '=?utf-8?Q?=00=ff?=',
  '=?x-none?Q?a?=',
  '=?utf-8?',
  '=\u00ff',
  '\u00ff\u00fe\u00d8\u0000',
  'Content-Type: message/rfc822\r\n\r\n',
  'Content-Type: text/plain; charset=utf-7\r\n',
  'Content-Type: text/plain; charset=utf-16\r\n',
  'Content-Type: text/plain; charset="\u0000"\r\n',
  'Content-Type: multipart/report; report-type="constructor"\r\n',
  'Content-Transfer-Encoding: x-uuencode\r\n',
  'Message-ID: <=?utf-8?Q?=00?=>\r\n',
  'From: "\u0000" <\u0000a@b.example>, b@\r\n',
  'From: g: a@b.example, c@d.example;\r\n',
  'From:\r\n',
  `lr.${'0'.repeat(36)}.9999`,
  OURS.replace('.1@', '.0@'),
  'Status: 9.9.9\r\n',
  'Action: \u0000\r\n',
  '<p>'.repeat(50),
  '<a href="javascript:x">&#0;&#xd800;',
];

const spoiled = fc
  .tuple(
    fc.constantFrom(...Object.values(GOOD)),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.constantFrom(...BITS)), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }),
  )
  .map(([good, changes, end]) => {
    const changed = changes.reduce((now, [where, length, bit]) => {
      const at = Math.floor(where * now.length);
      return now.slice(0, at) + bit + now.slice(at + length);
    }, good as string);
    return Buffer.from(end === null ? changed : changed.slice(0, Math.floor(end * changed.length)), 'latin1');
  });

/** Everything that goes into columns and indexes of the database is of a size and of characters that it takes. */
function expectStorable(letter: Letter): void {
  if (letter.kind !== 'message') return;
  const { gatewayId, from, profileName = '', body, media, letter: facts } = letter.message;
  const texts = [gatewayId, from, profileName, body, ...media.map((each) => each.contentType)];
  expect(texts.filter((text) => text.includes('\0'))).toEqual([]);
  expect(gatewayId).not.toBe('');
  expect([gatewayId.length <= 500, from.length <= 320, body.length <= 100_000, media.length <= 10]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([(facts?.references.length ?? 0) <= 100, (facts?.subject.length ?? 0) <= 250]).toEqual([true, true]);
  understand(wordsOfLetter(letter.message).body);
}

describe('a letter', () => {
  test('that is right is what it says', async () => {
    const read = async (name: keyof typeof GOOD) => readLetter(Buffer.from(GOOD[name], 'latin1'), reading);
    expect(await read('plain')).toMatchObject({ kind: 'message', message: { gatewayId: '<a@example.com>' } });
    expect(await read('answer')).toMatchObject({ kind: 'message', message: { letter: { subject: 'Räksmörgåså' } } });
    expect(await read('picture')).toMatchObject({ message: { media: [{ contentType: 'image/png' }] } });
    expect(await read('bounce')).toMatchObject({ kind: 'bounce', report: { failure: { reason: 'unreachable' } } });
    expect(await read('complaint')).toMatchObject({ kind: 'complaint' });
  });

  test('that nobody should write is understood or unreadable, and never fails', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled, async (raw) => expectStorable(await readLetter(raw, reading))),
      { seed: 85, numRuns: 400, endOnFailure: true },
    );
  });

  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join(
      '',
    );
  const page = (html: string) => `${HEAD}Content-Type: text/html\r\n\r\n${html}`;

  test.each<[string, string, Letter['kind']]>([
    ['nothing at all', '', 'other'],
    ['zeros', '\0'.repeat(5000), 'other'],
    ['5 MB on one line', `${HEAD}\r\nSTOP ${'x'.repeat(5_000_000)}`, 'message'],
    ['a head of 3 MB', `${HEAD}Subject: STOP\r\nX-Much: ${'y'.repeat(3_000_000)}\r\n\r\nHello`, 'message'],
    ['a hundred thousand headers', `${HEAD}${'X-Much: y\r\n'.repeat(100_000)}\r\nHello`, 'message'],
    ['an id of a megabyte', HEAD.replace('<a@', `<${'a'.repeat(900_000)}@`).concat('\r\nHello'), 'message'],
    ['a sender of a megabyte', HEAD.replace('<anna@', `<${'a'.repeat(900_000)}@`).concat('\r\nHello'), 'other'],
    ['five thousand references', `${HEAD}References: ${'<a@b>\r\n '.repeat(5000)}x\r\n\r\nHello`, 'message'],
    ['a hundred parts in each other', `${HEAD}${nested(100)}Content-Type: text/plain\r\n\r\nHello`, 'message'],
    ['three thousand parts in each other', `${HEAD}${nested(3000)}\r\n\r\nHello`, 'unreadable'],
    ['a page of a million elements in each other', page('<div>'.repeat(1_000_000)), 'unreadable'],
    ['a page of three million signs', page(`<p>STOP</p>${'<!-- -->'.repeat(400_000)}`), 'message'],
    ['half a million lines of quotes', `${HEAD}\r\n${'> a\n'.repeat(500_000)}`, 'message'],
  ])('of %s is read, or its beginning, or said to be unreadable', async (_name, raw, kind) => {
    const letter = await readLetter(Buffer.from(raw, 'latin1'), reading);
    expect(letter.kind).toBe(kind);
    expectStorable(letter);
  });

  test('that is too much to be read whole says STOP at its top all the same', async () => {
    for (const raw of [
      page(`<p>STOP</p>${'<!-- -->'.repeat(400_000)}`),
      `${HEAD}Subject: STOP\r\nX-Much: ${'y'.repeat(3_000_000)}\r\n\r\nHello`,
    ]) {
      const letter = await readLetter(Buffer.from(raw, 'latin1'), reading);
      const words = letter.kind === 'message' ? wordsOfLetter(letter.message).body : '';
      expect(understand(words).kind).toBe('opt_out');
    }
  });
});
