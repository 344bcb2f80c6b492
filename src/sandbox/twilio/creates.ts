import type { ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Callbacks } from './callbacks.ts';
import { type CreateDeps, decide } from './create-message.ts';
import type { FaultSettings, NumberFaults } from './faults.ts';
import type { WritableJournal } from './journal.ts';
import { sendAnswer } from './server.ts';
import type { Answer } from './types.ts';
import { errorAnswer, messageJson, parseAddress } from './wire.ts';

export interface CreatesDeps extends CreateDeps {
  accountSid: string;
  journal: WritableJournal;
  callbacks: Callbacks;
}

/** An answer, none at all, or a cut connection. */
type Ending = Answer | 'hang' | 'drop';

/** `POST Messages.json`, with the faults that are set at the moment it arrives. */
export function createCreates(deps: CreatesDeps) {
  const { faults, journal, store } = deps;
  const timers = new Set<NodeJS.Timeout>();
  /** Requests that have arrived and are still to be looked at. */
  /** What has arrived and is not taken yet, with what to call then. */
  const arriving = new Map<Promise<void>, () => void>();

  function after(ms: number, then: () => void): void {
    if (ms <= 0) {
      then();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  }

  /** Lets the request in, or not, and says how it ends. */
  function take(form: ReturnType<typeof parse>, fault: FaultSettings & NumberFaults): Ending {
    if (fault.hang === 'before') return 'hang';
    if (faults.roll(fault.dropBeforeAccept)) return 'drop';
    if (faults.roll(fault.rateLimited)) return errorAnswer(20429);
    if (faults.roll(fault.error500)) return errorAnswer(20500);

    const decision = decide(form, deps);
    if ('refuse' in decision) {
      const refused = errorAnswer(decision.refuse);
      if (decision.refuse !== fault.refuseWith) journal.refused('POST Messages.json', deps.machine(), refused);
      return refused;
    }
    const { take: message, failWith } = decision;
    store.add(message);
    journal.record({ kind: 'sent', message });
    const taken = { status: 201, body: messageJson(message, deps.accountSid) };
    deps.callbacks.deliver(message, failWith);

    if (fault.hang === 'after') return 'hang';
    if (faults.roll(fault.dropAfterAccept)) return 'drop';
    return faults.roll(fault.error500AfterAccept) ? errorAnswer(20500) : taken;
  }

  function end(ending: Ending, response: ServerResponse, delayMs: number): void {
    if (ending === 'hang') return;
    if (ending === 'drop') response.socket?.destroy();
    else after(delayMs, () => sendAnswer(response, ending));
  }

  function create(body: string, response: ServerResponse): void {
    journal.creates++;
    const form = parse(body);
    const to = [form.To].flat()[0] ?? '';
    const fault = faults.of(parseAddress(to)?.number ?? '');
    let isTaken = () => {};
    const taken = new Promise<void>((resolve) => {
      isTaken = resolve;
    });
    arriving.set(taken, isTaken);
    after(fault.latencyMs, () => {
      end(take(form, fault), response, fault.answerDelayMs);
      arriving.delete(taken);
      isTaken();
    });
  }

  return {
    create,
    /** Resolves when everything that had arrived has been taken, or never will be. */
    taken: async () => void (await Promise.all(arriving.keys())),
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      for (const resolve of arriving.values()) resolve();
      arriving.clear();
    },
  };
}
