import { KnownError } from '../lib/errors.ts';
import type { StandIns } from './demo.ts';
import type { MischiefKind, NumberMischief } from './wire.ts';

/*
 * The switches of the page for a bad day, in terms of the stand-ins' faults: of everybody, or of one number.
 */

export interface Mischief {
  /** What is on for everybody. */
  readonly on: readonly MischiefKind[];
  /** What is on for one number (bare E.164). */
  of(number: string): NumberMischief[];
  /** The numbers with something on. */
  numbers(): string[];
  /** Throws `conflict` where the service is the real one. */
  set(kind: MischiefKind, on: boolean): Promise<void>;
  setFor(number: string, kind: NumberMischief, on: boolean): void;
  /** Calls `listener` after each change; the answer ends it. */
  subscribe(listener: () => void): () => void;
}

/** Under the product's time-out of 5 s. */
const GATEWAY_SLOW_MS = 4000;
/** Two calls in a row, who somebody is and then the form, stay under the 3 s for which a trigger is good. */
const SLACK_SLOW_MS = 1200;

export function createMischief(standIns: StandIns): Mischief {
  const on = new Set<MischiefKind>();
  const numbers = new Map<string, Set<NumberMischief>>();
  const listeners = new Set<() => void>();
  let listening = true;
  /** The gateway goes down and comes up in the order of asking. */
  let changing: Promise<void> = Promise.resolve();

  const gateway = () => standIns.twilio?.standIn.faults ?? notOurs('Twilio');
  const slack = () => standIns.slack?.standIn.mischief ?? notOurs('Slack');

  function tell(): void {
    for (const listener of listeners) listener();
  }

  async function apply(): Promise<void> {
    if (standIns.slack) slack().slowMs = on.has('slack_slow') ? SLACK_SLOW_MS : 0;
    if (!standIns.twilio) return;
    gateway().set({
      answerDelayMs: on.has('slow') ? GATEWAY_SLOW_MS : 0,
      dropAfterAccept: on.has('drop') ? 1 : 0,
      error500: on.has('errors') ? 1 : 0,
    });
    if (listening === !on.has('down')) return;
    listening = !on.has('down');
    await (listening ? gateway().up() : gateway().down());
  }

  function applyTo(number: string): void {
    const own = numbers.get(number);
    gateway().setFor(number, {
      notOnWhatsApp: own?.has('no_whatsapp') ? 'async' : undefined,
      windowClosed: own?.has('window_closed') ? true : undefined,
      refuseWith: own?.has('blocked') ? 21610 : own?.has('no_phone') ? 21614 : undefined,
    });
  }

  return {
    get on() {
      return [...on];
    },
    of: (number) => [...(numbers.get(number) ?? [])],
    numbers: () => [...numbers.keys()],
    async set(kind, wanted) {
      if (kind === 'slack_slow') slack();
      else gateway();
      if (wanted) on.add(kind);
      else on.delete(kind);
      const applied = changing.then(apply);
      changing = applied.catch(() => {});
      await applied;
      tell();
    },
    setFor(number, kind, wanted) {
      gateway();
      const own = numbers.get(number) ?? new Set();
      if (wanted) own.add(kind);
      else own.delete(kind);
      if (own.size > 0) numbers.set(number, own);
      else numbers.delete(number);
      applyTo(number);
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function notOurs(service: string): never {
  throw new KnownError(
    'conflict',
    `${service} is real`,
    `${service} is not a stand-in here, so nothing can be played on it.`,
  );
}
