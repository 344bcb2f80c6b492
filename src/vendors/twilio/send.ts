import type { HttpPool, HttpResult } from '../../lib/http.ts';
import type { OutgoingMessage, SendOutcome } from '../../messaging/port.ts';
import { type PhoneChannel, senderOf } from './addresses.ts';
import { outcomeOf } from './outcome.ts';
import { messagesOf, type SdkRequest, type SdkResponse } from './sdk.ts';
import { encodeForm, type Site } from './site.ts';

/** Twilio's own bounds for ValidityPeriod, in seconds. */
const MAX_VALIDITY = 36_000;

interface Attempt {
  readonly deadline: number;
  result: HttpResult | undefined;
}

/**
 * `send` of the gateway port. The deadline travels beside the SDK, which has no place for it: `create` runs down to
 * our client within the call, so the attempt stands in `current` exactly that long. Should the SDK ever come later,
 * it finds no attempt, nothing is written, and the outcome is `not_written`.
 */
export function createSend(site: Site, pool: HttpPool, messagingServiceSid?: string) {
  let current: Attempt | undefined;

  async function request({ uri, data }: SdkRequest): Promise<SdkResponse> {
    const attempt = current;
    if (!attempt) throw new Error('no attempt');
    attempt.result = await pool.call({
      method: 'POST',
      path: uri.slice(site.origin.length),
      headers: site.formHeaders,
      body: encodeForm(data),
      writeBefore: attempt.deadline,
    });
    if (attempt.result.kind !== 'reply') throw new Error(attempt.result.detail);
    return { statusCode: attempt.result.status, body: attempt.result.body };
  }
  const messages = messagesOf(site.accountSid, site.origin, request);

  return async function send(message: OutgoingMessage, deadline: number): Promise<SendOutcome> {
    const { channel } = message;
    if (channel === 'email') return { kind: 'refused', reason: 'sender', code: 'no_such_channel' };

    const attempt: Attempt = { deadline, result: undefined };
    try {
      current = attempt;
      const created = messages.create(paramsOf(message, channel, messagingServiceSid));
      current = undefined;
      await created;
    } catch {
      // What the SDK makes of a failure is less precise than the exchange itself, which `attempt.result` holds.
      current = undefined;
    }
    return attempt.result ? outcomeOf(attempt.result) : { kind: 'not_written', detail: 'not handed to the connection' };
  };
}

function paramsOf(message: OutgoingMessage, channel: PhoneChannel, messagingServiceSid: string | undefined) {
  const { template } = message;
  return {
    to: senderOf(channel, message.to),
    from: senderOf(channel, message.from),
    // A service picks this sender out of its pool; a WhatsApp sender need not be in it.
    ...(channel === 'sms' && messagingServiceSid ? { messagingServiceSid } : {}),
    ...(template
      ? { contentSid: template.contentId, contentVariables: JSON.stringify(template.variables) }
      : { body: message.body }),
    statusCallback: message.statusCallback,
    validityPeriod: Math.min(MAX_VALIDITY, Math.max(1, Math.floor(message.validitySeconds))),
  };
}
