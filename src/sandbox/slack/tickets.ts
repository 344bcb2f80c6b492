import { mintSecret, mintTriggerId } from './ids.ts';

const TRIGGER_MS = 3000;
const RESPONSE_URL_MS = 30 * 60 * 1000;
const RESPONSE_URL_USES = 5;
/** Spent tickets are remembered this long, to tell `exchanged` and `expired` from `invalid`. */
const KEEP_MS = 60 * 60 * 1000;

interface Trigger {
  userId: string;
  /** Given out by an interaction inside a modal: opening a view with it pushes onto that modal. */
  fromModal: boolean;
}

/** Where a response URL leads. */
export interface ReplyPlace {
  userId: string;
  channelId: string;
  /** The message whose button was pressed; undefined for a slash command until something was answered. */
  original: { ts: string; ephemeral: boolean } | undefined;
}

type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';
type ReplyError = 'invalid_url' | 'expired_url' | 'used_url';

export interface Tickets {
  mintTrigger(trigger: Trigger): string;
  /** Uses a trigger up: each is good for one view within 3 seconds by the machine's clock. */
  exchange(triggerId: string): Trigger | TriggerError;
  /** The secret path of a new response URL, good for 5 answers within 30 minutes. */
  mintReply(kind: 'commands' | 'actions', place: ReplyPlace): string;
  useReply(path: string): ReplyPlace | ReplyError;
}

/** Keeps the short-lived rights Slack hands to an app: triggers and response URLs. */
export function createTickets(machine: () => number, teamId: string): Tickets {
  const triggers = new Map<string, Trigger & { at: number; spent: boolean }>();
  const replies = new Map<string, { place: ReplyPlace; at: number; uses: number }>();

  function forgetOld(tickets: Map<string, { at: number }>) {
    for (const [id, ticket] of tickets) {
      if (machine() - ticket.at <= KEEP_MS) break; // kept in the order of minting
      tickets.delete(id);
    }
  }

  return {
    mintTrigger(trigger) {
      forgetOld(triggers);
      const id = mintTriggerId();
      triggers.set(id, { ...trigger, at: machine(), spent: false });
      return id;
    },
    exchange(triggerId) {
      const trigger = triggers.get(triggerId);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (trigger.spent) return 'exchanged_trigger_id';
      if (machine() - trigger.at > TRIGGER_MS) return 'expired_trigger_id';
      trigger.spent = true;
      return { userId: trigger.userId, fromModal: trigger.fromModal };
    },
    mintReply(kind, place) {
      forgetOld(replies);
      const path = `/${kind}/${teamId}/${mintSecret()}`;
      replies.set(path, { place: { ...place }, at: machine(), uses: 0 });
      return path;
    },
    useReply(path) {
      const reply = replies.get(path);
      if (reply === undefined) return 'invalid_url';
      if (machine() - reply.at > RESPONSE_URL_MS) return 'expired_url';
      if (reply.uses >= RESPONSE_URL_USES) return 'used_url';
      reply.uses += 1;
      return reply.place;
    },
  };
}
