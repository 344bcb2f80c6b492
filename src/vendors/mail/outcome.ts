import type { RefusalReason, SendOutcome } from '../../messaging/port.ts';

/** Where in the exchange the server said no. */
export type Stage = 'login' | 'envelope' | 'data';

/** RFC 3463: class, subject, detail, in the text of a reply. */
const ENHANCED = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/;

/**
 * What a server's refusal means. `reply` is its text with the code before it. The enhanced code decides where there is one;
 * without it a refused envelope is taken to speak of the receiver.
 */
export function refusal(reply: string, stage: Stage): Extract<SendOutcome, { kind: 'refused' }> {
  const enhanced = ENHANCED.exec(reply);
  const code = enhanced?.[0] ?? /^\d{3}/.exec(reply)?.[0] ?? 'unknown';
  return { kind: 'refused', reason: reasonOf(code, stage), code };
}

function reasonOf(code: string, stage: Stage): RefusalReason {
  const lasting = code.startsWith('5');
  if (stage === 'login') return lasting ? 'sender' : 'throttled';
  const reason = reasonOfStatus(code);
  if (reason !== 'unknown') return reason;
  if (!lasting) return 'later';
  // 550 to RCPT alone: no such mailbox (RFC 5321, 4.2.3); 530 and 535: who are you? 552 and 554 to DATA: these words
  if (code === '530' || code === '535') return 'sender';
  return stage === 'data' ? 'content' : code === '550' || code === '551' || code === '553' ? 'unreachable' : 'unknown';
}

/**
 * What a status says by itself, at once or in a later report (RFC 3463): 1 the address, 2 the mailbox, 3 and 4 the servers
 * on the way, 5 the protocol, 6 the content, 7 security and policy.
 */
export function reasonOfStatus(status: string): RefusalReason {
  const [, kind, subject, detail] = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(status) ?? [];
  if (kind === undefined) return 'unknown';
  if (kind !== '5') return subject === '7' && detail === '0' ? 'throttled' : 'later';
  switch (subject) {
    case '1':
      return detail === '7' || detail === '8' ? 'sender' : 'unreachable'; // 7 and 8 speak of the sender's address
    case '2':
      return detail === '2' ? 'delayed' : detail === '3' ? 'content' : 'unreachable'; // full; too large
    case '4':
      return detail === '1' || detail === '4' ? 'unreachable' : 'unknown'; // no such server, no way to it
    case '6':
      return 'content';
    default:
      return 'unknown';
  }
}
