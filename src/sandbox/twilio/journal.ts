import type { Answer, StandInEvent, StandInMessage, Violation } from './types.ts';

/** Violations kept; a stand-in that runs for weeks must not fill the memory. */
const KEPT_VIOLATIONS = 1000;

/**
 * Refusals of requests that were wrong as they were written: parameters missing or of the wrong form, credentials. Others
 * (a number that blocks us, a template that is gone) happen to correct applications, too.
 */
const MISTAKES: ReadonlySet<number> = new Set([
  20001, 20003, 21211, 21212, 21602, 21603, 21604, 21609, 21617, 21654, 21656,
]);

/** What the stand-in has seen. Tests compare it with what the application believes. */
export interface Journal {
  /** Every message taken from the application, in order. */
  readonly sent: readonly StandInMessage[];
  /** Every customer's message. */
  readonly inbound: readonly StandInMessage[];
  /** What the stand-in itself wrote to customers (answers to STOP, START, HELP). */
  readonly autoReplies: readonly StandInMessage[];
  /** What no correct application asks for. */
  readonly violations: readonly Violation[];
  /** Create requests that arrived, refused and hung ones included. */
  readonly creates: number;
  /** Status callbacks posted. */
  readonly callbacks: number;
  /** Calls the listener with each event until the returned function is called. */
  subscribe(listener: (event: StandInEvent) => void): () => void;
}

export interface WritableJournal extends Journal {
  creates: number;
  callbacks: number;
  record(event: StandInEvent): void;
  /** Notes a refusal when only a mistake of the application can cause it. */
  refused(where: string, at: number, answer: Answer): void;
}

export function createJournal(): WritableJournal {
  const sent: StandInMessage[] = [];
  const inbound: StandInMessage[] = [];
  const autoReplies: StandInMessage[] = [];
  const violations: Violation[] = [];
  const lists = { sent, inbound, auto_reply: autoReplies };
  const listeners = new Set<(event: StandInEvent) => void>();
  function record(event: StandInEvent): void {
    if (event.kind === 'violation') {
      violations.push(event.violation);
      if (violations.length > KEPT_VIOLATIONS) violations.shift();
    } else if (event.kind !== 'status') {
      lists[event.kind].push(event.message);
    }
    for (const listener of listeners) listener(event);
  }

  return {
    sent,
    inbound,
    autoReplies,
    violations,
    creates: 0,
    callbacks: 0,
    record,
    refused(where, at, { body }) {
      const { code, message } = body as { code?: number; message?: string };
      if (code === undefined || !MISTAKES.has(code)) return;
      record({ kind: 'violation', violation: { at, where, code: String(code), detail: message ?? '' } });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
