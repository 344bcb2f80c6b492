import { z } from 'zod';
import type { Act } from '../wire.ts';

const id = z.string().min(1).max(300);
const words = z.string().max(12_000);
const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'Write the number with its country code: +46701740650.');
const mailbox = z.email('Write the mailbox like anna@example.com.');
const channel = z.enum(['sms', 'whatsapp', 'email']);

const uploads = z
  .array(z.strictObject({ name: z.string().min(1).max(255), mimetype: z.string().max(255), bytes: z.base64() }))
  .max(10);
const entry = z.union([words, z.number(), z.boolean(), z.null(), z.array(words).max(100), uploads]);
const place = z.union([
  z.strictObject({ message: z.strictObject({ channel: id, ts: id, whisperTo: id.exactOptional() }) }),
  z.strictObject({ view: id }),
]);

/** Acts as the page sends them. */
export const act: z.ZodType<Act> = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('slash'), user: id, channel: id, command: id, text: words }),
  z.strictObject({ act: z.literal('shortcut'), user: id, callbackId: id }),
  z.strictObject({ act: z.literal('message_shortcut'), user: id, callbackId: id, channel: id, ts: id }),
  z.strictObject({
    act: z.literal('say'),
    user: id,
    channel: id,
    text: words,
    thread: id.exactOptional(),
    files: uploads.exactOptional(),
  }),
  z.strictObject({
    act: z.literal('press'),
    user: id,
    place,
    actionId: id,
    text: words.exactOptional(),
    value: words.exactOptional(),
  }),
  z.strictObject({ act: z.literal('choose'), user: id, place, actionId: id, value: entry }),
  z.strictObject({ act: z.literal('suggest'), user: id, place, actionId: id, typed: words }),
  z.strictObject({ act: z.literal('submit'), user: id, view: id, values: z.record(id, entry) }),
  z.strictObject({ act: z.literal('close'), user: id, everything: z.boolean().exactOptional() }),
  z.strictObject({ act: z.literal('home'), user: id }),
  z.strictObject({ act: z.literal('invite'), user: id, channel: id }),
  z.strictObject({
    act: z.literal('write'),
    number: z.union([number, mailbox], 'Write the number with its country code: +46701740650.'),
    channel,
    body: z.string().trim().min(1, 'Write something.').max(4096),
    mailbox: mailbox.exactOptional(),
    answers: id.exactOptional(),
  }),
  z.strictObject({ act: z.literal('read'), text: id }),
  z.strictObject({ act: z.literal('phone_scan'), code: z.string().min(1).max(1000) }),
  z.strictObject({ act: z.literal('phone_log_out'), device: id }),
  z.strictObject({
    act: z.literal('phone_write'),
    number,
    body: z.string().trim().min(1, 'Write something.').max(4096),
  }),
  z.strictObject({ act: z.literal('customer'), number, name: z.string().trim().min(1, 'Give a name.').max(120) }),
  z.strictObject({
    act: z.literal('turn'),
    to: z.union([
      z.strictObject({ advance: z.string() }),
      z.strictObject({ until: z.iso.datetime({ offset: true, error: 'Write the time like 2026-11-25T10:00:00Z.' }) }),
      z.enum(['next', 'real']),
    ]),
  }),
  z.strictObject({
    act: z.literal('mischief'),
    kind: z.enum(['slow', 'down', 'drop', 'errors', 'slack_slow']),
    on: z.boolean(),
  }),
  z.strictObject({
    act: z.literal('number'),
    number,
    kind: z.enum(['no_whatsapp', 'no_phone', 'window_closed', 'blocked']),
    on: z.boolean(),
  }),
  z.strictObject({ act: z.literal('reset') }),
]);
