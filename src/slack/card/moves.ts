import type { Playbook, Stage } from '../../tenants/index.ts';

/** The stages that a lead may be moved to from where it stands. */
const nextOf = ({ pipeline }: Pick<Playbook, 'pipeline'>, stage: string): Stage[] => {
  const moves = pipeline.stages.find(({ key }) => key === stage)?.moves ?? [];
  return pipeline.stages.filter(({ key }) => moves.includes(key));
};

/** What a deal may end in from here; each has a button. Pure. */
export const outcomesFrom = (playbook: Pick<Playbook, 'pipeline'>, stage: string): Stage[] =>
  nextOf(playbook, stage).filter(({ outcome }) => outcome !== undefined);

/** The other moves that people make; what a first message and a reply do happens by itself. Pure. */
export const manualMoves = (playbook: Pick<Playbook, 'pipeline'>, stage: string): Stage[] => {
  const { onSent, onReply } = playbook.pipeline;
  return nextOf(playbook, stage).filter(({ key, outcome }) => !outcome && key !== onSent && key !== onReply);
};
