import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { parseForeign } from '../../lib/json.ts';
import type { InboundMessage, StatusReport } from '../../messaging/port.ts';
import { channelOf, numberOf } from './addresses.ts';
import { reasonOf, statusOf } from './codes.ts';

const text = z.string().max(5000).catch('');
const identity = z.object({ channel: z.string().max(40), identity: z.string().min(1).max(128) });

/** The parts of a customer's message that we read. */
export const contactMessage = z
  .object({
    text_message: z.object({ text }).optional(),
    media_message: z.object({ url: z.string().max(4000), caption: text.optional() }).optional(),
    media_card_message: z.object({ url: z.string().max(4000), caption: text.optional() }).optional(),
    choice_response_message: z.object({ postback_data: text }).optional(),
    fallback_message: z.object({ raw_message: text.optional() }).optional(),
  })
  .catch({});

const inbound = z.object({
  id: z.string().min(1).max(64),
  contact_message: contactMessage,
  channel_identity: identity,
  sender_id: z.string().max(128).catch(''),
  accept_time: z.string().max(64).pipe(z.coerce.date()).optional().catch(undefined),
});

const delivery = z.object({
  message_id: z.string().min(1).max(64),
  status: z.string().max(60),
  metadata: z.string().max(1024).catch(''),
  reason: z
    .object({ code: z.string().max(120) })
    .optional()
    .catch(undefined),
});

const optOut = z.object({
  channel: z.string().max(40),
  identity: z.string().min(1).max(128),
  status: z.string().max(60),
});

const envelope = z.object({
  app_id: z.string().min(1).max(64),
  event_time: z.string().max(64).optional(),
  accepted_time: z.string().max(64).optional(),
  message: z.unknown().optional(),
  message_delivery_report: z.unknown().optional(),
  opt_out_notification: z.unknown().optional(),
});

/** What a callback of Sinch tells us. */
export type Callback =
  | { kind: 'message'; message: InboundMessage }
  | { kind: 'status'; report: StatusReport }
  /** Nothing that concerns us: another channel, another trigger, a state that says nothing. */
  | { kind: 'other' };

/** The app that a callback claims to be from: its secret decides whether it is. Nothing when it is none of Sinch's. */
export function appOf(body: Buffer): string | undefined {
  const parsed = envelope.safeParse(read(body));
  return parsed.success ? parsed.data.app_id : undefined;
}

/**
 * Reads a verified callback. The key that is present names the trigger; new ones are let pass.
 * @throws KnownError `validation_error` when a field that we need is missing
 */
export function parseCallback(body: Buffer | string): Callback {
  const whole = understood(envelope, read(body));
  if (whole.message !== undefined) return inboundOf(whole.app_id, whole.message);
  if (whole.message_delivery_report !== undefined) return statusIn(whole.app_id, whole.message_delivery_report);
  if (whole.opt_out_notification !== undefined) {
    return optOutOf(whole.app_id, whole.opt_out_notification, whole.event_time ?? whole.accepted_time ?? '');
  }
  return { kind: 'other' };
}

function inboundOf(appId: string, value: unknown): Callback {
  const { id, contact_message: said, channel_identity, sender_id, accept_time } = understood(inbound, value);
  const channel = channelOf(channel_identity.channel);
  if (!channel) return { kind: 'other' };
  const message: InboundMessage = {
    gatewayId: id,
    accountSid: appId,
    channel,
    from: numberOf(channel_identity.identity),
    to: numberOf(sender_id),
    // a callback that was not answered is posted again for a day
    ...(accept_time && { cameAt: accept_time }),
    ...wordsOf(said),
  };
  return { kind: 'message', message };
}

/** What a customer said and sent along. */
export function wordsOf(said: z.infer<typeof contactMessage>): Pick<InboundMessage, 'body' | 'media'> {
  const media = said.media_message ?? said.media_card_message;
  const body =
    said.text_message?.text ??
    media?.caption ??
    said.choice_response_message?.postback_data ??
    said.fallback_message?.raw_message;
  // Sinch does not say what kind of file it is; its bytes do
  return { body: body ?? '', media: media ? [{ url: media.url, contentType: 'application/octet-stream' }] : [] };
}

function statusIn(appId: string, value: unknown): Callback {
  const report = understood(delivery, value);
  const status = statusOf(report.status);
  const ours = new URLSearchParams(report.metadata);
  const messageId = ours.get('message');
  const attempt = Number(ours.get('attempt'));
  if (!status || !messageId || !Number.isInteger(attempt) || attempt < 1) return { kind: 'other' };
  const code = report.reason?.code ?? 'FAILED';
  return {
    kind: 'status',
    report: {
      messageId,
      attempt,
      gatewayId: report.message_id,
      gatewayAccount: appId,
      status,
      ...(status === 'failed' && { failure: { reason: reasonOf(code), code } }),
    },
  };
}

/** Sinch keeps opt-outs of its own: to us the customer said stop, and Sinch lets nothing through any more. */
function optOutOf(appId: string, value: unknown, at: string): Callback {
  const { channel: name, identity: who, status } = understood(optOut, value);
  const channel = channelOf(name);
  if (!channel || status !== 'OPT_OUT_SUCCEEDED') return { kind: 'other' };
  return {
    kind: 'message',
    message: {
      gatewayId: `opt-out/${name}/${who}/${at}`.slice(0, 128),
      accountSid: appId,
      channel,
      from: numberOf(who),
      to: '',
      body: 'STOP',
      media: [],
      keyword: 'stop',
    },
  };
}

function read(body: Buffer | string): unknown {
  try {
    return parseForeign(body.toString());
  } catch {
    return undefined;
  }
}

function understood<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new KnownError('validation_error', `malformed callback: ${where}`, `This callback is malformed: ${where}.`);
}
