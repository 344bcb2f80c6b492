import type { SendOutcome } from './port.ts';

/**
 * Why an account rests.
 * - `denied` the gateway does not accept our account
 * - `silent` it cannot be reached, or does not answer
 */
export type RestReason = 'denied' | 'silent';

/** What one outcome says about the account, whatever it says about the message. */
export type Sign = 'well' | RestReason | 'nothing';

/**
 * Reads a sign out of an outcome. A gateway that refuses a receiver or a text does well; one that asks to slow down says
 * nothing; our own deadline passing says nothing either.
 */
export function signOf(outcome: SendOutcome): Sign {
  switch (outcome.kind) {
    case 'accepted':
      return 'well';
    case 'refused':
      if (outcome.reason === 'sender') return 'denied';
      return outcome.reason === 'throttled' ? 'nothing' : 'well';
    case 'not_written':
      return OURS.has(outcome.detail) ? 'nothing' : 'silent';
    case 'uncertain':
      return 'silent';
  }
}

/** Reasons for not writing that lie with us. */
const OURS: ReadonlySet<string> = new Set([
  'deadline passed',
  'no gateway',
  'database away',
  'token ran out',
  'no longer wanted',
]);

/** This many failures in a row, with nothing good between them, open the breaker; a refused account does it at once. */
const IN_A_ROW = 5;

/** The breaker of one account in one process. Pure: takes signs, says when to rest. */
export interface Breaker {
  /** `shaky`: it has only just come back from a rest, so the first failure counts. */
  sign(sign: Sign, shaky: boolean): RestReason | undefined;
}

export function createBreaker(): Breaker {
  let failures = 0;
  return {
    sign(sign, shaky) {
      if (sign === 'nothing') return undefined;
      if (sign === 'well') {
        failures = 0;
        return undefined;
      }
      failures++;
      if (sign === 'silent' && failures < IN_A_ROW && !shaky) return undefined;
      failures = 0;
      return sign;
    },
  };
}

const FIRST_SECONDS = 60;
const MAX_SECONDS = 960;

/** How long an account rests when it does so for the n-th time in a row, n from 1. */
export const restSeconds = (n: number): number => Math.min(MAX_SECONDS, FIRST_SECONDS * 2 ** (n - 1));
