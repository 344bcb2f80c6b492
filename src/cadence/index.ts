export { channelOrder, createFollowUp, type PlannedRow, PRIORITY, planRows, usableAddresses } from './enrol.ts';
export { closesAt, isOpen, nextOpening, type SendHours } from './hours.ts';
export { createPlanMoves, type PlanMoves } from './move-plans.ts';
export { pauseFollowUp, resumeFollowUp } from './pause.ts';
export { chooseRoute } from './route.ts';
export { completeIfOver, completeStale, isInFlight, type Stopped, stopFollowUp } from './stop.ts';
export { touchedBy } from './touched.ts';
