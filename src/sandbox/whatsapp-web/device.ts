import { EventEmitter } from 'node:events';
import type { WebChat, WebClient, WebEvents, WebMessage } from '../../vendors/whatsapp-web/index.ts';
import type { PhoneMessage } from './types.ts';

/** What a linked device asks of WhatsApp. */
export interface Network {
  /** A code to scan for this device. */
  newCode(device: Device): string;
  /** The phone that a session is linked to; undefined when it was thrown out. */
  phoneOf(secret: string): string | undefined;
  attach(device: Device): void;
  detach(device: Device): void;
  /** The link is given up from the device's side: the phone lists it no longer. */
  forget(secret: string): void;
  isOnWhatsApp(number: string): boolean;
  /** The id of a customer's chat: their number, or one that hides it. */
  chatId(customer: string): string;
  customerOf(chatId: string): string | undefined;
  /** What WhatsApp says of a hidden id; nothing where it keeps it to itself. */
  reveal(chatId: string): string | undefined;
  messages(phone: string): readonly PhoneMessage[];
  send(device: Device, chatId: string, body: string): Promise<PhoneMessage | undefined>;
  typing(phone: string, chatId: string): void;
}

export interface DeviceSession {
  load(): Promise<Buffer | null>;
  save(content: Buffer): Promise<void>;
}

/** One WhatsApp Web, with the interface and the event shapes of whatsapp-web.js 1.34. */
export class Device implements WebClient {
  readonly session: DeviceSession;
  readonly #network: Network;
  readonly #events = new EventEmitter();
  phone: string | undefined;
  /** Of its link. */
  secret: string | undefined;
  closed = false;
  /** It hangs: it tells nothing, and answers nothing. */
  frozen = false;

  constructor(network: Network, session: DeviceSession) {
    this.#network = network;
    this.session = session;
  }

  get info(): { wid: { user: string } } | undefined {
    return this.phone === undefined ? undefined : { wid: { user: this.phone.slice(1) } };
  }

  on<E extends keyof WebEvents>(event: E, listener: (...args: WebEvents[E]) => void): this {
    this.#events.on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  tell<E extends keyof WebEvents>(event: E, ...args: WebEvents[E]): void {
    if (!this.closed && !this.frozen) this.#events.emit(event, ...args);
  }

  async initialize(): Promise<void> {
    const stored = await this.session.load();
    const phone = stored ? this.#network.phoneOf(stored.toString()) : undefined;
    if (stored && phone !== undefined) this.connected(phone, stored.toString());
    else this.tell('qr', this.#network.newCode(this));
  }

  connected(phone: string, secret: string): void {
    this.phone = phone;
    this.secret = secret;
    this.#network.attach(this);
    this.tell('authenticated');
    this.tell('ready');
  }

  async getState(): Promise<string | null> {
    if (this.frozen) return new Promise<never>(() => {});
    return this.phone === undefined ? 'UNPAIRED' : 'CONNECTED';
  }

  async destroy(): Promise<void> {
    this.closed = true;
    this.#network.detach(this);
  }

  async logout(): Promise<void> {
    if (this.secret !== undefined) this.#network.forget(this.secret);
    this.tell('disconnected', 'LOGOUT');
  }

  async getNumberId(number: string) {
    const customer = `+${number.replace(/@.*/, '')}`;
    return this.#network.isOnWhatsApp(customer) ? { _serialized: this.#network.chatId(customer) } : null;
  }

  async getChats(): Promise<WebChat[]> {
    const customers = new Map(this.#own().map((message) => [message.customer, message.at]));
    return [...customers].map(([customer, at]) => this.#chat(this.#network.chatId(customer), at));
  }

  async getChatById(chatId: string): Promise<WebChat> {
    return this.#chat(chatId);
  }

  async getMessageById(id: string): Promise<WebMessage | null> {
    const message = this.#own().find((each) => serialized(each, this.#network.chatId(each.customer)) === id);
    return message ? this.shape(message) : null;
  }

  async getContactLidAndPhone(ids: string[]) {
    return ids.map((lid) => {
      const number = this.#network.reveal(lid);
      return { lid, ...(number !== undefined && { pn: `${number.slice(1)}@c.us` }) };
    });
  }

  async sendSeen(): Promise<boolean> {
    return true;
  }

  async sendMessage(chatId: string, body: string): Promise<WebMessage | undefined> {
    const message = await this.#network.send(this, chatId, body);
    return message && this.shape(message);
  }

  /** A message as the library shows it. */
  shape(message: PhoneMessage): WebMessage {
    const chat = this.#network.chatId(message.customer);
    const me = `${message.phone.slice(1)}@c.us`;
    const fromMe = message.direction === 'out';
    const { media } = message;
    return {
      id: { id: message.id, fromMe, remote: chat, _serialized: serialized(message, chat) },
      body: message.revoked ? '' : message.body,
      type: message.revoked ? 'revoked' : media ? kindOf(media.mimetype) : 'chat',
      timestamp: Math.floor(message.at / 1000),
      from: fromMe ? me : chat,
      to: fromMe ? chat : me,
      fromMe,
      hasMedia: media !== null,
      isStatus: false,
      ...(message.editedAt !== null && { latestEditSenderTimestampMs: message.editedAt }),
      _data: { ...(media && { mimetype: media.mimetype }) },
      downloadMedia: async () => media ?? undefined,
    };
  }

  #own = () => (this.phone === undefined ? [] : this.#network.messages(this.phone));

  #chat(chatId: string, at?: number): WebChat {
    return {
      id: { _serialized: chatId },
      isGroup: false,
      ...(at !== undefined && { timestamp: Math.floor(at / 1000) }),
      sendStateTyping: async () => this.phone && this.#network.typing(this.phone, chatId),
      clearState: async () => true,
      fetchMessages: async ({ limit, fromMe }) => {
        const customer = this.#network.customerOf(chatId);
        const all = this.#own().filter((each) => each.customer === customer);
        const wanted = all.filter((each) => fromMe === undefined || (each.direction === 'out') === fromMe);
        return wanted.slice(-limit).map((each) => this.shape(each));
      },
    };
  }
}

const serialized = (message: PhoneMessage, chat: string) => `${message.direction === 'out'}_${chat}_${message.id}`;

function kindOf(mimetype: string): string {
  if (mimetype.startsWith('image/')) return 'image';
  return mimetype.startsWith('audio/') ? 'ptt' : mimetype.startsWith('video/') ? 'video' : 'document';
}
