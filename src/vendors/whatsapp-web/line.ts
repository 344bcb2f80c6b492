import { KnownError } from '../../lib/errors.ts';
import { within } from '../../lib/within.ts';
import type { InboundMessage, ListedMessage, OutgoingMessage, SendOutcome } from '../../messaging/port.ts';
import { isHidden } from '../../people/index.ts';
import type { PhoneConnection, PhoneHost } from '../../phones/port.ts';
import type { WebChat, WebClient, WebMessage } from './client.ts';
import { createOutbox, type OutboxOptions } from './outbox.ts';
import { chatOf, isPersonal, mediaUrl, numberOf, revokedIds, statusOf, wordsOf } from './parse.ts';

/** One linked phone, connected in this process. */
export interface Line extends PhoneConnection {
  /** E.164; null until it is connected. */
  readonly number: string | null;
  send(message: OutgoingMessage, deadline: number): Promise<SendOutcome>;
  findSent(to: string, createdAfter: Date): Promise<ListedMessage[]>;
  /** What came since then and was not told yet; cheap while nothing was missed. */
  missed(since: Date): Promise<InboundMessage[]>;
  file(messageId: string, maxBytes: number): Promise<Buffer>;
}

/** Asking WhatsApp Web about something. */
const ASK_MS = 15_000;
/** Opening WhatsApp Web until it is connected or shows a code, and from a scanned code until it is connected. */
const OPENING_MS = 180_000;
/** Messages of one chat that are looked through after a gap. */
const LOOK_BACK = 50;
/** WhatsApp lets people change a message for this long; the chat does not move to the top for it. */
const EDIT_MS = 15 * 60_000;
/** How often in a row WhatsApp may leave open whose a chat is; then what came in it is taken in as somebody's without a number. */
const QUESTIONS = 3;

export interface LineOptions extends OutboxOptions {
  /** How long WhatsApp Web may take to say how it is. */
  stateMs: number;
}

