/** Outgoing webhooks: who else hears of what happens to leads. */
export { createHookBook, type HookBook } from './book.ts';
export { createHookLine, forgetDeliveries } from './line.ts';
export type { HookSender } from './port.ts';
export { SIGNATURE_HEADER } from './sign.ts';
export { DELIVERY_STATES, type Delivery, HOOK_EVENTS, type Hook, RETRY_SECONDS } from './types.ts';
