export { type CatchUp, createCatchUp } from './catch-up.ts';
export { answered, type Conversation, conversationOf, isTaken, settled, takenBack } from './conversation.ts';
export { createEnquiries, type Enquiries, type Incoming } from './enquiries.ts';
export { createEnrolment, type Enrolment } from './enrolment.ts';
export { createHandle } from './handle.ts';
export { createHiddenNumbers, type HiddenNumbers } from './hidden.ts';
export { createMailReports, MAIL_REPORT, type MailReports } from './mail-reports.ts';
export { createMedia, type Media, type MediaBook, type MediaRefusal } from './media.ts';
export { openMinutes } from './opening.ts';
export { type Owed, owedAnswers } from './owed.ts';
export type { SourcePort } from './port.ts';
export { createPost, type Post } from './post.ts';
export { createInbox, type Inbox } from './receive.ts';
export { createReminders, type Reminders } from './reminders.ts';
export { createSourceLeads, ENQUIRY, type SourceLeads } from './source-leads.ts';
export { createTakeover, type Takeover } from './takeover.ts';
export { createTyped, createWithdrawn, type TypedMessage } from './typed.ts';
export {
  createWebhookDesk,
  WEBHOOK_STATES,
  type WebhookDesk,
  type WebhookEntry,
  type WebhookFilter,
  type WebhookState,
} from './webhook-desk.ts';
export { createWebhookLog, type WebhookLog } from './webhook-log.ts';
export { type Correction, createCorrection } from './wrong-number.ts';
