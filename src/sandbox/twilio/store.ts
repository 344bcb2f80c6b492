import type { StandInChannel, StandInMessage } from './types.ts';
import { addressOf } from './wire.ts';

/** All messages both ways, found by id and by receiver. */
export interface Store {
  add(message: StandInMessage): void;
  get(sid: string): StandInMessage | undefined;
  /** Deletes it: neither listed nor found any more. False when there is none such. */
  remove(sid: string): boolean;
  /** Newest first, as Twilio lists them. Addresses as on the wire. */
  newestFirst(filter: { to?: string | undefined; from?: string | undefined }): Generator<StandInMessage>;
  /** Who blocks whom, by Twilio's opt-out handling. */
  readonly blocked: Pairs;
}

/** A set of (sender, customer) pairs. */
interface Pairs {
  has(sender: string, customer: string): boolean;
  add(sender: string, customer: string): void;
  delete(sender: string, customer: string): void;
}

export function createStore(): Store {
  const all: StandInMessage[] = [];
  const bySid = new Map<string, StandInMessage>();
  const byTo = new Map<string, StandInMessage[]>();
  return {
    blocked: createPairs(),
    add(message) {
      all.push(message);
      bySid.set(message.sid, message);
      const to = addressOf(message.channel, message.to);
      const list = byTo.get(to);
      if (list) list.push(message);
      else byTo.set(to, [message]);
    },
    get: (sid) => bySid.get(sid),
    remove: (sid) => bySid.delete(sid),
    *newestFirst({ to, from }) {
      const list = to === undefined ? all : (byTo.get(to) ?? []);
      for (let i = list.length - 1; i >= 0; i--) {
        const message = list[i];
        if (
          message &&
          bySid.has(message.sid) &&
          (from === undefined || addressOf(message.channel, message.from) === from)
        )
          yield message;
      }
    },
  };
}

function createPairs(): Pairs {
  const pairs = new Set<string>();
  return {
    has: (sender, customer) => pairs.has(`${sender} ${customer}`),
    add: (sender, customer) => void pairs.add(`${sender} ${customer}`),
    delete: (sender, customer) => void pairs.delete(`${sender} ${customer}`),
  };
}

/** WhatsApp's customer service windows: 24 hours of business time from the customer's last message to a sender. */
export interface Windows {
  /** `at`: when the customer wrote, in business ms. */
  open(sender: string, customer: string, at: number): void;
  isOpen(channel: StandInChannel, sender: string, customer: string): boolean;
  /** When the window closes, in business ms; null when the customer never wrote. It may have closed already. */
  closesAt(sender: string, customer: string): number | null;
}

const WINDOW_MS = 24 * 3_600_000;

export function createWindows(now: () => Date): Windows {
  const lastInbound = new Map<string, number>();
  return {
    open: (sender, customer, at) => void lastInbound.set(`${sender} ${customer}`, at),
    isOpen(channel, sender, customer) {
      if (channel !== 'whatsapp') return true;
      const last = lastInbound.get(`${sender} ${customer}`);
      return last !== undefined && now().getTime() - last < WINDOW_MS;
    },
    closesAt(sender, customer) {
      const last = lastInbound.get(`${sender} ${customer}`);
      return last === undefined ? null : last + WINDOW_MS;
    },
  };
}
