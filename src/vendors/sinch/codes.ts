import type { DeliveryStatus, RefusalReason } from '../../messaging/port.ts';

/**
 * What Sinch gives as the reason of a failed delivery (developers.sinch.com/docs/conversation/callbacks, "reason.code"). An
 * unknown one is `unknown`, never a guess.
 */
const REASONS: Record<string, RefusalReason> = {
  RATE_LIMITED: 'throttled',
  RECIPIENT_INVALID_CHANNEL_IDENTITY: 'unreachable',
  RECIPIENT_NOT_REACHABLE: 'unreachable',
  CHANNEL_FAILURE: 'later',
  INTERNAL_ERROR: 'later',
  // it was not accepted in its time, so it certainly did not arrive
  MESSAGE_EXPIRED: 'throttled',
  RECIPIENT_NOT_OPTED_IN: 'opted_out',
  RECIPIENT_OPTED_OUT: 'opted_out',
  OUTSIDE_ALLOWED_SENDING_WINDOW: 'template_needed',
  TEMPLATE_NOT_FOUND: 'template_needed',
  TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION: 'template_needed',
  TEMPLATE_INSUFFICIENT_PARAMETERS: 'content',
  DELIVERY_REJECTED_DUE_TO_POLICY: 'content',
  CHANNEL_REJECT: 'content',
  MEDIA_TYPE_UNSUPPORTED: 'content',
  MEDIA_TOO_LARGE: 'content',
  BAD_REQUEST: 'content',
  CHANNEL_BAD_CONFIGURATION: 'sender',
  CHANNEL_CONFIGURATION_MISSING: 'sender',
  UNKNOWN_APP: 'sender',
  NO_PERMISSION: 'sender',
  INACTIVE_CREDENTIAL: 'sender',
};

/** What a delivery reason of Sinch means for us. */
export const reasonOf = (code: string): RefusalReason =>
  (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? 'unknown';

const STATUSES: Record<string, DeliveryStatus> = {
  QUEUED_ON_CHANNEL: 'sent',
  DELIVERED: 'delivered',
  READ: 'read',
  FAILED: 'failed',
};

/** Sinch's delivery status in our words; nothing for those that say nothing (`SWITCHING_CHANNEL`) or are new. */
export function statusOf(status: string): DeliveryStatus | undefined {
  return Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
}
