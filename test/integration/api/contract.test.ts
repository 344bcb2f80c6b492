import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openApi as document } from '../../../src/http/api/openapi.ts';
import type { Operation } from '../../../src/http/api/operation.ts';
import { OPERATIONS } from '../../../src/http/api/operations.ts';
import { problem } from '../../../src/http/api/schemas.ts';
import { newId } from '../../../src/lib/ids.ts';
import { may } from '../../../src/tenants/index.ts';
import { type Client, lead, openApi, type Reply, type TestApi } from './open-api.ts';

let api: TestApi;
let admin: Client;
/** What stands for the names in paths. */
const known: Record<string, string> = { playbook: 'test-drive', externalId: 'crm-1' };
beforeAll(async () => {
  api = await openApi();
  await api.edge.world.hire('Mona Manager', 'manager');
  admin = await api.client('admin');
});
afterAll(() => api.close());

const fill = (path: string, values: Record<string, string>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? newId()));

/** Bodies that are right, by operation; made when they are needed. */
const BODIES: Record<string, () => unknown> = {
  signIn: () => ({ apiKey: admin.words }),
  createLead: () => lead({ externalId: 'crm-1' }),
  changeManyLeads: () => ({
    items: [
      { action: 'create', lead: lead({ name: 'Bo Ek', phone: '0702223344', email: '' }) },
      { action: 'create', lead: lead({ phone: 'none' }) },
      { action: 'status', id: newId(), status: 'won' },
    ],
  }),
  changeLead: () => ({ fields: { car: 'Volvo EX90' }, ownerId: api.admin.id }),
  moveLead: () => ({ status: 'won', value: 1500, reason: 'They came in.' }),
  sendMessage: () => ({ text: 'Hej! Bilen är klar.' }),
  changeConversationState: () => ({ qualified: true, budget: '300 000 kr', objections: ['too dear'] }),
  enrol: () => ({ leadId: known.id }),
  createWebhook: () => ({ url: 'http://127.0.0.1:9/hook', events: ['lead.captured', 'lead.moved'] }),
};

/** In an order in which each finds what it works on. */
const WALK = [
  'whoAmI',
  'createLead',
  'listLeads',
  'readLead',
  'findByExternalId',
  'changeManyLeads',
  'changeLead',
  'listMessages',
  'sendMessage',
  'readConversationState',
  'changeConversationState',
  'pauseEnrolment',
  'resumeEnrolment',
  'endEnrolment',
  'enrol',
  'moveLead',
  'exportLeads',
  'listPlaybooks',
  'listSequences',
  'listTemplates',
  'readKpis',
  'readDaily',
  'createWebhook',
  'listWebhooks',
  'listDeliveries',
  'listIntegrations',
  'stopLead',
  'deleteLead',
  'signIn',
];

