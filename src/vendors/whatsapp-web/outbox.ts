import { within } from '../../lib/within.ts';
import type { DeliveryStatus, OutgoingMessage, SendOutcome } from '../../messaging/port.ts';
import { isHidden } from '../../people/index.ts';
import type { PhoneHost } from '../../phones/port.ts';
import type { WebClient, WebMessage } from './client.ts';
import { chatOf, wordsOf } from './parse.ts';

export interface OutboxOptions {
  machine: () => number;
  /** Total time of handing a message over. */
  sendMs: number;
}

/** Sending, and knowing again what was sent. */
export interface Outbox {
  /** Once, never again by itself; nothing is handed over after `deadline` (machine ms). */
  send(message: OutgoingMessage, deadline: number): Promise<SendOutcome>;
  /** A message of ours was seen at WhatsApp: it may be the one that is being handed over. */
  echo(message: WebMessage): void;
  /** To which address this connection has sent a message; undefined when it does not know that it did. */
  sentTo(gatewayId: string): string | undefined;
  reported(gatewayId: string, status: DeliveryStatus): Promise<void>;
  /** Somebody writes in this chat: who is typing there stops. */
  interrupt(chatId: string): void;
  close(): void;
}

/** What this connection has tried to send, newest last; older ones are in the database. */
const REMEMBERED = 500;
/** Between the end of typing and the deadline. */
const HANDING_MS = 1200;

interface Tried {
  messageId: string;
  attempt: number;
  to: string;
  body: string;
  gatewayId: string | undefined;
  /** Nobody waits for its outcome any more. */
  over: boolean;
}

export function createOutbox(client: WebClient, host: PhoneHost, { machine, sendMs }: OutboxOptions): Outbox {
  const tried: Tried[] = [];
  const chats = new Map<string, string>();
  const stops = new Map<string, () => void>();
  let closed = false;

  /** The chat of an address; the outcome where nothing can be written to it. */
  async function chatFor(to: string, deadline: number): Promise<string | SendOutcome> {
    const known = chats.get(to) ?? (isHidden(to) ? to : undefined);
    if (known !== undefined) return known;
    const left = () => deadline - machine() - HANDING_MS;
    const found = await within(left(), client.getNumberId(chatOf(to)));
    if (!found) return { kind: 'not_written', detail: 'no connection in time' };
    if (!found.value) return { kind: 'refused', reason: 'unreachable', code: 'not_on_whatsapp' };
    const chatId = found.value._serialized;
    if (isHidden(chatId)) {
      // kept before anything is written there: their answer is theirs, whoever hears it and whatever WhatsApp says then
      const kept = await within(left(), host.hidden.met(chatId, to));
      if (!kept) return { kind: 'not_written', detail: 'whose chat it is could not be kept' };
      if (!kept.value) return { kind: 'not_written', detail: 'they asked for silence in this chat' };
    }
    chats.set(to, chatId);
    return chatId;
  }

  /** As a person does it: the chat is opened, then typed in. False when the customer writes meanwhile. */
  async function type(chatId: string, ms: number): Promise<boolean> {
    await within(ms / 2, client.sendSeen(chatId));
    const chat = await within(ms / 2, client.getChatById(chatId));
    if (chat) await within(ms / 2, chat.value.sendStateTyping());
    const undisturbed = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), ms);
      stops.set(chatId, () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
    stops.delete(chatId);
    return undisturbed;
  }

  function remember(message: OutgoingMessage): Tried {
    const query = new URL(message.statusCallback).searchParams;
    const row: Tried = {
      messageId: query.get('message') ?? '',
      attempt: Number(query.get('attempt')),
      to: message.to,
      body: message.body,
      gatewayId: undefined,
      over: false,
    };
    tried.push(row);
    if (tried.length > REMEMBERED) tried.shift();
    return row;
  }

  return {
    async send(message, deadline) {
      if (message.channel !== 'whatsapp') return { kind: 'refused', reason: 'sender', code: 'no_such_channel' };
      if (message.template) return { kind: 'refused', reason: 'content', code: 'no_templates' };
      const chatId = await chatFor(message.to, deadline);
      if (typeof chatId !== 'string') return chatId;
      const typing = Math.min(host.typingMs(message.body), deadline - machine() - HANDING_MS);
      if (typing > 0 && !(await type(chatId, typing)))
        return { kind: 'not_written', detail: 'the customer was writing' };

      const sole = await host.soleUntil().catch(() => null);
      // in the same tick as the handing over: nobody else can hold the phone before it is over, and it is not too late
      if (closed) return { kind: 'not_written', detail: 'the phone is not connected' };
      if (sole === null || machine() + sendMs >= sole)
        return { kind: 'not_written', detail: 'the phone is held elsewhere' };
      if (machine() >= deadline) return { kind: 'not_written', detail: 'deadline passed' };
      const row = remember(message);
      const handing = client.sendMessage(chatId, message.body, { linkPreview: false, sendSeen: false });
      host.sent();

      const answer = await within(sendMs, handing);
      row.over = true;
      const gatewayId = answer?.value?.id.id ?? row.gatewayId;
      if (gatewayId === undefined) return { kind: 'uncertain', detail: answer ? 'no answer' : 'no answer in time' };
      row.gatewayId = gatewayId;
      return { kind: 'accepted', gatewayId };
    },
    echo(message) {
      // of one whose outcome was given as uncertain the host finds the attempt, and keeps looking if it has to
      const row = tried.findLast(({ gatewayId, over }) => gatewayId === undefined && !over);
      if (!row || row.body !== wordsOf(message)) return;
      const plain = !isHidden(message.to);
      if (plain && message.to !== chatOf(row.to) && message.to !== chats.get(row.to)) return;
      row.gatewayId = message.id.id;
    },
    sentTo: (id) => tried.findLast(({ gatewayId }) => gatewayId === id)?.to,
    async reported(gatewayId, status) {
      const row = tried.findLast((each) => each.gatewayId === gatewayId);
      const attempt = row && { messageId: row.messageId, attempt: row.attempt };
      await host.reported({ gatewayId, status, ...(attempt && { attempt }) });
    },
    interrupt(chatId) {
      // of a hidden number it is not known whose chat it is
      const concerned = isHidden(chatId) ? [...stops.values()] : [stops.get(chatId)];
      for (const stop of concerned) stop?.();
    },
    close() {
      closed = true;
      for (const stop of stops.values()) stop();
    },
  };
}
