import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedHeaders } from '../../src/sandbox/sinch/index.ts';
import { sign } from '../../src/sandbox/twilio/index.ts';
import * as sinchVendor from '../../src/vendors/sinch/index.ts';
import * as twilioVendor from '../../src/vendors/twilio/index.ts';
import type { GatewayBench, Heard } from './describe-gateway.ts';
import { letter, MAIL_SENDER, MAILBOX, startMail } from './mail.ts';
import { createPigeon, newLoft } from './pigeon.ts';
import { SINCH, SINCH_WHATSAPP, startSinch } from './sinch.ts';
import { AUTH_TOKEN, CUSTOMER, SENDER, startTwilio } from './twilio.ts';

/** What answers webhooks: the vendor's own verification and parser, and a note of what came. */
async function startDoor(
  take: (request: { url: string; headers: Record<string, string>; body: Buffer }) => Heard | 'other' | undefined,
) {
  let heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      const came = take({ url: request.url ?? '', headers, body: Buffer.concat(chunks) });
      if (came !== undefined && came !== 'other') heard.push(came);
      response.writeHead(came === undefined ? 403 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    forget() {
      heard = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

/** Twilio's codes for the reasons that the suite asks for. */
const TWILIO = {
  opted_out: 21610,
  unreachable: 21614,
  sender: 21606,
  content: 21620,
  throttled: 21611,
  template_needed: 63016,
} as const;

export async function twilioBench(channel: 'sms' | 'whatsapp'): Promise<GatewayBench> {
  const door = await startDoor(({ url, headers, body }) => {
    const form = Object.fromEntries(new URLSearchParams(body.toString()));
    const signature = headers['x-twilio-signature'] ?? '';
    if (!twilioVendor.verifySignature({ authToken: AUTH_TOKEN, signature, url: door.origin + url, form }))
      return undefined;
    const query = Object.fromEntries(new URL(url, door.origin).searchParams);
    return 'message' in query
      ? { kind: 'status', report: twilioVendor.parseStatus(form, query) }
      : { kind: 'message', message: twilioVendor.parseInbound(form) };
  });
  const service = await startTwilio({ webhookBase: () => door.origin });
  const { standIn } = service;
  const gateway = service.connect({ httpTimeoutMs: 1000 });
  const writes = async (body: string, media: { bytes: Uint8Array; contentType: string }[] = []) => {
    await standIn.customerSends({ from: CUSTOMER, to: SENDER, channel, body, media });
  };
  await writes('A picture', [{ bytes: PICTURE, contentType: 'image/jpeg' }]);
  const [first] = door.heard();
  const url = first?.kind === 'message' ? (first.message.media[0]?.url ?? '') : '';
  const fail = (key: 'refuseWith' | 'failWith') => (reason: string) =>
    standIn.faults.setFor(CUSTOMER, { [key]: TWILIO[reason as keyof typeof TWILIO] });
  return {
    gateway,
    channel,
    sender: SENDER,
    customer: CUSTOMER,
    dress: (message) => ({
      ...message,
      statusCallback: message.statusCallback.replace('http://127.0.0.1:1', door.origin),
    }),
    received: () => standIn.journal.sent,
    async heard() {
      await standIn.idle();
      return door.heard();
    },
    stranger: () => service.connect({ authToken: 'wrong' }),
    faults: {
      refuse: fail('refuseWith'),
      failLater: fail('failWith'),
      loseAnswer: () => standIn.faults.set({ dropAfterAccept: 1 }),
      down: standIn.faults.down,
      up: standIn.faults.up,
      shuffleReports: () => standIn.faults.set({ reverseCallbacks: true, duplicateCallbacks: true }),
      calm() {
        standIn.faults.clear();
        door.forget();
      },
    },
    refusals: ['opted_out', 'unreachable', 'sender', 'content', 'throttled'],
    failures: ['unreachable', 'template_needed', 'opted_out'],
    writes: (body) => writes(body),
    // Twilio knows keywords on SMS alone
    ...(channel === 'sms' && { optsOutThere: () => writes('STOP'), optsInThere: () => writes('START') }),
    async lets(change) {
      const form = { MessageSid: 'SM1', AccountSid: 'AC1', From: CUSTOMER, To: SENDER, Body: 'Hi' };
      const target = `${door.origin}/webhooks/twilio/inbound`;
      const signature = sign(change === 'forged' ? 'other' : AUTH_TOKEN, target, form);
      const body = new URLSearchParams(change === 'altered' ? { ...form, Body: 'Ho' } : form);
      return (await fetch(target, { method: 'POST', headers: { 'x-twilio-signature': signature }, body })).ok;
    },
    media: { url, bytes: PICTURE, elsewhere: 'https://evil.example/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1' },
    windowed: channel === 'whatsapp',
    async close() {
      await service.stop();
      await door.close();
    },
  };
}

const SINCH_REFUSALS = {
  throttled: { http: 429, status: 'RESOURCE_EXHAUSTED' },
  sender: { http: 403, status: 'PERMISSION_DENIED' },
  content: { http: 400, status: 'INVALID_ARGUMENT' },
} as const;
const SINCH_FAILURES = {
  unreachable: 'RECIPIENT_NOT_REACHABLE',
  template_needed: 'OUTSIDE_ALLOWED_SENDING_WINDOW',
  opted_out: 'RECIPIENT_NOT_OPTED_IN',
  sender: 'CHANNEL_BAD_CONFIGURATION',
  content: 'CHANNEL_REJECT',
  throttled: 'RATE_LIMITED',
} as const;

export async function sinchBench(channel: 'sms' | 'whatsapp'): Promise<GatewayBench> {
  const isSigned = (headers: Record<string, string>, body: Buffer) => {
    const header = (name: string) => headers[`x-sinch-webhook-signature${name}`] ?? '';
    const signed = { body, signature: header(''), nonce: header('-nonce'), timestamp: header('-timestamp') };
    return sinchVendor.verifySignature({ ...signed, secret: SINCH.webhookSecret }, Date.now());
  };
  const door = await startDoor(({ headers, body }) => {
    if (!isSigned(headers, body)) return undefined;
    const callback = sinchVendor.parseCallback(body);
    return callback.kind === 'other' ? 'other' : callback;
  });
  const service = await startSinch({ webhookBase: () => door.origin });
  const { standIn } = service;
  const sender = channel === 'sms' ? SENDER : SINCH_WHATSAPP;
  const writes = async (body: string, media?: Buffer) => {
    await standIn.customerSends({ from: CUSTOMER, to: sender, channel, body, ...(media && { media }) });
  };
  await writes('A picture', PICTURE);
  const [first] = door.heard();
  const url = first?.kind === 'message' ? (first.message.media[0]?.url ?? '') : '';
  return {
    gateway: service.connect({ httpTimeoutMs: 1000 }),
    channel,
    sender,
    customer: CUSTOMER,
    received: () => standIn.journal.sent.map(({ customer: to, body }) => ({ to, body })),
    async heard() {
      await standIn.idle();
      return door.heard();
    },
    stranger: () => service.connect({ keySecret: 'wrong' }),
    faults: {
      refuse: (reason) =>
        standIn.faults.setFor(CUSTOMER, { refuseWith: SINCH_REFUSALS[reason as keyof typeof SINCH_REFUSALS] }),
      failLater: (reason) =>
        standIn.faults.setFor(CUSTOMER, { failWith: SINCH_FAILURES[reason as keyof typeof SINCH_FAILURES] }),
      loseAnswer: () => standIn.faults.set({ dropAfterAccept: true }),
      down: standIn.faults.down,
      up: standIn.faults.up,
      shuffleReports: () => standIn.faults.set({ reverseCallbacks: true, duplicateCallbacks: true }),
      calm() {
        standIn.faults.clear();
        door.forget();
      },
    },
    refusals: ['throttled', 'sender', 'content'],
    failures: ['unreachable', 'template_needed', 'opted_out', 'sender', 'content', 'throttled'],
    writes: (body) => writes(body),
    async optsOutThere() {
      await standIn.customerOptsOut(channel, CUSTOMER);
    },
    async lets(change) {
      const body = JSON.stringify({ app_id: SINCH.appId, contact_create_notification: {} });
      const now = () => (change === 'old' ? Date.now() - 3_600_000 : Date.now());
      const headers = signedHeaders(change === 'forged' ? 'other' : SINCH.webhookSecret, body, now);
      const sent = change === 'altered' ? `${body} ` : body;
      return (await fetch(`${door.origin}/webhooks/sinch`, { method: 'POST', headers, body: sent })).ok;
    },
    dates: true,
    media: { url, bytes: PICTURE, elsewhere: 'https://evil.example/media/1' },
    windowed: channel === 'whatsapp',
    async close() {
      await service.stop();
      await door.close();
    },
  };
}

export async function mailBench(): Promise<GatewayBench> {
  const service = await startMail();
  const { standIn } = service;
  const connected = service.connect();
  const nowhere = service.connect({ smtpUrl: 'smtp://user:password@127.0.0.1:1' });
  let there = true;
  // the stand-in's port is another one after a restart: instead of going away, we look elsewhere
  const gateway = {
    ...connected,
    send: (...args: Parameters<typeof connected.send>) => (there ? connected : nowhere).send(...args),
  };
  return {
    gateway,
    channel: 'email',
    sender: MAIL_SENDER,
    customer: MAILBOX,
    dress: (message) => ({ ...letter(), ...message }),
    received: () =>
      standIn.letters
        .filter(({ direction }) => direction === 'in')
        .map(({ mailbox, text }) => ({ to: mailbox, body: text })),
    heard: async () => [],
    stranger: () => service.connect({ smtpUrl: wrongPassword(service.smtpUrl) }),
    faults: {
      refuse: (reason) => {
        const said = reason === 'unreachable' ? '550 5.1.1 No such user' : '451 4.7.1 Try again later';
        standIn.setFaultsFor(MAILBOX, { refuseRecipient: said });
      },
      loseAnswer: () => standIn.setFaults({ dropAfterData: true }),
      async down() {
        there = false;
      },
      async up() {
        there = true;
      },
      calm() {
        standIn.setFaults({ dropAfterData: undefined });
        standIn.setFaultsFor(MAILBOX, { refuseRecipient: undefined });
      },
    },
    refusals: ['unreachable', 'later'],
    failures: [],
    async writes(text) {
      await standIn.customerWrites({ from: MAILBOX, text });
    },
    close: service.stop,
  };
}

const wrongPassword = (address: string) => address.replace(/:[^:@/]+@/, ':wrong@');

export async function pigeonBench(): Promise<GatewayBench> {
  const loft = newLoft();
  return {
    gateway: createPigeon(loft, 'good'),
    channel: 'sms',
    sender: SENDER,
    customer: CUSTOMER,
    received: () => loft.carried,
    heard: async () => [],
    stranger: () => createPigeon(loft, 'none'),
    faults: {
      refuse(reason) {
        loft.refuses = reason;
      },
      loseAnswer() {
        loft.losesAnswers = true;
      },
      async down() {
        loft.open = false;
      },
      async up() {
        loft.open = true;
      },
      calm() {
        Object.assign(loft, { open: true, losesAnswers: false, refuses: undefined });
      },
    },
    refusals: ['unreachable', 'throttled'],
    failures: [],
    async writes(body) {
      const at = new Date();
      loft.came.push({
        gatewayId: `I${loft.came.length}`,
        accountSid: 'loft',
        channel: 'sms',
        from: CUSTOMER,
        to: SENDER,
        body,
        media: [],
        at,
      });
    },
    async close() {},
  };
}
