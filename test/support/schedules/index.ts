import { randomInt } from 'node:crypto';
import { wrongWithStage } from './aftermath.ts';
import { playSchedule } from './play.ts';
import { openStage, type Stage } from './stage.ts';

/** Failures after which it is no use to go on. */
const ENOUGH = 5;
/** Schedules on one stage, after which its database is thrown away. */
const ON_ONE_STAGE = 100;

export interface Failure {
  seed: number;
  wrong: string[];
  told: string[];
}

/**
 * Plays so many random schedules, each with a seed of its own, and says which of them went wrong. With `FAULT_SEED` it plays
 * that one only, with `FAULT_COUNT` so many from there. Every stage's seeds are printed.
 */
export async function playSchedules(count: number, told: (failure: Failure) => void = () => {}): Promise<Failure[]> {
  const { FAULT_SEED: given, FAULT_COUNT: many } = process.env;
  const first = given === undefined ? randomInt(1, 2 ** 30) : Number(given);
  const wanted = Number(many ?? (given === undefined ? count : 1));
  const failures: Failure[] = [];
  const failed = (failure: Failure) => {
    failures.push(failure);
    told(failure);
  };
  for (let done = 0; done < wanted && failures.length < ENOUGH; ) {
    const stage = await openStage();
    const from = first + done;
    try {
      done += await playSome(stage, from, Math.min(ON_ONE_STAGE, wanted - done), failed);
    } finally {
      await stage.close();
    }
    process.stdout.write(`${done} schedules played, the last with the seeds ${from} to ${first + done - 1}\n`);
  }
  return failures;
}

/** Plays on one stage until something goes wrong: what is left of that would be in the way of the next. */
async function playSome(
  stage: Stage,
  first: number,
  count: number,
  failed: (failure: Failure) => void,
): Promise<number> {
  let requests = 0;
  for (let serial = 0; serial < count; serial++) {
    const seed = first + serial;
    const played = await playSchedule(stage, seed, serial);
    requests += played.requests;
    if (played.wrong.length === 0) continue;
    failed({ seed, wrong: played.wrong, told: played.told });
    return serial + 1;
  }
  const wrong = await wrongWithStage(stage);
  if (requests < count) wrong.push(`${requests} requests in ${count} schedules`);
  if (wrong.length > 0) failed({ seed: first, wrong, told: [`one of ${count} schedules from here on`] });
  return count;
}

/** For a test's message: what is wrong, and how to see it again. */
export const inWords = (failures: readonly Failure[]): string =>
  failures
    .map(({ seed, wrong, told }) => `FAULT_SEED=${seed} plays this again.\n${wrong.join('\n')}\n--\n${told.join('\n')}`)
    .join('\n\n');
