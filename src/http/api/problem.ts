import type { Response } from 'express';
import type { z } from 'zod';
import { Locked, Unauthorised } from '../../access/index.ts';
import { isKnown } from '../../lib/errors.ts';
import { statusOf } from '../errors.ts';
import type { problem } from './schemas.ts';

type Body = z.input<typeof problem>;
export type Trouble = NonNullable<Body['errors']>[number];

export const PROBLEM_TYPE = 'application/problem+json';
/** Where each code is explained. */
const DOCS = '/api/v2/docs';

const TITLES: Record<number, { code: string; title: string }> = {
  400: { code: 'validation_error', title: 'The request is not right.' },
  401: { code: 'unauthorised', title: 'You are not signed in.' },
  403: { code: 'forbidden', title: 'Your key may not do this.' },
  404: { code: 'not_found', title: 'There is nothing here.' },
  405: { code: 'method_not_allowed', title: 'That cannot be done here.' },
  409: { code: 'conflict', title: 'That does not fit how things stand.' },
  413: { code: 'too_large', title: 'That is too large.' },
  415: { code: 'unsupported_media_type', title: 'Send JSON.' },
  422: { code: 'idempotency_key_reused', title: 'This idempotency key belongs to another request.' },
  423: { code: 'locked', title: 'This key is locked.' },
  429: { code: 'too_many_requests', title: 'Too many requests.' },
  503: { code: 'unavailable', title: 'Not available right now.' },
};
const UNEXPECTED = { code: 'internal', title: 'Something went wrong here.' };

/** Every code with its status and meaning, for the page. */
export const CODES = Object.entries(TITLES).map(([status, each]) => ({ status: Number(status), ...each }));

/** Answers with an error as RFC 9457 has it. */
export function sendTrouble(res: Response, status: number, detail?: string, errors?: Trouble[], code?: string): void {
  const known = TITLES[status] ?? UNEXPECTED;
  const request: unknown = res.locals.requestId;
  const body: Body = {
    type: `${DOCS}#errors`,
    title: known.title,
    status,
    code: code ?? known.code,
    ...(detail !== undefined && { detail }),
    ...(typeof request === 'string' && { request }),
    ...(errors && errors.length > 0 && { errors }),
  };
  res.status(status).type(PROBLEM_TYPE).send(JSON.stringify(body));
}

/** Answers with whatever was thrown; only our own words reach the caller. */
export function sendThrown(res: Response, error: unknown): void {
  if (error instanceof Locked) {
    res.set('Retry-After', String(error.seconds));
    sendTrouble(res, 423, error.userMessage);
  } else if (error instanceof Unauthorised) {
    res.set('WWW-Authenticate', 'Bearer');
    sendTrouble(res, 401, error.userMessage);
  } else if (isKnown(error) && statusOf(error) < 500) {
    const code = error.code === 'opted_out' ? error.code : undefined;
    sendTrouble(res, statusOf(error), error.userMessage, error.problems.map(troubleOf), code);
  } else {
    sendTrouble(res, statusOf(error), isKnown(error) && error.code === 'unavailable' ? error.userMessage : undefined);
  }
}

/** A field of ours is a path into the body; one that begins with a question mark is a parameter. */
function troubleOf({ field, message }: { field: string; message: string }): Trouble {
  return field.startsWith('?')
    ? { parameter: field.slice(1), detail: message }
    : { pointer: pointer(field.split('/')), detail: message };
}

/** What zod found, at the place where it found it. */
export const troublesOf = (error: z.ZodError, where: 'body' | 'parameter'): Trouble[] =>
  error.issues.map(({ path, message }) =>
    where === 'body'
      ? { pointer: pointer(path), detail: message }
      : { parameter: String(path[0] ?? ''), detail: message },
  );

/** JSON pointer (RFC 6901) as a fragment. */
const pointer = (path: readonly PropertyKey[]): string =>
  `#${path.map((part) => `/${escaped(String(part))}`).join('')}`;

const escaped = (part: string): string =>
  encodeURIComponent(
    part
      .replaceAll('~', '~0')
      .replaceAll('/', '~1')
      .replaceAll(/\p{Surrogate}/gu, '\ufffd'),
  );
