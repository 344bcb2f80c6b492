import type { Tx } from '../db/index.ts';
import type { StaffId } from '../lib/ids.ts';
import { openStages, type Playbook, type Playbooks } from '../tenants/index.ts';

/** What is open now, whenever it was logged. Read from the leads themselves: it is what is so, not what was counted. */
export interface PipelineNow {
  /** Open leads. */
  open: number;
  /** Those of them that say what they may be worth. */
  valued: number;
  /** What these come to, in the tenant's currency. */
  value: number;
}

/** What a lead of a playbook may be worth, as its enquiry says: the field its alert goes by, else its first amount. */
export const valueField = ({ fields, score }: Pick<Playbook, 'fields' | 'score'>): string | undefined =>
  score?.highValue?.field ?? fields.find(({ type }) => type === 'money')?.key;

/** Open leads of one person, or of everybody. A stage is open unless a lead's way ends there. */
export async function readPipeline(tx: Tx, owner: StaffId | null, { all }: Playbooks): Promise<PipelineNow> {
  const stages = all.flatMap((playbook) =>
    openStages([playbook]).map((open) => ({ ...open, field: valueField(playbook) ?? '' })),
  );
  const [row] = await tx.query<PipelineNow>(
    // leads_recent, leads_owner; amounts are stored as plain decimals
    `select count(*) as open, count(worth) as valued, coalesce(sum(worth), 0)::float8 as value
     from (select case when l.fields ->> o.field ~ '^[0-9]{1,12}([.][0-9]+)?$' then (l.fields ->> o.field)::numeric end as worth
       from leads l join unnest($3::text[], $4::text[], $5::text[]) as o(playbook, stage, field)
         on o.playbook = l.playbook and o.stage = l.stage
       where l.tenant_id = $1 and ($2::uuid is null or l.owner_id = $2)) open_leads`,
    [
      tx.tenantId,
      owner,
      stages.map(({ playbook }) => playbook),
      stages.map(({ stage }) => stage),
      stages.map(({ field }) => field),
    ],
  );
  return row ?? { open: 0, valued: 0, value: 0 };
}
