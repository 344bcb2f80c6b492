import type { SendOutcome } from './port.ts';

/**
 * Why an account rests.
 * - `denied` the gateway does not accept our account
 * - `silent` it cannot be reached, or does not answer
 * - `reported` it takes messages, and reports later that our sender may not send them
 */
export type RestReason = 'denied' | 'silent' | 'reported';

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
      return OURS.test(outcome.detail) ? 'nothing' : 'silent';
    case 'uncertain':
      return 'silent';
  }
}

/**
 * Reasons for not writing that lie with us. Connections are closed under what waits for them when access is given anew: it leaves
 * by the new ones.
 */
const OURS =
  /^(deadline passed|no gateway|database away|token ran out|no longer wanted|the customer was writing|the phone is held elsewhere|closing|(no token: )?UND_ERR_(CLOSED|DESTROYED))$/;

/** This many failures in a row, with nothing good between them, open the breaker; a refused account does it at once. */
const IN_A_ROW = 10;
/** So many are enough after a rest, as long as nothing has gone well since. */
const AFTER_REST = 3;

/** The breaker of one account in one process. Pure: takes signs, says when to rest. */
export interface Breaker {
  /** `shaky`: it has only just come back from a rest, so fewer failures count, until something goes well. */
  sign(sign: Sign, shaky: boolean): RestReason | undefined;
}

export function createBreaker(): Breaker {
  let failures = 0;
  /** Something has gone well since the last rest, whatever the row still says. */
  let proven = false;
  return {
    sign(sign, shaky) {
      if (sign === 'nothing') return undefined;
      if (sign === 'well') {
        failures = 0;
        proven = true;
        return undefined;
      }
      failures++;
      if (sign === 'silent' && failures < (shaky && !proven ? AFTER_REST : IN_A_ROW)) return undefined;
      failures = 0;
      proven = false;
      return sign;
    },
  };
}

/**
 * Seconds of the first rest and of the longest. Silence is often over soon, and where there is no other sender a rest holds
 * everything up; a refused account wants a person.
 */
export const RESTS: Record<RestReason, { first: number; most: number }> = {
  silent: { first: 5, most: 60 },
  denied: { first: 60, most: 960 },
  reported: { first: 60, most: 960 },
};

/** How many seconds an account rests when it does so for the n-th time in a row, n from 1. */
export const restSeconds = (n: number, reason: RestReason): number =>
  Math.min(RESTS[reason].most, RESTS[reason].first * 2 ** (n - 1));
