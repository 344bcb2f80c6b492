export {
  AGREED_CHANNELS,
  AlreadyActive,
  type Capture,
  type CapturedLead,
  createCapture,
  type FollowUp,
  newPerson,
} from './capture.ts';
export { type CaptureInput, checkEnquiry } from './enquiry.ts';
export { renumber } from './renumber.ts';
export { currentLead, findLead, type LeadSummary, listLeads, moveStage, searchLeads } from './store.ts';
export { fold } from './terms.ts';
