import type { Database, Sql, Tx } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type SettingChangeId, type StaffId, type TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import type { Keyring } from '../lib/secrets.ts';
import { SettingsRow } from './models.ts';
import { type Settings, settingsSchema } from './settings.ts';

export interface Tenant {
  id: TenantId;
  name: string;
  slackTeamId: string | null;
  country: string;
  zone: string;
  language: string;
  accent: string;
}

export interface TenantKeys {
  /** Seals bodies and files. */
  data: Buffer;
  /** Hashes suppressed addresses. */
  suppression: Buffer;
}

export interface NewTenant {
  name: string;
  slackTeamId: string;
  country: string;
  zone: string;
  language: string;
  accent?: string;
}

export interface Versioned {
  version: number;
  settings: Settings;
}

export interface Tenants {
  byTeam(slackTeamId: string): Promise<Tenant | undefined>;
  byId(id: TenantId): Promise<Tenant>;
  /** Makes the tenant of a Slack team; when two requests race, both get the same one. */
  ensure(tenant: NewTenant, source: string): Promise<Tenant>;
  keys(id: TenantId): Promise<TenantKeys>;
  settings(id: TenantId): Promise<Settings>;
  /** The settings with their version; 0 when nothing was ever changed. */
  latest(id: TenantId): Promise<Versioned>;
  /** The settings as they were at a version. */
  at(id: TenantId, version: number): Promise<Settings>;
  /** What was remembered may be old. */
  forget(id: TenantId): void;
  /**
   * Stores a new version of the settings with an event, without asking anybody; throws a validation error that names the
   * setting. People change settings by `SettingChanges`.
   */
  change(tx: Tx, patch: Partial<Settings>, by: StaffId): Promise<Settings>;
  count(): Promise<number>;
}

/** How long another process's change may go unseen, in machine ms. */
const FRESH_MS = 1000;
/** How long former settings are remembered, in machine ms. */
const VERSION_MS = 600_000;
const NO_SETTINGS = settingsSchema.parse({});

const SELECT = `select id, name, slack_team_id as "slackTeamId", country, zone, language, accent from tenants`;

export function createTenants(deps: { db: Database; clock: Clock; keyring: Keyring }): Tenants {
  const { db, clock, keyring } = deps;
  const keys = new Map<TenantId, TenantKeys>();
  // loaded over the system pool: a transaction that waits for a second connection of its own pool could wait for ever
  const tenants = memo(clock, FRESH_MS, (id: TenantId) => one(db.system, `${SELECT} where id = $1`, id));
  const teams = memo(clock, FRESH_MS, (team: string) => one(db.system, `${SELECT} where slack_team_id = $1`, team));
  const settings = memo(clock, FRESH_MS, async (id: TenantId): Promise<Versioned> => {
    const [row] = await db.system.query<{ version: number; values: unknown }>(
      'select version, values from settings where tenant_id = $1 order by version desc limit 1',
      [id],
    );
    return { version: row?.version ?? 0, settings: settingsSchema.parse(row?.values ?? {}) };
  });
  // a version never changes
  const versions = memo(clock, VERSION_MS, async (key: string): Promise<Settings> => {
    const [id = '', version = '0'] = key.split('/');
    if (version === '0') return NO_SETTINGS;
    const [row] = await db.system.query<{ values: unknown }>(
      'select values from settings where tenant_id = $1 and version = $2',
      [id, version],
    );
    return settingsSchema.parse(row?.values ?? {});
  });

  return {
    byTeam: (team) => teams.get(team),
    async byId(id) {
      const tenant = await tenants.get(id);
      if (!tenant) throw new Error('no such tenant');
      return tenant;
    },
    async ensure(wanted, source) {
      const id = newId<TenantId>();
      const data = keyring.create(`${id}/data`);
      const suppression = keyring.create(`${id}/suppression`);
      const now = clock.now();
      await db.system.transaction(async (sql) => {
        const made = await sql.query(
          `insert into tenants (id, name, slack_team_id, country, zone, language, accent, data_key, suppression_key, created_at)
           values ($1, $2, $3, $4, $5, $6, coalesce($7, '#2563eb'), $8, $9, $10)
           on conflict (slack_team_id) do nothing returning id`,
          [
            id,
            wanted.name,
            wanted.slackTeamId,
            wanted.country,
            wanted.zone,
            wanted.language,
            wanted.accent ?? null,
            data.wrapped,
            suppression.wrapped,
            now,
          ],
        );
        if (made.length === 0) return;
        await sql.query(
          `insert into routes (tenant_id, channel, account_id)
           select distinct on (channel) $1::uuid, channel, id from accounts order by channel, id`,
          [id],
        );
        await sql.query('insert into feeds (tenant_id, posted_until) values ($1, 0)', [id]);
        await append(sql, id, now, 'system', [{ type: 'tenant.created', data: { source } }]);
      });
      teams.forget(wanted.slackTeamId);
      const tenant = await teams.get(wanted.slackTeamId);
      if (!tenant) throw new Error('the tenant vanished while it was made');
      return tenant;
    },
    async keys(id) {
      const known = keys.get(id);
      if (known) return known;
      const [row] = await db.system.query<{ dataKey: string; suppressionKey: string }>(
        'select data_key as "dataKey", suppression_key as "suppressionKey" from tenants where id = $1',
        [id],
      );
      if (!row) throw new Error('no such tenant');
      const opened = {
        data: keyring.unwrap(`${id}/data`, row.dataKey),
        suppression: keyring.unwrap(`${id}/suppression`, row.suppressionKey),
      };
      keys.set(id, opened);
      return opened;
    },
    settings: async (id) => (await settings.get(id)).settings,
    latest: (id) => settings.get(id),
    at: (id, version) => versions.get(`${id}/${version}`),
    forget: (id) => void settings.forget(id),
    async change(tx, patch, by) {
      const before = await latestSettings(tx);
      const next = settingsSchema.parse({ ...before.settings, ...patch });
      await storeSettings(tx, { version: before.version + 1, settings: next }, Object.keys(patch), by, clock.now());
      settings.forget(tx.tenantId);
      return next;
    },
    async count() {
      const [row] = await db.system.query<{ n: number }>('select count(*) as n from tenants');
      return row?.n ?? 0;
    },
  };
}

/** The settings as they stand, past everything that is remembered. */
export async function latestSettings(tx: Tx): Promise<Versioned> {
  const row = await SettingsRow.findOne({ order: [['version', 'DESC']], ...tx.orm });
  return { version: row?.version ?? 0, settings: settingsSchema.parse(row?.values ?? {}) };
}

/** Stores a version with its event. Of two that store the same version at once one fails. */
export async function storeSettings(
  tx: Tx,
  { version, settings }: Versioned,
  keys: string[],
  by: StaffId,
  at: Date,
  changeId?: SettingChangeId,
): Promise<void> {
  await SettingsRow.create({ tenantId: tx.tenantId, version, values: settings, changedBy: by, changedAt: at }, tx.orm);
  const data = { version, keys, ...(changeId && { changeId }) };
  await append(tx, tx.tenantId, at, `staff:${by}`, [{ type: 'settings.changed', data }]);
}

async function one(sql: Sql, text: string, value: string): Promise<Tenant | undefined> {
  const [row] = await sql.query<Tenant>(text, [value]);
  return row;
}
