/**
 * Two clocks. The *business* clock (due times, send hours, windows, timestamps on events) is injected and may be
 * turned in the sandbox; the *machine* clock (leases, back-off, rates, signature ages) never lies and never turns.
 */
export interface Clock {
  /** Business time. */
  now(): Date;
  /** Milliseconds since the epoch by the machine's own clock. */
  machine(): number;
}

/** A clock whose business time runs `offsetMs` ahead of the machine. Production uses it with offset 0. */
export interface TurnableClock extends Clock {
  readonly offsetMs: number;
  /** Sets how far business time is ahead of machine time, in milliseconds. */
  turnTo(offsetMs: number): void;
}

export function createClock(machine: () => number = Date.now): TurnableClock {
  let offset = 0;
  return {
    now: () => new Date(machine() + offset),
    machine,
    get offsetMs() {
      return offset;
    },
    turnTo(offsetMs) {
      offset = offsetMs;
    },
  };
}
