export { compare, LEAST, spanOf } from './compare.ts';
export { type Counting, createCounting, type Recount } from './counting.ts';
export {
  createDigests,
  DIGEST_KINDS,
  DIGEST_TIME,
  type DigestKind,
  type Digests,
  digestDay,
  readersOf,
} from './digests.ts';
export { type Figures, type Returns, returnsOf, share } from './figures.ts';
export {
  daysBetween,
  eachDay,
  PERIODS,
  type Period,
  type PeriodName,
  periodOf,
  readPeriod,
} from './periods.ts';
export { createPictures, type Drawing, drawingOf, type Pictures } from './pictures/index.ts';
export { type ListPlace, type PersonSum, readLeadsBehind, readTable, type TableRow } from './read.ts';
export { createReports, type Report, type Reports, type Sums } from './report.ts';
export { MILESTONES, type Milestone } from './store.ts';
export { readTrial, type TrialCount } from './trials.ts';
