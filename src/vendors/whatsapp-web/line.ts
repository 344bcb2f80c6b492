import { KnownError } from '../../lib/errors.ts';
import { within } from '../../lib/within.ts';
import type { InboundMessage, ListedMessage, OutgoingMessage, SendOutcome } from '../../messaging/port.ts';
import type { OwnMessage, PhoneConnection, PhoneHost } from '../../phones/port.ts';
import type { WebChat, WebClient, WebMessage } from './client.ts';
import { createOutbox, type OutboxOptions } from './outbox.ts';
import { chatOf, isHidden, isPersonal, mediaUrl, numberOf, revokedIds, statusOf, wordsOf } from './parse.ts';

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

export interface LineOptions extends Omit<OutboxOptions, 'met'> {
  /** How long WhatsApp Web may take to say how it is. */
  stateMs: number;
}

/** Puts our words around a client: its events are told to `host`, in the order in which they came. */
export function createLine(client: WebClient, host: PhoneHost, options: LineOptions): Line {
  const numbers = new Map<string, string>();
  let number: string | null = null;
  let closed = false;
  /** It has told its end, whether that could be written down or not. */
  let gone = false;
  /** Since when it is being opened (machine ms); null once it is connected or shows a code. */
  let openingSince: number | null = options.machine();
  /** Everything that came before this connection, and since, has been taken in. */
  let complete = false;
  let telling: Promise<void> = Promise.resolve();
  const met = (chatId: string, known: string) => {
    if (isHidden(chatId) && !isHidden(known)) numbers.set(chatId, known);
  };
  const outbox = createOutbox(client, host, { ...options, met });

  /** In order; what fails is asked for again with `missed`. */
  function tell(work: () => Promise<void>): void {
    telling = telling.then(async () => {
      if (closed) return;
      await work().catch(() => {
        complete = false;
      });
    });
  }

  /** The number behind a chat's id; null where WhatsApp does not say. */
  async function resolve(chatId: string): Promise<string | null> {
    const plain = numberOf(chatId) ?? numbers.get(chatId);
    if (plain !== undefined && plain !== null) return plain;
    if (!isHidden(chatId)) return null;
    const [found] = (await within(ASK_MS, client.getContactLidAndPhone([chatId])))?.value ?? [];
    const known = found?.pn === undefined ? null : numberOf(found.pn);
    if (known !== null) numbers.set(chatId, known);
    return known;
  }

  async function inboundOf(message: WebMessage, edited?: { words: string; at: number }): Promise<InboundMessage> {
    const to = number ?? '';
    const from = (await resolve(message.from)) ?? message.from;
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

  const ownOf = async (message: WebMessage): Promise<OwnMessage> => ({
    gatewayId: message.id.id,
    to: await resolve(message.to),
    body: wordsOf(message),
    at: new Date(message.timestamp * 1000),
  });

  async function own(message: WebMessage): Promise<void> {
    const seen = await ownOf(message);
    if (outbox.isOurs(seen)) return;
    await host.own(seen);
  }

  async function chatsSince(since: Date): Promise<WebChat[]> {
    const chats = await within(ASK_MS, client.getChats());
    if (!chats) throw unavailable();
    const isPerson = ({ id }: WebChat) => numberOf(id._serialized) !== null || isHidden(id._serialized);
    return chats.value.filter(
      (chat) => !chat.isGroup && isPerson(chat) && (chat.timestamp ?? 0) * 1000 >= since.getTime(),
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
    tell(async () => {
      for (const id of revokedIds(message, revoked)) await host.withdrawn(id);
    });
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
        const found: { at: number; message: InboundMessage }[] = [];
        for (const chat of await chatsSince(since)) {
          const messages = await within(ASK_MS, chat.fetchMessages({ limit: LOOK_BACK }));
          if (!messages) throw unavailable();
          for (const message of messages.value) {
            if (!isPersonal(message) || message.timestamp * 1000 < since.getTime()) continue;
            if (message.fromMe) await own(message);
            else found.push({ at: message.timestamp, message: await inboundOf(message) });
          }
        }
        return found.sort((a, b) => a.at - b.at).map(({ message }) => message);
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
