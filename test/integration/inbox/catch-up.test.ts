import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CatchUp, createCatchUp } from '../../../src/inbox/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import type { VendorGateway } from '../../../src/messaging/gateway-book.ts';
import { createPigeon, newLoft } from '../../support/pigeon.ts';
import { openWorld, type World } from '../../support/world.ts';

/** A gateway whose list of what came in is answered when the test says so. */
function listing(pulls: boolean) {
  const asked: (() => void)[] = [];
  let holds = false;
  let broken = false;
  const bird = createPigeon(newLoft(), 'good');
  const gateway: VendorGateway = {
    ...bird,
    capabilities: { ...bird.capabilities, pulls },
    async listInbound() {
      if (holds) await new Promise<void>((resolve) => asked.push(resolve));
      if (broken) throw new Error('no list');
      return [];
    },
  };
  return {
    gateway,
    hold() {
      holds = true;
    },
    /** Its list cannot be read (any more, or again). */
    breaks(now: boolean) {
      broken = now;
    },
    answer() {
      holds = false;
      for (const resolve of asked.splice(0)) resolve();
    },
    isAsked: () => asked.length > 0,
  };
}

let world: World;
let phone: ReturnType<typeof listing>;
let mail: ReturnType<typeof listing>;
let catchUp: CatchUp;

beforeAll(async () => {
  world = await openWorld({ mail: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  phone = listing(false);
  mail = listing(true);
  const platform = new Map([
    ['twilio', phone.gateway],
    ['mail', mail.gateway],
  ]);
  catchUp = createCatchUp({
    db: world.database.db,
    log: createLogger('silent'),
    gateways: { platform, pulling: ['mail'], of: async ({ vendor }) => platform.get(vendor), close: async () => {} },
    receive: async () => {},
    patienceMs: 300,
  });
  await catchUp.started();
});
afterEach(() => {
  phone.answer();
  mail.answer();
});

/** As if nobody had listened for a minute. */
const unheard = (vendor: string) =>
  world.database.db.system.query(
    `update accounts set seen_until = clock_timestamp() - interval '1 minute' where vendor = $1`,
    [vendor],
  );
async function channels(): Promise<string[]> {
  const ids = await catchUp.serveable();
  const rows = await world.database.db.system.query<{ channel: string }>(
    'select channel from accounts where id = any($1::uuid[]) order by channel',
    [ids],
  );
  return rows.map(({ channel }) => channel);
}
async function asked(gateway: ReturnType<typeof listing>): Promise<void> {
  while (!gateway.isAsked()) await new Promise((resolve) => setImmediate(resolve));
}
/** Several times what a mailbox is waited for. */
const patience = () => new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits'), 900));

describe('nothing leaves by any sender after a gap', () => {
  test.each([
    ['a gateway that brings its messages', () => phone],
    ['a mailbox', () => mail],
  ])('before %s has said what came in', async (_what, of) => {
    of().hold();
    const open = channels();
    await asked(of());
    expect(await Promise.race([open, patience()])).toBe('waits');
    of().answer();
    expect(await open).toEqual(['email', 'sms', 'whatsapp']);
  });
});

describe('a mailbox that was read and takes its time', () => {
  test('holds up its own letters alone, and joins the others when it has answered', async () => {
    expect(await channels()).toEqual(['email', 'sms', 'whatsapp']);
    await unheard('mail');
    mail.hold();
    expect(await channels()).toEqual(['sms', 'whatsapp']);
    mail.answer();
    let open = await channels();
    while (!open.includes('email')) open = await channels();
    expect(open).toEqual(['email', 'sms', 'whatsapp']);
  });

  test('is waited for again when messages were missed', async () => {
    expect(await channels()).toContain('email');
    catchUp.missed();
    await catchUp.beat();
    mail.hold();
    const open = channels();
    await asked(mail);
    expect(await Promise.race([open, patience()])).toBe('waits');
    mail.answer();
    expect(await open).toEqual(['email', 'sms', 'whatsapp']);
  });
});

describe('a list that cannot be read', () => {
  const unheard = () => catchUp.unheard().length;

  test('is waited for once; then it slows nobody, however long it takes, and joins when it is read', async () => {
    phone.breaks(true);
    phone.hold();
    const first = channels();
    await asked(phone);
    expect(await Promise.race([first, patience()])).toBe('waits');
    phone.answer();
    expect(await first).toEqual(['email']);
    expect(unheard()).toBe(2);

    phone.hold();
    expect(await channels()).toEqual(['email']);
    await asked(phone);
    expect(await channels()).toEqual(['email']);
    expect(unheard()).toBe(2);
    phone.breaks(false);
    phone.answer();
    let open = await channels();
    while (open.length < 3) open = await channels();
    expect(unheard()).toBe(0);
  });

  test('is heard as soon as any process has read it', async () => {
    phone.breaks(true);
    expect(await channels()).toEqual(['email']);
    expect(unheard()).toBe(2);
    await world.database.db.system.query(`update accounts set seen_until = clock_timestamp() + interval '1 minute'`);
    expect(await channels()).toEqual(['email', 'sms', 'whatsapp']);
    expect(unheard()).toBe(0);
  });

  test('of a mailbox keeps its own letters waiting, and slows nobody either', async () => {
    mail.breaks(true);
    expect(await channels()).toEqual(['sms', 'whatsapp']);
    mail.hold();
    expect(await channels()).toEqual(['sms', 'whatsapp']);
    expect(unheard()).toBe(0);
    mail.breaks(false);
    mail.answer();
    let open = await channels();
    while (!open.includes('email')) open = await channels();
  });
});

describe('a list that cannot be read', () => {
  const told = async () => {
    await world.rooms.alerts.run();
    const rows = await world.database.db.system.query<{ about: string }>(
      `select about from alert_items where kind = 'gateway' order by about`,
    );
    return rows.map(({ about }) => about);
  };
  /** As if it had been so for so long already. */
  const goOn = (seconds: number) =>
    world.database.db.system.query(
      `update accounts set unread_since = unread_since - make_interval(secs => $1), seen_until = seen_until - make_interval(secs => $1)
       where unread_since is not null`,
      [seconds],
    );

  test('is told of once it lasts, and no more when it can be read again', async () => {
    phone.breaks(true);
    expect(await channels()).toEqual(['email']);
    expect(await told()).toEqual([]);
    await goOn(120);
    expect(await channels()).toEqual(['email']);
    expect(await told()).toEqual(['twilio/sms/unread', 'twilio/whatsapp/unread']);
    phone.breaks(false);
    expect(await channels()).toEqual(['email', 'sms', 'whatsapp']);
    const [row] = await world.database.db.system.query<{ n: number }>(
      'select count(*)::int as n from accounts where unread_since is not null',
    );
    expect(row?.n).toBe(0);
  });
});
