import type { DeliveryStatus, RefusalReason } from '../../messaging/port.ts';

/**
 * Twilio's error codes (www.twilio.com/docs/errors/<code>) by what they mean for us. Codes answer the request (2xxxx)
 * or come with a status callback (3xxxx, 63xxx). Twilio keeps adding codes: an unknown one is `unknown`, never a guess.
 */
const CODES: Record<Exclude<RefusalReason, 'unknown' | 'later'>, readonly number[]> = {
  // 63014 and 63033: the person blocked us on WhatsApp. Going on by SMS would be chasing somebody who said no.
  opted_out: [21610, 30004, 63014, 63033],
  // 63032: Meta withholds marketing templates from this person; Twilio advises SMS.
  unreachable: [21211, 21217, 21612, 21614, 21635, 30003, 30005, 30006, 63003, 63024, 63032],
  // 21655: the content was deleted at Twilio.
  template_needed: [63016, 21655],
  // 30036: it did not get out within its validity period, so it certainly did not arrive.
  throttled: [20429, 21611, 30001, 30036, 63017, 63018],
  delayed: [63049],
  sender: [
    20003, 20404, 21212, 21408, 21603, 21606, 21608, 21659, 21660, 21661, 21703, 21704, 30002, 30032, 30034, 63007,
    63051,
  ],
  // 30007: filtered as spam; the same text would be filtered again.
  content: [21602, 21617, 21620, 21654, 21656, 21658, 30007],
};

const REASONS = new Map<string, RefusalReason>(
  Object.entries(CODES).flatMap(([reason, codes]) => codes.map((code) => [String(code), reason as RefusalReason])),
);

/** What a Twilio error code means for us; `unknown` when we do not know it. */
export function reasonOf(code: string): RefusalReason {
  return REASONS.get(code) ?? 'unknown';
}

const STATUSES: Record<string, DeliveryStatus> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** Twilio's message status in our words; nothing for one we do not know. */
export function statusOf(status: string): DeliveryStatus | undefined {
  return Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
}
