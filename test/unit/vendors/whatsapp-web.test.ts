import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findChromium } from '../../../src/vendors/whatsapp-web/chromium.ts';
import type { WebMessage } from '../../../src/vendors/whatsapp-web/index.ts';
import {
  isPersonal,
  mediaUrl,
  numberOf,
  readMediaUrl,
  revokedIds,
  statusOf,
  wordsOf,
} from '../../../src/vendors/whatsapp-web/parse.ts';

const load = createRequire(import.meta.url);
/** The library's own Message, without its browser: it makes of WhatsApp Web's data what its events carry. */
const Message = load('../../../node_modules/whatsapp-web.js/src/structures/Message.js') as new (
  client: object,
  data: object,
) => WebMessage;

const ID = {
  fromMe: false,
  remote: '46701234567@c.us',
  id: '3EB0A1B2C3',
  _serialized: 'false_46701234567@c.us_3EB0A1B2C3',
};
const CHAT = {
  id: ID,
  type: 'chat',
  body: 'Hej!',
  t: 1_795_000_000,
  from: { _serialized: '46701234567@c.us' },
  to: '46709990001@c.us',
};
const made = (changes: object = {}) => new Message({}, { ...CHAT, ...changes });

/* Not proven here: the real WhatsApp Web. What it gives the library is written down from the library's source (1.34.7). */
describe('messages of whatsapp-web.js', () => {
  test('words, ids and numbers of a text', () => {
    const message = made();
    expect([message.id.id, message.from, message.timestamp, message.hasMedia]).toEqual([
      '3EB0A1B2C3',
      '46701234567@c.us',
      1_795_000_000,
      false,
    ]);
    expect([isPersonal(message), wordsOf(message), numberOf(message.from)]).toEqual([true, 'Hej!', '+46701234567']);
  });

  test('a picture has its caption, and an address that leads back to it', () => {
    const picture = made({
      type: 'image',
      directPath: '/v/t62',
      caption: 'Min bil',
      body: '/9j/4AAQ',
      mimetype: 'image/jpeg',
    });
    expect([picture.hasMedia, wordsOf(picture), picture._data?.mimetype]).toEqual([true, 'Min bil', 'image/jpeg']);
    const url = mediaUrl('+46709990001', picture);
    expect(readMediaUrl(url)).toEqual({ sender: '+46709990001', messageId: ID._serialized });
    expect(
      ['https://elsewhere.example/x', 'whatsapp-web:+46709990001/../x', 'whatsapp-web:x/y'].map(readMediaUrl),
    ).toEqual([undefined, undefined, undefined]);
  });

  test('a hidden number is a person without a number', () => {
    const hidden = made({ from: { _serialized: '81234567890123@lid' } });
    expect([isPersonal(hidden), numberOf(hidden.from)]).toEqual([true, null]);
  });

  test.each([
    ['a group', { from: '123-456@g.us' }],
    ['the status of somebody', { isStatusV3: true }],
    ['a channel', { from: '123@newsletter' }],
    ['a call', { type: 'call_log' }],
    ['a notice of encryption', { type: 'e2e_notification' }],
    ['what could not be read', { type: 'ciphertext' }],
    ['a broadcast', { from: 'status@broadcast' }],
  ])('%s is nobody’s message', (_name, changes) => {
    expect(isPersonal(made(changes))).toBe(false);
  });

  test('a location and a contact are said in words', () => {
    expect(wordsOf(made({ type: 'location', body: '/9j/thumbnail', lat: 59, lng: 18 }))).toBe('(a location)');
    expect(wordsOf(made({ type: 'vcard', body: 'BEGIN:VCARD' }))).toBe('(a contact)');
  });

  test('acknowledgements, and what was taken back', () => {
    expect([-1, 0, 1, 2, 3, 4].map(statusOf)).toEqual(['failed', undefined, 'sent', 'delivered', 'read', 'read']);
    expect(revokedIds(made({ type: 'revoked' }), null)).toEqual(['3EB0A1B2C3']);
    const named = made({ type: 'revoked', protocolMessageKey: { ...ID, id: '3EB0FFFF' } });
    expect(revokedIds(named, made())).toEqual(['3EB0FFFF', '3EB0A1B2C3']);
  });
});

describe('the browser', () => {
  test('is the configured one, one of the machine, or a clear word', () => {
    expect(findChromium(process.execPath, '')).toBe(process.execPath);
    expect(() => findChromium('/no/such/browser', '')).toThrow(
      expect.objectContaining({ code: 'misconfigured', userMessage: expect.stringContaining('CHROMIUM_PATH') }),
    );
    const folder = mkdtempSync(path.join(tmpdir(), 'leadrescue-path-'));
    writeFileSync(path.join(folder, 'chromium'), '', { mode: 0o755 });
    expect(findChromium(undefined, `relative${path.delimiter}${folder}`)).toBe(path.join(folder, 'chromium'));
    rmSync(folder, { recursive: true });
    if (process.platform !== 'darwin') expect(() => findChromium(undefined, folder)).toThrow('no Chromium');
  });

  test('and the library are not loaded before a phone is linked', () => {
    expect(Object.keys(load.cache).some((file) => file.includes('whatsapp-web.js/index.js'))).toBe(false);
  });
});
