import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import type { JsonObject } from './types.ts';

/** Read methods that take no JSON body (docs.slack.dev, "Using the Slack Web API"): their arguments would be missed. */
const FORM_ONLY = new Set([
  'conversations.info',
  'conversations.members',
  'files.getUploadURLExternal',
  'oauth.v2.access',
  'users.info',
]);

/** The arguments of a Web API call: form values are strings, structures in them JSON; a JSON body has them as they are. */
export class Args {
  readonly values: JsonObject;

  constructor(values: JsonObject) {
    this.values = values;
  }

  text(key: string): string | undefined {
    const value = this.values[key];
    if (typeof value === 'string') return value === '' ? undefined : value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  /** @throws Refusal `code` when the argument is missing. */
  need(key: string, code = 'invalid_arguments'): string {
    const value = this.text(key);
    if (value === undefined) throw new Refusal(code, [`[ERROR] missing required field: ${key}`]);
    return value;
  }

  flag(key: string): boolean {
    return ['true', '1'].includes(this.text(key) ?? '');
  }

  /** A positive whole number, at most `max`. */
  count(key: string, fallback: number, max: number): number {
    const value = Number(this.text(key));
    return Number.isInteger(value) && value > 0 ? Math.min(value, max) : fallback;
  }

  /** @throws Refusal `code` when the argument is a string that is no JSON. */
  structure(key: string, code: string): unknown {
    const value = this.values[key];
    if (typeof value !== 'string') return value;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw new Refusal(code, [`[ERROR] \`${key}\` is not valid JSON`]);
    }
  }
}

/** @throws Refusal `invalid_json`, or `invalid_post_type` where the method would not read a JSON body. */
export function readArgs(request: IncomingMessage, method: string, query: URLSearchParams, body: Buffer): Args {
  const values: JsonObject = Object.fromEntries(query);
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    if (FORM_ONLY.has(method)) throw new Refusal('invalid_post_type', ['[ERROR] this method takes no JSON body']);
    return new Args({ ...values, ...readObject(body.toString('utf8')) });
  }
  return new Args({ ...values, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) });
}

function readObject(text: string): JsonObject {
  const parsed = parseObject(text);
  if (parsed === undefined) throw new Refusal('invalid_arguments', ['[ERROR] the body is no JSON object']);
  return parsed;
}

/** A JSON object, or undefined when the text is anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One page of `items` and the cursor of the next (an empty string at the end), as Slack pages. */
export function page<T>(items: readonly T[], args: Args, fallback: number, most = 1000): { items: T[]; next: string } {
  const limit = Math.min(args.count('limit', fallback, 1000), most);
  const start = Number(Buffer.from(args.text('cursor') ?? '', 'base64').toString('utf8')) || 0;
  const end = start + limit;
  const next = end < items.length ? Buffer.from(String(end)).toString('base64') : '';
  return { items: items.slice(start, end), next };
}
