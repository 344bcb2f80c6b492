import type { Sql } from '../db/index.ts';
import type { LeadId, StaffId, TenantId } from '../lib/ids.ts';
import { RULES } from './rules.ts';
import type { Count, Measure, Told } from './types.ts';

/** A counting and how far it has got. */
export interface Generation {
  generation: number;
  /** Events up to this id are all counted, whatever their transaction. */
  floor: number;
  until: Place;
  /** By which rules it is counted. */
  rules: number;
}

/** A place in the order of settled transactions. */
export interface Place {
  xid: string;
  id: number;
}

/** What a lead added when it was last counted. */
export interface Counted {
  tenantId: TenantId;
  leadId: LeadId;
  ownerId: StaffId | null;
  counts: Count[];
}

/** The same, with what it has open: at a stage where it is worked on, and what it may be worth (a decimal number). */
export interface Kept extends Counted {
  open: boolean;
  worth: string | null;
}

/** A lead's events, with what the counting needs besides. */
export interface LeadStory {
  tenantId: TenantId;
  leadId: LeadId;
  ownerId: StaffId | null;
  playbook: string;
  /** What its fields say it may be worth, a decimal number. */
  worth: string | null;
  events: Told[];
}

/** Owner of the rows that count for everybody. */
export const EVERYBODY = '00000000-0000-0000-0000-000000000000' as StaffId;

/** The generation that is shown. */
export const LIVE = '(select generation from report_generations where live)';

/** Held by the one who counts, for the length of a transaction. */
const LOCK = 7_326_005;

export async function tryLock(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [LOCK]);
  return row?.free === true;
}

export async function waitForLock(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [LOCK]);
}

/** Held by the one who recounts, for the length of a session. */
const RECOUNT_LOCK = 7_326_006;

/** Waits until nobody else recounts. Wants a connection of its own: ending it lets go. */
export async function waitToRecount(connection: { query(text: string, values: unknown[]): Promise<unknown> }) {
  await connection.query('select pg_advisory_lock($1)', [RECOUNT_LOCK]);
}

const GENERATION = `generation, floor_id as floor, rules, jsonb_build_object('xid', until_xid::text, 'id', until_id) as until`;

/** The generation that is shown; or the one asked for. */
export async function readGeneration(sql: Sql, which: number | 'live'): Promise<Generation> {
  const [row] = await sql.query<Generation>(
    `select ${GENERATION} from report_generations where case when $1::integer is null then live else generation = $1 end`,
    [which === 'live' ? null : which],
  );
  if (!row) throw new Error('there is no such counting');
  return row;
}

/** Begins a counting beside the live one. */
export async function beginGeneration(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ generation: number }>(
    `insert into report_generations (live, floor_id, rules) select false, floor_id, $1 from report_generations where live
     returning generation`,
    [RULES],
  );
  if (!row) throw new Error('a counting could not be begun');
  return row.generation;
}

/** Drops a counting that is not shown, or all of them: only the one recount that is under way has such. */
export async function dropUnshown(sql: Sql, which: number | 'all'): Promise<void> {
  await sql.query('delete from report_generations where not live and ($1::integer is null or generation = $1)', [
    which === 'all' ? null : which,
  ]);
}

/** Shows another generation from the next statement on, and drops the one before. */
export async function showGeneration(sql: Sql, generation: number): Promise<void> {
  await sql.query('delete from report_generations where live');
  await sql.query('update report_generations set live = true where generation = $1', [generation]);
}

export async function moveCursor(sql: Sql, { generation, floor, until }: Generation): Promise<void> {
  await sql.query(
    'update report_generations set floor_id = $2, until_xid = $3::xid8, until_id = $4 where generation = $1',
    [generation, floor, until.xid, until.id],
  );
}

/** Oldest transaction that still runs, and the next to come. Events of transactions below the first are all there. */
export async function readMoment(sql: Sql): Promise<{ watermark: string; coming: string }> {
  const [row] = await sql.query<{ watermark: string; coming: string }>(
    'select pg_snapshot_xmin(s)::text as watermark, pg_snapshot_xmax(s)::text as coming from pg_current_snapshot() s',
  );
  return row ?? { watermark: '0', coming: '0' };
}

/** No transaction comes as far. */
const LAST_XID = `'18446744073709551615'::xid8`;

