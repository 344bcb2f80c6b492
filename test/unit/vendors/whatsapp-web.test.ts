import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { InboundMessage } from '../../../src/messaging/index.ts';
import type { OwnMessage, PhoneHost } from '../../../src/phones/port.ts';
import { findChromium } from '../../../src/vendors/whatsapp-web/chromium.ts';
import type { WebClient, WebMessage } from '../../../src/vendors/whatsapp-web/index.ts';
import { createLine } from '../../../src/vendors/whatsapp-web/line.ts';
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

const HIDDEN = '81234567890123@lid';

/** What a line told its host while the library's events came, in order. */
async function replay(
  events: readonly (readonly [string, ...unknown[]])[],
  state: string | null = 'CONNECTED',
  tells: () => Promise<{ lid?: string; pn?: string }[]> = async () => [{ lid: HIDDEN, pn: '46701234567@c.us' }],
) {
  const told: unknown[] = [];
  const tell =
    (name: string) =>
    async (...args: unknown[]) =>
      void told.push([name, ...args]);
  const host = {
    code: tell('code'),
    ready: tell('ready'),
    ended: tell('ended'),
    received: async ({ gatewayId, from, body, media }: InboundMessage) =>
      void told.push(['received', gatewayId, from, body, media.length]),
    own: async ({ gatewayId, to, body }: OwnMessage) => void told.push(['own', gatewayId, await to(), body]),
    hidden: { numberOf: async () => null, met: async () => true },
    reported: tell('reported'),
    withdrawn: tell('withdrawn'),
  } as unknown as PhoneHost;
  const client = Object.assign(new EventEmitter(), {
    info: { wid: { user: '46709990001' } },
    getState: async () => state,
    getContactLidAndPhone: tells,
    getChats: async () => [],
  });
  const line = createLine(client as unknown as WebClient, host, { machine: () => 0, sendMs: 100, stateMs: 100 });
  for (const [name, ...args] of events) client.emit(name, ...args);
  await line.missed(new Date(0)).catch(() => {}); // waits for what is being told
  return { told, lives: await line.lives() };
}

const OWN = { id: { ...ID, fromMe: true, id: '3EB0OWN' }, from: '46709990001@c.us', to: '46701234567@c.us' };
const CONNECTED = [['qr', '2@ref,key,id,secret,1'], ['authenticated', undefined], ['ready']] as const;

describe('events of whatsapp-web.js, as its source (1.34.7) tells them', () => {
  test('linking: a code, then ready, which may come again', async () => {
    const { told, lives } = await replay([...CONNECTED, ['loading_screen', 100, 'WhatsApp'], ['ready']]);
    expect(told).toEqual([
      ['code', '2@ref,key,id,secret,1'],
      ['ready', '+46709990001'],
      ['ready', '+46709990001'],
    ]);
    expect(lives).toBe(true);
  });

  test('messages: of customers, of hidden ones, of groups, our own, edited, taken back, acknowledged', async () => {
    const text = made();
    const { told } = await replay([
      ...CONNECTED,
      ['message_create', text],
      ['message', text],
      ['message', made({ id: { ...ID, id: '3EB0LID' }, from: { _serialized: HIDDEN } })],
      ['message', made({ from: '123-456@g.us' })],
      ['message_create', made(OWN)],
      ['message_ack', made(OWN), 2],
      ['message_edit', made({ latestEditSenderTimestampMs: 1_795_000_060_000 }), 'STOP', 'Hej!'],
      ['message_revoke_everyone', made({ type: 'revoked' }), null],
    ]);
    expect(told.slice(2)).toEqual([
      ['received', '3EB0A1B2C3', '+46701234567', 'Hej!', 0],
      ['received', '3EB0LID', '+46701234567', 'Hej!', 0],
      ['own', '3EB0OWN', '+46701234567', 'Hej!'],
      ['reported', { gatewayId: '3EB0OWN', status: 'delivered' }],
      ['received', '3EB0A1B2C3/1795000060000', '+46701234567', 'STOP', 0],
      ['withdrawn', '3EB0A1B2C3'],
    ]);
  });

  test('of a hidden number: WhatsApp tells nothing, or does not answer; nobody waits for its answer for ever', async () => {
    const hidden = ['message', made({ from: { _serialized: HIDDEN } })] as const;
    const taken = ['received', ID.id, HIDDEN, 'Hej!', 0];
    const received = async (times: number, tells: () => Promise<object[]>) =>
      (await replay([...CONNECTED, ...Array(times).fill(hidden)], 'CONNECTED', tells)).told.slice(2);
    expect(await received(1, async () => [{}])).toEqual([taken]);
    const silent = async () => Promise.reject(new Error('Evaluation failed'));
    expect(await received(2, silent)).toEqual([]);
    expect(await received(3, silent)).toEqual([taken]);
  });

  test.each([
    ['LOGOUT', { kind: 'logged_out' }],
    ['UNPAIRED', { kind: 'logged_out' }],
    ['Max qrcode retries reached', { kind: 'not_scanned' }],
    ['CONFLICT', { kind: 'lost', why: 'CONFLICT' }],
    ['TOS_BLOCK', { kind: 'lost', why: 'TOS_BLOCK' }],
    ['browser_gone', { kind: 'lost', why: 'browser_gone' }],
  ])('disconnected: %s', async (reason, ending) => {
    const { told, lives } = await replay([...CONNECTED, ['disconnected', reason]]);
    expect([told.at(-1), lives]).toEqual([['ended', ending], false]);
  });

  test('a page that is not connected does not live, and one that shows a code does', async () => {
    expect((await replay(CONNECTED, 'TIMEOUT')).lives).toBe(false);
    expect((await replay(CONNECTED.slice(0, 1), 'UNPAIRED')).lives).toBe(true);
    expect((await replay([], null)).lives).toBe(true); // it is being opened
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
