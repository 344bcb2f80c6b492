import type { ApiRates } from '../../../src/http/api/limits.ts';
import type { KeyRole, Staff, Tenant } from '../../../src/tenants/index.ts';
import { createHookSender } from '../../../src/vendors/hooks/index.ts';
import { openEdge, type TestEdge } from '../http/open-edge.ts';

export interface Reply {
  status: number;
  headers: Headers;
  // what the API says is looked at by each test
  body: Record<string, unknown> & { data?: Record<string, unknown>[]; id?: string };
}

export interface Client {
  role: KeyRole;
  words: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface TestApi {
  edge: TestEdge;
  admin: Staff;
  /** Asks without signing in. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Signs in with a fresh key. */
  client(role: KeyRole, by?: Staff): Promise<Client>;
  /** Another business with an admin of its own. */
  elsewhere(): Promise<{ tenant: Tenant; admin: Staff }>;
  close(): Promise<void>;
}

/** The API on a free port over the real rooms. Limits are wide, but for attempts to sign in. */
export async function openApi(rates: Partial<ApiRates> = {}): Promise<TestApi> {
  const apiRates = { key: 5000, all: 100_000, address: 100_000, signIn: 60, ...rates };
  const edge = await openEdge(() => ({ apiRates }), { hookSender: createHookSender({ local: true, timeoutMs: 2000 }) });
  const { rooms } = edge.world;
  const admin = await edge.world.hire('Ada Admin', 'admin');
  let made = 0;

  const ask: TestApi['ask'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${edge.origin}/api/v2${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = /json$/.test((answer.headers.get('content-type') ?? '').split(';')[0] ?? '');
    return { status: answer.status, headers: answer.headers, body: json && text ? JSON.parse(text) : { text } };
  };

  return {
    edge,
    admin,
    ask,
    async client(role, by = admin) {
      const { words } = await rooms.apiKeys.make(by, { name: `Key ${++made}`, role });
      const { accessToken } = await rooms.signIns.withKey(words);
      const authorization = `Bearer ${accessToken}`;
      return {
        role,
        words,
        call: (method, path, body, headers) => ask(method, path, body, { authorization, ...headers }),
      };
    },
    async elsewhere() {
      const tenant = await rooms.tenants.ensure(
        { name: 'Elsewhere', slackTeamId: 'T0ELSE', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
        'test',
      );
      const profile = { slackUserId: 'U0ELSE', name: 'Eva Else', zone: 'Europe/Stockholm', fullMember: true };
      const staff = await rooms.staff.remember(tenant.id, profile);
      await edge.value(`update staff set role = 'admin' where id = $1 returning id`, [staff.id]);
      return { tenant, admin: { ...staff, role: 'admin' } };
    },
    close: () => edge.close(),
  };
}

/** A drive as a program captures it. */
export const lead = (changes: Record<string, unknown> = {}) => ({
  playbook: 'test-drive',
  name: 'Åsa Öberg',
  phone: '+46701112233',
  email: 'asa@volvo-fans.example',
  language: 'sv',
  fields: { car: 'Volvo EX30' },
  consent: true,
  ...changes,
});
