import type { EventType } from '../events/index.ts';
import type { HookId, TenantId } from '../lib/ids.ts';

/**
 * Others who hear of what happens to leads.
 *
 * Glossary: *hook* an address and the kinds of events it wants; *delivery* one event on its way to one hook; *parked* a
 * delivery that was tried often enough and waits for somebody to replay it.
 */

/** Events that hooks may ask for: of leads, not of settings or people of ours. */
export const HOOK_EVENTS = [
  'lead.captured',
  'lead.moved',
  'lead.amended',
  'enrolment.started',
  'enrolment.paused',
  'enrolment.resumed',
  'enrolment.ended',
  'message.sent',
  'message.received',
  'message.failed',
  'person.opted_out',
  'person.opted_in',
  'person.erased',
  'booking.made',
  'booking.moved',
  'booking.cancelled',
] as const satisfies readonly EventType[];
export type HookEvent = (typeof HOOK_EVENTS)[number];

export interface Hook {
  id: HookId;
  tenantId: TenantId;
  url: string;
  events: HookEvent[];
  createdAt: Date;
}

export const DELIVERY_STATES = ['due', 'delivered', 'parked'] as const;

export interface Delivery {
  id: string;
  eventId: number;
  type: HookEvent;
  state: (typeof DELIVERY_STATES)[number];
  attempts: number;
  /** Of the last answer. */
  status: number | null;
  /** A code, when there was none. */
  error: string | null;
  /** Machine time of the next attempt. */
  dueAt: Date;
  settledAt: Date | null;
}

/** Seconds before each further attempt; after the last one the delivery is parked. About a day in all. */
export const RETRY_SECONDS = [10, 60, 300, 1800, 7200, 21_600, 43_200] as const;
