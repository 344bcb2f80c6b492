/**
 * The channel port: what the conversation asks of a gateway, in the field's words. Vendors implement it; nothing of a
 * vendor's payload travels further than its own parser.
 *
 * Glossary: *gateway* a vendor that carries messages; *account* one sender on one channel at one gateway;
 * *outcome* what one attempt is known to have done; *status* what the gateway later reports about it.
 */
export type ChannelName = 'whatsapp' | 'sms' | 'email';

/** What an e-mail has besides its words. */
export interface MailParts {
  subject: string;
  /** The same words as a page. */
  html: string;
  /** What stands beside the sender's address: the business. */
  fromName: string;
  /** Our message and attempt: the vendor makes the letter's id of them, so that whatever answers it names it. */
  messageId: string;
  attempt: number;
  /** Ids of the letters before this one in the conversation, in angle brackets, oldest first. */
  references: readonly string[];
  /** Where a mail program's own button stops everything (RFC 8058); absent where a person wrote. */
  unsubscribe?: string;
  /** An appointment as a calendar file (RFC 5545). */
  calendar?: string;
}

/**
 * One attempt as handed to a gateway. `to` and `from` are bare E.164 numbers, to which the vendor adds its own prefixes, or
 * mailboxes.
 */
export interface OutgoingMessage {
  channel: ChannelName;
  to: string;
  from: string;
  /** The rendered text. For a template it is what the customer will read, used to find the message again. */
  body: string;
  /** Present when the channel demands an approved template (WhatsApp outside the 24-hour window). */
  template?: { contentId: string; variables: Record<string, string> };
  /** Present on e-mail. */
  mail?: MailParts;
  /** Where the gateway reports delivery; carries our message id and attempt. */
  statusCallback: string;
  /** Seconds the gateway may keep trying; it ends with the send window, so nothing waits inside the gateway. */
  validitySeconds: number;
}

/**
 * What went wrong when the gateway certainly did not take a message.
 * - `opted_out` the gateway itself blocks this person
 * - `unreachable` this address cannot be reached on this channel: another channel may
 * - `template_needed` free text is not allowed now (WhatsApp window closed)
 * - `throttled` too fast: try again later
 * - `later` this receiver cannot take it now, others may: try again later
 * - `delayed` the channel asks for at least 24 hours before the next try
 * - `sender` our account is wrong (credentials, sender, permission): a person must act
 * - `content` the text or its variables are not accepted: a person must act
 * - `unknown` refused for another reason
 */
export type RefusalReason =
  | 'opted_out'
  | 'unreachable'
  | 'template_needed'
  | 'throttled'
  | 'later'
  | 'delayed'
  | 'sender'
  | 'content'
  | 'unknown';

/** What one attempt is known to have done. Only `refused` and `not_written` certainly did not leave. */
export type SendOutcome =
  | { kind: 'accepted'; gatewayId: string }
  | { kind: 'refused'; reason: RefusalReason; code: string }
  | { kind: 'not_written'; detail: string }
  | { kind: 'uncertain'; detail: string };

/** Delivery as the gateway reports it, in our words. */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** A delivery callback, parsed and verified. `messageId`/`attempt` are ours, from the callback's URL. */
export interface StatusReport {
  messageId: string;
  attempt: number;
  gatewayId: string;
  /** Whose account at the gateway reports it: about others' messages it has nothing to say. */
  gatewayAccount?: string;
  status: DeliveryStatus;
  /** Present when `status` is `failed`. */
  failure?: { reason: RefusalReason; code: string };
}

/** What a letter says besides its words. */
export interface LetterFacts {
  /** Its own id and those of the letters before it, in angle brackets, oldest first. */
  id: string;
  references: readonly string[];
  subject: string;
  /** Our message that it answers, where it names one. */
  answers?: { messageId: string; attempt: number; id: string };
  /** Its headers say that no person wrote it: which of them. */
  automatic?: string;
}

/**
 * A customer's message, parsed and verified. `from` is the customer, `to` our sender: bare E.164, or mailboxes; `to` is empty
 * where the gateway names only its account.
 */
export interface InboundMessage {
  gatewayId: string;
  /** The account at the gateway whose secret was checked; a message counts for the senders of that account only. */
  accountSid: string;
  channel: ChannelName;
  from: string;
  to: string;
  body: string;
  media: { url: string; contentType: string }[];
  /** The gateway recognised a keyword itself and has answered it. */
  keyword?: 'stop' | 'start' | 'help';
  profileName?: string;
  /**
   * When it came (machine time), where it may not have been told at once: listed or posted again by its gateway, read from a
   * mailbox or a phone, tried again. Others may have come since.
   */
  cameAt?: Date;
  /** Present on e-mail. */
  letter?: LetterFacts;
}

