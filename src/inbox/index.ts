export { type CatchUp, createCatchUp } from './catch-up.ts';
export { createHandle } from './handle.ts';
export { createInbox, type Inbox } from './receive.ts';
export { createWebhookLog, type WebhookLog } from './webhook-log.ts';
