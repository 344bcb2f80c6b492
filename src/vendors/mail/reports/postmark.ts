import { z } from 'zod';
import { failed, type Reader, statusIn, text } from './told.ts';

/* Postmark, "Webhooks": one record a request; our letter's id comes back among its metadata (see `naming.ts`). */

const schema = z.looseObject({
  RecordType: z.string().max(40),
  Type: text,
  Details: text,
  SuppressSending: z.boolean().optional().catch(undefined),
  SuppressionReason: text,
});

export const postmark: Reader = (one) => {
  const read = schema.safeParse(one);
  if (!read.success) return undefined;
  const { RecordType: record, Type: type, Details: details, SuppressSending, SuppressionReason } = read.data;
  switch (record) {
    case 'Open':
      return { what: 'opened' };
    case 'Click':
      return { what: 'clicked' };
    case 'Delivery':
      return { what: 'delivered' };
    case 'SpamComplaint':
      return { what: 'complained' };
    case 'SubscriptionChange':
      if (SuppressSending !== true) return { what: 'nothing' };
      return SuppressionReason === 'HardBounce' ? failed(undefined, 'unreachable') : { what: 'complained' };
    case 'Bounce':
      return bounce(type, statusIn(details));
    default:
      return { what: 'unknown' };
  }
};

/** "Bounce types": some are answers of people's programs, and say nothing of the letter. */
function bounce(type: string | undefined, status: string | undefined): ReturnType<Reader> {
  switch (type) {
    case 'HardBounce':
    case 'BadEmailAddress':
      return { what: 'failed', reason: 'unreachable', code: status ?? 'bounced' };
    case 'SpamComplaint':
    case 'Unsubscribe':
      return { what: 'complained' };
    case 'Transient':
    case 'AutoResponder':
    case 'AddressChange':
    case 'ChallengeVerification':
    case 'Subscribe':
      return { what: 'nothing' };
    case 'SoftBounce':
    case 'DnsError':
      return failed(status, 'delayed');
    default:
      return failed(status, 'unknown');
  }
}
