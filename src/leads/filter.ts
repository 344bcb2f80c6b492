import type { Tx } from '../db/index.ts';
import type { LeadId, StaffId, TenantId } from '../lib/ids.ts';

/** By what leads are looked for: the names of whoever asks, in Slack and by the API, end here. */
export interface LeadFilter {
  stages?: readonly string[] | undefined;
  playbooks?: readonly string[] | undefined;
  /** Of the score. */
  bands?: readonly string[] | undefined;
  /** Folded; every one must match the beginning of a term. */
  words?: readonly string[] | undefined;
  /** Captured at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
  ownerId?: StaffId | undefined;
  /** Theirs, and those of whoever they stand in for. */
  lookedAfterBy?: StaffId | undefined;
  source?: string | undefined;
  hasEmail?: boolean | undefined;
  hasPhone?: boolean | undefined;
  qualified?: boolean | undefined;
  minScore?: number | undefined;
  maxScore?: number | undefined;
}

/** A lead that a list goes on after, gone meanwhile or not. `capturedAt` is not known of places written down before it was kept. */
export interface LeadPlace {
  id: LeadId;
  capturedAt?: Date | undefined;
}

/**
 * The ids of leads that fit every filter, newest first, after the lead `after`; between dates by when they were captured, since
 * by their ids all later ones would be walked past (leads_captured). With words, what few leads have is put in order before any
 * of them is looked at; what more than `most` have is asked of one lead after the other. What is shown of them is read by them in a second
 * statement, which is the same for all filters and planned once; together they would be planned anew for every question.
 */
export async function pickLeads(
  tx: Tx,
  filter: LeadFilter,
  page: { after?: LeadPlace | undefined; limit: number },
  most = mostIds(filter),
): Promise<LeadId[]> {
  const dated = isDated(filter);
  const { narrow, rest } = await narrowed(tx, filter, most);
  const { where, values } = conditionsOf(tx.tenantId, rest, page.after, dated);
  const found = narrow.map(({ ids, value }) => ids(`$${values.push(value)}`)).join(' intersect ');
  const scored = filter.bands !== undefined || filter.minScore !== undefined || filter.maxScore !== undefined;
  const rows = await tx.query<{ id: LeadId }>(
    `${found && `with found as materialized (select distinct lead_id from (${found}) as s(lead_id) order by lead_id desc)`}
     ${found && dated ? BY_DATE : ''}
     select l.id from ${found === '' ? 'leads l' : dated ? 'by_date l' : 'found f join leads l on l.id = f.lead_id'}
       join persons p on p.id = l.person_id and p.erased_at is null
       ${scored ? 'join scores s on s.lead_id = l.id' : ''}
     where ${where} order by ${dated ? 'l.captured_at desc, ' : ''}l.id desc limit $${values.length + 1}`,
    [...values, page.limit],
  );
  return rows.map(({ id }) => id);
}

const isDated = ({ from, to }: LeadFilter): boolean => from !== undefined || to !== undefined;

/**
 * What was found in the order of dates: each of them is looked up (`offset` keeps the planner to that: it would read all leads of
 * the dates instead), and only those that are wanted are looked at any further.
 */
const BY_DATE = `, by_date as materialized (
    select l.* from found f cross join lateral (
      select id, tenant_id, person_id, captured_at, stage, playbook, owner_id, source, qualified from leads where id = f.lead_id offset 0) l
    order by l.captured_at desc, l.id desc)`;

