import { createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from '../lib/secrets.ts';

/*
 * The state of an installation: Slack gives it back with its code (RFC 6749, section 10.12). It is signed, lives for ten
 * minutes, and counts only in the browser that began, which keeps the other half in a cookie. Nothing is stored.
 */

/** As long as Slack's codes live. */
export const STATE_SECONDS = 600;

export interface InstallState {
  /** Goes to Slack and back. */
  state: string;
  /** Stays in the browser. */
  half: string;
}

function sign(secret: string, half: string, end: number): string {
  return createHmac('sha256', secret).update(`install/${half}/${end}`).digest('base64url');
}

/** A new state; `now` in milliseconds of the machine's clock. */
export function newState(secret: string, now: number): InstallState {
  const half = randomBytes(24).toString('base64url');
  const end = Math.floor(now / 1000) + STATE_SECONDS;
  return { state: `${end}.${sign(secret, half, end)}`, half };
}

/** Whether this browser began this installation, lately. */
export function isOurState(secret: string, { state, half }: InstallState, now: number): boolean {
  const [stamp = '', tag = ''] = state.split('.');
  const end = Number(stamp);
  if (!/^\d{1,12}$/.test(stamp) || half === '' || end < now / 1000) return false;
  return sameSecret(tag, sign(secret, half, end));
}
