import type { Database, Sql } from '../db/index.ts';
import { isId, type TenantId } from '../lib/ids.ts';
import { createChecker, type Report, type Trust } from './check.ts';
import type { Finding } from './findings.ts';
import { hashOf, NOTHING, signatureFits } from './heads.ts';
import { batchesAfter, HEAD, lastRound, roundsAfter, witnessesOf } from './store.ts';
import type { Head, Round } from './types.ts';
import { unheldEvents } from './unheld.ts';

export interface Business {
  id: TenantId;
  name: string;
}

export interface LogReport extends Report {
  business: Business;
  /** Events that are newer than the last batch. */
  unsealed: number;
}

/** All logs there are, or were: those of the tenants, and those that rounds of sealing name besides. */
export async function allLogs(sql: Sql): Promise<Business[]> {
  const tenants = await sql.query<Business>('select id, name from tenants order by created_at, id');
  const named = await sql.query<{ id: unknown }>(
    `select distinct v #>> '{}' as id from seal_rounds cross join lateral jsonb_path_query(heads, '$[*].tenant') v`,
  );
  const known = new Set<unknown>(tenants.map(({ id }) => id));
  const gone = named.flatMap(({ id }) =>
    isId(id) && !known.has(id) ? [{ id: id as TenantId, name: `A tenant that is gone (${id})` }] : [],
  );
  return [...tenants, ...gone];
}

/**
 * Checks the logs of these tenants against the database as it is at this moment, reading page by page. The rounds of
 * sealing are checked too: they name every seal of every tenant. A report is told as soon as a log is through.
 */
export async function verifyDatabase(
  db: Database,
  businesses: readonly Business[],
  trust: Trust,
  told: (report: LogReport) => void,
): Promise<void> {
  await frozen(db, async (sql) => {
    const last = await lastRound(sql);
    const lost = await checkRounds(sql, new Set(businesses.map(({ id }) => id)));
    for (const business of businesses) {
      told(await verifyLog(sql, business, trust, last, lost.get(business.id) ?? []));
    }
  });
}

/** Everything read in `work` is of one moment; what is written meanwhile is not seen. */
export async function frozen<T>(db: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return db.system.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read, read only');
    // holds nothing that anybody waits for, and whoever reads an export may be slow
    await sql.query('set local idle_in_transaction_session_timeout = 0');
    return work(sql);
  });
}

async function verifyLog(
  sql: Sql,
  business: Business,
  trust: Trust,
  last: Round | undefined,
  lost: readonly Finding[],
): Promise<LogReport> {
  const witnesses = [...trust.witnesses, ...(await witnessesOf(sql, business.id))];
  const checker = createChecker({ ...trust, witnesses });
  let after = { batch: 0, size: 0 };
  for (;;) {
    const batches = await batchesAfter(sql, business.id, after);
    for (const batch of batches) checker.batch(batch);
    const head = batches.at(-1)?.head;
    if (!head) break;
    after = { batch: head.batch, size: head.size };
  }
  const inserted: number[] = [];
  let unsealed = 0;
  for await (const { id, settled } of unheldEvents(sql, business.id, last, checker.holds)) {
    if (!settled) unsealed++;
    else if (inserted.length < NAMED) inserted.push(id);
  }
  if (inserted.length > 0) checker.add({ kind: 'events_inserted', events: inserted });
  for (const finding of lost) checker.add(finding);
  if (!last && unsealed > 0) checker.add({ kind: 'nothing_sealed', events: unsealed });
  return { ...checker.end(), business, unsealed };
}

const ROUNDS = 200;
/** Ids that are named; a million strangers are no more telling than so many. */
const NAMED = 10_000;

/**
 * Checks the chain of rounds, and that each head they name is there. Findings by tenant; what concerns a round as a whole
 * concerns them all.
 */
async function checkRounds(sql: Sql, tenants: ReadonlySet<string>): Promise<Map<string, Finding[]>> {
  const found = new Map([...tenants].map((tenant): [string, Finding[]] => [tenant, []]));
  const all = (finding: Finding) => {
    for (const findings of found.values()) findings.push(finding);
  };
  let before = { round: 0, hash: NOTHING as string | null };
  for (;;) {
    const rounds = await roundsAfter(sql, before.round, ROUNDS);
    const last = rounds.at(-1);
    if (!last) break;
    const trusted: Round[] = [];
    for (const round of rounds) {
      if (round.round > before.round + 1) all({ kind: 'rounds_removed', from: before.round + 1, to: round.round - 1 });
      const whole = round.round === before.round + 1;
      const signed = signatureFits(round);
      const follows = !whole || before.hash === null || before.hash === round.previous;
      if (!signed || !follows) all({ kind: 'round_changed', round: round.round });
      before = { round: round.round, hash: signed ? hashOf(round) : null };
      if (signed) trusted.push(round);
    }
    for (const [tenant, finding] of await lostSeals(sql, trusted, tenants)) found.get(tenant)?.push(finding);
  }
  const [beyond] = await sql.query<{ from: number | null; to: number }>(
    'select min(round) as from, max(round) as to from seals where round > $1', // seals_round
    [before.round],
  );
  if (beyond?.from) all({ kind: 'rounds_removed', from: beyond.from, to: beyond.to });
  return found;
}

/** Heads that rounds name and that are not there, or are others. */
async function lostSeals(
  sql: Sql,
  rounds: readonly Round[],
  tenants: ReadonlySet<string>,
): Promise<(readonly [string, Finding])[]> {
  const named = rounds.flatMap(({ round, at, heads }) =>
    heads.filter(({ tenant }) => tenants.has(tenant)).map((each) => ({ ...each, round, at })),
  );
  const heads = await sql.query<Head>(
    `select ${HEAD} from unnest($1::uuid[], $2::integer[]) as n(tenant_id, batch) join seals s using (tenant_id, batch)`,
    [named.map(({ tenant }) => tenant), named.map(({ batch }) => batch)],
  );
  const hashes = new Map(heads.map((head) => [`${head.tenant}/${head.batch}`, hashOf(head)]));
  return named.flatMap(({ tenant, batch, head, round, at }) => {
    const hash = hashes.get(`${tenant}/${batch}`);
    if (hash === head) return [];
    return [[tenant, { kind: hash ? 'seal_replaced' : 'seal_removed', batch, tenant, round, at }] as const];
  });
}
