import { z } from 'zod';
import type { MailReport } from '../../../inbox/port.ts';
import type { RefusalReason } from '../../../messaging/port.ts';
import { reasonOfStatus } from '../outcome.ts';

/** What one provider's report says; undefined where it is none of this provider's. */
export type Reader = (one: unknown) => MailReport['told'] | undefined;

export const text = z.string().max(2000).optional().catch(undefined);

/** RFC 3463's code in a text. */
export const statusIn = (...texts: readonly (string | undefined)[]): string | undefined =>
  /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(texts.filter(Boolean).join(' '))?.[0];

/** A letter that will not come: the code that the receiver's server gave decides, else what the provider makes of it. */
export function failed(status: string | undefined, otherwise: RefusalReason): MailReport['told'] {
  const reason = status?.startsWith('4') ? 'delayed' : status ? reasonOfStatus(status) : otherwise;
  return { what: 'failed', reason, code: status ?? 'bounced' };
}
