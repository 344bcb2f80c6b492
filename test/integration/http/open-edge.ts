import { pino } from 'pino';
import { createHttpEdge, createMetrics, type HttpDeps, type HttpEdge, type Metrics } from '../../../src/http/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { optOutToken } from '../../../src/people/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { ACCOUNT_SID, AUTH_TOKEN, postSigned } from '../../support/twilio.ts';
import { openWorld, type World } from '../../support/world.ts';

/** What the world calls us, as behind a proxy that ends TLS; requests of the tests go to `origin`. */
export const PUBLIC_URL = 'https://leads.example.test';

export interface TestEdge {
  world: World;
  sofia: Staff;
  origin: string;
  http: HttpEdge;
  metrics: Metrics;
  /** What was written to the log. */
  log: Record<string, unknown>[];
  /** Posts a form as Twilio does: signed for the public address. */
  twilio(path: string, form: Record<string, string>, authToken?: string): ReturnType<typeof postSigned>;
  /** Logs a drive; tells the opt-out link's path too. */
  drive(changes?: Parameters<World['drive']>[1]): Promise<{ leadId: LeadId; personId: PersonId; link: string }>;
  /** One value of one row, seen across tenants. */
  value<T>(sql: string, values?: unknown[]): Promise<T | undefined>;
  /** The value of one line of the metrics. */
  metric(line: string): Promise<number>;
  close(): Promise<void>;
}

/** The edge on a free port over the real rooms. */
export async function openEdge(
  changes: (world: World) => Partial<HttpDeps> = () => ({}),
  options: Parameters<typeof openWorld>[0] = {},
): Promise<TestEdge> {
  const world = await openWorld(options);
  const { rooms, database, clock } = world;
  const metrics = createMetrics();
  const log: Record<string, unknown>[] = [];
  const write = (line: string) => void log.push(JSON.parse(line));
  const edge = createHttpEdge({
    ...rooms,
    config: { host: '127.0.0.1', port: 0, publicUrl: PUBLIC_URL, production: false },
    log: pino({ level: 'debug' }, { write }),
    clock,
    db: database.db,
    metrics,
    wakeMessages: async () => rooms.dispatcher.wake(),
    webhookSecrets: async (vendor, account) => (vendor === 'twilio' && account === ACCOUNT_SID ? [AUTH_TOKEN] : []),
    ready: async () => [{ name: 'database', ok: true, detail: 'answers' }],
    ...changes(world),
  });
  const { port } = await edge.listen().catch(async (error) => {
    await world.close();
    throw error;
  });
  const origin = `http://127.0.0.1:${port}`;
  const sofia = await world.hire('Sofia Lind', 'salesperson');

  async function value<T>(sql: string, values: unknown[] = []): Promise<T | undefined> {
    const [row] = await database.db.system.query<Record<string, T>>(sql, values);
    return row && Object.values(row)[0];
  }
  return {
    world,
    sofia,
    origin,
    http: edge,
    metrics,
    log,
    value,
    twilio: (path, form, authToken = AUTH_TOKEN) =>
      postSigned({ url: origin + path, signedUrl: PUBLIC_URL + path, form, authToken }),
    async drive(changes) {
      const logged = await world.drive(sofia, changes);
      return { ...logged, link: `/o/${optOutToken(rooms.linkKey, logged.personId)}` };
    },
    async metric(line) {
      const text = await (await fetch(`${origin}/metrics`)).text();
      const found = text.split('\n').find((each) => each.startsWith(`${line} `));
      return found ? Number(found.slice(line.length + 1)) : 0;
    },
    async close() {
      await edge.close();
      await world.close();
    },
  };
}

/** Waits until it is so; fails the test when it does not become so in time. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not become so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The smallest thing that starts as a JPEG does, followed by `filling`. */
export function jpeg(filling: string | Buffer = 'a licence'): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    Buffer.from('JFIF\0\x01\x01'),
    Buffer.from(filling),
  ]);
}
