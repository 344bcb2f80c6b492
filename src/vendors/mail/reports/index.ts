import type { MailReport } from '../../../inbox/port.ts';
import { attemptIn } from '../letter-id.ts';
import { flat } from './flat.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { resend } from './resend.ts';
import { ses } from './ses.ts';
import type { Reader } from './told.ts';

export { createSns, type Sns } from './sns.ts';

/** The first that knows a shape reads it; the last one knows whatever names what happened. */
const READERS: readonly Reader[] = [mailgun, postmark, resend, ses, flat];

/**
 * What one report of a mail provider says. Undefined where it names no letter of ours: the letter's id, wherever the provider
 * puts it, is what proves a report, since nobody but the receiver's side was given it.
 */
export function readReport(one: unknown): MailReport | undefined {
  const ours = attemptIn(JSON.stringify(one) ?? '');
  if (!ours) return undefined;
  const { messageId, attempt, id: gatewayId } = ours;
  const told = READERS.reduce<ReturnType<Reader>>((found, reader) => found ?? reader(one), undefined);
  return { messageId, attempt, gatewayId, told: told ?? { what: 'unknown' } };
}
