/*
 * What the sandbox page and the server say to each other. Everything shown is a value under a key; the server sends what
 * changed, the page keeps a map. Acts are what people do: staff in Slack, customers on their phones, and the person at the
 * page, who turns the clock and makes mischief. Types only; both sides import them.
 *
 * `GET /sandbox/stream` server-sent events, each `data:` one `Patch`. The first carries everything and `fresh: true`.
 * `GET /sandbox/state`  the same first patch alone, for programs.
 * `POST /sandbox/act`   an `Act` as JSON; 200 with an `ActAnswer`, or 400 `{ "error": "words for people" }`.
 * `GET /sandbox/letters/:id` an e-mail as a page, `/sandbox/letters/:id/:n` its attachments.
 * `GET /sandbox/files/:id` the bytes of a file in the stand-in of Slack.
 */

/** What changed; null takes a key away. */
export interface Patch {
  fresh?: true;
  put: Record<string, unknown>;
}

/** Values by the kind of their key. A key is the kind alone, or `kind/id`; a message's is `message/<channel>/<ts>`. */
export interface Entities {
  /** `scene` */
  scene: Scene;
  /** `clock` */
  clock: Clock;
  /** `mischief` */
  mischief: Mischief;
  /** `user/<id>`: people in Slack, the bot included. */
  user: User;
  /** `channel/<id>` */
  channel: Channel;
  /** `message/<channel>/<ts>`, and `whisper/<user>/<ts>` for messages that one person sees. */
  message: Message;
  whisper: Message;
  /** `modal/<user>`: the views open before this person, the visible one last. */
  modal: OpenView[];
  /** `home/<user>`: App Home. */
  home: OpenView;
  /** `customer/<number>`: a phone, by bare E.164, or the inbox of somebody who has only a mailbox. */
  customer: Customer;
  /** `text/<id>`: what stands on a phone. */
  text: Text;
  /** `lead/<id>`: the timeline of a lead. */
  lead: Lead;
  /** `phone`: the business's own phone, which can be linked as WhatsApp Web. */
  phone: BusinessPhone;
  /** `violation/<n>`: what Slack or Twilio would have refused. */
  violation: Violation;
}

export interface Scene {
  business: string;
  /** Name of the Slack workspace; null when Slack is the real one. */
  workspace: string | null;
  /** IANA zone and BCP 47 language of the business. */
  zone: string;
  language: string;
  version: string;
  /** What can be typed after `/`. */
  commands: { name: string; summary: string; usage: string }[];
  /** Global shortcuts. */
  shortcuts: { callbackId: string; name: string }[];
  /** What the menu of each message offers. */
  messageShortcuts: { callbackId: string; name: string }[];
  /** Whether everything can be wiped from here. */
  canReset: boolean;
  /** Senders by channel: what customers write to. */
  senders: Partial<Record<TextChannel, string>>;
}

export interface Clock {
  /** Business time when this was sent, ISO 8601. It runs on at real speed. */
  now: string;
  /** Machine time at the same moment, ms since the epoch. */
  machine: number;
  /** How far business time is ahead of real time, ms. */
  offset: number;
  /** Turning: sends on the way are being waited for. */
  turning: boolean;
  /** When the next planned message of anybody is due, ISO 8601. */
  next: string | null;
}

export type MischiefKind = 'slow' | 'down' | 'drop' | 'errors' | 'slack_slow';

export interface Mischief {
  /** Of everybody: gateway answers after 4 s; is down; takes messages and cuts the line; answers 500; Slack is slow. */
  on: MischiefKind[];
}

/** Of one number: not on WhatsApp; no message reaches it at all; WhatsApp's 24-hour window counts as closed; Twilio blocks it after a STOP that it kept to itself. */
export type NumberMischief = 'no_whatsapp' | 'no_phone' | 'window_closed' | 'blocked';

export interface User {
  id: string;
  name: string;
  realName: string;
  zone: string;
  /** The place in the business; null for guests, outsiders and the bot. */
  role: 'salesperson' | 'manager' | 'admin' | null;
  kind: 'member' | 'guest' | 'outsider' | 'bot';
}

export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  members: string[];
  shared: boolean;
  /** The person a direct message with the bot belongs to. */
  userId: string | null;
}

/** Text objects, elements and blocks are Slack's own JSON; the page renders what it knows and falls back to text. */
export type Json = { [key: string]: unknown };

export interface Message {
  channel: string;
  ts: string;
  threadTs: string | null;
  user: string;
  text: string;
  blocks: Json[];
  files: { id: string; name: string; mimetype: string; deleted: boolean }[];
  reactions: { name: string; count: number }[];
  edited: boolean;
}

export interface OpenView {
  id: string;
  kind: 'modal' | 'home';
  title: string;
  /** Texts of the buttons; null where there is none. */
  submit: string | null;
  close: string | null;
  blocks: Json[];
  /** What is entered so far: block id, then action id, as Slack's `state.values`. */
  values: Record<string, Record<string, Json>>;
  /** Errors at the fields, by block id. */
  errors: Record<string, string>;
}

export type TextChannel = 'sms' | 'whatsapp' | 'email';

