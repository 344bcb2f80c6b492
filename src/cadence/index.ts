export { createFollowUp, PRIORITY, usableAddresses } from './enrol.ts';
export { closesAt, isOpen, nextOpening, type Place, type SendHours } from './hours.ts';
export { type PauseReason, pauseFollowUp, resumeFollowUp } from './pause.ts';
export { chooseRoute, type NoRouteReason, type Route } from './route.ts';
export { completeIfOver, completeStale, type EndState, isInFlight, type Stopped, stopFollowUp } from './stop.ts';
