import { signOf } from './breaker.ts';
import type { ChannelName, RefusalReason, SendOutcome } from './port.ts';

/** What an outcome makes of the message; `again` and `fallback` plan a new attempt. */
export type Next =
  | { kind: 'sent' }
  | { kind: 'again'; afterSeconds: number }
  | { kind: 'fallback'; channel: ChannelName }
  /** Its gateway cannot be reached: another sender takes it. */
  | { kind: 'elsewhere' }
  | { kind: 'uncertain' }
  /** It waits until a person has mended something (credentials, sender, text) or decided. */
  | { kind: 'hold' }
  | { kind: 'failed' }
  | { kind: 'opted_out' };

/** Attempts on one message before a person has to look. */
const MAX_ATTEMPTS = 6;
const DAY_SECONDS = 86_400;
/** Meta asks for at least 24 hours before it may be tried again, and we try once (error 131049). */
const MAX_DELAYED = 2;

/** How long a whole account rests after it was told that it is too fast, or that something is wrong with it. */
export const COOL_SECONDS = { throttled: 2, sender: 60 } as const;

const backoff = (attempt: number) => Math.min(600, 5 * 3 ** (attempt - 1));

/** Another account on the channel takes over: soon, and after the breaker had a moment to see why. */
export const SWITCH_SECONDS = 1;

/** Who else could take a message. */
export interface Others {
  /** Another account of the channel does well. */
  switchable: boolean;
  /** There is a sender at another gateway. */
  standby: boolean;
}
const NOBODY: Others = { switchable: false, standby: false };

/**
 * Decides what follows from one attempt. Pure and total; `other` is the channel to fall back to, if there is one. Only what
 * certainly did not leave is tried again. What could not be handed over is tried once more, then by the next gateway, and for as
 * long as it takes: there is nothing for a person to mend, and each time the guard looks whether it may still leave.
 */
export function afterSend(
  outcome: SendOutcome,
  attempt: number,
  other: ChannelName | null,
  { switchable, standby }: Others = NOBODY,
): Next {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent' };
    case 'uncertain':
      return { kind: 'uncertain' };
    case 'not_written':
      if (standby && attempt > 1 && signOf(outcome) === 'silent') return { kind: 'elsewhere' };
      return { kind: 'again', afterSeconds: switchable && attempt === 1 ? SWITCH_SECONDS : backoff(attempt) };
    case 'refused': {
      const next = afterRefusal(outcome.reason, attempt, other);
      const moves = switchable && outcome.reason === 'sender' && next.kind === 'again';
      return moves ? { ...next, afterSeconds: SWITCH_SECONDS } : next;
    }
  }
}

/** What follows when a gateway says, at once or later, that it did not deliver. */
export function afterRefusal(reason: RefusalReason, attempt: number, other: ChannelName | null): Next {
  if (attempt >= MAX_ATTEMPTS && reason !== 'opted_out') return { kind: 'hold' };
  switch (reason) {
    case 'opted_out':
      return { kind: 'opted_out' };
    case 'unreachable':
    case 'template_needed':
      return other ? { kind: 'fallback', channel: other } : { kind: 'failed' };
    case 'throttled':
    case 'later':
      return { kind: 'again', afterSeconds: backoff(attempt) };
    case 'delayed':
      return attempt < MAX_DELAYED ? { kind: 'again', afterSeconds: DAY_SECONDS } : { kind: 'failed' };
    case 'sender':
      return { kind: 'again', afterSeconds: COOL_SECONDS.sender };
    case 'content':
      return { kind: 'hold' };
    case 'unknown':
      return { kind: 'failed' };
  }
}
