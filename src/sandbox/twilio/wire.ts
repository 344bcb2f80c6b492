import { randomUUID } from 'node:crypto';
import type { Answer, StandInChannel, StandInMessage } from './types.ts';

const WHATSAPP = 'whatsapp:';

export const API_VERSION = '2010-04-01';

/** A new id with Twilio's two-letter prefix: SM message, HX content. */
export function newSid(prefix: string): string {
  return prefix + randomUUID().replaceAll('-', '');
}

export function addressOf(channel: StandInChannel, number: string): string {
  return channel === 'whatsapp' ? WHATSAPP + number : number;
}

/** Channel and bare number of a `To` or `From`; nothing when it is not E.164 (or a sender id for `From`). */
export function parseAddress(address: string): { channel: StandInChannel; number: string } | undefined {
  const channel = address.startsWith(WHATSAPP) ? 'whatsapp' : 'sms';
  const number = channel === 'whatsapp' ? address.slice(WHATSAPP.length) : address;
  return /^\+[1-9]\d{6,14}$/.test(number) ? { channel, number } : undefined;
}

let lastSecond = -1;
let lastText = '';

/** `Thu, 24 Aug 2023 05:01:45 +0000`, as Twilio's 2010 API writes dates. */
function rfc2822(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toUTCString().replace('GMT', '+0000');
  }
  return lastText;
}

/** The message resource. Counts are strings and dates RFC 2822, as in the real API. */
export function messageJson(message: StandInMessage, accountSid: string): object {
  const uri = `/${API_VERSION}/Accounts/${accountSid}/Messages/${message.sid}`;
  const price = priceOf(message);
  return {
    account_sid: accountSid,
    api_version: API_VERSION,
    body: message.body,
    date_created: rfc2822(message.at),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.sentAt ?? message.at),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: addressOf(message.channel, message.from),
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.numMedia),
    num_segments: message.status === 'accepted' ? '0' : String(segmentsOf(message.body)),
    price: price === undefined ? null : `-${price.toFixed(5)}`,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: addressOf(message.channel, message.to),
    uri: `${uri}.json`,
  };
}

/** As on the real platform: none before it has left; for all parts together. */
function priceOf({ channel, direction, sentAt, body }: StandInMessage): number | undefined {
  if (sentAt === null || direction === 'inbound') return undefined;
  return channel === 'sms' ? 0.05 * segmentsOf(body) : 0.02;
}

function segmentsOf(body: string): number {
  return body.length <= 160 ? 1 : Math.ceil(body.length / 153);
}

/** The errors the stand-in gives synchronously, with Twilio's texts. */
const ERRORS: Record<number, { status: number; message: string }> = {
  20001: { status: 400, message: 'Bad request' },
  20009: { status: 409, message: 'Cannot delete this resource before it is complete' },
  20003: { status: 401, message: 'Authenticate' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'An internal server error has occurred' },
  21211: { status: 400, message: "Invalid 'To' Phone Number" },
  21212: { status: 400, message: "Invalid 'From' Phone Number" },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21609: { status: 400, message: "The 'StatusCallback' URL is not a valid URL." },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit' },
  21654: { status: 400, message: 'ContentSid Required' },
  21655: { status: 400, message: 'The ContentSid is Invalid' },
  21656: { status: 400, message: 'The ContentVariables Parameter is invalid' },
  63003: { status: 400, message: 'Channel could not find To address' },
};

/** An error answer. Codes we have no text for are refused with 400, as nearly all of Twilio's are. */
export function errorAnswer(code: number, detail?: string): Answer {
  const { status, message } = ERRORS[code] ?? { status: 400, message: `Error ${code}` };
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return { status, body: { code, message: detail ?? message, more_info, status } };
}
