import type { Next } from './outcome.ts';
import type { SendOutcome } from './port.ts';
import type { Prepared } from './prepare.ts';
import type { Transition } from './record.ts';

/** Nothing left, and whether the attempt was begun is not known: the database went away meanwhile. */
export const NEVER_BEGUN: SendOutcome = { kind: 'not_written', detail: 'database away' };

/** Which wording left, where several are compared. */
const wordingOf = ({ templateKey, trial }: Prepared['message']) =>
  trial == null || templateKey === null ? {} : { template: templateKey, trial };

/** What is to be recorded of an attempt. Pure. */
export function toTransition(prepared: Prepared, outcome: SendOutcome, next: Next, now: Date): Transition {
  const { message, attempt } = prepared;
  const step = message.stepKey ? { step: message.stepKey } : {};
  const from = outcome === NEVER_BEGUN ? 'unheard' : 'sending';
  const base = { id: prepared.id, attempt, from } as const;
  const code =
    outcome.kind === 'refused' ? outcome.code : outcome.kind === 'accepted' ? '' : outcome.detail.slice(0, 120);
  const refused = (label: string) =>
    ({ type: 'message.refused', data: { channel: message.channel, attempt, ...step, code, next: label } }) as const;
  const notSent = { state: 'not_sent', code } as const;
  switch (next.kind) {
    case 'sent':
      return {
        ...base,
        state: 'sent',
        send: { state: 'accepted', ...(outcome.kind === 'accepted' && { gatewayId: outcome.gatewayId }) },
        event: {
          type: 'message.sent',
          data: { channel: message.channel, attempt, ...step, purpose: message.purpose, ...wordingOf(message) },
        },
      };
    case 'uncertain':
      return {
        ...base,
        state: 'uncertain',
        reason: code,
        send: { state: 'uncertain', code },
        event: { type: 'message.uncertain', data: { channel: message.channel, attempt, ...step } },
      };
    case 'again': {
      const dueAt = new Date(now.getTime() + next.afterSeconds * 1000);
      return { ...base, state: 'scheduled', reason: `again:${code}`, dueAt, send: notSent, event: refused('again') };
    }
    case 'fallback': {
      const other = prepared.other;
      return {
        ...base,
        state: 'scheduled',
        reason: `fallback:${code}`,
        dueAt: now,
        ...other,
        send: notSent,
        event: refused('fallback'),
      };
    }
    case 'elsewhere': {
      const { standby } = prepared;
      const reason = standby?.channel === message.channel ? `moved:${code}` : `fallback:${code}`;
      return {
        ...base,
        state: 'scheduled',
        reason,
        dueAt: now,
        ...standby,
        send: notSent,
        event: refused('elsewhere'),
      };
    }
    case 'hold':
      return { ...base, state: 'held', reason: code, send: notSent, event: refused('hold') };
    case 'failed':
    case 'opted_out':
      return { ...base, state: 'failed', reason: code, send: notSent, event: refused(next.kind) };
  }
}