/** Leads as they were picked; one that is gone meanwhile is left out. */
export function asPicked<Lead extends { id: LeadId }>(ids: readonly LeadId[], leads: readonly Lead[]): Lead[] {
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Leads that fit one part of a question, by their ids alone: no lead has to be read for it. */
interface IdSet {
  ids(place: string): string;
  value: unknown;
}

/**
 * Words are compared as plain text with a beginning and an end: under row-level security only leakproof comparisons may use an
 * index, which `like`, `lower()` and text search are not.
 */
const begins = (place: string) => `tenant_id = $1 and term >= ${place} and term < ${place} || chr(1114111)`;
/** Primary key of lead_terms. */
const withWord = (place: string) => `select lead_id from lead_terms where ${begins(place)}`;
/** leads_owner, staff_covered */
const ownersOf = (place: string) =>
  `any(array(select ${place}::uuid union all select c.id from staff c where c.tenant_id = $1 and c.covered_by = ${place}))`;
const lookedAfter = (place: string) => `select id from leads where tenant_id = $1 and owner_id = ${ownersOf(place)}`;
/** leads_captured */
const between = (place: string) =>
  `select id from leads where tenant_id = $1 and captured_at >= (${place}::timestamptz[])[1] and captured_at < (${place}::timestamptz[])[2]`;

/** Leads that are read in some 30 ms. */
const MOST_READ = 10_000;

/**
 * So many ids are read and put in order in a few ms, by date in more, since each lead is read for it; of what more leads fit, the
 * newest are soon found one by one. Of two words that many leads have, few have both, so more is read for them.
 */
function mostIds(filter: LeadFilter): number {
  if ((filter.words ?? []).length > 1) return 50_000;
  return isDated(filter) ? MOST_READ : 20_000;
}

/**
 * What few leads fit, of the words of a filter, of whoever looks after them and of its dates; and the rest of the filter. Which is
 * which decides how leads are best looked for, and the planner cannot tell: its statistics know the most frequent words only.
 */
async function narrowed(tx: Tx, filter: LeadFilter, most: number): Promise<{ narrow: IdSet[]; rest: LeadFilter }> {
  const { words = [], lookedAfterBy, ...others } = filter;
  if (words.length === 0) return { narrow: [], rest: filter };
  const owner = lookedAfterBy === undefined ? [] : [{ ids: lookedAfter, value: lookedAfterBy }];
  const dates = isDated(filter) ? [{ ids: between, value: [filter.from ?? '-infinity', filter.to ?? 'infinity'] }] : [];
  const sets: IdSet[] = [...words.map((value) => ({ ids: withWord, value })), ...owner, ...dates];
  const few = sets.map((set, n) => {
    const bound = set.ids === between ? Math.min(most, MOST_READ) : most;
    return `(select count(*) from (${set.ids(`$${n + 2}`)} limit ${bound + 1}) as s) <= ${bound}`;
  });
  const [told] = await tx.query<{ few: boolean[] }>(`select array[${few.join(', ')}] as few`, [
    tx.tenantId,
    ...sets.map(({ value }) => value),
  ]);
  const isFew = (n: number) => told?.few[n] === true;
  const narrow = sets.filter((_, n) => isFew(n));
  // what dates alone make few is walked by date as it is
  if (narrow.every(({ ids }) => ids === between)) return { narrow: [], rest: filter };
  return {
    narrow,
    rest: {
      ...others,
      words: words.filter((_, n) => !isFew(n)),
      ...(!isFew(words.length) && { lookedAfterBy }),
    },
  };
}

/** The conditions on leads `l` with their scores `s`, and their values, the tenant first; older than the lead `before`. */
function conditionsOf(
  tenantId: TenantId,
  filter: LeadFilter,
  before: LeadPlace | undefined,
  dated: boolean,
): { where: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const where = ['l.tenant_id = $1'];
  const add = (sql: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`$${values.length}`));
  };
  const has = (sql: string, wanted: boolean | undefined) => {
    if (wanted !== undefined) where.push(`${wanted ? '' : 'not '}exists (${sql})`);
  };
  if (before && dated) {
    const { capturedAt } = before;
    const id = `$${values.push(before.id)}`;
    const at = capturedAt ? `$${values.push(capturedAt)}` : `(select captured_at from leads where id = ${id})`;
    where.push(`l.captured_at <= ${at} and (l.captured_at < ${at} or l.id < ${id})`); // leads_captured
  } else {
    add((place) => `l.id < ${place}`, before?.id); // leads_tenant_id_id_key, backwards
  }
  add((place) => `l.stage = any(${place}::text[])`, filter.stages); // leads_stage
  add((place) => `l.playbook = any(${place}::text[])`, filter.playbooks); // leads_playbook
  add((place) => `s.band = any(${place}::text[])`, filter.bands);
  add((place) => `l.captured_at >= ${place}`, filter.from); // leads_captured
  add((place) => `l.captured_at < ${place}`, filter.to);
  add((place) => `l.owner_id = ${place}`, filter.ownerId); // leads_owner
  add((place) => `l.owner_id = ${ownersOf(place)}`, filter.lookedAfterBy);
  add((place) => `l.source = ${place}`, filter.source);
  has(`select from addresses a where a.person_id = l.person_id and a.kind = 'email'`, filter.hasEmail); // addresses_person
  has(`select from addresses a where a.person_id = l.person_id and a.kind = 'phone'`, filter.hasPhone);
  if (filter.qualified !== undefined) where.push(filter.qualified ? 'l.qualified' : 'l.qualified is not true'); // leads_qualified
  add((place) => `s.points >= ${place}`, filter.minScore); // scores_points
  add((place) => `s.points <= ${place}`, filter.maxScore);
  for (const word of filter.words ?? []) {
    // lead_terms_lead; a limit keeps it from being turned into a list of all that have the word
    add((place) => `(select true from lead_terms where lead_id = l.id and ${begins(place)} limit 1)`, word);
  }
  return { where: where.join(' and '), values };
}
