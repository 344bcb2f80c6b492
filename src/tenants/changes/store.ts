import type { Tx } from '../../db/index.ts';
import { newId, type SettingChangeId, type StaffId } from '../../lib/ids.ts';
import { open, seal } from '../../lib/secrets.ts';
import type { GatewayAccess } from '../credentials.ts';
import type { TenantKeys } from '../tenants.ts';
import type { Change } from './diff.ts';
import type { Touched } from './plan-difference.ts';

export type ChangeState = 'draft' | 'waiting' | 'counted' | 'refused' | 'withdrawn' | 'outdated';
/** What becomes of running follow-ups: they keep the plan they have, or follow the new settings. */
export type PlanChoice = 'keep' | 'move';

/** Where somebody is asked to decide. */
export interface ChangePost {
  staff: StaffId;
  channel: string;
  ts: string;
}

/** A change of settings that somebody asked for, whatever became of it. */
export interface SettingChange {
  id: SettingChangeId;
  changes: readonly Change[];
  plan: PlanChoice | null;
  undoes: number | null;
  state: ChangeState;
  askedBy: StaffId;
  askedAt: Date;
  decidedBy: StaffId | null;
  decidedAt: Date | null;
  version: number | null;
  posts: readonly ChangePost[];
  /** What it does to what is planned, counted when it was asked for, and again when it was approved; null: nothing it could. */
  touched: Touched | null;
}

const FIELDS = `id, changes, plan, undoes, state, asked_by as "askedBy", asked_at as "askedAt", decided_by as "decidedBy",
  decided_at as "decidedAt", version, posts, touched`;

/** Changes of settings are made one after the other. Captures, which refer to the tenant, do not wait for them. */
export async function lockSettings(tx: Tx): Promise<void> {
  await tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]);
}

/** What later versions changed, the newest first. */
export async function changesSince(tx: Tx, version: number): Promise<Change[][]> {
  const rows = await tx.query<{ changes: Change[] }>(
    // setting_changes' unique version
    'select changes from setting_changes where tenant_id = $1 and version > $2 order by version desc',
    [tx.tenantId, version],
  );
  return rows.map(({ changes }) => changes);
}

export async function insertDraft(
  tx: Tx,
  draft: Pick<SettingChange, 'changes' | 'undoes' | 'askedBy' | 'askedAt'>,
): Promise<SettingChange> {
  // setting_changes_drafts
  await tx.query(
    `delete from setting_changes where tenant_id = $1 and state = 'draft' and asked_at < $2::timestamptz - interval '1 day'`,
    [tx.tenantId, draft.askedAt],
  );
  const [row] = await tx.query<SettingChange>(
    `insert into setting_changes (id, tenant_id, changes, undoes, state, asked_by, asked_at)
     values ($1, $2, $3, $4, 'draft', $5, $6) returning ${FIELDS}`,
    [newId<SettingChangeId>(), tx.tenantId, JSON.stringify(draft.changes), draft.undoes, draft.askedBy, draft.askedAt],
  );
  if (!row) throw new Error('a draft was not stored');
  return row;
}

export async function findChange(tx: Tx, id: SettingChangeId): Promise<SettingChange | undefined> {
  const [row] = await tx.query<SettingChange>(`select ${FIELDS} from setting_changes where id = $1`, [id]);
  return row;
}

export const waitingChanges = (tx: Tx): Promise<SettingChange[]> =>
  tx.query<SettingChange>(
    // setting_changes_waiting
    `select ${FIELDS} from setting_changes where tenant_id = $1 and state = 'waiting' order by asked_at`,
    [tx.tenantId],
  );

type Step = Pick<SettingChange, 'state'> &
  Partial<Pick<SettingChange, 'changes' | 'plan' | 'decidedBy' | 'decidedAt' | 'version' | 'touched'>>;

/** What became of a change. The caller holds the lock. */
export async function moveChange(tx: Tx, id: SettingChangeId, to: Step): Promise<void> {
  await tx.query(
    `update setting_changes set state = $2, changes = coalesce($3, changes), plan = coalesce($4, plan),
       decided_by = coalesce($5, decided_by), decided_at = coalesce($6, decided_at), version = coalesce($7, version),
       touched = coalesce($8, touched)
     where id = $1`,
    [
      id,
      to.state,
      to.changes ? JSON.stringify(to.changes) : null,
      to.plan ?? null,
      to.decidedBy ?? null,
      to.decidedAt ?? null,
      to.version ?? null,
      to.touched ? JSON.stringify(to.touched) : null,
    ],
  );
}

const accessPlace = (tx: Tx, id: SettingChangeId) => `${tx.tenantId}/${id}/access`;

/** Keeps access that comes with a change for as long as it waits. */
export async function keepAccess(
  tx: Tx,
  id: SettingChangeId,
  { data }: TenantKeys,
  access: GatewayAccess,
): Promise<void> {
  const sealed = seal(data, accessPlace(tx, id), JSON.stringify(access));
  await tx.query('update setting_changes set access = $2 where id = $1', [id, sealed]);
}

/** The access that came with a change, which keeps it no longer. */
export async function takeAccess(
  tx: Tx,
  id: SettingChangeId,
  keys: () => Promise<TenantKeys>,
): Promise<GatewayAccess | undefined> {
  const [kept] = await tx.query<{ access: Buffer }>(
    `update setting_changes c set access = null from setting_changes o where c.id = $1 and o.id = c.id and o.access is not null
     returning o.access`,
    [id],
  );
  if (!kept) return undefined;
  const { data } = await keys();
  return JSON.parse(open(data, accessPlace(tx, id), kept.access).toString()) as GatewayAccess; // as it was sealed above
}

/** Remembers where somebody was asked. */
export async function addPost(tx: Tx, id: SettingChangeId, post: ChangePost): Promise<void> {
  await tx.query('update setting_changes set posts = posts || $2 where id = $1', [id, JSON.stringify([post])]);
}

/** One version of the settings, with how it came about; versions from before changes were kept have none. */
export interface VersionRow {
  version: number;
  changedBy: StaffId | null;
  changedAt: Date;
  values: unknown;
  previous: unknown;
  /** Null for versions from before changes were kept. */
  changes: readonly Change[] | null;
  undoes: number | null;
  approvedBy: StaffId | null;
}

/** Versions, newest first, each with the values it had and those before it. */
export const versionsBefore = (tx: Tx, before: number, limit: number): Promise<VersionRow[]> =>
  tx.query<VersionRow>(
    // the primary keys of settings and the unique one of setting_changes
    `select s.version, s.changed_by as "changedBy", s.changed_at as "changedAt", s.values, p.values as previous, c.changes,
       c.undoes, c.decided_by as "approvedBy"
     from settings s left join settings p on p.tenant_id = s.tenant_id and p.version = s.version - 1
       left join setting_changes c on c.tenant_id = s.tenant_id and c.version = s.version
     where s.tenant_id = $1 and s.version < $2 order by s.version desc limit $3`,
    [tx.tenantId, before, limit],
  );

/** Every step key that a cadence of the tenant ever had. A key is never used for something else. */
export async function usedStepKeys(tx: Tx, playbook: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select distinct step->>'key' as key from settings, jsonb_array_elements(values->'cadences'->$2->'steps') as step
     where tenant_id = $1`,
    [tx.tenantId, playbook],
  );
  return rows.map(({ key }) => key);
}
