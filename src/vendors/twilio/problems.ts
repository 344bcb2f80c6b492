import { KnownError } from '../../lib/errors.ts';
import type { HttpResult } from '../../lib/http.ts';
import { parseObject } from './outcome.ts';

type Reply = Extract<HttpResult, { kind: 'reply' }>;

/**
 * The reply when it is a success; else a `KnownError`. Twilio's own words go to the person only: they may hold phone
 * numbers, which the log must not.
 */
export function replyOrThrow(result: HttpResult, doing: string): Reply {
  if (result.kind !== 'reply') {
    throw new KnownError(
      'unavailable',
      `Twilio: could not ${doing}: ${result.detail}`,
      'Twilio did not answer. Try again in a few minutes.',
    );
  }
  if (result.status >= 200 && result.status < 300) return result;

  const { code, message } = parseObject(result.body);
  const log = `Twilio: could not ${doing}: HTTP ${result.status}, code ${Number.isInteger(code) ? code : 'none'}`;
  if (result.status === 401 || result.status === 403) {
    throw new KnownError('misconfigured', log, 'Twilio did not accept our account. Check its SID and auth token.');
  }
  if (result.status >= 400 && result.status < 500 && result.status !== 429 && typeof message === 'string') {
    throw new KnownError('validation_error', log, `Twilio did not accept this: ${message}`);
  }
  throw new KnownError('unavailable', log, 'Twilio has trouble just now. Try again in a few minutes.');
}
