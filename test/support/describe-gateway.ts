import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  ChannelName,
  Gateway,
  InboundMessage,
  OutgoingMessage,
  RefusalReason,
  StatusReport,
  TemplateGateway,
} from '../../src/messaging/port.ts';

/*
 * What everything that carries messages promises, whoever it is. A channel is added when this suite passes for it: `open`
 * brings the gateway and a world around it that can be told to misbehave. What a channel does not have is left out.
 */

/** What the world around a gateway tells us, in our words. */
export type Heard = { kind: 'message'; message: InboundMessage } | { kind: 'status'; report: StatusReport };

export interface GatewayBench {
  gateway: Gateway & { templates?: TemplateGateway };
  channel: ChannelName;
  sender: string;
  customer: string;
  /** Fills in what the channel wants besides (an e-mail's subject …). */
  dress?(message: OutgoingMessage): OutgoingMessage;
  /** What customers of this channel have received, oldest first. */
  received(): readonly { to: string; body: string }[];
  /** Everything heard so far, after it has come. Cleared by `calm`. */
  heard(): Promise<Heard[]>;
  /** The gateway as it is once its credentials are wrong; absent where there are none. */
  stranger?(): Gateway;
  /** It is a connection that tells us: asked for is only what it could not tell. */
  connected?: boolean;
  /** Each returns after the world has changed. */
  faults: {
    /** Refuses this customer at once, or later by a report, for a reason. Undefined where the channel has no such thing. */
    refuse?(reason: RefusalReason): void;
    failLater?(reason: RefusalReason): void;
    /** Takes the message, and its answer gets lost. */
    loseAnswer(): void;
    /** Not there: nothing can be written. */
    down(): Promise<void>;
    up(): Promise<void>;
    /** Reports come last first, each twice. */
    shuffleReports?(): void;
    /** Everything works again. */
    calm(): void;
  };
  /** The reasons that this channel can be made to give. */
  refusals: readonly RefusalReason[];
  failures: readonly RefusalReason[];
  /** The customer writes. */
  writes(body: string): Promise<void>;
  /** The customer opts out at the gateway itself, by its own doing or a keyword that it knows; absent where there is no such thing. */
  optsOutThere?(): Promise<void>;
  /** And in again. */
  optsInThere?(): Promise<void>;
  /** A webhook with this change to its signature or age is let in. Absent where nothing is brought to us. */
  lets?(change: 'nothing' | 'forged' | 'altered' | 'old'): Promise<boolean>;
  /** Its signatures carry their time, and are good for some minutes. */
  dates?: boolean;
  /** A file of the customer's: its address, its bytes; and an address elsewhere. */
  media?: { url: string; bytes: Buffer; elsewhere: string };
  /** Free text needs the customer's window: it is refused or fails without. */
  windowed?: boolean;
  /** Lets the customer open it. */
  approve?(): void;
  close(): Promise<void>;
}

const MESSAGE = '01890a5d-ac96-774b-bcce-b302099a8057';

