export { type Amendment, amendLead } from './amend-lead.ts';
export {
  AlreadyActive,
  type Capture,
  createCapture,
  languageFor,
  newPerson,
} from './capture.ts';
export { AGREED_CHANNELS, channelsNamed } from './consent.ts';
export { enquiriesOf, openStages } from './enquiries.ts';
export { type CaptureInput, checkEnquiry } from './enquiry.ts';
export { type Enriched, placeNamed } from './enrich/index.ts';
export { isFact } from './fields.ts';
export type { LeadFilter, LeadPlace } from './filter.ts';
export {
  findLeads,
  type LeadDetail,
  readLead,
  readLeadBySourceKey,
} from './find-leads.ts';
export type { CapturedLead, FollowUp } from './follow-up.ts';
export { giveLead } from './give-lead.ts';
export {
  createImports,
  type Draft as ImportDraft,
  type Imports,
  MAX_BYTES as MAX_IMPORT_BYTES,
  MAX_ROWS as MAX_IMPORT_ROWS,
  NOTHING as NO_TARGET,
  type Preview as ImportPreview,
  type Progress as ImportProgress,
  type RowProblem,
  targetsOf,
  type Wishes as ImportWishes,
} from './import/index.ts';
export { AMENDED } from './merge.ts';
export { type MoveAnswers, moveLead } from './move-lead.ts';
export { readSourced, type SourceField } from './read-sourced.ts';
export { readSubmission, type Submission } from './read-submission.ts';
export { renumber } from './renumber.ts';
export { createRescore } from './score/rescore.ts';
export { bandOf, isHighValue, type Score } from './score/score.ts';
export { readScore } from './score/store.ts';
export { searchWords } from './search-words.ts';
export { currentLead, findLead, type LeadSummary, listLeads, moveStage, searchLeads, unownedLeads } from './store.ts';
export { fold } from './terms.ts';
