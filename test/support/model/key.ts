import {
  type Entry,
  type Look,
  MESSAGE_STATES,
  type Message,
  SEND_STATES,
  type Send,
  type State,
  type Worker,
} from './state.ts';

/*
 * A short text for each state: the same for states that differ only in which worker is which. Small numbers are put
 * together into characters by hand: millions of these are made.
 */

const codes = <T extends string>(names: readonly T[]) =>
  Object.fromEntries(names.map((name, code) => [name, code])) as Readonly<Record<T, number>>;

const MESSAGE = codes(MESSAGE_STATES);
const SEND = codes(SEND_STATES);
const PHASE = codes(['claimed', 'skip', 'ready', 'begun', 'written', 'unheard']);
const STOP = codes(['none', 'came', 'read', 'cancelled', 'looked', 'committed', 'acknowledged']);
const GATEWAY = codes(['idle', 'asked', 'taken', 'declined']);
const AGE = codes(['fresh', 'ripe', 'late']);
const STATUS = codes(['none', 'delivered', 'failed']);
const WHY = codes(['none', 'paused', 'mend']);
const LEASE = codes(['none', 'live', 'over']);
const ENROLMENT = codes(['active', 'paused', 'ended']);
const VERDICT = codes(['none', 'sent', 'not_sent', 'unconfirmed']);

const entryCode = ({ message, attempt, phase, late, stale }: Entry) =>
  (((message * 8 + attempt) * 6 + PHASE[phase]) * 2 + +late) * 2 + +stale;

const lookCode = ({ message, attempt, over, late, verdict }: Look) =>
  (((message * 8 + attempt) * 2 + +over) * 2 + +late) * 4 + VERDICT[verdict];

function workerKey({ is, lock, astray, entries, look }: Worker): string {
  let key = String.fromCharCode(
    (((is === 'up' ? 2 : 0) + +lock) * 2 + +astray) * 8 + entries.length * 2 + (look ? 1 : 0),
  );
  for (const entry of entries) key += String.fromCharCode(entryCode(entry));
  return look ? key + String.fromCharCode(lookCode(look)) : key;
}

const sendCode = ({ state, age, gateway, status, afterStop }: Send, owner: number) =>
  ((((SEND[state] * 6 + owner) * 3 + AGE[age]) * 4 + GATEWAY[gateway]) * 3 + STATUS[status]) * 2 + +afterStop;

function messageKey(message: Message, swapped: boolean): string {
  const name = (owner: number) => (owner < 0 ? -owner : 3 + (swapped ? 1 - owner : owner));
  const { state, why, attempt, owner, lease, resends, sends } = message;
  const self = (((MESSAGE[state] * 3 + WHY[why]) * 8 + attempt) * 6 + name(owner)) * 3 + LEASE[lease];
  let key = String.fromCharCode(self, resends * 8 + sends.length);
  for (const send of sends) key += String.fromCharCode(sendCode(send, name(send.owner)));
  return key;
}

export function keyOf(state: State): string {
  const { workers, messages, stop, half } = state;
  const [first = '', second = ''] = workers.map(workerKey);
  const swapped = workers.length === 2 && second < first;
  const left =
    ((ENROLMENT[state.enrolment] * 2 + +state.optedOut) * 4 + state.faults) * 9 + state.pauses * 3 + state.resends;
  let touched = 0;
  for (const index of stop.touched) touched += 2 ** index;
  let seen = 0;
  for (const each of stop.seen) seen = seen * 11 + MESSAGE[each] + 1;
  const stopping = (STOP[stop.phase] * 8 + touched) * 2 + +stop.inFlight;
  let key = String.fromCharCode(left, stopping, seen, half ? half.message * 8 + half.attempt + 1 : 0);
  key += swapped ? second + first : first + second;
  for (const message of messages) key += messageKey(message, swapped);
  return key + state.broken;
}
