import { Duration } from 'luxon';
import { reasonInWords } from '../../messaging/index.ts';
import type { Step, TextChannel } from '../wire.ts';

/** One line at the gateway, as `sends` keeps it. */
export interface Send {
  attempt: number;
  channel: TextChannel;
  state: 'sending' | 'accepted' | 'not_sent' | 'uncertain' | 'unconfirmed';
  /** The gateway's error, or what was seen instead of an answer. */
  code: string | null;
  /** As the gateway reported it: `accepted` … `read`, `failed`. */
  status: string | null;
  /** Machine time. */
  startedAt: Date;
}

/** What the event log says about an attempt, at business time. */
export interface AttemptEvent {
  type: string;
  at: Date;
  data: { attempt?: number; next?: string };
}

/**
 * The attempts on one message in words, oldest first; none when the only one went well. `due` is when the message is tried
 * next, if it is; `business` turns machine time into business time. Pure.
 */
export function attemptsOf(
  sends: readonly Send[],
  events: readonly AttemptEvent[],
  due: Date | null,
  business: (at: Date) => Date,
): Step['attempts'] {
  const lines = sends.map((send) => {
    const own = events.filter((event) => event.data.attempt === send.attempt);
    return { send, own, at: own[0]?.at ?? business(send.startedAt) };
  });
  if (lines.length < 2 && lines.every(({ send }) => wentWell(send))) return [];
  return lines.map(({ send, own, at }, index) => {
    const next = own.find((event) => event.data.next !== undefined)?.data.next;
    const again = lines[index + 1]?.at ?? due;
    const words = [whatCame(send), whatNext(send, next, at, again)].filter(Boolean).join(': ');
    return { at: at.toISOString(), channel: send.channel, words };
  });
}

const wentWell = ({ state, code }: Send) => (state === 'accepted' || state === 'sending') && code === null;

/** What the gateway answered, or that it did not. */
function whatCame({ state, code, status }: Send): string {
  if (state === 'sending') return 'on its way to the gateway';
  const http = /HTTP (\d+)/.exec(code ?? '');
  if (http) return `answered ${http[1]}`;
  if (status === 'failed') return `taken, then reported as not delivered (${reasonInWords(code)})`;
  if (state === 'not_sent' && code && /^\d+$/.test(code)) return `refused (${reasonInWords(code)})`;
  if (state === 'not_sent' && code?.includes('ECONNREFUSED')) return 'could not be reached';
  if (state === 'accepted' && code === null) return 'taken';
  return 'did not answer';
}

const ENDS: Record<string, string> = {
  fallback: 'it goes on by the next channel',
  elsewhere: 'it goes on by the next sender',
  hold: 'it waits for a person',
  failed: 'given up',
  opted_out: 'it counts as an opt-out',
};

/** What the product made of it. */
function whatNext(send: Send, next: string | undefined, at: Date, again: Date | null): string {
  switch (send.state) {
    case 'sending':
      return '';
    case 'uncertain':
      return 'asking the gateway whether it took it, and not sending it again meanwhile';
    case 'unconfirmed':
      return 'asked, and it could not say; a person decides';
    case 'accepted':
      return send.code === null ? (send.status ?? '') : `it had taken it${send.status ? ` (${send.status})` : ''}`;
    case 'not_sent': {
      const end = next === undefined ? undefined : ENDS[next];
      if (end) return end;
      const asked = next === undefined ? 'asked, and it had not taken it' : '';
      return [asked, again ? `tried again ${after(at, again)}` : ''].filter(Boolean).join('; ');
    }
  }
}

/** `after 5 s`, `at once`. */
function after(from: Date, to: Date): string {
  const seconds = Math.round((to.getTime() - from.getTime()) / 1000);
  if (seconds < 1) return 'at once';
  if (seconds < 120) return `after ${seconds} s`;
  return `after ${Duration.fromMillis(seconds * 1000)
    .rescale()
    .set({ seconds: 0 })
    .rescale()
    .toHuman({ unitDisplay: 'short' })}`;
}
