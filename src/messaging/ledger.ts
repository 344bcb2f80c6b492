import type { ThreadMessage } from './thread.ts';

export { vendorName } from '../tenants/index.ts';

/*
 * The send ledger in words: for each step when it went, or why not. Pure; times are handed in as words, since how a time
 * is written depends on who reads it.
 */

/** Why a message did not leave (yet), for people. */
const REASONS: Record<string, string> = {
  opted_out: 'the customer opted out',
  replied: 'the customer replied, so the follow-up ended',
  replanned: 'the steps of the follow-up were changed, and this one was taken out',
  stage_changed: 'the lead went on to another stage, so what followed the one before ended',
  converted: 'the deal was won, so the follow-up ended',
  closed: 'the lead was closed, so the follow-up ended',
  completed: 'the follow-up was complete',
  paused: 'the follow-up is paused',
  restored: 'this was restored from a backup and has to be released: `/rescue status`',
  not_live: 'your business is not live yet: `/rescue setup`',
  not_in_slack: 'LeadRescue was taken out of Slack, where nobody could see an answer',
  unsure: 'the customer may have asked to stop: read what they wrote, then resume or stop',
  channel_opted_out: 'the customer does not want this channel: look at what they wrote, then resume or stop',
  many_at_once:
    'its form brought more enquiries within an hour than are answered by themselves: resume it if this one is real',
  appointment_cancelled: 'the appointment was cancelled',
  appointment_moved: 'the appointment was moved',
  other_answers: 'its steps are for other answers than this customer has given',
  other_scores: 'its steps are for leads with other scores',
  no_consent: 'there is no agreement of the customer on record',
  too_late: 'it could not leave in time, and later it would have made no sense',
  outside_send_hours: "it waits for the customer's send hours",
  no_opening: 'the send hours and the law leave no time of day for it: `/rescue hours`, or say where the customer is',
  too_soon: 'it keeps a distance to the message before',
  daily_limit: 'the customer had three messages within 24 hours',
  phone_gone: 'the phone it was to leave from is no longer linked: `/rescue phone link`',
  no_address: 'there is no address that can be reached',
  pair_rate: 'WhatsApp takes ten messages a minute to one person',
  sender_rests: 'its sender does not work just now, and no other can take over; it is tried again soon',
  no_sender: 'no sender is set up for any channel that reaches the customer',
  template_needed: 'WhatsApp needs an approved template, and no other channel can carry it',
  us_marketing: 'WhatsApp does not deliver marketing to US numbers, and no other channel is set up',
  postal_address_needed: 'advertising by e-mail must show your postal address: say it under `/rescue facts`',
  dlt_template_needed:
    'SMS to India needs a text registered with the operators, which is not offered: use WhatsApp or e-mail',
  two_candidates: 'the gateway shows two messages that could be this one',
  no_answer: 'the gateway could not say whether it took the message',
  undone: 'it was taken back before it left',
  taken_over: 'a person took the conversation over before it left',
  newer_message: 'the customer had written again before it left',
  wrong_number: 'the number belongs to somebody else',
  left: 'nobody could say whether it left, and somebody chose to leave it at that',
  not_sent: 'several attempts got lost, and the gateway confirmed that nothing was sent',
  not_enrolled: 'the customer is not being followed up',
  internal: 'something went wrong while it was written; the log has the details',
};

const CODES: Record<string, string> = {
  '63003': 'the number is not on WhatsApp',
  not_on_whatsapp: 'the number is not on WhatsApp',
  '63016': 'the 24-hour window was closed',
  '63024': 'WhatsApp does not know this number',
  '21655': 'its WhatsApp template is no longer there',
  '21610': 'the gateway blocks this customer: an opt-out',
  '21211': 'the number does not exist',
  '21614': 'the number cannot receive SMS',
  '20003': 'the gateway refused our credentials',
  '30007': 'the carrier filtered it',
};

/**
 * A reason code in words; `channel` is the one the message has now. Codes of a gateway keep their number, so that they can
 * be looked up.
 */
export function reasonInWords(reason: string | null, channel = 'sms'): string {
  if (!reason) return 'no reason was recorded';
  const [kind = '', code = ''] = reason.split(':');
  // looked up as own names: a reason may be any text, `__proto__` too
  const known = [reason, kind].find((name) => Object.hasOwn(REASONS, name));
  if (known) return REASONS[known] ?? known;
  if (kind === 'new_people')
    return `WhatsApp takes ${Number(code).toLocaleString('en-US')} new people a day from this business, and today’s are used up`;
  if (kind === 'fallback' && code === 'new_people' && channel === 'whatsapp') {
    return 'the WhatsApp number before takes no more new people today, so it goes by the next one';
  }
  if (kind === 'fallback' && code === 'new_people') {
    return `WhatsApp takes no more new people today, so it goes by ${channelName(channel)}`;
  }
  const trouble = troubleOf(code);
  if (kind === 'fallback' && trouble) return `${trouble}, so it goes by ${channelName(channel)}`;
  if (kind === 'fallback') {
    return `${refusedBy(code)} could not reach the customer (${codeInWords(code)}), so it goes by ${channelName(channel)}`;
  }
  if (kind === 'moved') return `one gateway did not work (${codeInWords(code)}), so it goes by the next sender`;
  if (kind === 'again' && code === 'not_sent')
    return 'an attempt got lost, and the gateway confirmed that nothing was sent';
  if (kind === 'again') return `an attempt failed (${codeInWords(code)}), and it will be tried again`;
  if (kind === 'cannot_be_written') return `its text has no value for ${code.trim()}`;
  return codeInWords(reason);
}

