import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { InboundMessage, StatusReport } from '../../messaging/port.ts';
import { parseAddress } from './addresses.ts';
import { reasonOf, statusOf } from './codes.ts';

/** Media of one message, at most (Twilio's own bound). */
export const MAX_MEDIA = 10;

const inboundForm = z.object({
  MessageSid: z.string().min(1).max(64),
  AccountSid: z.string().min(1).max(64),
  From: z.string().min(1).max(128),
  To: z.string().min(1).max(128),
  Body: z.string().default(''),
  NumMedia: z.coerce.number().int().min(0).catch(0),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
  ProfileName: z.string().optional(),
});

const statusForm = z.object({
  MessageSid: z.string().min(1).max(64),
  MessageStatus: z.string(),
  ErrorCode: z.string().regex(/^\d+$/).optional().catch(undefined),
});

const statusQuery = z.object({
  message: z.string().min(1).max(64),
  attempt: z.coerce.number().int().min(1).max(10_000),
});

/**
 * A customer's message from a verified webhook form. Twilio adds fields without notice: unknown ones are ignored.
 * @throws KnownError `validation_error` when a field we need is missing or the channel is not ours
 */
export function parseInbound(form: Record<string, string>): InboundMessage {
  const fields = read(inboundForm, form, 'inbound message');
  const from = parseAddress(fields.From);
  const to = parseAddress(fields.To);
  if (!from || !to) throw malformed('inbound message', 'channel');

  return {
    gatewayId: fields.MessageSid,
    accountSid: fields.AccountSid,
    channel: from.channel,
    from: from.number,
    to: to.number,
    body: fields.Body,
    media: mediaOf(form, Math.min(fields.NumMedia, MAX_MEDIA)),
    ...(fields.OptOutType ? { keyword: KEYWORDS[fields.OptOutType] } : {}),
    ...(fields.ProfileName ? { profileName: fields.ProfileName } : {}),
  };
}

/** A message on a channel of Twilio's that is none of ours (`messenger:`, `rcs:` …), from a verified webhook form. */
export function isForeign(form: Record<string, string>): boolean {
  const fields = inboundForm.safeParse(form);
  return fields.success && !(parseAddress(fields.data.From) && parseAddress(fields.data.To));
}

const KEYWORDS = { STOP: 'stop', START: 'start', HELP: 'help' } as const;

/**
 * A delivery report from a verified status callback; `query` is that of the callback's URL, which carries our ids.
 * @throws KnownError `validation_error` when a field is missing or the status is one we do not know
 */
export function parseStatus(form: Record<string, string>, query: Record<string, unknown>): StatusReport {
  const fields = read(statusForm, form, 'status callback');
  const ours = read(statusQuery, query, 'status callback');
  const status = statusOf(fields.MessageStatus);
  if (!status) throw malformed('status callback', 'MessageStatus');

  const report = { messageId: ours.message, attempt: ours.attempt, gatewayId: fields.MessageSid, status };
  if (status !== 'failed') return report;
  const code = fields.ErrorCode ?? fields.MessageStatus;
  return { ...report, failure: { reason: reasonOf(code), code } };
}

function mediaOf(form: Record<string, string>, count: number): InboundMessage['media'] {
  const media: InboundMessage['media'] = [];
  for (let i = 0; i < count; i++) {
    const url = form[`MediaUrl${i}`];
    if (url) media.push({ url, contentType: form[`MediaContentType${i}`] ?? 'application/octet-stream' });
  }
  return media;
}

function read<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw malformed(what, parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
}

function malformed(what: string, fields: string): KnownError {
  return new KnownError('validation_error', `malformed ${what}: ${fields}`, `This ${what} is malformed: ${fields}.`);
}