export interface BusinessPhone {
  number: string;
  /** A code waits to be scanned. */
  code: boolean;
  /** As the phone lists them, oldest first. */
  devices: LinkedDevice[];
}

export interface LinkedDevice {
  id: string;
  /** Business time, ISO 8601. */
  linkedAt: string;
  /** Connected at this moment. */
  connected: boolean;
}

export interface Customer {
  number: string;
  /** As the business knows the person; null for somebody who only wrote. */
  name: string | null;
  zone: string | null;
  language: string | null;
  email: string | null;
  /** Time when WhatsApp's 24-hour window closes, ISO 8601; null when it is closed. */
  windowUntil: string | null;
  /** The person told the business to stop. */
  optedOut: boolean;
  mischief: NumberMischief[];
}

export interface Text {
  id: string;
  /** The phone it stands on, bare E.164. */
  number: string;
  channel: TextChannel;
  /** `in` comes from the business, `out` was written by the customer. */
  direction: 'in' | 'out';
  body: string;
  /** Business time, ISO 8601. */
  at: string;
  status: 'queued' | 'sent' | 'delivered' | 'read' | 'undelivered' | 'failed' | 'received';
  errorCode: number | null;
  /** Sent by the gateway itself, for example Twilio's answer to STOP. */
  automatic: boolean;
  /** It used an approved WhatsApp template. */
  template: boolean;
  /** Of an e-mail: `page` when it has an HTML page, at `/sandbox/letters/<id>`. */
  letter?: { subject: string; page: boolean; attachments: string[] };
}

export interface Lead {
  id: string;
  name: string;
  /** The phone of the person, bare E.164. */
  number: string | null;
  zone: string;
  car: string;
  owner: string | null;
  stage: string;
  /** Of the follow-up: `active`, `paused`, `replied`, `opted_out`, `converted`, `closed`, `completed`. */
  state: string;
  createdAt: string;
  steps: Step[];
}

export interface Step {
  id: string;
  /** `Day 2`, `Reply by Sofia`, `Confirmation of the opt-out` … */
  label: string;
  direction: 'in' | 'out';
  channel: TextChannel;
  state: string;
  /** When it is due, was sent, or came: ISO 8601. */
  at: string;
  /** One sentence: what became of it and why (the send ledger's words). */
  words: string;
  /** The lines at the gateway, oldest first, when there was more than one or one went wrong. */
  attempts: { at: string; channel: TextChannel; words: string }[];
}

export interface Violation {
  at: string;
  where: string;
  code: string;
  detail: string;
}

/** A message or view somebody acts on. */
export type Place = { message: { channel: string; ts: string; whisperTo?: string } } | { view: string };

export interface Upload {
  name: string;
  mimetype: string;
  /** Base64. */
  bytes: string;
}

/** As the stand-in of Slack takes it: texts or values of options, dates, ids, several of them, files. */
export type Entry = string | number | boolean | null | Upload[] | string[];

export type Act =
  | { act: 'slash'; user: string; channel: string; command: string; text: string }
  | { act: 'shortcut'; user: string; callbackId: string }
  | { act: 'message_shortcut'; user: string; callbackId: string; channel: string; ts: string }
  | { act: 'say'; user: string; channel: string; text: string; thread?: string; files?: Upload[] }
  /** A button by action id (and value where several share it), or an entry of an overflow menu by its text. */
  | { act: 'press'; user: string; place: Place; actionId: string; text?: string; value?: string }
  /** A select, date picker, check box or input, by action id. */
  | { act: 'choose'; user: string; place: Place; actionId: string; value: Entry }
  /** What an external select offers for typed letters. */
  | { act: 'suggest'; user: string; place: Place; actionId: string; typed: string }
  /** `values` by block id, by action id where no other field has it, or by `block/action`. So in all acts on fields. */
  | { act: 'submit'; user: string; view: string; values: Record<string, Entry> }
  | { act: 'close'; user: string; everything?: boolean }
  | { act: 'home'; user: string }
  | { act: 'invite'; user: string; channel: string }
  /** `mailbox` is where an e-mail comes from, `answers` the text it answers. */
  | { act: 'write'; number: string; channel: TextChannel; body: string; mailbox?: string; answers?: string }
  | { act: 'read'; text: string }
  /** On the business's own phone: the code that its camera read is scanned, or a linked device is logged out. */
  | { act: 'phone_scan'; code: string }
  | { act: 'phone_log_out'; device: string }
  /** Somebody of the business writes to a customer on it. */
  | { act: 'phone_write'; number: string; body: string }
  | { act: 'customer'; number: string; name: string }
  | { act: 'turn'; to: { advance: string } | { until: string } | 'next' | 'real' }
  | { act: 'mischief'; kind: MischiefKind; on: boolean }
  | { act: 'number'; number: string; kind: NumberMischief; on: boolean }
  | { act: 'reset' };

export interface ActAnswer {
  /** Of `suggest`. */
  options?: { text: string; value: string }[];
  /** Of Slack acts: Slack's own words when the app did not answer in time or wrongly. */
  trouble?: string;
}
