import { z } from 'zod';
import { failed, type Reader, statusIn, text } from './told.ts';

/* Resend, "Webhooks": `type` says what happened, `data` to which letter. */

const schema = z.looseObject({
  type: z
    .string()
    .regex(/^email\./)
    .max(60),
  data: z.looseObject({
    bounce: z.looseObject({ type: text, subType: text, message: text }).optional().catch(undefined),
  }),
});

export const resend: Reader = (one) => {
  const read = schema.safeParse(one);
  if (!read.success) return undefined;
  const { type, data } = read.data;
  switch (type) {
    case 'email.opened':
      return { what: 'opened' };
    case 'email.clicked':
      return { what: 'clicked' };
    case 'email.delivered':
      return { what: 'delivered' };
    case 'email.complained':
      return { what: 'complained' };
    case 'email.sent':
    case 'email.scheduled':
    case 'email.delivery_delayed':
      return { what: 'nothing' };
    case 'email.suppressed':
      return failed(undefined, 'unreachable');
    case 'email.bounced': {
      const kind = data.bounce?.type;
      const otherwise = kind === 'Transient' ? 'delayed' : kind === 'Undetermined' ? 'unknown' : 'unreachable';
      return failed(statusIn(data.bounce?.message), otherwise);
    }
    case 'email.failed':
      return failed(undefined, 'unknown');
    default:
      return { what: 'unknown' };
  }
};
