import type { Booking } from '../../bookings/index.ts';
import { reasonInWords } from '../../messaging/index.ts';
import { actions, bold, button, inline, mention, type Post } from '../card/index.ts';
import { firstName, type Times } from '../format.ts';
import { section } from '../views.ts';

export type BookingNews = 'made' | 'moved' | 'cancelled' | 'wish';

/** What happened to an appointment, with everything that is said about it. */
export interface BookingTold {
  what: BookingNews;
  booking: Booking;
  /** Slack id of the one it is with. */
  staffUserId: string | null;
  /** `agent`, `customer`, or the name of somebody of ours. */
  by: { kind: 'agent' | 'customer' } | { kind: 'staff'; name: string };
  name: string;
  subject: string;
  optedOut: boolean;
  /** The customer's message about it: its state, and why it waits; null when there is none. */
  notice: { state: string; reason: string | null } | null;
}

/** What staff hear of an appointment. Pure. */
export function bookingNote(told: BookingTold, times: Times): Post {
  const who = told.subject ? `${bold(told.name)} (${inline(told.subject)})` : bold(told.name);
  const when = times.full(told.booking.startsAt);
  const whom = told.staffUserId ? mention(told.staffUserId) : inline(told.booking.staffName);
  const by = byWords(told);
  const title = {
    made: `*Appointment ${when}:* ${who} comes to ${whom}. Booked ${by}.`,
    moved: `*Moved to ${when}:* the appointment of ${who} with ${whom}. Moved ${by}.`,
    cancelled: `*Cancelled:* the appointment of ${who} on ${when} with ${whom}. Cancelled ${by}.`,
    wish: `${who} *wishes for another time* than ${when} with ${whom}, and none of the free ones suited. Until you agree on one, the appointment stands.`,
  }[told.what];
  return {
    text: `${inline(told.name)}: ${SHORT[told.what]} ${when}`,
    blocks: [section([title, noticeWords(told)].filter(Boolean).join('\n')), ...actions(buttonsOf(told))],
  };
}

const SHORT: Record<BookingNews, string> = {
  made: 'appointment',
  moved: 'appointment moved to',
  cancelled: 'appointment cancelled,',
  wish: 'wishes for another time than',
};

function byWords({ by }: BookingTold): string {
  switch (by.kind) {
    case 'agent':
      return 'by the assistant, as the customer chose';
    case 'customer':
      return 'by the customer';
    case 'staff':
      return `by ${inline(by.name)}`;
  }
}

/** Whether the customer knows; silent where all is well. */
function noticeWords({ what, by, notice, optedOut, name }: BookingTold): string {
  const who = inline(firstName(name));
  if (what === 'wish' || (what === 'cancelled' && by.kind !== 'staff')) return '';
  if (optedOut) return `${who} opted out, so nothing was sent: please tell them yourself.`;
  if (!notice) return `No message could be planned for ${who}: please tell them yourself.`;
  if (notice.state === 'held') return `The message to ${who} waits: ${reasonInWords(notice.reason)}.`;
  return '';
}

function buttonsOf({ what, booking, name }: BookingTold): object[] {
  const { id, leadId } = booking;
  const move = button('booking_move', 'Move', id);
  const cancel = button('booking_cancel', 'Cancel it', id, {
    style: 'danger',
    confirm: {
      title: 'Cancel the appointment?',
      text: `${firstName(name).replace(/[<>]/g, '')} is told, and the time is free again.`,
      yes: 'Cancel it',
    },
  });
  switch (what) {
    case 'made':
    case 'moved':
      return [move, cancel];
    case 'wish':
      return [button('lead_reply', 'Reply', leadId, { style: 'primary' }), move, cancel];
    case 'cancelled':
      return [button('booking_open', 'Book another', leadId)];
  }
}
