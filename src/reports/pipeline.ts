import type { Sql, Tx } from '../db/index.ts';
import type { LeadId, StaffId } from '../lib/ids.ts';
import { openStages, type Playbook, type Playbooks } from '../tenants/index.ts';
import { OPEN_SINCE } from './rules.ts';
import { amountIn, EVERYBODY, LIVE, readGeneration } from './store.ts';

/**
 * What is open now, whenever it was logged. It is what is so, not what was counted: of leads that something has happened to
 * since the last count, the leads themselves are asked.
 */
export interface PipelineNow {
  /** Open leads. */
  open: number;
  /** Those of them that say what they may be worth. */
  valued: number;
  /** What these come to, in the tenant's currency. */
  value: number;
}

/** What a lead of a playbook may be worth, as its enquiry says: the field its alert goes by, else its first amount. */
export const valueField = ({ fields, score }: Pick<Playbook, 'fields' | 'score'>): string =>
  score?.highValue?.field ?? fields.find(({ type }) => type === 'money')?.key ?? '';

/** The stages in which leads are open, and the field that says what they may be worth there. */
export const valuedStages = ({ all }: Playbooks): { playbook: string; stage: string; field: string }[] =>
  all.flatMap((playbook) => openStages([playbook]).map((open) => ({ ...open, field: valueField(playbook) })));

/** Open leads of $1 and $2, in the stages of $3 to $5. */
const openLeads = (more = '') => `select ${amountIn('l.fields ->> o.field')} as worth
  from leads l join unnest($3::text[], $4::text[], $5::text[]) as o(playbook, stage, field)
    on o.playbook = l.playbook and o.stage = l.stage
  where l.tenant_id = $1 and ($2::uuid is null or l.owner_id = $2) ${more}`;

/*
 * What was counted, less what was counted of late leads, and these as they are: right for any leads that hold all late ones,
 * so it does not matter when the count goes on meanwhile. Not named: a plan for any place in the log would read all of it.
 */
const COUNTED = `
  with news as materialized (
      -- events_settled
      select type, lead_id, person_id from events
      where tenant_id = $1 and xid >= $6::xid8 and (xid, id) > ($6::xid8, $7::bigint) and id > $8),
    late as materialized (select array(
      select lead_id from news where lead_id is not null
      union select l.id from news n join leads l on l.person_id = n.person_id where n.type = 'person.erased') as leads),
    parts as (
      select n, valued, worth from report_open
        where generation = ${LIVE} and tenant_id = $1 and owner_id = coalesce($2::uuid, '${EVERYBODY}')
      union all
      select -count(*), -count(worth), -sum(worth) from report_leads
        where generation = ${LIVE} and lead_id = any((select leads from late)::uuid[]) and tenant_id = $1 and open
          and ($2::uuid is null or owner_id = $2)
      union all
      select count(*), count(worth), sum(worth) from (${openLeads('and l.id = any((select leads from late)::uuid[])')}) late_leads)
  select sum(n)::bigint as open, sum(valued)::bigint as valued, coalesce(sum(worth), 0)::float8 as value from parts`;

/** What was counted by older rules says nothing of this. */
const FROM_LEADS = `select count(*) as open, count(worth) as valued, coalesce(sum(worth), 0)::float8 as value
  from (${openLeads()}) open_leads`;

/** Open leads of one person, or of everybody. */
export async function readPipeline(tx: Tx, owner: StaffId | null, playbooks: Playbooks): Promise<PipelineNow> {
  const stages = valuedStages(playbooks);
  const values = [
    tx.tenantId,
    owner,
    stages.map(({ playbook }) => playbook),
    stages.map(({ stage }) => stage),
    stages.map(({ field }) => field),
  ];
  const { rules, floor, until } = await readGeneration(tx, 'live');
  const [row] =
    rules >= OPEN_SINCE
      ? await tx.query<PipelineNow>(COUNTED, [...values, until.xid, until.id, floor])
      : await tx.query<PipelineNow>(FROM_LEADS, values);
  return row ?? { open: 0, valued: 0, value: 0 };
}

/** Adds what these leads have open by their last count, or takes it away (`sign` -1) before they are counted again. */
export async function addOpen(sql: Sql, generation: number, leads: readonly LeadId[], sign: 1 | -1): Promise<void> {
  await sql.query(
    // primary key of report_leads
    `insert into report_open as o (generation, tenant_id, owner_id, n, valued, worth)
     select $1, tenant_id, whose.owner_id, $3 * count(*), $3 * count(worth), $3 * coalesce(sum(worth), 0)
     from report_leads l cross join lateral (values (uuid '${EVERYBODY}'), (l.owner_id)) as whose (owner_id)
     where generation = $1 and lead_id = any($2::uuid[]) and open and whose.owner_id is not null
     group by tenant_id, whose.owner_id
     on conflict (generation, tenant_id, owner_id) do update set n = o.n + excluded.n, valued = o.valued + excluded.valued,
       worth = o.worth + excluded.worth`,
    [generation, leads, sign],
  );
}
