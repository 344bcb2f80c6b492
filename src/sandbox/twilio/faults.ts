/** How the stand-in misbehaves. Probabilities are 0 to 1. Everything can be changed at any time. */
export interface FaultSettings {
  /** Waits this long before it looks at a create request. */
  latencyMs: number;
  /** Waits this long between taking a message and answering. */
  answerDelayMs: number;
  /** Never answers; `after` has taken the message, `before` has not. */
  hang: 'no' | 'before' | 'after';
  /** Takes the message, then destroys the socket. */
  dropAfterAccept: number;
  /** Destroys the socket without taking the message. */
  dropBeforeAccept: number;
  /** Answers 500 without having taken the message. */
  error500: number;
  /** Answers 500 although it took the message. */
  error500AfterAccept: number;
  /** Refuses with 429 and 20429. */
  rateLimited: number;
  callbacks: 'posted' | 'none';
  /** Wait before each status. */
  callbackDelayMs: number;
  duplicateCallbacks: boolean;
  /** Posts the statuses of a message last first. */
  reverseCallbacks: boolean;
}

/** Faults of one customer's number, over the global ones. */
export interface NumberFaults extends Partial<FaultSettings> {
  /** No WhatsApp there: `async` takes the message and reports 63003 later, `sync` refuses it at once. */
  notOnWhatsApp?: 'async' | 'sync';
  /** Refuses every message to this number with this code (21211 invalid, 21614 no mobile …). */
  refuseWith?: number;
  /** Takes every message to this number and reports this code later (30003 unreachable, 63024 …). */
  failWith?: number;
  /** WhatsApp's 24-hour window counts as closed: only approved templates get through, all else reports 63016. */
  windowClosed?: boolean;
}

/** Changes to a number's faults; `undefined` takes one back. */
export type NumberFaultChanges = { [Key in keyof NumberFaults]?: NumberFaults[Key] | undefined };

export interface Faults {
  /** Changes global settings. */
  set(settings: Partial<FaultSettings>): void;
  /** Changes the faults of one number (bare E.164). */
  setFor(number: string, faults: NumberFaultChanges): void;
  /** Everything works again, for everybody. */
  clear(): void;
  /** Connection refused until `up`. Open connections are cut. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export interface ReadableFaults {
  of(number: string): FaultSettings & NumberFaults;
  /** True with the given probability, from the seeded sequence. */
  roll(probability: number): boolean;
}

const NONE: FaultSettings = {
  latencyMs: 0,
  answerDelayMs: 0,
  hang: 'no',
  dropAfterAccept: 0,
  dropBeforeAccept: 0,
  error500: 0,
  error500AfterAccept: 0,
  rateLimited: 0,
  callbacks: 'posted',
  callbackDelayMs: 5,
  duplicateCallbacks: false,
  reverseCallbacks: false,
};

export function createFaults(seed: number): ReadableFaults & Omit<Faults, 'down' | 'up'> {
  let settings = { ...NONE };
  const numbers = new Map<string, NumberFaults>();
  const random = mulberry32(seed);
  return {
    set(changes) {
      settings = { ...settings, ...changes };
    },
    setFor(number, changes) {
      const own = Object.entries({ ...numbers.get(number), ...changes }).filter(([, value]) => value !== undefined);
      numbers.set(number, Object.fromEntries(own));
    },
    clear() {
      settings = { ...NONE };
      numbers.clear();
    },
    of(number) {
      const own = numbers.get(number);
      return own ? { ...settings, ...own } : settings;
    },
    roll: (probability) => probability > 0 && random() < probability,
  };
}

/** A small seeded generator of numbers in [0, 1): faults repeat when a test is run again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
