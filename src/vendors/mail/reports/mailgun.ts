import { z } from 'zod';
import { refusal } from '../outcome.ts';
import { failed, type Reader, statusIn, text } from './told.ts';

/* Mailgun, "Webhook payloads": `event-data` holds the event. */

const schema = z.looseObject({
  'event-data': z.looseObject({
    event: z.string().max(40),
    severity: text,
    reason: text,
    'delivery-status': z
      .looseObject({ code: z.coerce.number().optional().catch(undefined), message: text, 'enhanced-code': text })
      .optional()
      .catch(undefined),
  }),
});

export const mailgun: Reader = (one) => {
  const read = schema.safeParse(one);
  if (!read.success) return undefined;
  const { event, severity, reason = '', 'delivery-status': delivery } = read.data['event-data'];
  switch (event) {
    case 'opened':
    case 'clicked':
    case 'delivered':
      return { what: event };
    case 'complained':
    case 'unsubscribed':
      return { what: 'complained' };
    case 'accepted':
    case 'stored':
      return { what: 'nothing' };
    case 'failed': {
      if (severity === 'temporary') return { what: 'nothing' }; // it is still tried
      if (reason === 'suppress-complaint' || reason === 'suppress-unsubscribe') return { what: 'complained' };
      if (reason === 'suppress-bounce') return failed(undefined, 'unreachable');
      const reply = `${delivery?.code ?? ''} ${delivery?.message ?? ''}`;
      return failed(statusIn(delivery?.['enhanced-code'], delivery?.message), refusal(reply, 'envelope').reason);
    }
    case 'rejected':
      return failed(undefined, 'content');
    default:
      return { what: 'unknown' };
  }
};
