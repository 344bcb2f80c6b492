export { passOn } from './access.ts';
export { type Amend, createAmend } from './amend.ts';
export type { OtherAnswer } from './answers.ts';
export { createSenderPort } from './arrange.ts';
export type { PickedAnswer } from './canned.ts';
export { type ChannelDesk, createChannelDesk, putFirst } from './channel-desk.ts';
export { readConversation } from './conversation.ts';
export { AnsweredMeanwhile, createDesk, type Desk, type DeskDeps } from './desk.ts';
export { createDispatcher, type Dispatcher, type DispatcherDeps } from './dispatcher.ts';
export { dropDrafts, overtakeAgent } from './drafts.ts';
export { releaseExpired, USED_TODAY } from './due.ts';
export { advanceReached } from './first-sent.ts';
export {
  type Carried,
  createGatewayBook,
  type GatewayBook,
  type OwnGateways,
  type VendorGateway,
} from './gateway-book.ts';
export { createHealth, type Health, restSilent } from './health.ts';
export type { NewAccess } from './keep-senders.ts';
export { createLeadWork, type LeadWork } from './lead-work.ts';
export { channelName, reasonInWords, tell, vendorName } from './ledger.ts';
export { createLive, type Live } from './live.ts';
export { type Composer, TRACKED } from './mail/letter.ts';
export { letterPage } from './mail/page.ts';
export { bareSubject, sealLetter } from './mail/thread.ts';
export { createMoveOn, type MoveOn } from './move-on.ts';
export { createNewPeople, type Full, type NewPeople } from './new-people.ts';
export { type NoticeTarget, queueNotice } from './notice.ts';
export { createOptOuts, type OptOuts } from './opt-out.ts';
export type {
  ChannelName,
  Gateway,
  InboundMessage,
  Letter,
  RefusalReason,
  SendOutcome,
  StatusReport,
} from './port.ts';
export { bodyPlace, bookingLink, termsLink } from './prepare.ts';
export { newestLead, previewText } from './preview.ts';
export { reconcile, WORKER_LOCK } from './reconcile.ts';
export { type Blocked, coolDown } from './record.ts';
export {
  clockTurns,
  type Ending,
  type EndingEntry,
  endingInWords,
  type Finding,
  findZone,
  isStep,
  MAX_DAY,
  missInWords,
  notesOf,
  phoneIn,
  planProblems,
  type Rehearsal,
  readDay,
  readStart,
  rehearse,
  rehearseSequences,
  type Script,
  type Stage,
  type StepEntry,
  type Survey,
  survey,
  triggerInWords,
  wayInWords,
} from './rehearse/index.ts';
export { segments } from './render.ts';
export { insertReply, MAX_REPLY, type ReplyRoute, routeReply, UNDO_SECONDS } from './reply.ts';
export { AT_HOME, lookHome, markRestored, noticeRestore } from './restored.ts';
export { type AccountState, noticeInWords } from './sender-figures.ts';
export { limitAsConfigured, PEOPLE_TIERS, type TermChange, type Terms, termChanges } from './sender-terms.ts';
export { readTalks } from './senders.ts';
export { settleInFlight } from './settle.ts';
export { createStaffSms, type StaffSms } from './staff-sms.ts';
export { applyStatuses } from './status.ts';
export { createTemplates, type TemplateState, type Templates } from './templates.ts';
export { readBody, type ThreadMessage, threadOf } from './thread.ts';
export type { TriedWith } from './try-sender.ts';
export { createWhose, type Whose } from './whose.ts';
