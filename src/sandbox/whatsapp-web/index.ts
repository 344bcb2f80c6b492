/** A WhatsApp that phones of businesses are linked to: the client of whatsapp-web.js played, and the people around it. */
import { randomBytes } from 'node:crypto';
import type { WebClient } from '../../vendors/whatsapp-web/index.ts';
import { Device, type DeviceSession, type Network } from './device.ts';
import type { PhoneFaults, PhoneLink, PhoneMessage } from './types.ts';

export type { PhoneFaults, PhoneLink, PhoneMessage } from './types.ts';

export interface WhatsAppWebStandIn {
  /** In the place of the library's client. */
  open(phoneId: string, session: DeviceSession): Promise<WebClient>;
  stop(): void;
  /** All messages in the order in which they came. */
  readonly messages: readonly PhoneMessage[];
  readonly faults: PhoneFaults;
  /** The newest code that waits to be scanned. */
  readonly code: string | undefined;
  /** The phones that are linked, connected at this moment or not. */
  readonly linked: readonly string[];
  /** What a phone lists as its linked devices, oldest first. */
  linksOf(phone: string): readonly PhoneLink[];
  /** Somebody holds a phone in front of a code. Throws when the code is not valid (any more). */
  scan(phone: string, code?: string): void;
  /** The code on the screen changes, as it does every few seconds. */
  renewCode(): void;
  /** A link is taken away on the phone, or all of them. */
  throwOut(phone: string, link?: string): void;
  /** The connection breaks: the browser lost it, or another one took it over (`CONFLICT`). */
  breakOff(phone: string, why?: string): void;
  /** The browser hangs from now on: it says nothing of it. */
  freeze(phone: string): void;
  customerWrites(message: {
    from: string;
    to: string;
    body: string;
    media?: { mimetype: string; data: Buffer };
  }): PhoneMessage;
  customerEdits(id: string, body: string): void;
  customerTakesBack(id: string): void;
  /** The customer has read it. */
  read(id: string): void;
  /** Somebody of the business writes on the phone itself. */
  typeOnPhone(phone: string, to: string, body: string): PhoneMessage;
  /** From now on WhatsApp hides this customer's number; with `secret` it does not tell it either when asked. */
  hide(customer: string, secret?: boolean): void;
  /** WhatsApp tells whose a hidden number is from now on. */
  reveal(customer: string): void;
  notOnWhatsApp(number: string): void;
  /** Calls the listener after each change until the returned function is called. */
  subscribe(listener: (message?: PhoneMessage) => void): () => void;
}

/** A code is good for this long, as WhatsApp's are. */
const CODE_MS = 20_000;
/** Codes that are shown before WhatsApp Web gives up. */
const CODES = 30;

