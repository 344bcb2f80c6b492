import { z } from 'zod';
import { failed, type Reader, text } from './told.ts';

/* Amazon SES, "Contents of SNS notifications" and "of event data": `mail.headers` holds the letter's own headers. */

const schema = z
  .looseObject({
    notificationType: text,
    eventType: text,
    mail: z.looseObject({}),
    bounce: z
      .looseObject({
        bounceType: text,
        bounceSubType: text,
        bouncedRecipients: z
          .array(z.looseObject({ status: text }))
          .max(50)
          .default([]),
      })
      .optional()
      .catch(undefined),
  })
  .refine(({ notificationType, eventType }) => notificationType !== undefined || eventType !== undefined);

/** Of a bounce that is none of the receiver's doing. */
const CONTENT = new Set(['MessageTooLarge', 'ContentRejected', 'AttachmentRejected']);

export const ses: Reader = (one) => {
  const read = schema.safeParse(one);
  if (!read.success) return undefined;
  const { notificationType, eventType, bounce } = read.data;
  switch (notificationType ?? eventType) {
    case 'Open':
      return { what: 'opened' };
    case 'Click':
      return { what: 'clicked' };
    case 'Delivery':
      return { what: 'delivered' };
    case 'Complaint':
    case 'Subscription':
      return { what: 'complained' };
    case 'Send':
    case 'DeliveryDelay':
      return { what: 'nothing' };
    case 'Reject':
      return failed(undefined, 'content');
    case 'Rendering Failure':
      return failed(undefined, 'unknown');
    case 'Bounce': {
      const status = bounce?.bouncedRecipients.find((each) => each.status)?.status;
      if (CONTENT.has(bounce?.bounceSubType ?? '')) return failed(undefined, 'content');
      if (bounce?.bounceType === 'Transient') return failed(undefined, 'delayed');
      return failed(status, bounce?.bounceType === 'Permanent' ? 'unreachable' : 'unknown');
    }
    default:
      return { what: 'unknown' };
  }
};