/** The channel that a code belongs to: Twilio numbers those of WhatsApp apart, mail servers write theirs with dots. */
function refusedBy(code: string): string {
  if (MAIL_CODE.test(code)) return 'E-mail';
  return code.startsWith('63') || code === '21655' ? 'WhatsApp' : 'SMS';
}

/** RFC 3463, or the bare code of the reply. */
const MAIL_CODE = /^[245](\d\d|\.\d{1,3}\.\d{1,3})$/;

/** What the connection or an answer outside the gateway's own language is told as. */
const TROUBLE: readonly [RegExp, string][] = [
  [
    /^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'the gateway could not be reached',
  ],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection to the gateway was cut'],
  [/^(no connection in time|deadline passed)$/, 'the gateway was busy'],
  [/^the phone is (not connected|held elsewhere)/, 'the linked phone was not connected'],
  [/^the customer was writing$/, 'the customer was just writing'],
  [/^no answer in time$/, 'the gateway did not answer in time'],
  [/^unexpected HTTP 5\d\d$/, 'the gateway had a failure of its own'],
  [/^unexpected HTTP/, 'the gateway gave an answer that makes no sense'],
  [/^database away$/, 'our database was away'],
  [/^(closing|(no token: )?UND_ERR_(CLOSED|DESTROYED))$/, 'the access to the gateway was given anew'],
];

const troubleOf = (code: string): string | undefined => TROUBLE.find(([pattern]) => pattern.test(code.trim()))?.[1];

function codeInWords(code: string): string {
  const trouble = troubleOf(code);
  if (trouble) return trouble;
  const words = CODES[code];
  if (!words && MAIL_CODE.test(code)) return `${mailWords(code)}, code ${code}`;
  return words ? `${words}, code ${code}` : /^\d+$/.test(code) ? `gateway error ${code}` : code || 'unknown';
}

function mailWords(code: string): string {
  const [, subject = '', detail = ''] = code.split('.');
  if (subject === '1') return 'the mailbox does not exist';
  if (subject === '2') return detail === '2' ? 'the mailbox is full' : 'the mailbox takes no mail';
  if (subject === '7') return 'their mail server refuses it';
  return code.startsWith('4') ? 'their mail server asks to wait' : 'their mail server did not take it';
}

const CHANNELS: Record<string, string> = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'e-mail' };

/** A channel's name for people. */
export const channelName = (channel: string): string => CHANNELS[channel] ?? channel;

/** One line about one message: what became of it and when. `time` writes an instant for the reader. */
export function tell(message: ThreadMessage, time: (at: Date) => string): string {
  const by = `by ${channelName(message.channel)}`;
  const attempts = message.attempt > 1 ? ` (attempt ${message.attempt})` : '';
  switch (message.state) {
    case 'scheduled':
      return `planned for ${time(message.dueAt)} ${by}${message.reason ? `; ${reasonInWords(message.reason, message.channel)}` : ''}`;
    case 'claimed':
    case 'sending':
      return `leaving now ${by}${attempts}`;
    case 'sent':
      // nobody reports that a mail has arrived; that one has not is reported
      return `sent ${time(message.sentAt ?? message.dueAt)} ${by}${attempts}${message.channel === 'email' ? '' : ', not yet reported as delivered'}`;
    case 'delivered':
      return `delivered ${time(message.deliveredAt ?? message.dueAt)} ${by}${attempts}`;
    case 'read':
      return `read ${time(message.readAt ?? message.dueAt)}, sent ${time(message.sentAt ?? message.dueAt)} ${by}${attempts}`;
    case 'uncertain':
      return `may have left at ${time(message.dueAt)} ${by}; the gateway is being asked, it is not sent again meanwhile`;
    case 'unconfirmed':
      return `may have left ${by}, and nobody can say: ${reasonInWords(message.reason)}. Choose Resend or Leave`;
    case 'failed':
      return `not delivered ${by}: ${reasonInWords(message.reason)}`;
    case 'held':
      return `waits: ${reasonInWords(message.reason)}`;
    case 'cancelled':
    case 'skipped':
      return `not sent: ${reasonInWords(message.reason)}`;
    case 'received':
      return `received ${time(message.createdAt)} ${by}${message.reason === 'withdrawn' ? ', and taken back by the customer since' : ''}`;
    default:
      return message.state;
  }
}
