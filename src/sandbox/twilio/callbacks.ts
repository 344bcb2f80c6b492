import type { ReadableFaults } from './faults.ts';
import type { WritableJournal } from './journal.ts';
import type { Poster } from './post.ts';
import type { Account, MessageStatus, StandInMessage } from './types.ts';
import { API_VERSION, addressOf } from './wire.ts';

export interface Callbacks {
  /** Plays a taken message's life: delivered, or failing with the given code. */
  deliver(message: StandInMessage, failWith?: number): void;
  /** The customer has read it (WhatsApp only). Settles when the callback is answered. */
  markRead(message: StandInMessage): Promise<void>;
  /** Settles when nothing is under way any more. */
  idle(): Promise<void>;
  /** Forgets what has not happened yet. */
  stop(): void;
}

export interface CallbackDeps {
  account: Account;
  faults: ReadableFaults;
  journal: WritableJournal;
  poster: Poster;
  machine: () => number;
}

/** Moves messages through their statuses and reports each to the message's StatusCallback. */
export function createCallbacks(deps: CallbackDeps): Callbacks {
  const { faults, journal } = deps;
  const underWay = new Set<Promise<void>>();
  const waits = new Map<NodeJS.Timeout, () => void>();
  let stopped = false;

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waits.delete(timer);
        resolve();
      }, ms);
      waits.set(timer, resolve);
    });
  }

  async function report(message: StandInMessage, status: MessageStatus): Promise<void> {
    const { callbacks, duplicateCallbacks } = faults.of(message.to);
    if (!message.statusCallback || callbacks === 'none' || stopped) return;
    const form = callbackForm(message, status, deps.account);
    for (let times = duplicateCallbacks ? 2 : 1; times > 0; times--) {
      journal.callbacks++;
      // Twilio does not repeat a status callback that was not answered, so the result does not matter.
      await deps.poster.post(message.statusCallback, form);
    }
  }

  function enter(message: StandInMessage, status: MessageStatus, failWith: number | undefined): void {
    message.status = status;
    if (status !== 'queued') message.sentAt ??= deps.machine();
    if (status === 'failed' || status === 'undelivered') message.errorCode = failWith ?? null;
    journal.record({ kind: 'status', message });
  }

  async function play(message: StandInMessage, failWith: number | undefined): Promise<void> {
    const { callbackDelayMs, reverseCallbacks } = faults.of(message.to);
    const statuses = plan(message, failWith);
    for (const status of statuses) {
      await wait(callbackDelayMs);
      if (stopped) return;
      enter(message, status, failWith);
      if (!reverseCallbacks) await report(message, status);
    }
    if (reverseCallbacks) for (const status of statuses.reverse()) await report(message, status);
  }

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  return {
    deliver: (message, failWith) => void track(play(message, failWith)),
    markRead(message) {
      enter(message, 'read', undefined);
      return track(report(message, 'read'));
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop() {
      stopped = true;
      for (const [timer, resolve] of waits) {
        clearTimeout(timer);
        resolve();
      }
      waits.clear();
    },
  };
}

/** The statuses after the initial one, which itself is never called back. */
function plan(message: StandInMessage, failWith: number | undefined): MessageStatus[] {
  const queued: MessageStatus[] = message.messagingServiceSid ? ['queued'] : [];
  if (failWith === undefined) return [...queued, 'sent', 'delivered'];
  return message.channel === 'whatsapp' ? [...queued, 'failed'] : [...queued, 'sent', 'undelivered'];
}

function callbackForm(message: StandInMessage, status: MessageStatus, account: Account): Record<string, string> {
  const failed = status === 'failed' || status === 'undelivered';
  const event = { delivered: 'DELIVERED', read: 'READ', failed: 'UNDELIVERED' }[status as string];
  return {
    ApiVersion: API_VERSION,
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: account.accountSid,
    From: addressOf(message.channel, message.from),
    To: addressOf(message.channel, message.to),
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    ...(failed && message.errorCode !== null ? { ErrorCode: String(message.errorCode) } : {}),
    ...(message.channel === 'whatsapp' ? { ChannelPrefix: 'whatsapp', ChannelToAddress: message.to } : {}),
    ...(message.channel === 'whatsapp' && event ? { EventType: event } : {}),
  };
}
