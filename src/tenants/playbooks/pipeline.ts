import type { Playbook } from './types.ts';

/** Whether a lead may move between two stages. A move to the same stage, or one with an unknown stage, is not allowed. */
export function mayMove(playbook: Pick<Playbook, 'pipeline'>, from: string, to: string): boolean {
  return playbook.pipeline.stages.some((stage) => stage.key === from && stage.moves.includes(to));
}
