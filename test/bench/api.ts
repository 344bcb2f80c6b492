import { newId } from '../../src/lib/ids.ts';
import { steadily } from './customers.ts';
import type { House, Lab } from './lab.ts';
import { quantile, readable } from './numbers.ts';
import { createPast } from './past.ts';
import { atMost, type Line } from './report.ts';
import { readSamples, type Sample } from './samples.ts';
import { openSite, type Site } from './site.ts';

export interface ApiResult {
  leads: number;
  /** From the request to its answer, in ms. */
  reads: number[];
  writes: number[];
}

const USERS = 100;
/** A business may have 50; each is used by two people, so that none comes near its limit. */
const KEYS = 50;
/** Of ten requests so many write. */
const WRITES = 2;
/** Ten seconds: what a new process asks for first is compiled, planned and cached, and nobody is measured on that. */
const WARM = 1000;

interface Request {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  body?: object;
}

/** What people look at: lists with and without filters, one lead, a search, figures. */
const READS: ((sample: Sample) => string)[] = [
  () => '/leads?limit=50',
  ({ leadId }) => `/leads/${leadId}`,
  ({ ownerId }) => `/leads?ownerId=${ownerId}&status=replied`,
  ({ name }) => `/leads?search=${encodeURIComponent(name)}`,
  ({ phone }) => `/leads?search=${encodeURIComponent(phone)}`,
  ({ capturedAt }) => `/leads?from=${capturedAt.toISOString()}&status=won,lost`,
  () => '/leads?minScore=90&qualified=true',
  () => '/analytics/kpis',
];

/** 100 programs that ask once a second each over the API, one request in five a write, in a business with a past. */
export async function benchApi(
  lab: Lab,
  options: { leads: number; seconds: number; log(line: string): void },
): Promise<ApiResult> {
  const site = await openSite(lab, { users: 1, connections: USERS });
  const { house } = site;
  try {
    options.log(`loading ${options.leads} leads`);
    await createPast(house, options.leads);
    const tokens = await signIn(house);
    const samples = await readSamples(house, 500);
    const reads: number[] = [];
    const writes: number[] = [];
    let next = 0;
    const ask = async () => {
      const n = next++;
      const request = requestOf(n, samples);
      const ms = await send(site, tokens[n % tokens.length] ?? '', request);
      (request.method === 'GET' ? reads : writes).push(ms);
    };
    await steadily(ask, WARM, USERS);
    reads.length = 0;
    writes.length = 0;
    await steadily(ask, USERS * options.seconds, USERS);
    options.log(
      `api: p95 of reads ${readable(quantile(reads, 0.95))} ms, writes ${readable(quantile(writes, 0.95))} ms`,
    );
    return { leads: options.leads, reads, writes };
  } finally {
    await site.close();
  }
}

/** Keys as an admin makes them, exchanged for tokens. */
async function signIn({ rooms, db, tenant, clock }: House): Promise<string[]> {
  const id = newId();
  await db.system.query(
    `insert into staff (id, tenant_id, slack_user_id, name, role, created_at, checked_at)
     values ($1, $2, 'U0ADMIN', 'Admin', 'admin', $3, $3)`,
    [id, tenant.id, clock.now()],
  );
  const admin = (await rooms.staff.list(tenant.id)).find((each) => each.id === id);
  if (!admin) throw new Error('there is no admin');
  const tokens: string[] = [];
  for (let n = 0; n < KEYS; n++) {
    const { words } = await rooms.apiKeys.make(admin, { name: `Program ${n}`, role: 'manager' });
    tokens.push((await rooms.signIns.withKey(words)).accessToken);
  }
  return tokens;
}

/** The n-th request: writes are new leads and moves of leads, turn by turn. */
function requestOf(n: number, samples: readonly Sample[]): Request {
  const sample = samples[n % samples.length];
  if (!sample) throw new Error('there are no leads');
  if (n % 10 >= WRITES) return { method: 'GET', path: (READS[n % READS.length] ?? (() => '/leads'))(sample) };
  const phone = `+4676${String(1_000_000 + n)}`;
  const lead = { name: 'Anna Karlsson', phone, fields: { car: 'BMW X5' }, consent: true, externalId: `bench-${n}` };
  return { method: 'POST', path: '/leads', body: lead };
}

async function send(site: Site, token: string, { method, path, body }: Request): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json', 'idempotency-key': newId() }),
  };
  const from = performance.now();
  const result = await site.http.call({
    method,
    path: `/api/v2${path}`,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const ms = performance.now() - from;
  if (result.kind !== 'reply' || result.status >= 300)
    throw new Error(`${method} ${path} was answered ${JSON.stringify(result).slice(0, 500)}`);
  return ms;
}

const MAX_READ_MS = 100;
const MAX_WRITE_MS = 150;

export function apiLines({ leads, reads, writes }: ApiResult): Line[] {
  const line = (what: string, times: readonly number[], max: number): Line => {
    const p95 = quantile(times, 0.95);
    return {
      bench: 'api',
      what: `${what}, ${USERS} people, 1 a second each, ${readable(leads)} leads`,
      figure: `p50 ${readable(quantile(times, 0.5))} ms, p95 ${readable(p95)} ms (${readable(times.length)})`,
      target: `p95 < ${max} ms`,
      ...atMost(p95, max),
    };
  };
  return [line('reads', reads, MAX_READ_MS), line('new leads', writes, MAX_WRITE_MS)];
}
