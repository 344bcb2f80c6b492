import type { Contender } from '../contender.ts';
import { CONCURRENCY } from '../work.ts';

/** The floor: as many loops as there may be requests at once, and nothing else. */
export function createLoop(): Contender {
  let line: readonly string[] = [];
  return {
    name: 'loop',
    async enqueue(messageIds) {
      line = messageIds;
    },
    async plan() {},
    async start(work) {
      let next = 0;
      let stopped = false;
      const loop = async () => {
        for (let id = line[next++]; id && !stopped; id = line[next++]) await work(id);
      };
      const loops = Array.from({ length: CONCURRENCY }, loop);
      return async () => {
        stopped = true;
        await Promise.all(loops);
      };
    },
    async close() {},
  };
}