/** What a mailbox holds for us. */
export type Letter =
  | { kind: 'message'; message: InboundMessage }
  /** A mail server could not deliver one of our messages. */
  | { kind: 'bounce'; report: StatusReport }
  /** The receiver told the mail provider that one of our messages is spam. */
  | { kind: 'complaint'; messageId: string }
  /** Written so that no program reads it to its end: a person has to. `id` names it, `place` says where it lies in the mailbox. */
  | { kind: 'unreadable'; id: string; account: string; place: string }
  /** Nothing that concerns us. */
  | { kind: 'other' };

/** A message as the gateway's own list shows it; used to reconcile and to catch up. */
export interface ListedMessage {
  gatewayId: string;
  body: string;
  status: DeliveryStatus;
  createdAt: Date;
  /** Our message and attempt, where the gateway keeps them: then nothing has to be told by its words. */
  ours?: { messageId: string; attempt: number };
}

/** What one message costs, or one part of an SMS. */
export interface Price {
  amount: number;
  /** ISO 4217. */
  currency: string;
}

/** What a gateway deleted of a conversation. */
export interface Forgotten {
  messages: number;
  /** What customers had sent along, where the gateway keeps it apart. */
  media: number;
  /** Messages that it deletes later only: it has not finished with them. */
  pending: number;
}

export interface Gateway {
  readonly capabilities: {
    /** Inbound messages are not brought to us: they are asked for before each round of sends (`listInbound`). */
    pulls?: boolean;
    /** The gateway keeps a list of what it took, so an uncertain send can be decided. */
    listsMessages: boolean;
    /** Its list may show a message late, or never: that nothing is there proves nothing. */
    listsLate?: boolean;
    /** The gateway answers and blocks a bare STOP on this channel by itself, so we send no confirmation. */
    confirmsStop(channel: ChannelName): boolean;
  };
  /**
   * Sends once, never retries. `deadline` (machine ms) is checked in the same tick as the first byte is written; after
   * it nothing is written and the outcome is `not_written`. Never throws.
   */
  send(message: OutgoingMessage, deadline: number): Promise<SendOutcome>;
  /** Where one process at a time may use a sender: whether it is this one. Only then are its messages claimed here. */
  holds?(sender: string): boolean;
  /** What the gateway holds for this receiver and sender since `createdAfter`. Throws when the list cannot be read. */
  findSent(query: { channel: ChannelName; to: string; from: string; createdAfter: Date }): Promise<ListedMessage[]>;
  /**
   * What the newest message of a sender that has a price did cost; null while none has. Absent where the gateway does not tell.
   * Throws as `findSent` does.
   */
  lastPrice?(query: { channel: ChannelName; from: string }): Promise<Price | null>;
  /** What customers sent to this sender since `since`, oldest first. Throws when the list cannot be read. */
  listInbound(query: { channel: ChannelName; to: string; since: Date }): Promise<InboundMessage[]>;
  /**
   * Fetches what a customer sent along, with our credentials, at most `maxBytes` long. Asks nobody but the gateway, wherever
   * the address points. Throws `KnownError`: `forbidden` for an address that is not the gateway's, `not_found` when it has
   * nothing there (yet), `validation_error` when it is too large, `unavailable` or `misconfigured` otherwise.
   */
  fetchMedia(url: string, maxBytes: number): Promise<Buffer>;
  /**
   * Deletes what the gateway keeps of what a sender and a customer wrote to each other: our messages by its ids, the customer's
   * that `isOurs` says so of. What is gone already counts for nothing, so it may be asked again. Absent where no program can
   * delete anything. Throws as `findSent` does.
   */
  forget?(query: {
    channel: ChannelName;
    sender: string;
    customer: string;
    sent: readonly string[];
    isOurs(gatewayId: string): boolean;
  }): Promise<Forgotten>;
}

/** State of a WhatsApp template at the channel's owner. */
export type TemplateApproval =
  | { state: 'unsubmitted' | 'pending' | 'approved' | 'paused' | 'disabled' }
  | { state: 'rejected'; reason: string };

/** Creating and following approved templates, where the channel asks for them. Throws `KnownError` on refusal. */
export interface TemplateGateway {
  /** Creates the template and returns its content id. `body` uses `{{1}}`, `{{2}}`; `samples` fills them for review. */
  create(template: { name: string; language: string; body: string; samples: Record<string, string> }): Promise<string>;
  submit(contentId: string, template: { name: string; category: 'UTILITY' | 'MARKETING' }): Promise<TemplateApproval>;
  /** Null when the gateway has no such content (any more): somebody deleted it there. */
  approval(contentId: string): Promise<TemplateApproval | null>;
}
