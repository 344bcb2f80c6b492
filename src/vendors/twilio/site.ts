import { stringify } from 'node:querystring';

/** One of Twilio's hosts as one account speaks to it. */
export interface Site {
  readonly accountSid: string;
  readonly origin: string;
  readonly readHeaders: Record<string, string>;
  readonly formHeaders: Record<string, string>;
  readonly jsonHeaders: Record<string, string>;
}

export function createSite(accountSid: string, authToken: string, origin: string): Site {
  const readHeaders = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    accept: 'application/json',
    'user-agent': 'leadrescue',
  };
  return {
    accountSid,
    origin,
    readHeaders,
    formHeaders: { ...readHeaders, 'content-type': 'application/x-www-form-urlencoded' },
    jsonHeaders: { ...readHeaders, 'content-type': 'application/json' },
  };
}

/** A form body. Half an emoji, cut off by somebody's truncation, becomes U+FFFD instead of an error. */
export function encodeForm(data: Record<string, unknown> = {}): string {
  try {
    return stringify(data as Record<string, string | number>); // twice as fast as URLSearchParams, but throws on those
  } catch {
    return new URLSearchParams(data as Record<string, string>).toString();
  }
}
