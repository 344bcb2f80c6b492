import type { Request, Response } from 'express';
import { KnownError, validationError } from '../lib/errors.ts';
import { parseForeign } from '../lib/json.ts';
import type { Form } from '../tenants/index.ts';
import { statusOf } from './errors.ts';
import { readForm } from './form.ts';
import { readFields } from './multipart.ts';

/* What the doors for forms share: how an enquiry is read, and how one that is not right is answered. */

const MAX_FIELDS = 100;

/** Neither JSON nor a form. */
class UnknownKind extends KnownError {
  constructor() {
    super('validation_error', 'content type', 'Send JSON (application/json) or a form.');
  }
}

/** What was sent, as JSON or as a browser sends a form. Throws for anything else; `statusOfSubmission` knows how to answer. */
export async function readPayload(req: Request): Promise<Record<string, unknown>> {
  const type = (req.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const bytes: unknown = req.body;
  const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  if (type === 'application/x-www-form-urlencoded') return readForm(body).fields;
  if (type === 'multipart/form-data') return readFields(req.get('content-type') ?? '', body, MAX_FIELDS);
  if (/^(?:application\/(?:[\w.+-]+\+)?json|text\/json)$/.test(type)) return readJson(body);
  throw new UnknownKind();
}

function readJson(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseForeign(body.toString('utf8'));
  } catch (cause) {
    throw new KnownError('validation_error', 'not JSON', 'That is not JSON.', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw validationError([{ field: '', message: 'Send one JSON object with the fields of the form.' }]);
}

/** The HTTP status of whatever was thrown while an enquiry was read or taken in. */
export const statusOfSubmission = (error: unknown): number => (error instanceof UnknownKind ? 415 : statusOf(error));

/** The door of a form, for reports: `Website contact` is `form:website-contact`. */
export const sourceOf = ({ name }: Pick<Form, 'name'>): string => `form:${wordsIn(name)}`;

const wordsIn = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);

export const unavailable = () =>
  new KnownError('unavailable', 'failed', 'That could not be taken in right now. Try again in a minute.');
export const tooMany = () =>
  new KnownError('unavailable', 'too many', 'Too many requests. Wait a minute, then try again.');

const TITLES: Record<number, string> = {
  400: 'The enquiry is not right yet',
  403: 'Not allowed',
  413: 'Too large',
  415: 'Send JSON or a form',
  429: 'Too many requests',
};

/** RFC 9457, with the code and message that our other answers have besides. */
export function sendDetails(res: Response, status: number, error: KnownError): void {
  const code = status === 429 ? 'too_many_requests' : error.code;
  const errors = error.problems.map(({ field, message }) => ({ pointer: field, detail: message }));
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: TITLES[status] ?? 'Not available right now',
        status,
        detail: error.userMessage,
        code,
        ...(errors.length > 0 && { errors }),
        error: { code, message: error.userMessage },
      }),
    );
}
