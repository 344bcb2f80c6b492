import { createListener, openDatabase } from '../../../src/db/index.ts';
import { createRelay, WAKE_CHANNEL } from '../../../src/events/index.ts';
import { readStored } from '../../../src/gateways.ts';
import { type Gateway, WORKER_LOCK } from '../../../src/messaging/index.ts';
import type { OutgoingMessage, SendOutcome } from '../../../src/messaging/port.ts';
import { createRooms, type Rooms, type RoomsDeps } from '../../../src/rooms.ts';
import type { CardDeps } from '../../../src/slack/card/index.ts';
import { createLeadFeature } from '../../../src/slack/lead/index.ts';
import { createTwilio, type TwilioOptions } from '../../../src/vendors/twilio/index.ts';
import { createWorker } from '../../../src/worker.ts';
import type { TestDatabase } from '../database.ts';
import { type DatabaseLine, openLine } from '../database-line.ts';

/*
 * A worker of the product in the process of the test: rooms, pools, a line to the database and connections to the gateway
 * of its own. It can be killed, frozen and cut off at any statement: what it does not hear, it cannot act on.
 */

export interface Program {
  readonly rooms: Rooms;
  readonly line: DatabaseLine;
  readonly is: 'up' | 'frozen' | 'dead';
  /** Requests whose outcome it waits for; none of a program that is frozen or dead. */
  readonly requests: number;
  /** A tick comes. */
  ring(reason: 'messages' | 'housekeeping' | 'effects'): void;
  /** Stops in the middle of whatever it does, without knowing. */
  freeze(): void;
  thaw(): void;
  /** Is gone, as by kill -9: says nothing more, tidies nothing up. */
  kill(): void;
  /** Resolves when it has nothing under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProgramDeps extends Omit<RoomsDeps, 'db' | 'gateways'> {
  settings: TestDatabase['settings'];
  twilio: TwilioOptions;
  clientOf: CardDeps['clientOf'];
  /** A request begins. */
  onRequest(message: OutgoingMessage): void;
  /** More of what the product does by effects. */
  handlers?: Parameters<typeof createRelay>[0]['handlers'];
}

/** What stands between a program and the world; closed, nothing passes until it opens; gone, whoever is at it fails. */
interface Gate {
  pass(): Promise<void>;
  close(): void;
  open(): void;
  remove(): void;
}

function createGate(): Gate {
  let closed: Promise<void> | undefined;
  let release = () => {};
  let gone = false;
  const open = () => {
    closed = undefined;
    release();
  };
  return {
    async pass() {
      while (closed) await closed;
      if (gone) throw new Error('this program is dead');
    },
    close() {
      closed ??= new Promise((resolve) => {
        release = resolve;
      });
    },
    open,
    remove() {
      gone = true;
      open();
    },
  };
}

const CONNECTIONS = 4;

export async function startProgram(deps: ProgramDeps): Promise<Program> {
  const { clock, log } = deps;
  const line = await openLine(deps);
  const db = await openDatabase({
    settings: line.settings,
    strict: true,
    appConnections: CONNECTIONS,
    systemConnections: CONNECTIONS,
  });
  const vendor = createTwilio(deps.twilio);
  const gate = createGate();
  let is: Program['is'] = 'up';
  let requests = 0;

  /** What is asked while it is frozen is asked when it goes on; what is answered is heard then. */
  const through = async <T>(ask: () => Promise<T>): Promise<T> => {
    await gate.pass();
    const answer = await ask().finally(() => gate.pass());
    return answer;
  };
  const gateway: Gateway = {
    ...vendor,
    async send(message, deadline) {
      requests++;
      return through(() => {
        deps.onRequest(message);
        return vendor.send(message, deadline);
      })
        .catch((): SendOutcome => ({ kind: 'uncertain', detail: 'dead' })) // the dead write nothing down
        .finally(() => requests--);
    },
    findSent: (query) => through(() => vendor.findSent(query)),
    listInbound: (query) => through(() => vendor.listInbound(query)),
  };
  const rooms = await createRooms({ ...deps, db, gateways: new Map([['twilio', gateway]]) });
  const clientOf: CardDeps['clientOf'] = (tenantId) => through(() => deps.clientOf(tenantId));
  const lead = createLeadFeature({ ...rooms, db, clock, log, clientOf, publicUrl: deps.publicUrl });
  const relay = createRelay({ db, log, handlers: { ...lead.handlers, ...deps.handlers } });
  const nothing = async () => 0;
  const worker = createWorker({
    db,
    log,
    dispatcher: rooms.dispatcher,
    dispatching: rooms.dispatching,
    relays: [relay],
    templates: rooms.templates,
    retryWebhooks: () => rooms.inbox.retry(readStored),
    makeLeads: nothing,
    purge: nothing,
    sweep: () => rooms.live.sweep(),
    handOver: nothing,
    remind: nothing,
    watch: nothing,
    report: nothing,
    async seal() {},
    async tendPhones() {},
    async tendSenders() {},
    async lookRound() {},
    async loadClock() {},
  });
  const listener = createListener({
    db,
    log,
    channel: WAKE_CHANNEL,
    lock: { space: WORKER_LOCK, key: rooms.worker },
    onMessage: (reason) => worker.onWake(reason),
    onUp: () => worker.onWake('messages'),
  });
  await listener.start();

  function thaw(): void {
    if (is !== 'frozen') return;
    is = 'up';
    gate.open();
    line.thaw();
  }

  return {
    rooms,
    line,
    get is() {
      return is;
    },
    get requests() {
      return is === 'up' ? requests : 0;
    },
    ring(reason) {
      if (is === 'up') worker.onWake(reason);
    },
    freeze() {
      if (is !== 'up') return;
      is = 'frozen';
      gate.close();
      line.freeze();
    },
    thaw,
    kill() {
      if (is === 'dead') return;
      is = 'dead';
      line.refuse(true);
      line.cut();
      // what is left of it meets closed doors everywhere, and ends: what waited for ever would keep asking for ever
      gate.remove();
      void listener.stop();
      void worker.stop().catch(() => {});
      void Promise.allSettled([db.close(), vendor.close(), line.close()]);
    },
    async idle() {
      if (is !== 'up') return;
      await Promise.all([rooms.dispatcher.idle(), relay.run().catch(() => {})]);
    },
    async stop() {
      if (is === 'dead') return;
      thaw();
      await worker.stop();
      await listener.stop();
      await Promise.all([db.close(), vendor.close()]);
      await line.close();
    },
  };
}