/** Puts our words around a client: its events are told to `host`, in the order in which they came. */
export function createLine(client: WebClient, host: PhoneHost, options: LineOptions): Line {
  const numbers = new Map<string, string>();
  const unanswered = new Map<string, number>();
  let number: string | null = null;
  let closed = false;
  /** It has told its end, whether that could be written down or not. */
  let gone = false;
  /** Since when it is being opened (machine ms); null once it is connected or shows a code. */
  let openingSince: number | null = options.machine();
  /** Everything that came before this connection, and since, has been taken in. */
  let complete = false;
  let telling: Promise<void> = Promise.resolve();
  const outbox = createOutbox(client, host, options);

  /** In order; what fails is asked for again with `missed`. */
  function tell(work: () => Promise<void>): void {
    telling = telling.then(async () => {
      if (closed) return;
      await work().catch(() => {
        complete = false;
      });
    });
  }

  /**
   * The number behind a chat's id; the id itself where WhatsApp does not say. While WhatsApp does not answer it is nobody's yet:
   * that throws, and it is asked again before anything leaves from this phone.
   */
  async function resolve(chatId: string): Promise<string> {
    const plain = numberOf(chatId) ?? numbers.get(chatId);
    if (plain !== undefined) return plain;
    const known = (await host.hidden.numberOf(chatId)) ?? (await ask(chatId));
    if (known !== null) numbers.set(chatId, known);
    return known ?? chatId;
  }

  async function ask(chatId: string): Promise<string | null> {
    const answer = await within(ASK_MS, client.getContactLidAndPhone([chatId]));
    const questions = (unanswered.get(chatId) ?? 0) + 1;
    if (answer) unanswered.delete(chatId);
    else unanswered.set(chatId, questions);
    if (!answer && questions < QUESTIONS) throw unavailable();
    const shown = numberOf(answer?.value[0]?.pn ?? '');
    if (shown !== null) await host.hidden.met(chatId, shown);
    return shown;
  }

  async function inboundOf(message: WebMessage, edited?: { words: string; at: number }): Promise<InboundMessage> {
    const to = number ?? '';
    const from = await resolve(message.from);
    const { notifyName, mimetype } = message._data ?? {};
    // what came while the phone was away is told like news when it is back
    const came = edited?.at ?? message.timestamp * 1000;
    return {
      // what was edited is a message of its own: it may ask to stop
      gatewayId: edited ? `${message.id.id}/${edited.at}` : message.id.id,
      accountSid: `whatsapp-web:${to}`,
      channel: 'whatsapp',
      from,
      to,
      body: edited?.words ?? wordsOf(message),
      media:
        message.hasMedia && !edited
          ? [{ url: mediaUrl(to, message), contentType: mimetype ?? 'application/octet-stream' }]
          : [],
      ...(notifyName && { profileName: notifyName }),
      ...(Number.isFinite(came) && { cameAt: new Date(came) }),
    };
  }

  async function own(message: WebMessage): Promise<void> {
    const gatewayId = message.id.id;
    const chat = numberOf(message.to) ?? message.to;
    const sentTo = outbox.sentTo(gatewayId);
    if (sentTo === undefined) {
      const at = new Date(message.timestamp * 1000);
      await host.own({ gatewayId, chat, to: () => resolve(message.to), body: wordsOf(message), at });
    } else if (isHidden(chat) && !isHidden(sentTo)) {
      await host.hidden.met(chat, sentTo);
    }
  }

  /** What is found in a chat after a gap, as it would have been told; what the customer took back meanwhile is withdrawn. */
  async function found(message: WebMessage, since: Date): Promise<InboundMessage[]> {
    const { latestEditSenderTimestampMs: editedAt } = message;
    if (Math.max(message.timestamp * 1000, editedAt ?? 0) < since.getTime()) return [];
    if (!message.fromMe && message.type === 'revoked') await withdraw(message);
    if (!isPersonal(message)) return [];
    if (message.fromMe) {
      await own(message);
      return [];
    }
    if (!editedAt) return [await inboundOf(message)];
    const edited = await inboundOf(message, { words: wordsOf(message), at: editedAt });
    // its file is the first one's, which may not have been told
    return message.hasMedia ? [await inboundOf(message), edited] : [edited];
  }

  async function withdraw(message: WebMessage, revoked?: WebMessage | null): Promise<void> {
    for (const id of revokedIds(message, revoked)) await host.withdrawn(id);
  }

  async function chatsSince(since: Date): Promise<WebChat[]> {
    const chats = await within(ASK_MS, client.getChats());
    if (!chats) throw unavailable();
    const isPerson = ({ id }: WebChat) => numberOf(id._serialized) !== null || isHidden(id._serialized);
    return chats.value.filter(
      (chat) => !chat.isGroup && isPerson(chat) && (chat.timestamp ?? 0) * 1000 >= since.getTime() - EDIT_MS,
    );
  }

  async function lives(): Promise<boolean> {
    if (gone) return false;
    if (openingSince !== null) return options.machine() - openingSince < OPENING_MS;
    const state = await within(options.stateMs, client.getState());
    return number === null ? state !== undefined : state?.value === 'CONNECTED';
  }

  client.on('qr', (code) => {
    openingSince = null;
    tell(() => host.code(code));
  });
  client.on('authenticated', () => {
    if (number === null) openingSince = options.machine();
  });
  client.on('auth_failure', () => tell(() => host.ended({ kind: 'logged_out' })));
  client.on('ready', () => {
    openingSince = null;
    tell(async () => {
      const wid = client.info?.wid.user;
      number = wid === undefined ? null : `+${wid}`;
      complete = false;
      await host.ready(number ?? '');
    });
  });
  client.on('disconnected', (reason) => {
    gone = true;
    tell(async () => {
      number = null;
      if (reason === 'Max qrcode retries reached') return host.ended({ kind: 'not_scanned' });
      const out = reason === 'LOGOUT' || reason === 'UNPAIRED';
      return host.ended(out ? { kind: 'logged_out' } : { kind: 'lost', why: reason });
    });
  });
  client.on('message', (message) => {
    if (!isPersonal(message) || message.fromMe) return;
    outbox.interrupt(message.from);
    tell(async () => host.received(await inboundOf(message)));
  });
  client.on('message_create', (message) => {
    if (!isPersonal(message) || !message.fromMe) return;
    outbox.echo(message);
    tell(() => own(message));
  });
  client.on('message_ack', (message, ack) => {
    const status = statusOf(ack);
    if (message.fromMe && status) tell(() => outbox.reported(message.id.id, status));
  });
  client.on('message_edit', (message, words, before) => {
    if (!isPersonal(message) || message.fromMe || words === before) return;
    outbox.interrupt(message.from);
    const at = message.latestEditSenderTimestampMs ?? message.timestamp * 1000;
    tell(async () => host.received(await inboundOf(message, { words, at })));
  });
  client.on('message_revoke_everyone', (message, revoked) => {
    if (message.fromMe) return;
    tell(() => withdraw(message, revoked));
  });

  return {
    get number() {
      return number;
    },
    send: (message, deadline) => outbox.send(message, deadline),
    async findSent(to, createdAfter) {
      const found = await within(ASK_MS, client.getChatById(chatOf(to)));
      const messages = found && (await within(ASK_MS, found.value.fetchMessages({ limit: LOOK_BACK, fromMe: true })));
      if (!messages) throw unavailable();
      return messages.value
        .map((message) => ({
          gatewayId: message.id.id,
          body: wordsOf(message),
          status: 'sent' as const,
          createdAt: new Date(message.timestamp * 1000),
        }))
        .filter(({ createdAt }) => createdAt.getTime() >= createdAfter.getTime() - 1000);
    },
    lives,
    async missed(since) {
      // whoever is not connected hears nothing, so that nothing was told proves nothing
      const connected = await lives();
      await telling;
      if (!connected) throw unavailable();
      if (complete) return [];
      complete = true; // what fails from here on makes it incomplete again
      try {
        const missed: InboundMessage[] = [];
        for (const chat of await chatsSince(since)) {
          const messages = await within(ASK_MS, chat.fetchMessages({ limit: LOOK_BACK }));
          if (!messages) throw unavailable();
          for (const message of messages.value) missed.push(...(await found(message, since)));
        }
        return missed.sort((a, b) => (a.cameAt?.getTime() ?? 0) - (b.cameAt?.getTime() ?? 0));
      } catch (error) {
        complete = false;
        throw error;
      }
    },
    async file(messageId, maxBytes) {
      const message = await within(ASK_MS, client.getMessageById(messageId));
      const media = message?.value && (await within(ASK_MS, message.value.downloadMedia()));
      if (message === undefined || (message.value && media === undefined)) throw unavailable();
      if (!media?.value)
        throw new KnownError('not_found', 'no such file', 'WhatsApp does not have this file (any more).');
      const bytes = Buffer.from(media.value.data, 'base64');
      if (bytes.length > maxBytes) {
        throw new KnownError('validation_error', 'file is too large', 'That file is too large.');
      }
      return bytes;
    },
    async logOut() {
      closed = true;
      number = null;
      outbox.close();
      await within(ASK_MS, client.logout());
      await client.destroy();
    },
    async close() {
      closed = true;
      number = null;
      outbox.close();
      await client.destroy();
    },
  };

  function unavailable(): KnownError {
    return new KnownError('unavailable', 'WhatsApp Web did not answer', 'WhatsApp did not answer. It is tried again.');
  }
}