const SETTLED = {
  name: 'reports-settled',
  // events_settled, from the cursor to the watermark or the target: in this order a late commit comes later, so it is
  // never skipped. With "is null or" in place of the bounds, a plan for any values reads on behind them.
  // Who is erased says no more what their leads may be worth (leads_person).
  text: `select e.id, e.xid::text as xid, case when e.lead_id is not null then array[e.lead_id]
      when e.type = 'person.erased' then array(select l.id from leads l where l.person_id = e.person_id) else '{}' end as leads
    from events e
    where e.xid >= $1::xid8 and (e.xid, e.id) > ($1::xid8, $2::bigint) and e.id > $3
      and ($4::bigint is null or e.id <= $4) and e.xid < coalesce($5::xid8, ${LAST_XID})
      and (e.xid, e.id) <= (coalesce($6::xid8, ${LAST_XID}), coalesce($7::bigint, 0))
    order by e.xid, e.id limit $8`,
};

/** The next events in the order of transactions. */
export function readSettled(
  sql: Sql,
  { floor, until }: Pick<Generation, 'floor' | 'until'>,
  limits: { ceiling: number | null; below: string | null; target: Place | null; limit: number | null },
): Promise<(Place & { leads: LeadId[] })[]> {
  const { ceiling, below, target, limit } = limits;
  const to = [target?.xid ?? null, target?.id ?? null];
  return sql.query(SETTLED, [until.xid, until.id, floor, ceiling, below, ...to, limit]);
}

/** The log was restored on another server: the last id that was certainly written on the old one. */
export async function lastOfOldServer(sql: Sql, { floor, until }: Generation, coming: string): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `select greatest($1::bigint,
       (select id from events where id > $1 and (xid, id) <= ($2::xid8, $3::bigint) order by id desc limit 1),
       (select max(id) from events where xid >= $4::xid8)) as id`,
    [floor, until.xid, until.id, coming],
  );
  return row?.id ?? floor;
}

/** Leads that have events up to an id. */
export async function leadsUpTo(sql: Sql, id: number): Promise<LeadId[]> {
  const rows = await sql.query<{ leadId: LeadId }>(
    'select distinct lead_id as "leadId" from events where id <= $1 and lead_id is not null',
    [id],
  );
  return rows.map(({ leadId }) => leadId);
}

/** The amount in a field of a lead; amounts are stored as plain decimals. */
export const amountIn = (text: string) => `case when ${text} ~ '^[0-9]{1,12}([.][0-9]+)?$' then (${text})::numeric end`;

const STORIES = {
  name: 'reports-stories',
  // events_lead; only what the cursor has passed, so that the numbers are those of one moment of the log
  text: `select e.tenant_id as "tenantId", e.lead_id as "leadId", l.owner_id as "ownerId",
      (array_agg(e.data ->> 'playbook' order by e.id) filter (where e.type = 'lead.captured'))[1] as playbook,
      (select (${amountIn('l.fields ->> f.field')})::text from unnest($5::text[], $6::text[]) as f(playbook, field)
        where f.playbook = l.playbook) as worth,
      json_agg(json_build_object('type', e.type, 'at', e.at, 'data', e.data,
        'day', to_char(e.at at time zone t.zone, 'YYYY-MM-DD')) order by e.id) as events
    from events e join tenants t on t.id = e.tenant_id left join leads l on l.id = e.lead_id
    where e.lead_id = any($1::uuid[]) and (e.id <= $2 or (e.xid, e.id) <= ($3::xid8, $4::bigint))
      and e.type in ('lead.captured', 'lead.withdrawn', 'lead.moved', 'message.sent', 'message.received', 'person.opted_out',
        'booking.made')
    group by e.tenant_id, e.lead_id, l.id`,
};

/** The stories of leads as far as a generation has got; `valueFields` says where each playbook has what a lead may be worth. */
export async function readStories(
  sql: Sql,
  leads: readonly LeadId[],
  upTo: Generation,
  valueFields: readonly { playbook: string; field: string }[],
): Promise<LeadStory[]> {
  const rows = await sql.query<LeadStory & { events: (Omit<Told, 'at'> & { at: string })[] }>(STORIES, [
    leads,
    upTo.floor,
    upTo.until.xid,
    upTo.until.id,
    valueFields.map(({ playbook }) => playbook),
    valueFields.map(({ field }) => field),
  ]);
  return rows.map((row) => ({ ...row, events: row.events.map((event) => ({ ...event, at: new Date(event.at) })) }));
}