export function createWhatsAppWebStandIn(
  options: { now?: () => Date; machine?: () => number } = {},
): WhatsAppWebStandIn {
  const { now = () => new Date(), machine = Date.now } = options;
  const messages: PhoneMessage[] = [];
  const faults: PhoneFaults = { sentInSilence: 0, lost: 0, hangs: 0, questions: 0 };
  /** By their secrets. */
  const links = new Map<string, Omit<PhoneLink, 'connected'> & { phone: string }>();
  const devices = new Map<string, Device>();
  const hidden = new Map<string, { id: string; secret: boolean }>();
  const absent = new Set<string>();
  const listeners = new Set<(message?: PhoneMessage) => void>();
  let waiting: { device: Device; code: string; timer: NodeJS.Timeout; shown: number } | undefined;

  function tell(message?: PhoneMessage): void {
    for (const listener of listeners) listener(message);
  }

  function add(message: Omit<PhoneMessage, 'id' | 'at' | 'shownAt' | 'ack' | 'revoked' | 'editedAt'>): PhoneMessage {
    const id = `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
    const added = { ...message, id, at: machine(), shownAt: now().getTime(), ack: 1, revoked: false, editedAt: null };
    messages.push(added);
    tell(added);
    return added;
  }

  /** Reaches the customer's phone a moment later. */
  function deliver(device: Device | undefined, message: PhoneMessage): void {
    setImmediate(() => {
      device?.tell('message_ack', device.shape(message), 1);
      message.ack = Math.max(message.ack, 2);
      tell(message);
      device?.tell('message_ack', device.shape(message), message.ack);
    });
  }

  function stopWaiting(device: Device): void {
    if (waiting?.device !== device) return;
    clearTimeout(waiting.timer);
    waiting = undefined;
    tell();
  }

  function show(device: Device, shown: number): string {
    if (waiting) clearTimeout(waiting.timer);
    const code = `2@${randomBytes(60).toString('base64')},${randomBytes(32).toString('base64')}`;
    waiting = { device, code, shown, timer: setTimeout(() => renew(), CODE_MS).unref() };
    tell();
    return code;
  }

  function renew(): void {
    if (!waiting) return;
    const { device, shown } = waiting;
    if (shown >= CODES) {
      stopWaiting(device);
      device.tell('disconnected', 'Max qrcode retries reached');
      return;
    }
    device.tell('qr', show(device, shown + 1));
  }

  const find = (id: string): PhoneMessage => {
    const message = messages.find((each) => each.id === id);
    if (!message) throw new Error('That message is gone.');
    return message;
  };

  const network: Network = {
    newCode: (device) => show(device, 1),
    phoneOf: (secret) => links.get(secret)?.phone,
    attach(device) {
      const { phone } = device;
      if (phone === undefined) return;
      const before = devices.get(phone);
      devices.set(phone, device);
      if (before && before !== device) before.tell('disconnected', 'CONFLICT');
      tell();
    },
    detach(device) {
      stopWaiting(device);
      if (device.phone !== undefined && devices.get(device.phone) === device) devices.delete(device.phone);
      tell();
    },
    forget(secret) {
      links.delete(secret);
      tell();
    },
    isOnWhatsApp: (number) => !absent.has(number),
    chatId: (customer) => hidden.get(customer)?.id ?? `${customer.slice(1)}@c.us`,
    customerOf: (chatId) =>
      chatId.endsWith('@lid') ? [...hidden].find(([, { id }]) => id === chatId)?.[0] : `+${chatId.replace(/@.*/, '')}`,
    reveal(chatId) {
      if (faults.questions > 0) {
        faults.questions--;
        throw new Error('Evaluation failed');
      }
      const [customer, { secret }] = [...hidden].find(([, { id }]) => id === chatId) ?? [undefined, { secret: true }];
      return secret ? undefined : customer;
    },
    messages: (phone) => messages.filter((message) => message.phone === phone),
    async send(device, chatId, body) {
      const customer = network.customerOf(chatId);
      if (customer === undefined || device.phone === undefined) return undefined;
      if (faults.lost > 0) {
        faults.lost--;
        return undefined;
      }
      const message = add({ phone: device.phone, customer, direction: 'out', by: 'program', body, media: null });
      if (faults.hangs > 0) {
        faults.hangs--;
        return new Promise<undefined>(() => {});
      }
      const silent = faults.sentInSilence > 0;
      if (silent) faults.sentInSilence--;
      // the echo comes before the answer, as the library's events do; in silence it comes after
      const echo = () => device.tell('message_create', device.shape(message));
      const onItsWay = () => {
        echo();
        deliver(device, message);
      };
      if (silent) setTimeout(onItsWay, 30);
      else onItsWay();
      return silent ? undefined : message;
    },
    typing: () => tell(),
  };

  return {
    open: async (_phoneId, session) => new Device(network, session),
    stop() {
      if (waiting) clearTimeout(waiting.timer);
      waiting = undefined;
    },
    messages,
    faults,
    get code() {
      return waiting?.code;
    },
    get linked() {
      return [...new Set([...links.values()].map(({ phone }) => phone))];
    },
    linksOf: (phone) =>
      [...links]
        .filter(([, link]) => link.phone === phone)
        .map(([secret, { id, linkedAt }]) => ({ id, linkedAt, connected: devices.get(phone)?.secret === secret })),
    scan(phone, code) {
      if (!waiting || (code !== undefined && code !== waiting.code))
        throw new Error('That code is not valid (any more).');
      const { device } = waiting;
      stopWaiting(device);
      const secret = randomBytes(24).toString('hex');
      links.set(secret, { id: randomBytes(6).toString('hex'), phone, linkedAt: now().getTime() });
      device.connected(phone, secret);
      // the library saves after a minute; nobody waits for it here
      void device.session.save(Buffer.from(secret)).catch(() => {});
    },
    renewCode: renew,
    throwOut(phone, link) {
      for (const [secret, each] of links) {
        if (each.phone !== phone || (link !== undefined && each.id !== link)) continue;
        links.delete(secret);
        const device = devices.get(phone);
        if (device?.secret === secret) device.tell('disconnected', 'LOGOUT');
      }
      tell();
    },
    breakOff(phone, why = 'TIMEOUT') {
      devices.get(phone)?.tell('disconnected', why);
    },
    freeze(phone) {
      const device = devices.get(phone);
      if (device) device.frozen = true;
    },
    customerWrites({ from, to, body, media }) {
      const message = add({
        phone: to,
        customer: from,
        direction: 'in',
        by: 'customer',
        body,
        media: media ? { mimetype: media.mimetype, data: media.data.toString('base64') } : null,
      });
      const device = devices.get(to);
      device?.tell('message_create', device.shape(message));
      device?.tell('message', device.shape(message));
      return message;
    },
    customerEdits(id, body) {
      const message = find(id);
      const before = message.body;
      message.body = body;
      message.editedAt = machine();
      const device = devices.get(message.phone);
      device?.tell('message_edit', device.shape(message), body, before);
      tell(message);
    },
    customerTakesBack(id) {
      const message = find(id);
      message.revoked = true;
      const device = devices.get(message.phone);
      device?.tell('message_revoke_everyone', device.shape(message), null);
      tell(message);
    },
    read(id) {
      const message = find(id);
      message.ack = 3;
      const device = devices.get(message.phone);
      device?.tell('message_ack', device.shape(message), 3);
      tell(message);
    },
    typeOnPhone(phone, to, body) {
      const message = add({ phone, customer: to, direction: 'out', by: 'phone', body, media: null });
      const device = devices.get(phone);
      device?.tell('message_create', device.shape(message));
      deliver(device, message);
      return message;
    },
    hide(customer, secret = false) {
      hidden.set(customer, { id: `${BigInt(`0x${randomBytes(6).toString('hex')}`) + 10n ** 13n}@lid`, secret });
    },
    reveal(customer) {
      const known = hidden.get(customer);
      if (known) known.secret = false;
    },
    notOnWhatsApp: (number) => void absent.add(number),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
