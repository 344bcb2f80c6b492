import type { Playbook, Stage } from './types.ts';

/** Whether a lead may move between two stages. A move to the same stage, or one with an unknown stage, is not allowed. */
export function mayMove(playbook: Pick<Playbook, 'pipeline'>, from: string, to: string): boolean {
  return playbook.pipeline.stages.some((stage) => stage.key === from && stage.moves.includes(to));
}

/** The stages from which a lead may move to this one; none where there is no such stage. */
export function movesTo({ pipeline }: Pick<Playbook, 'pipeline'>, to: string | undefined): string[] {
  return pipeline.stages.filter((stage: Stage) => to !== undefined && stage.moves.includes(to)).map(({ key }) => key);
}

/** A stage in which a lead is open: its way does not end there. */
export interface OpenStage {
  playbook: string;
  stage: string;
}

/** All of them. Pure. */
export const openStages = (all: readonly Pick<Playbook, 'key' | 'pipeline'>[]): OpenStage[] =>
  all.flatMap(({ key, pipeline }) =>
    pipeline.stages
      .filter(({ ends }) => ends === undefined || ends === 'replied')
      .map((stage) => ({ playbook: key, stage: stage.key })),
  );
