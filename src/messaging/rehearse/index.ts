/** Rehearsals: a follow-up played on a virtual clock, and the rules that it must keep. */
export { planProblems, problemsOf } from './check.ts';
export { phoneIn } from './customer.ts';
export { toJson } from './json.ts';
export { MAX_DAY, readDay, readStart } from './read.ts';
export { rehearse, rehearseSequences } from './run.ts';
export { sampleStage } from './sample-stage.ts';
export { type Finding, type Survey, survey, TELLING_ZONES } from './survey.ts';
export { type Report, toTable } from './table.ts';
export { clockTurns, tellingStarts } from './times.ts';
export type {
  Ending,
  EndingEntry,
  Entry,
  Rehearsal,
  Script,
  Stage,
  StepEntry,
} from './types.ts';
export { isStep } from './types.ts';
export { endingInWords, missInWords, notesOf, triggerInWords, wayInWords } from './words.ts';
export { findZone } from './zones.ts';
