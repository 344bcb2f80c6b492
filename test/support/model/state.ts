/*
 * The model of sending and stopping: everything that decides whether a message leaves, as values, so that every order
 * in which things may happen can be tried. A step mirrors one statement of the product, one transaction of a person, one
 * move of a gateway or of time; `tie.ts` says which statement is which step.
 *
 * Words: an *entry* is what a worker holds in its memory for a claim; it is *stale* once the message was claimed anew, perhaps
 * by the same worker; a *look* is a reconciler at work on one attempt.
 */

export const MESSAGE_STATES = [
  'scheduled',
  'claimed',
  'sending',
  'sent',
  'uncertain',
  'unconfirmed',
  'held',
  'cancelled',
  'failed',
  'skipped',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const SEND_STATES = ['sending', 'accepted', 'not_sent', 'uncertain', 'unconfirmed'] as const;
export type SendState = (typeof SEND_STATES)[number];

/** What the gateway did with an attempt. */
export type GatewaySide = 'idle' | 'asked' | 'taken' | 'declined';

/** An attempt: our row, the gateway's side of it, and the report that is on its way. */
export interface Send {
  readonly state: SendState;
  readonly owner: number;
  /** `ripe`: the reconciler may look; `late`: a verdict is due whatever the gateway says. */
  readonly age: 'fresh' | 'ripe' | 'late';
  readonly gateway: GatewaySide;
  /** What the gateway's last report said. */
  readonly status: 'none' | 'delivered' | 'failed';
  /** It began after a stop of this person was committed. */
  readonly afterStop: boolean;
}

export interface Message {
  readonly purpose: 'cadence' | 'notice';
  readonly state: MessageState;
  readonly why: 'none' | 'paused' | 'mend';
  readonly attempt: number;
  readonly owner: number;
  readonly lease: 'none' | 'live' | 'over';
  readonly sends: readonly Send[];
  /** How often a person has chosen to send it again. */
  readonly resends: number;
}

/** `again`, `other`, `never`: declined, to be mended by time, by another way, by nothing. */
export type Outcome = 'accepted' | 'uncertain' | 'not_written' | 'again' | 'other' | 'never';

export interface Entry {
  readonly message: number;
  /** It stands for a claim that is over; the message may have been claimed anew since. */
  readonly stale: boolean;
  readonly attempt: number;
  /** `unheard`: its begin failed, and what is left is to say that nothing was written. */
  readonly phase: 'claimed' | 'skip' | 'ready' | 'begun' | 'written' | 'unheard';
  /** Its deadline has passed: nothing may be written any more. */
  readonly late: boolean;
}

export type Verdict = 'sent' | 'not_sent' | 'unconfirmed';

export interface Look {
  readonly message: number;
  readonly attempt: number;
  /** Nothing can come any more: the owner said so, or is dead. */
  readonly over: boolean;
  readonly late: boolean;
  readonly verdict: Verdict | 'none';
}

export interface Worker {
  readonly is: 'up' | 'frozen';
  /** It holds the lock that says that it lives. */
  readonly lock: boolean;
  /** A statement failed: it may hold claims that it does not know of. */
  readonly astray: boolean;
  readonly entries: readonly Entry[];
  readonly look: Look | null;
}

export type StopPhase = 'none' | 'came' | 'read' | 'cancelled' | 'looked' | 'committed' | 'acknowledged';

export interface Stop {
  readonly phase: StopPhase;
  /** The messages' states in the snapshot of the statement that cancels. */
  readonly seen: readonly MessageState[];
  /** Cancelled and not committed: their rows are locked. */
  readonly touched: readonly number[];
  readonly inFlight: boolean;
}

export interface State {
  readonly messages: readonly Message[];
  readonly workers: readonly Worker[];
  readonly stop: Stop;
  readonly enrolment: 'active' | 'paused' | 'ended';
  readonly optedOut: boolean;
  /** A failure was applied to an attempt and not yet to its message. */
  readonly half: { readonly message: number; readonly attempt: number } | null;
  readonly entries: number;
  /** What may still go wrong, and what people may still do. */
  readonly faults: number;
  readonly pauses: number;
  readonly resends: number;
  /** A promise that was broken by the step that led here. */
  readonly broken: string;
}

export interface Step {
  /** What happens, in words: a counterexample is a list of these. */
  name: string;
  next: State;
  /** Something that goes wrong; whatever is promised must be kept without further ones. */
  fault?: true;
}

export const NOBODY = -1;
/** An owner that is dead; workers are known by their place, which a new one takes over. */
export const DEAD = -2;
const FRESH: Message = {
  purpose: 'cadence',
  state: 'scheduled',
  why: 'none',
  attempt: 0,
  owner: NOBODY,
  lease: 'none',
  sends: [],
  resends: 0,
};

/** How much may happen in one exploration. */
export interface Size {
  messages: readonly Message['purpose'][];
  workers: number;
  /** What one worker may hold at once; two of one message only come to be when somebody pauses or a statement fails. */
  entries: 1 | 2;
  stops: 0 | 1;
  faults: number;
  pauses: number;
  resends: number;
}

export function initial(size: Size): State {
  return {
    messages: size.messages.map((purpose) => ({ ...FRESH, purpose })),
    workers: Array.from({ length: size.workers }, () => ({
      is: 'up',
      lock: true,
      astray: false,
      entries: [],
      look: null,
    })),
    stop: { phase: size.stops === 1 ? 'came' : 'none', seen: [], touched: [], inFlight: false },
    enrolment: 'active',
    optedOut: false,
    half: null,
    entries: size.entries,
    faults: size.faults,
    pauses: size.pauses,
    resends: size.resends,
    broken: '',
  };
}

export const withMessage = (state: State, index: number, changes: Partial<Message>): State => ({
  ...state,
  messages: state.messages.map((message, at) => (at === index ? { ...message, ...changes } : message)),
});

/** Of what is over nobody asks any more whose it was, or how long ago. */
const settled = (send: Send): Send =>
  send.state === 'sending' || send.state === 'uncertain' ? send : { ...send, owner: NOBODY, age: 'fresh' };

export const withSend = (state: State, index: number, attempt: number, changes: Partial<Send>): State =>
  withMessage(state, index, {
    sends: messageAt(state, index).sends.map((send, at) =>
      at === attempt - 1 ? settled({ ...send, ...changes }) : send,
    ),
  });

export const withWorker = (state: State, index: number, changes: Partial<Worker>): State => ({
  ...state,
  workers: state.workers.map((worker, at) => (at === index ? { ...worker, ...changes } : worker)),
});

export const withStop = (state: State, changes: Partial<Stop>): State => ({
  ...state,
  stop: { ...state.stop, ...changes },
});

export function messageAt(state: State, index: number): Message {
  const message = state.messages[index];
  if (!message) throw new Error(`no message ${index}`);
  return message;
}

/** The person's row is locked by the stop's transaction. */
export const isLocked = ({ stop }: State): boolean =>
  stop.phase === 'read' || stop.phase === 'cancelled' || stop.phase === 'looked';
