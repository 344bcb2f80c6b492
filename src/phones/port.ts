/**
 * What a room of linked phones asks of whoever can link one, in the field's words.
 *
 * Glossary: *phone* a WhatsApp number that a business has linked as it links WhatsApp Web; *code* what is scanned to link it;
 * *connection* the phone's WhatsApp Web, open in this process; *typed* written by somebody on the phone itself.
 */
import type { DeliveryStatus, InboundMessage } from '../messaging/port.ts';

/** A message of ours in a chat of the phone, whoever wrote it. */
export interface OwnMessage {
  gatewayId: string;
  /** The number it went to (E.164), or the id that WhatsApp hides it behind. */
  chat: string;
  /** The same, but for an id the number behind it, where WhatsApp tells. Throws `unavailable` when WhatsApp does not answer. */
  to(): Promise<string>;
  body: string;
  /** Machine time by WhatsApp's clock, to the second. */
  at: Date;
}

/** Why a connection ended by itself. `logged_out`: the phone has thrown us out, and only a new code lets us in. */
export type Ending = { kind: 'lost'; why: string } | { kind: 'logged_out' } | { kind: 'not_scanned' };

/** What a connection tells. Every call of one that is no longer the holder's is void. */
export interface PhoneHost {
  /** A new code to scan; the one before is worth nothing now. */
  code(text: string): Promise<void>;
  /** It is linked and connected as this number (E.164). May come again. */
  ready(number: string): Promise<void>;
  ended(ending: Ending): Promise<void>;
  /** A customer's message; throws when it could not be stored, so that it is asked for again. */
  received(message: InboundMessage): Promise<void>;
  /** A message of ours was seen that this connection does not know to have sent. Throws as `received` does. */
  own(message: OwnMessage): Promise<void>;
  /** How far a message of ours got; `attempt` where this connection sent it itself. */
  reported(report: {
    gatewayId: string;
    status: DeliveryStatus;
    attempt?: { messageId: string; attempt: number };
  }): Promise<void>;
  /** A customer took a message back. */
  withdrawn(gatewayId: string): Promise<void>;
  /** Until when (machine ms) nobody else can hold this phone; null when somebody else does. Asked before each send. */
  soleUntil(): Promise<number | null>;
  /** Something was sent: the phone rests as a person would. */
  sent(): void;
  /** Whose the chats are in which WhatsApp hides the number: kept, because it may not say so again. */
  hidden: {
    /** The number behind an id, E.164; null where it is not known. */
    numberOf(id: string): Promise<string | null>;
    /** WhatsApp has shown whose an id is. False when they asked for silence there: nothing may be written to them. */
    met(id: string, number: string): Promise<boolean>;
  };
  /** How long a person would type this, in ms. */
  typingMs(body: string): number;
  /** What keeps it linked, across processes. */
  session: {
    load(): Promise<Buffer | null>;
    /** Throws `conflict` when somebody else holds the phone. */
    save(content: Buffer): Promise<void>;
  };
}

export interface PhoneConnection {
  /** Whether it still is connected, or on its way there. False, not an error, when it does not answer. Takes a few seconds at most. */
  lives(): Promise<boolean>;
  /** Takes the link away at WhatsApp, then closes. */
  logOut(): Promise<void>;
  /** Closes; the link stays. */
  close(): Promise<void>;
}

export interface PhoneVendor {
  /** Begins to connect; what comes of it is told to `host`. Throws `misconfigured` when it cannot be done on this machine. */
  connect(phoneId: string, host: PhoneHost): Promise<PhoneConnection>;
}
