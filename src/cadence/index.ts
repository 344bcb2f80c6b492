export {
  channelOrder,
  createFollowUp,
  NO_OPENING,
  type PlannedRow,
  PRIORITY,
  planRows,
  usableAddresses,
} from './enrol.ts';
export { closesAt, findOpening, isOpen, opensAt, type SendHours } from './hours.ts';
export { createPlanMoves, type PlanMoves } from './move-plans.ts';
export { pauseFollowUp, resumeFollowUp } from './pause.ts';
export { chooseRoute } from './route.ts';
export { createStageChange, type StageChange } from './stage-change.ts';
export { completeIfOver, completeOver, completeStale, isInFlight, type Stopped, stopFollowUp } from './stop.ts';
export { postponedBy, touchedBy } from './touched.ts';
export { trialOf, wordingsOf } from './trial.ts';
export { readWhom } from './whom.ts';
