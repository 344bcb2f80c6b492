import type { StandIns } from '../demo.ts';
import type { Violation } from '../wire.ts';

/** Shown at most, the newest. */
const SHOWN = 100;

/** What Slack or Twilio would have refused, by key; each keeps its number for as long as it is shown. */
export function createViolations({ slack, twilio }: StandIns): () => Map<string, Violation> {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return () => {
    const all = [...(slack?.standIn.violations ?? []), ...(twilio?.standIn.journal.violations ?? [])];
    const newest = all.sort((a, b) => a.at - b.at).slice(-SHOWN);
    return new Map(
      newest.map((violation): [string, Violation] => {
        const number = numbers.get(violation) ?? ++last;
        numbers.set(violation, number);
        const { at, where, code, detail } = violation;
        return [`violation/${number}`, { at: new Date(at).toISOString(), where, code, detail }];
      }),
    );
  };
}
