import type { HttpPool } from '../../lib/http.ts';

/** Renewed this long before Sinch says that it ends. */
const MARGIN_MS = 60_000;

export type Token =
  | { kind: 'token'; value: string }
  | { kind: 'refused'; status: number }
  | { kind: 'none'; detail: string };

export interface Tokens {
  /** The bearer token, asked for once by whoever comes first. Never throws. */
  get(): Promise<Token>;
  /**
   * A token was refused. When it was one that had been kept, it is forgotten and a new one may do (true); one that was only
   * just given out says something about the credentials (false).
   */
  stale(value: string): boolean;
}

/**
 * Sinch's OAuth tokens (client credentials, about an hour). The auth service takes a burst of 30 and then ten a second, so
 * one token serves everything of an account in this process.
 */
export function createTokens(
  pool: HttpPool,
  credentials: { keyId: string; keySecret: string },
  machine: () => number,
): Tokens {
  const authorization = `Basic ${Buffer.from(`${credentials.keyId}:${credentials.keySecret}`).toString('base64')}`;
  let kept: { value: string; until: number; used: boolean } | undefined;
  let asking: Promise<Token> | undefined;

  async function ask(): Promise<Token> {
    const result = await pool.call({
      method: 'POST',
      path: '/oauth2/token',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: 'grant_type=client_credentials',
    });
    if (result.kind !== 'reply') return { kind: 'none', detail: `no token: ${result.detail}` };
    const { status } = result;
    if (status === 400 || status === 401 || status === 403) return { kind: 'refused', status };
    const { access_token: value, expires_in: seconds } = fields(result.body);
    if (status !== 200 || typeof value !== 'string') return { kind: 'none', detail: `no token: HTTP ${status}` };
    const lasts = typeof seconds === 'number' ? seconds * 1000 : 0;
    kept = { value, until: machine() + Math.max(lasts - MARGIN_MS, lasts / 2), used: false };
    return { kind: 'token', value };
  }

  return {
    async get() {
      if (kept && kept.until > machine()) {
        kept.used = true;
        return { kind: 'token', value: kept.value };
      }
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    stale(value) {
      if (kept?.value !== value) return true; // somebody else has renewed it meanwhile
      const { used } = kept;
      kept = undefined;
      return used;
    },
  };
}

/** The fields of a JSON object; none when the text is anything else. */
export function fields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