const find = (id: string): Operation => {
  const found = OPERATIONS.find((operation) => operation.id === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};

function isProblem(reply: Reply): void {
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  expect(problem.parse(reply.body).status).toBe(reply.status);
}

describe('every operation', () => {
  test('answers what its schema says', async () => {
    for (const id of WALK) {
      const operation = find(id);
      const path = fill(operation.path, known);
      const reply = await admin.call(operation.method.toUpperCase(), path, BODIES[id]?.());
      expect([id, reply.status, reply.status === operation.status ? '' : reply.body]).toEqual([
        id,
        operation.status,
        '',
      ]);
      const parsed = operation.response?.safeParse(reply.body);
      expect([id, parsed?.error?.message]).toEqual([id, undefined]);
      if (id === 'createLead') known.id = reply.body.id ?? '';
      if (id === 'createWebhook') known.hook = reply.body.id ?? '';
      if (id === 'listWebhooks') Object.assign(known, { lead: known.id, id: known.hook });
      if (id === 'listDeliveries') Object.assign(known, { id: known.lead });
    }
    // those that need something of their own are in the other tests
    const rest = OPERATIONS.map(({ id }) => id).filter((id) => !WALK.includes(id));
    expect(rest.sort()).toEqual(['deleteWebhook', 'replayDelivery', 'signOut']);
  });

  test('what it did is written down as done by the key, in words of events', async () => {
    const actors = await api.edge.world.database.db.system.query<{ type: string; actor: string }>(
      `select distinct type, split_part(actor, ':', 1) as actor from events
       where lead_id = $1 and type in ('lead.captured', 'lead.amended', 'lead.moved', 'conversation.noted') order by 1`,
      [known.lead],
    );
    expect(actors.filter(({ actor }) => actor === 'api').map(({ type }) => type)).toEqual([
      'conversation.noted',
      'lead.amended',
      'lead.captured',
      'lead.moved',
    ]);
  });

  test('no input makes it fail', async () => {
    const random = seeded(7);
    const nasty = [
      null,
      true,
      0,
      -1,
      Number.MAX_VALUE,
      '',
      ' ',
      '\u0000',
      '\ud800',
      'x'.repeat(6000),
      [],
      {},
      [null],
      { $ne: 1 },
      '../..',
      "' or 1=1 --",
      '9999-12-31T23:59:59Z',
      '0000-01-01T00:00:00Z',
      '%',
      '☃',
    ];
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const spoil = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || random() < 0.3) return pick(nasty);
      if (Array.isArray(value)) return value.map((each) => (random() < 0.5 ? spoil(each) : each));
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) => {
          const chance = random();
          if (chance < 0.15) return [];
          if (chance < 0.25) return [[`${key}\u0000`, each]];
          return [[key, chance < 0.7 ? spoil(each) : each]];
        }),
      );
    };
    for (const operation of OPERATIONS.filter(({ id }) => id !== 'signOut' && id !== 'signIn')) {
      for (let round = 0; round < 6; round++) {
        const values = Object.fromEntries(
          ['id', 'delivery', 'playbook', 'externalId'].map((name) => [
            name,
            random() < 0.5
              ? (known[name] ?? newId())
              : String(pick(nasty) || 'x')
                  .slice(0, 300)
                  .replace('\ud800', '?'),
          ]),
        );
        const names = Object.keys((operation.query as { shape?: object } | undefined)?.shape ?? {});
        const query = new URLSearchParams();
        for (const name of names) if (random() < 0.4) query.set(name, String(pick(nasty)).slice(0, 500));
        const path = `${fill(operation.path, values)}?${query}`;
        const body = operation.body && (round === 0 ? '{"a":' : spoil(BODIES[operation.id]?.() ?? {}));
        const reply = await admin.call(operation.method.toUpperCase(), path, body);
        expect([operation.id, path, body, reply.status < 500 ? 'fine' : reply.body]).toEqual([
          operation.id,
          path,
          body,
          'fine',
        ]);
        if (reply.status >= 400) isProblem(reply);
        else if (operation.response) expect(operation.response.safeParse(reply.body).success).toBe(true);
      }
    }
    expect(api.edge.log.filter(({ level }) => level === 50)).toEqual([]);
  });

  test('is for those roles that hold its permission', async () => {
    for (const role of ['dispatcher', 'manager'] as const) {
      const client = await api.client(role);
      for (const operation of OPERATIONS) {
        const { permission } = operation;
        if (permission === 'public' || permission === 'key') continue;
        const { status } = await client.call(
          operation.method.toUpperCase(),
          fill(operation.path, {}),
          operation.body && {},
        );
        expect([role, operation.id, status === 403]).toEqual([role, operation.id, !may(role, permission)]);
      }
    }
  });

  test('shows nobody anything of another business, and changes nothing there', async () => {
    const { admin: eva } = await api.elsewhere();
    const stranger = await api.client('admin', eva);
    const before = await api.edge.value<number>('select count(*) from events where tenant_id = $1', [
      api.edge.world.tenant.id,
    ]);
    for (const operation of OPERATIONS) {
      if (operation.permission === 'public' || operation.id === 'signOut') continue;
      for (const id of [known.lead, known.hook]) {
        const values = { ...known, id: id ?? '' };
        const own = { enrol: { leadId: known.lead }, changeLead: { fields: { car: 'Fiat 500' } } } as Record<
          string,
          object
        >;
        const body = own[operation.id] ?? (operation.body && operation.params && BODIES[operation.id]?.());
        if (operation.body && !body) continue; // makes something of its own
        const reply = await stranger.call(operation.method.toUpperCase(), fill(operation.path, values), body);
        const named = operation.path.includes('{') && operation.id !== 'listTemplates';
        if (named || operation.id === 'enrol') expect([operation.id, reply.status]).toEqual([operation.id, 404]);
        expect(JSON.stringify(reply.body)).not.toMatch(/Öberg|volvo-fans|701112233/);
      }
    }
    expect(await api.edge.value('select count(*) from events where tenant_id = $1', [api.edge.world.tenant.id])).toBe(
      before,
    );
  });
});

describe('the document', () => {
  test('names every operation once, and each of its names once', () => {
    const { paths } = document();
    const items = Object.values(paths).flatMap((methods) => Object.values(methods) as { operationId: string }[]);
    expect(items.map(({ operationId }) => operationId).sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    expect(new Set(items.map(({ operationId }) => operationId)).size).toBe(items.length);
  });

  test('is OpenAPI 3.1 for anybody, and so is its page, which asks for nothing outside', async () => {
    const told = await api.ask('GET', '/openapi.json');
    expect(told.body).toMatchObject({ openapi: '3.1.0', info: { version: '2.0.0' } });
    const { headers, body } = await api.ask('GET', '/docs');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = String(body.text);
    for (const { path, summary } of OPERATIONS) {
      expect(text).toContain(path);
      expect(text).toContain(summary.replaceAll('’', '’'));
    }
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe('what is not there', () => {
  test('is a problem with a pointer to the place', async () => {
    const wrong = await admin.call('POST', '/leads', lead({ phone: 'none', fields: {} }));
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '#/phone' }),
        expect.objectContaining({ pointer: '#/fields/car' }),
      ]),
    );
    expect((await admin.call('GET', '/leads?limit=0')).body.errors).toEqual([
      expect.objectContaining({ parameter: 'limit' }),
    ]);
    isProblem(await admin.call('GET', '/nothing'));
    const put = await admin.call('PUT', '/leads');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect((await admin.call('POST', '/leads', 'a=b', { 'content-type': 'text/plain' })).status).toBe(415);
    const nobody = await api.ask('GET', '/leads');
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
