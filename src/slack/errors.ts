import { randomBytes } from 'node:crypto';
import { ComeBackLater } from '../events/index.ts';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { SlackRefusal } from './client.ts';

/** Slack's own words for things that a person can do something about. */
const REFUSALS: Record<string, string> = {
  expired_trigger_id: 'That took too long for Slack to open a window. Try once more.',
  trigger_expired: 'That took too long for Slack to open a window. Try once more.',
  exchanged_trigger_id: 'That window was opened already. Close it and try once more.',
  trigger_exchanged: 'That window was opened already. Close it and try once more.',
  missing_scope: 'LeadRescue lacks a permission in this workspace. Ask whoever installed it to install it again.',
};

/** The one translator of this edge: what a person is told, in plain text; the rest goes to the log. */
export type Translate = (error: unknown, log: Logger, what: string) => string;

/** An error as a known one; undefined when nobody foresaw it. */
export function asKnown(error: unknown): KnownError | undefined {
  if (isKnown(error)) return error;
  if (error instanceof ComeBackLater) {
    const message = `Slack asks us to slow down. Try again in ${error.seconds} seconds.`;
    return new KnownError('unavailable', 'rate limited', message);
  }
  const words = error instanceof SlackRefusal ? REFUSALS[error.code] : undefined;
  return words ? new KnownError('unavailable', (error as Error).message, words) : undefined;
}

/** Known failures in their own words; anything else is logged under a reference that the person can pass on. */
export const translate: Translate = (error, log, what) => {
  const known = asKnown(error);
  if (known) {
    log.info({ what, code: known.code, why: known.message }, 'said no');
    return known.userMessage;
  }
  const reference = randomBytes(3).toString('hex');
  log.error({ err: error, what, reference }, 'a request from Slack failed');
  return `Something went wrong here, nothing was changed. Reference ${reference}.`;
};
