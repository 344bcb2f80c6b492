/*
 * The part of whatsapp-web.js (1.34) that is used, as its own objects have it. The library's `Client` fits by itself; so does
 * the stand-in of the sandbox. Nothing of it travels beyond this folder.
 */

/** An id as WhatsApp Web writes it: `46701234567@c.us`, or `81234567890@lid`, which hides the number. */
export interface WebId {
  _serialized: string;
}

export interface WebMessage {
  /** `id` is the message's own; `_serialized` has the chat in it, which may be named in two ways. */
  id: { id: string; fromMe: boolean; remote?: unknown; _serialized: string };
  body: string;
  /** `chat`, `image`, `ptt`, `document`, `revoked`, `e2e_notification` … */
  type: string;
  /** Seconds since the epoch. */
  timestamp: number;
  from: string;
  to: string;
  fromMe: boolean;
  hasMedia: boolean;
  isStatus?: boolean;
  latestEditSenderTimestampMs?: number;
  /** Of a message that was taken back: the key of the one it was. */
  protocolMessageKey?: { id?: string };
  /** What WhatsApp Web itself has; the library passes it on as it is. */
  _data?: { notifyName?: string; mimetype?: string };
  downloadMedia(): Promise<{ data: string; mimetype: string } | undefined>;
}

export interface WebChat {
  id: WebId;
  isGroup: boolean;
  /** Of the newest message, in seconds; absent for an empty chat. */
  timestamp?: number;
  sendStateTyping(): Promise<unknown>;
  clearState(): Promise<unknown>;
  fetchMessages(options: { limit: number; fromMe?: boolean }): Promise<WebMessage[]>;
}

/** Something failed that nobody waits for; `what` says what it was, for the log. */
export type Trouble = (error: unknown, what: string) => void;

/** What the client tells, by name. `ready` may come more than once. */
export interface WebEvents {
  qr: [code: string];
  authenticated: [];
  auth_failure: [message: string];
  ready: [];
  /** `LOGOUT`, `Max qrcode retries reached`, a state: `CONFLICT`, `UNPAIRED`, `TIMEOUT` …; of ours `browser_gone`, `page_gone` … */
  disconnected: [reason: string];
  message: [message: WebMessage];
  /** Also our own, wherever they were written. */
  message_create: [message: WebMessage];
  /** -1 error, 0 pending, 1 at the server, 2 on the device, 3 read, 4 played. */
  message_ack: [message: WebMessage, ack: number];
  message_edit: [message: WebMessage, newBody: string, oldBody: string];
  message_revoke_everyone: [message: WebMessage, revoked?: WebMessage | null];
}

export interface WebClient {
  /** Of the phone that is linked; once `ready` has come. */
  readonly info?: { wid: { user: string } } | undefined;
  on<E extends keyof WebEvents>(event: E, listener: (...args: WebEvents[E]) => void): unknown;
  initialize(): Promise<void>;
  /** `CONNECTED`, `OPENING`, `TIMEOUT` …; null before WhatsApp Web has one. */
  getState(): Promise<string | null>;
  /** Closes the browser; the link stays. */
  destroy(): Promise<void>;
  /** Takes the link away at WhatsApp. */
  logout(): Promise<void>;
  /** Null when the number is not on WhatsApp. */
  getNumberId(number: string): Promise<WebId | null>;
  getChats(): Promise<WebChat[]>;
  getChatById(chatId: string): Promise<WebChat>;
  getMessageById(messageId: string): Promise<WebMessage | null | undefined>;
  /** The number behind an id, where WhatsApp shows it. */
  getContactLidAndPhone(ids: string[]): Promise<{ lid?: string; pn?: string }[]>;
  sendSeen(chatId: string): Promise<unknown>;
  /** Resolves to nothing when the chat is not found, which is no error. */
  sendMessage(
    chatId: string,
    body: string,
    options: { linkPreview: boolean; sendSeen: boolean },
  ): Promise<WebMessage | null | undefined>;
}
