import type { Playbook, Playbooks } from '../tenants/index.ts';
import type { Rules } from './types.ts';

/**
 * Counted up when the same events come to be counted otherwise. What was counted by older rules is counted anew when a
 * worker starts.
 */
export const RULES = 3;
/** From these on `report_open` is kept. */
export const OPEN_SINCE = 3;

const wonOf = ({ stages }: Playbook['pipeline']): string[] =>
  stages.filter(({ ends }) => ends === 'converted').map((stage) => stage.key);

/** What each playbook says about its stages and steps; one that is gone is read like the first. */
export function rulesOf(playbooks: Playbooks): (playbook: string) => Rules {
  const known = new Map(
    playbooks.all.map(({ key, pipeline, cadence }): [string, Rules] => [
      key,
      {
        start: pipeline.start,
        won: new Set(wonOf(pipeline)),
        qualified: new Set(pipeline.qualified === undefined ? [] : [pipeline.qualified, ...wonOf(pipeline)]),
        lost: new Set(pipeline.stages.filter((stage) => stage.outcome === 'lost').map((stage) => stage.key)),
        steps: new Map(cadence.steps.map(({ key: step, day, template }) => [step, { day, template }])),
      },
    ]),
  );
  const [first] = known.values();
  return (playbook) => {
    const rules = known.get(playbook) ?? first;
    if (!rules) throw new Error('there is no playbook');
    return rules;
  };
}
