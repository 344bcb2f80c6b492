import type { Playbooks } from '../tenants/index.ts';
import type { Rules } from './types.ts';

/** What each playbook says about its stages and steps; one that is gone is read like the first. */
export function rulesOf(playbooks: Playbooks): (playbook: string) => Rules {
  const known = new Map(
    playbooks.all.map(({ key, pipeline, cadence }): [string, Rules] => [
      key,
      {
        start: pipeline.start,
        won: new Set(pipeline.stages.filter(({ ends }) => ends === 'converted').map((stage) => stage.key)),
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