/** The next leads of a tenant that are counted in a generation, in the order of their ids. */
export async function leadsOfTenant(
  sql: Sql,
  generation: number,
  tenantId: TenantId,
  after: LeadId | undefined,
  limit: number,
): Promise<LeadId[]> {
  const rows = await sql.query<{ leadId: LeadId }>(
    // in the primary key's order; asked when a business moves
    `select lead_id as "leadId" from report_leads
     where generation = $1 and tenant_id = $2 and ($3::uuid is null or lead_id > $3) order by lead_id limit $4`,
    [generation, tenantId, after ?? null, limit],
  );
  return rows.map(({ leadId }) => leadId);
}

type Packed = [string, Count['measure'], string, string, string, number, number, number];

const pack = ({ day, measure, key, template, channel, seconds, n, total }: Count): Packed => [
  day,
  measure,
  key,
  template,
  channel,
  seconds,
  n,
  total,
];

const unpack = ([day, measure, key, template, channel, seconds, n, total]: Packed): Count => ({
  day,
  measure,
  key,
  template,
  channel,
  seconds,
  n,
  total,
});

/** What these leads have added to a generation so far. */
export async function readCounted(sql: Sql, generation: number, leads: readonly LeadId[]): Promise<Counted[]> {
  const rows = await sql.query<Omit<Counted, 'counts'> & { counts: Packed[] }>(
    `select tenant_id as "tenantId", lead_id as "leadId", owner_id as "ownerId", counts from report_leads
     where generation = $1 and lead_id = any($2::uuid[])`,
    [generation, leads],
  );
  return rows.map((row) => ({ ...row, counts: row.counts.map(unpack) }));
}

/** The measures that leads are looked up by. */
export const MILESTONES = ['captured', 'replies', 'won', 'lost', 'recovered'] as const satisfies readonly Measure[];
export type Milestone = (typeof MILESTONES)[number];

export async function keepCounted(sql: Sql, generation: number, counted: readonly Kept[]): Promise<void> {
  const dayOf = (counts: readonly Count[], milestone: Milestone) =>
    counts.find(({ measure }) => measure === milestone)?.day ?? null;
  await sql.query(
    `insert into report_leads (generation, tenant_id, lead_id, owner_id, counts, open, worth, ${MILESTONES.join(', ')})
     select $1, r.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::boolean[], $7::numeric[],
       $8::date[], $9::date[], $10::date[], $11::date[], $12::date[]) as r
     on conflict (generation, lead_id) do update set owner_id = excluded.owner_id, counts = excluded.counts,
       open = excluded.open, worth = excluded.worth, ${MILESTONES.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [
      generation,
      counted.map((each) => each.tenantId),
      counted.map((each) => each.leadId),
      counted.map((each) => each.ownerId),
      counted.map((each) => JSON.stringify(each.counts.map(pack))),
      counted.map((each) => each.open),
      counted.map((each) => each.worth),
      ...MILESTONES.map((milestone) => counted.map(({ counts }) => dayOf(counts, milestone))),
    ],
  );
}

/** A change of one row of the days. */
export type Change = Count & { tenantId: TenantId; ownerId: StaffId };

/** Adds to the days; each row at most once. */
export async function addToDays(sql: Sql, generation: number, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const column = <K extends keyof Change>(name: K) => changes.map((change) => change[name]);
  await sql.query(
    `insert into report_days (generation, tenant_id, owner_id, day, measure, key, template, channel, seconds, n, total)
     select $1, r.* from unnest($2::uuid[], $3::uuid[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::integer[], $10::bigint[], $11::bigint[]) as r
     on conflict (generation, tenant_id, owner_id, day, measure, key, template, channel, seconds)
       do update set n = report_days.n + excluded.n, total = report_days.total + excluded.total`,
    [
      generation,
      column('tenantId'),
      column('ownerId'),
      column('day'),
      column('measure'),
      column('key'),
      column('template'),
      column('channel'),
      column('seconds'),
      column('n'),
      column('total'),
    ],
  );
}
