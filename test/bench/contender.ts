import type { Work } from './work.ts';

/** Somebody who has messages sent: a plain loop or a job queue. */
export interface Contender {
  name: string;
  /** Empties the line, then puts these messages in it. Not timed. */
  enqueue(messageIds: readonly string[]): Promise<void>;
  /** Adds jobs for another day, once. Not timed. */
  plan(count: number): Promise<void>;
  /** Begins to work; returns how to stop it. */
  start(work: Work): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface Timing {
  messages: number;
  seconds: number;
}

/** A run that takes longer is cut; what was done until then counts. */
const MAX_SECONDS = 20;

/**
 * Times a contender from its start to the end of the last message's work: tidying up afterwards is free for it. Throws
 * the first failure of the work.
 */
export async function timed(contender: Contender, work: Work, total: number): Promise<Timing> {
  let done = 0;
  let failure: unknown;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const counted: Work = async (messageId) => {
    try {
      await work(messageId);
    } catch (error) {
      failure ??= error;
    }
    done++;
    if (done === total || failure) finish();
  };
  const timer = setTimeout(finish, MAX_SECONDS * 1000);
  const from = performance.now();
  const stop = await contender.start(counted);
  await finished;
  const timing = { messages: done, seconds: (performance.now() - from) / 1000 };
  clearTimeout(timer);
  await stop();
  if (failure) throw failure;
  return timing;
}
