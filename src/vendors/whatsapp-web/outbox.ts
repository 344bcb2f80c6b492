import { within } from '../../lib/within.ts';
import type { DeliveryStatus, OutgoingMessage, SendOutcome } from '../../messaging/port.ts';
import type { OwnMessage, PhoneHost } from '../../phones/port.ts';
import type { WebClient, WebMessage } from './client.ts';
import { chatOf, wordsOf } from './parse.ts';

export interface OutboxOptions {
  machine: () => number;
  /** Total time of handing a message over. */
  sendMs: number;
  /** Whose chat an id is: WhatsApp says it when it is written to, and may keep it to itself when it answers. */
  met(chatId: string, number: string): void;
}

/** Sending, and knowing again what was sent. */
export interface Outbox {
  /** Once, never again by itself; nothing is handed over after `deadline` (machine ms). */
  send(message: OutgoingMessage, deadline: number): Promise<SendOutcome>;
  /** A message of ours was seen at WhatsApp: it may be the one that is being handed over. */
  echo(message: WebMessage): void;
  /** This connection has sent it itself, and knows it. */
  isOurs(message: OwnMessage): boolean;
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

export function createOutbox(client: WebClient, host: PhoneHost, { machine, sendMs, met }: OutboxOptions): Outbox {
  const tried: Tried[] = [];
  const chats = new Map<string, string>();
  const stops = new Map<string, () => void>();
  let closed = false;

  async function chatFor(to: string, ms: number): Promise<string | null | undefined> {
    const known = chats.get(to);
    if (known !== undefined) return known;
    const plain = chatOf(to);
    if (plain.endsWith('@lid')) return plain;
    const found = await within(ms, client.getNumberId(plain));
    if (!found) return undefined;
    if (found.value) {
      chats.set(to, found.value._serialized);
      met(found.value._serialized, to);
    }
    return found.value?._serialized ?? null;
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
      const chatId = await chatFor(message.to, deadline - machine() - HANDING_MS);
      if (chatId === null) return { kind: 'refused', reason: 'unreachable', code: 'not_on_whatsapp' };
      if (chatId === undefined) return { kind: 'not_written', detail: 'no connection in time' };
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
      if (answer?.value) met(answer.value.to, message.to);
      return { kind: 'accepted', gatewayId };
    },
    echo(message) {
      // of one whose outcome was given as uncertain the host finds the attempt, and keeps looking if it has to
      const row = tried.findLast(({ gatewayId, over }) => gatewayId === undefined && !over);
      if (!row || row.body !== wordsOf(message)) return;
      const plain = !message.to.endsWith('@lid');
      if (plain && message.to !== chatOf(row.to) && message.to !== chats.get(row.to)) return;
      row.gatewayId = message.id.id;
    },
    isOurs: ({ gatewayId }) => tried.some((row) => row.gatewayId === gatewayId),
    async reported(gatewayId, status) {
      const row = tried.findLast((each) => each.gatewayId === gatewayId);
      const attempt = row && { messageId: row.messageId, attempt: row.attempt };
      await host.reported({ gatewayId, status, ...(attempt && { attempt }) });
    },
    interrupt(chatId) {
      // of a hidden number it is not known whose chat it is
      const concerned = chatId.endsWith('@lid') ? [...stops.values()] : [stops.get(chatId)];
      for (const stop of concerned) stop?.();
    },
    close() {
      closed = true;
      for (const stop of stops.values()) stop();
    },
  };
}
