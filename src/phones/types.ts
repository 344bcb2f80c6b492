import type { AccountId, PhoneId, StaffId, TenantId } from '../lib/ids.ts';

/*
 * Glossary: *held* connected (or about to be) by one process, for as long as it renews its hold; *term* one process's time
 * with a phone, counted up; *warm-up* the days in which a newly linked phone sends little.
 */

/**
 * - `linking` a code waits to be scanned
 * - `linked` connected, or about to be by whoever holds it
 * - `lost` the connection broke; it is tried again by itself
 * - `logged_out` the phone has thrown us out: only a new code helps
 * - `expired` nobody scanned a code in time
 * - `refused` it cannot be linked, see `reason`
 * - `removed` somebody of the business unlinked it
 */
export type PhoneState = 'linking' | 'linked' | 'lost' | 'logged_out' | 'expired' | 'refused' | 'removed';

/**
 * Whether messages leave by a phone that is linked: `used` among the senders; `asked` it will be once a second person agrees;
 * `put_away` only what customers write there arrives
 */
export type PhoneUsage = 'used' | 'asked' | 'put_away';

/** A phone that a business has linked, or tried to. */
export interface Phone {
  id: PhoneId;
  state: PhoneState;
  /**
   * Of one that was refused: `no_browser` where it runs, `number_taken` by another business, `no_number`, `no_connection`; of one
   * that was removed: `linked_anew` by a newer link of the same number, `still_listed` on the phone.
   */
  reason: string | null;
  /** E.164; null until it was scanned. */
  number: string | null;
  accountId: AccountId | null;
  askedBy: StaffId;
  linkedAt: Date | null;
  use: PhoneUsage;
  /** Sent today (UTC), and how many may be. */
  used: number;
  dailyLimit: number | null;
  /** Messages that wait because it is gone. */
  waiting: number;
}

/** A phone in this process's hands. */
export interface Hold {
  id: PhoneId;
  tenantId: TenantId;
  term: number;
}
