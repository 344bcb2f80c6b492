import type { StandInEvent, StandInMessage } from './types.ts';

/** What the stand-in has seen. Tests compare it with what the application believes. */
export interface Journal {
  /** Every message taken from the application, in order. */
  readonly sent: readonly StandInMessage[];
  /** Every customer's message. */
  readonly inbound: readonly StandInMessage[];
  /** What the stand-in itself wrote to customers (answers to STOP, START, HELP). */
  readonly autoReplies: readonly StandInMessage[];
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
}

export function createJournal(): WritableJournal {
  const sent: StandInMessage[] = [];
  const inbound: StandInMessage[] = [];
  const autoReplies: StandInMessage[] = [];
  const lists = { sent, inbound, auto_reply: autoReplies };
  const listeners = new Set<(event: StandInEvent) => void>();
  return {
    sent,
    inbound,
    autoReplies,
    creates: 0,
    callbacks: 0,
    record(event) {
      if (event.kind !== 'status') lists[event.kind].push(event.message);
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
