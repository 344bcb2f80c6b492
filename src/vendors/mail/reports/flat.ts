import { z } from 'zod';
import { failed, type Reader, statusIn, text } from './told.ts';

/* Twilio SendGrid's Event Webhook, and whoever else names what happened as `event` or `type` beside it. */

const schema = z
  .looseObject({ event: text, type: text, status: text, reason: text })
  .refine(({ event, type }) => event !== undefined || type !== undefined);

export const flat: Reader = (one) => {
  const read = schema.safeParse(one);
  if (!read.success) return undefined;
  const { event, type, status, reason = '' } = read.data;
  switch ((event ?? type ?? '').toLowerCase()) {
    case 'open':
    case 'opened':
      return { what: 'opened' };
    case 'click':
    case 'clicked':
      return { what: 'clicked' };
    case 'delivered':
    case 'delivery':
      return { what: 'delivered' };
    case 'spamreport':
    case 'complaint':
    case 'complained':
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { what: 'complained' };
    case 'processed':
    case 'deferred':
    case 'group_resubscribe':
    case 'sent':
      return { what: 'nothing' };
    case 'bounce':
    case 'bounced':
    case 'hard_bounce':
    case 'failed':
      // SendGrid's `blocked` is a receiver that does not want this letter, not an address that does not work
      return failed(statusIn(status), event !== undefined && type === 'blocked' ? 'unknown' : 'unreachable');
    case 'dropped':
      if (/unsubscribed|spam reporting/i.test(reason)) return { what: 'complained' };
      return failed(statusIn(status), /bounced|invalid/i.test(reason) ? 'unreachable' : 'unknown');
    default:
      return { what: 'unknown' };
  }
};