export function describeGateway(name: string, open: () => Promise<GatewayBench>): void {
  describe(`${name} as a gateway`, () => {
    let bench: GatewayBench;
    let attempt = 0;
    beforeAll(async () => {
      bench = await open();
    });
    beforeEach(() => {
      bench.faults.calm();
      attempt++;
    });
    afterAll(() => bench.close());

    const soon = () => Date.now() + 5000;
    function outgoing(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
      const message: OutgoingMessage = {
        channel: bench.channel,
        to: bench.customer,
        from: bench.sender,
        body: `Hej Anna! Grüße & 100 % "50€" 👋 (${attempt})`,
        statusCallback: `http://127.0.0.1:1/webhooks/status?message=${MESSAGE}&attempt=${attempt}`,
        validitySeconds: 900,
        ...changes,
      };
      return bench.dress ? bench.dress(message) : message;
    }
    const reports = async () =>
      (await bench.heard()).flatMap((each) =>
        each.kind === 'status' && each.report.attempt === attempt ? [each.report] : [],
      );

    test('carries a text as it was given, and says which id it has there', async () => {
      if (bench.windowed) await bench.writes('Hello');
      const outcome = await bench.gateway.send(outgoing(), soon());

      expect(outcome).toMatchObject({ kind: 'accepted', gatewayId: expect.stringMatching(/.+/) });
      expect(bench.received().at(-1)?.to).toBe(bench.customer);
      expect(bench.received().at(-1)?.body).toContain(outgoing().body);
    });

    test('writes nothing after the deadline, and nothing while it is not there', async () => {
      const before = bench.received().length;
      expect((await bench.gateway.send(outgoing(), Date.now() - 1)).kind).toBe('not_written');
      await bench.faults.down();
      expect((await bench.gateway.send(outgoing(), soon())).kind).toBe('not_written');
      await bench.faults.up();
      expect(bench.received()).toHaveLength(before);
    });

    test('an answer that got lost is uncertain, and the list decides where there is one', async () => {
      const since = new Date(Date.now() - 2000);
      bench.faults.loseAnswer();
      expect((await bench.gateway.send(outgoing(), soon())).kind).toBe('uncertain');
      bench.faults.calm();
      if (!bench.gateway.capabilities.listsMessages) return;
      const { channel, customer, sender } = bench;
      const query = { channel, to: customer, from: sender, createdAfter: since };
      const found = (await bench.gateway.findSent(query)).filter(({ ours, body }) =>
        ours ? ours.messageId === MESSAGE && ours.attempt === attempt : body === outgoing().body,
      );
      expect(found).toHaveLength(1);
      expect(found[0]?.createdAt.getTime()).toBeGreaterThan(since.getTime() - 1000);
    });

    test('wrong credentials are a problem of the sender, and take nothing', async () => {
      if (!bench.stranger) return;
      const outcome = await bench.stranger().send(outgoing(), soon());
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'sender' });
      expect(bench.received().filter(({ body }) => body.includes(outgoing().body))).toEqual([]);
    });

    test('a refusal says for which reason', async () => {
      for (const reason of bench.refusals) {
        bench.faults.refuse?.(reason);
        expect(await bench.gateway.send(outgoing(), soon())).toMatchObject({ kind: 'refused', reason });
      }
    });

    test('reports follow the message, in whatever order and number', async () => {
      if (!bench.faults.shuffleReports) return;
      bench.faults.shuffleReports();
      const outcome = await bench.gateway.send(outgoing(), soon());
      const heard = await reports();
      const order = heard.map(({ status }) => status);
      expect(order.filter((status) => status === 'delivered')).toHaveLength(2);
      expect(order.lastIndexOf('sent')).toBeGreaterThan(order.indexOf('delivered'));
      for (const report of heard) {
        expect(report).toMatchObject({
          messageId: MESSAGE,
          gatewayId: 'gatewayId' in outcome ? outcome.gatewayId : '',
        });
      }
    });

    test('a failure that is reported later says for which reason', async () => {
      for (const reason of bench.failures) {
        attempt++;
        bench.faults.failLater?.(reason);
        expect((await bench.gateway.send(outgoing(), soon())).kind).toBe('accepted');
        const failed = (await reports()).filter(({ status }) => status === 'failed');
        expect(failed).toEqual([expect.objectContaining({ failure: expect.objectContaining({ reason }) })]);
      }
    });

    test('what a customer writes comes once, with both ends, and is listed', async () => {
      const since = new Date(Date.now() - 2000);
      const words = `Kan jag få en tid? åäö 👍 (${attempt})`;
      await bench.writes(words);
      const heard = (await bench.heard()).filter(
        (each) => each.kind === 'message' && each.message.body.includes(words),
      );
      const { channel, customer: from, sender: to } = bench;
      if (bench.lets || bench.connected)
        expect(heard).toEqual([expect.objectContaining({ message: expect.objectContaining({ channel, from, to }) })]);
      const listed = (await bench.gateway.listInbound({ channel, to, since })).filter(({ body }) =>
        body.includes(words),
      );
      if (!bench.connected) expect(listed).toEqual([expect.objectContaining({ channel, from, to })]);
      const [came] = heard;
      // asked for again after a gap it is the same message, and has no second effect
      if (came?.kind === 'message' && listed[0]) {
        expect(listed[0]).toMatchObject({ gatewayId: came.message.gatewayId, accountSid: came.message.accountSid });
      }
    });

    test('what came while the connection was broken is listed once it is back', async () => {
      if (!bench.connected) return;
      const since = new Date(Date.now() - 2000);
      const { channel, customer: from, sender: to } = bench;
      await bench.faults.down();
      await bench.writes(`STOP (${attempt})`);
      await expect(bench.gateway.listInbound({ channel, to, since })).rejects.toMatchObject({ code: 'unavailable' });
      await bench.faults.up();
      const listed = await bench.gateway.listInbound({ channel, to, since });
      expect(listed).toContainEqual(expect.objectContaining({ channel, from, to, body: `STOP (${attempt})` }));
    });

    test('an opt-out at the gateway reaches us as a stop of this customer', async () => {
      if (!bench.optsOutThere) return;
      const { customer: from, channel } = bench;
      /** The keyword of the newest message: what the gateway says it is, or the bare word. */
      const last = async () => {
        const heard = (await bench.heard()).flatMap((each) => (each.kind === 'message' ? [each.message] : []));
        const newest = heard.at(-1);
        return { from: newest?.from, channel: newest?.channel, keyword: newest?.keyword ?? newest?.body.toLowerCase() };
      };
      await bench.optsOutThere();
      expect(await last()).toEqual({ from, channel, keyword: 'stop' });
      if (!bench.gateway.capabilities.confirmsStop(bench.channel)) return;
      // one that answers keywords by itself also blocks
      expect(await bench.gateway.send(outgoing(), soon())).toMatchObject({ kind: 'refused', reason: 'opted_out' });
      await bench.optsInThere?.();
      expect(await last()).toEqual({ from, channel, keyword: 'start' });
      expect((await bench.gateway.send(outgoing(), soon())).kind).toBe('accepted');
    });

    test('lets only in what the gateway itself has signed', async () => {
      if (!bench.lets) return;
      expect(await bench.lets('nothing')).toBe(true);
      expect(await bench.lets('forged')).toBe(false);
      expect(await bench.lets('altered')).toBe(false);
      if (bench.dates) expect(await bench.lets('old')).toBe(false);
    });

    test('a template is created, submitted and followed, and leaves filled in', async () => {
      const { templates } = bench.gateway;
      if (!templates) return;
      const made = await templates.create({
        name: `hello_sv_v${attempt}`,
        language: 'sv',
        body: 'Hej {{1}}, tack för att du körde {{2}} hos oss!',
        samples: { 1: 'Anna', 2: 'BMW X5' },
      });
      expect((await templates.approval(made))?.state).toBe('unsubmitted');
      await templates.submit(made, { name: `hello_sv_v${attempt}`, category: 'UTILITY' });
      bench.approve?.();
      expect((await templates.approval(made))?.state).toBe('approved');
      expect(await templates.approval(`${made}x`)).toBeNull();
      if (bench.channel !== 'whatsapp') return;
      const body = 'Hej Bo, tack för att du körde Volvo EX90 hos oss!';
      const template = { contentId: made, variables: { 1: 'Bo', 2: 'Volvo EX90' } };
      expect((await bench.gateway.send(outgoing({ body, template }), soon())).kind).toBe('accepted');
      expect(bench.received().at(-1)?.body).toBe(body);
    });

    test('fetches a file of the customer from the gateway, and from nowhere else', async () => {
      if (!bench.media) return;
      const { url, bytes, elsewhere } = bench.media;
      expect(await bench.gateway.fetchMedia(url, 1024 * 1024)).toEqual(bytes);
      await expect(bench.gateway.fetchMedia(url, 3)).rejects.toMatchObject({ code: 'validation_error' });
      await expect(bench.gateway.fetchMedia(elsewhere, 1024)).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
}
