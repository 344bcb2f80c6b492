import type { ApiKeyId, StaffId, TenantId } from '../lib/ids.ts';
import type { KeyRole } from '../tenants/index.ts';

/**
 * Who may come in by the API.
 *
 * Glossary: *key* a name and a secret that an admin makes in Slack; *sign-in* what a key was exchanged for: an access
 * token for a quarter of an hour, and refresh tokens that are exchanged one for the next for a week; *caller* a key that
 * has shown an access token.
 */

export interface ApiKey {
  id: ApiKeyId;
  tenantId: TenantId;
  name: string;
  role: KeyRole;
  /** In whose name it acts. */
  madeBy: StaffId;
  createdAt: Date;
  usedAt: Date | null;
  /** Machine time; past means open. */
  lockedUntil: Date | null;
}

export interface Caller {
  key: ApiKey;
  signInId: string;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshExpiresIn: number;
}

/** Access for fifteen minutes, refresh for seven days (seed 002). */
export const ACCESS_SECONDS = 15 * 60;
export const REFRESH_SECONDS = 7 * 24 * 60 * 60;
/** Wrong secrets in a row after which a key is locked, and for how long. */
export const MAX_FAILURES = 5;
export const LOCK_SECONDS = 15 * 60;
