import type { PhoneConnection, PhoneHost } from '../../src/phones/port.ts';
import { createWhatsAppWebStandIn } from '../../src/sandbox/whatsapp-web/index.ts';
import { createWhatsAppWeb, type WebClient, type WebMessage } from '../../src/vendors/whatsapp-web/index.ts';
import type { GatewayBench, Heard } from './describe-gateway.ts';
import { CUSTOMER, SENDER } from './twilio.ts';
import { until } from './until.ts';

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
/** Handing over takes no longer; a lost answer waits for all of it. */
const SEND_MS = 250;

/** A phone that is linked and connected, with the one who holds it. */
export async function phoneBench(): Promise<GatewayBench> {
  const standIn = createWhatsAppWebStandIn();
  let heard: Heard[] = [];
  let session: Buffer | null = null;
  let shuffled = false;
  const gateway = createWhatsAppWeb({
    open: async (phoneId, kept) => withAcks(await standIn.open(phoneId, kept), () => shuffled),
    machine: Date.now,
    sendMs: SEND_MS,
  });
  const host: PhoneHost = {
    async code() {},
    async ready() {},
    async ended() {},
    async received(message) {
      heard.push({ kind: 'message', message });
    },
    async own() {},
    async reported({ attempt, ...report }) {
      if (attempt) heard.push({ kind: 'status', report: { ...report, ...attempt } });
    },
    async withdrawn() {},
    soleUntil: async () => Date.now() + 30_000,
    sent() {},
    hidden: { numberOf: async () => null, met: async () => true },
    typingMs: () => 0,
    session: {
      load: async () => session,
      async save(content) {
        session = content;
      },
    },
  };
  let connection: PhoneConnection;
  async function connect(): Promise<void> {
    connection = await gateway.connect('phone-1', host);
    if (session === null) {
      await until(() => standIn.code, 'a code');
      standIn.scan(SENDER);
    }
    await until(() => gateway.holds?.(SENDER), 'the connection');
    await until(() => session !== null, 'the session');
  }
  await connect();
  const writes = async (body: string, media?: { mimetype: string; data: Buffer }) => {
    standIn.customerWrites({ from: CUSTOMER, to: SENDER, body, ...(media && { media }) });
  };
  await writes('A picture', { mimetype: 'image/jpeg', data: PICTURE });
  const first = await until(() => heard.find((each) => each.kind === 'message'), 'the picture');
  const url = first.kind === 'message' ? (first.message.media[0]?.url ?? '') : '';
  return {
    gateway,
    channel: 'whatsapp',
    sender: SENDER,
    customer: CUSTOMER,
    connected: true,
    received: () =>
      standIn.messages.filter(({ direction }) => direction === 'out').map(({ customer: to, body }) => ({ to, body })),
    async heard() {
      // acknowledgements come by turns of the event loop, in this process
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return heard;
    },
    faults: {
      loseAnswer() {
        standIn.faults.hangs = 1;
      },
      async down() {
        standIn.breakOff(SENDER);
        await until(() => gateway.holds?.(SENDER) === false, 'the break');
      },
      async up() {
        await connection.close();
        await connect();
      },
      shuffleReports() {
        shuffled = true;
      },
      calm() {
        Object.assign(standIn.faults, { hangs: 0, lost: 0, sentInSilence: 0 });
        shuffled = false;
        heard = [];
      },
    },
    refusals: [],
    failures: [],
    writes: (body) => writes(body),
    media: { url, bytes: PICTURE, elsewhere: 'https://evil.example/media/1' },
    async close() {
      await connection.close();
      standIn.stop();
    },
  };
}

/** Lets acknowledgements through as they come, or, when asked for, the last first and each twice. */
function withAcks(client: WebClient, shuffled: () => boolean): WebClient {
  let held: [WebMessage, number][] = [];
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'on') return typeof value === 'function' ? value.bind(target) : value;
      return (event: string, listener: (...args: unknown[]) => void) => {
        target.on(event as 'message_ack', (...args: [WebMessage, number]) => {
          if (event !== 'message_ack' || !shuffled()) return listener(...args);
          held.push(args);
          if (args[1] < 2) return;
          for (const ack of held.toReversed()) {
            listener(...ack);
            listener(...ack);
          }
          held = [];
        });
        return target;
      };
    },
  });
}
