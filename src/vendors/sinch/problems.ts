import type { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { HttpResult } from '../../lib/http.ts';
import { fields } from './token.ts';

/** The answer when it is a success and as expected; else a `KnownError`. Sinch's own words go to the person, not the log. */
export function answerOf<T>(schema: z.ZodType<T>, result: HttpResult, doing: string): T {
  if (result.kind !== 'reply') {
    const words = 'Sinch did not answer. Try again in a few minutes.';
    throw new KnownError('unavailable', `Sinch: could not ${doing}: ${result.detail}`, words);
  }
  const { status } = result;
  const body = fields(result.body);
  if (status >= 200 && status < 300) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const words = 'Sinch answered something LeadRescue does not understand. Try again, or look at it in Sinch.';
    throw new KnownError('unavailable', `Sinch: could not ${doing}: answer not understood`, words);
  }
  const log = `Sinch: could not ${doing}: HTTP ${status}`;
  if (status === 401 || status === 403) {
    const words = 'Sinch did not accept our account. Check its project, app, key id and key secret.';
    throw new KnownError('misconfigured', log, words);
  }
  if (status === 404) throw new KnownError('not_found', log, 'Sinch does not know this project or app.');
  const { message } = (body.error ?? {}) as { message?: unknown };
  if (status >= 400 && status < 500 && status !== 429 && typeof message === 'string') {
    throw new KnownError('validation_error', log, `Sinch did not accept this: ${message.slice(0, 300)}`);
  }
  throw new KnownError('unavailable', log, 'Sinch has trouble just now. Try again in a few minutes.');
}
