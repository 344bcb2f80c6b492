import type { Database, Sql, Tx } from '../db/index.ts';
import { append, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type SettingChangeId, type StaffId, type TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import type { Keyring } from '../lib/secrets.ts';
import { createHolidays, type Holiday } from './holidays.ts';
import { SettingsRow } from './models.ts';
import { readSenders } from './senders.ts';
import { type Business, type Settings, storedSettings } from './settings.ts';

export interface Tenant {
  id: TenantId;
  name: string;
  slackTeamId: string | null;
  country: string;
  zone: string;
  language: string;
  accent: string;
  /** Made with its workspace; the further businesses of a group are not. */
  firstInTeam: boolean;
  /**
   * Nothing automated leaves: an admin has yet to go live, the app is not in Slack, or this is a restored copy that no admin
   * has released. Null: it is live.
   */
  waitsFor: 'go_live' | 'slack' | 'restored' | null;
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
  /** Live at once unless it is to wait until its admin says so. */
  waitsFor?: 'go_live';
}

/** The first admin of a further tenant, as they are known in another one. */
export interface Founder {
  slackUserId: string;
  name: string;
  zone: string | null;
}

export interface Versioned {
  version: number;
  settings: Settings;
}

export interface Tenants {
  /** The first tenant of a Slack team. */
  byTeam(slackTeamId: string): Promise<Tenant | undefined>;
  /** All tenants of a Slack team, the first one first. */
  ofTeam(slackTeamId: string): Promise<readonly Tenant[]>;
  byId(id: TenantId): Promise<Tenant>;
  /** The tenant, while there is exactly one. */
  only(): Promise<Tenant | undefined>;
  /** Makes the tenant of a Slack team; when two requests race, both get the same one. */
  ensure(tenant: NewTenant, source: string): Promise<Tenant>;
  /** Makes a further tenant in a Slack team; who makes it is its admin, and the only one with a place in it. */
  add(tenant: NewTenant, founder: Founder): Promise<Tenant>;
  /** Something about it was changed elsewhere in this process. */
  forget(tenant: { id: TenantId; slackTeamId?: string | null }): void;
  keys(id: TenantId): Promise<TenantKeys>;
  settings(id: TenantId): Promise<Settings>;
  /** Days on which the business is closed, `YYYY-MM-DD`: its own, and public holidays unless it is open on them. */
  closedDays(id: TenantId): Promise<readonly string[]>;
  /** Public holidays of its country from `day` on, for about a year. */
  holidays(id: TenantId, day: string): Promise<readonly Holiday[]>;
  /** The settings with their version; 0 when nothing was ever changed. What a business is known by stands in `byId`. */
  latest(id: TenantId): Promise<Versioned>;
  /** The settings as they were at a version. */
  at(id: TenantId, version: number): Promise<Settings>;
  count(): Promise<number>;
}

/** How long another process's change may go unseen, in machine ms. */
const FRESH_MS = 1000;
/** How long former settings are remembered, in machine ms. */
const VERSION_MS = 600_000;
const NO_SETTINGS = storedSettings({});

const SELECT = `select id, name, slack_team_id as "slackTeamId", country, zone, language, accent,
  first_in_team as "firstInTeam", waits_for as "waitsFor" from tenants`;

export function createTenants(deps: { db: Database; clock: Clock; keyring: Keyring }): Tenants {
  const { db, clock, keyring } = deps;
  const keys = new Map<TenantId, TenantKeys>();
  const holidays = createHolidays();
  // loaded over the system pool: a transaction that waits for a second connection of its own pool could wait for ever
  const tenants = memo(clock, FRESH_MS, (id: TenantId) => one(db.system, `${SELECT} where id = $1`, id));
  const teams = memo(clock, FRESH_MS, (team: string) =>
    db.system.query<Tenant>(`${SELECT} where slack_team_id = $1 order by first_in_team desc, created_at, id`, [team]),
  );
  const settings = memo(clock, FRESH_MS, async (id: TenantId): Promise<Versioned> => {
    const [row] = await db.system.query<{ version: number; values: unknown }>(
      'select version, values from settings where tenant_id = $1 order by version desc limit 1',
      [id],
    );
    return { version: row?.version ?? 0, settings: storedSettings(row?.values) };
  });
  // a version never changes
  const versions = memo(clock, VERSION_MS, async (key: string): Promise<Settings> => {
    const [id = '', version = '0'] = key.split('/');
    if (version === '0') return NO_SETTINGS;
    const [row] = await db.system.query<{ values: unknown }>(
      'select values from settings where tenant_id = $1 and version = $2',
      [id, version],
    );
    return storedSettings(row?.values);
  });

  /** One transaction: the tenant, its keys, its senders, its feed. A first one that exists already stays as it is. */
  async function make(wanted: NewTenant, source: string, founder?: Founder): Promise<TenantId> {
    const id = newId<TenantId>();
    const data = keyring.create(`${id}/data`);
    const suppression = keyring.create(`${id}/suppression`);
    const now = clock.now();
    await db.system.transaction(async (sql) => {
      const made = await sql.query(
        `insert into tenants (id, name, slack_team_id, country, zone, language, accent, data_key, suppression_key, created_at,
           first_in_team, waits_for)
         values ($1, $2, $3, $4, $5, $6, coalesce($7, '#2563eb'), $8, $9, $10, $11, $12)
         on conflict (slack_team_id) where first_in_team do nothing returning id`,
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
          founder === undefined,
          wanted.waitsFor ?? null,
        ],
      );
      if (made.length === 0) return;
      await sql.query(
        `insert into routes (tenant_id, channel, account_id, place)
         select $1::uuid, channel, id, 100 + row_number() over (partition by channel order by id)
         from accounts where credential_id is null`,
        [id],
      );
      await sql.query('insert into feeds (tenant_id, posted_until) values ($1, 0)', [id]);
      await append(sql, id, now, 'system', [{ type: 'tenant.created', data: { source } }]);
      if (founder) await settle(sql, id, founder, now);
    });
    teams.forget(wanted.slackTeamId);
    return id;
  }

  async function holidaysAround(id: TenantId, years: readonly number[]): Promise<Holiday[]> {
    const tenant = await tenants.get(id);
    const year = clock.now().getUTCFullYear();
    const found = await Promise.all(years.map((offset) => holidays.of(tenant?.country ?? '', year + offset)));
    return found.flat();
  }

  function forget({ id, slackTeamId }: Parameters<Tenants['forget']>[0]): void {
    tenants.forget(id);
    settings.forget(id);
    if (slackTeamId) teams.forget(slackTeamId);
  }

  return {
    byTeam: async (team) => (await teams.get(team))[0],
    ofTeam: teams.get,
    async byId(id) {
      const tenant = await tenants.get(id);
      if (!tenant) throw new Error('no such tenant');
      return tenant;
    },
    async only() {
      const [tenant, another] = await db.system.query<Tenant>(`${SELECT} order by id limit 2`);
      return another ? undefined : tenant;
    },
    async ensure(wanted, source) {
      await make(wanted, source);
      const [tenant] = await teams.get(wanted.slackTeamId);
      if (!tenant) throw new Error('the tenant vanished while it was made');
      return tenant;
    },
    async add(wanted, founder) {
      const id = await make(wanted, 'group', founder);
      const made = (await teams.get(wanted.slackTeamId)).find((tenant) => tenant.id === id);
      if (!made) throw new Error('the tenant vanished while it was made');
      return made;
    },
    forget,
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
    async closedDays(id) {
      const { closedDays, publicHolidays } = (await settings.get(id)).settings;
      if (!publicHolidays) return closedDays;
      // the year before counts too: an answer may be owed since then
      const kept = await holidaysAround(id, [-1, 0, 1]);
      return [...new Set([...closedDays, ...kept.map(({ day }) => day)])].sort();
    },
    async holidays(id, day) {
      const all = await holidaysAround(id, [0, 1]);
      return all.filter((holiday) => holiday.day >= day);
    },
    async count() {
      const [row] = await db.system.query<{ n: number }>('select count(*) as n from tenants');
      return row?.n ?? 0;
    },
  };
}

/** Makes the founder of a new tenant its admin. */
async function settle(sql: Sql, tenantId: TenantId, { slackUserId, name, zone }: Founder, now: Date): Promise<void> {
  const id = newId<StaffId>();
  await sql.query(
    `insert into staff (id, tenant_id, slack_user_id, name, role, zone, created_at, checked_at)
     values ($1, $2, $3, $4, 'admin', $5, $6, clock_timestamp())`,
    [id, tenantId, slackUserId, name, zone, now],
  );
  await sql.query('insert into founders (tenant_id, staff_id) values ($1, $2)', [tenantId, id]);
  await append(sql, tenantId, now, 'system', [
    { type: 'staff.role_changed', data: { staffId: id, from: null, to: 'admin' } },
  ]);
}

/** The settings as they stand, past everything that is remembered, with what the business is known by and its senders. */
export async function latestSettings(tx: Tx): Promise<Versioned> {
  const row = await SettingsRow.findOne({ order: [['version', 'DESC']], ...tx.orm });
  const [business = {}] = await tx.query<Business>('select name, country, zone, language from tenants where id = $1', [
    tx.tenantId,
  ]);
  const senders = await readSenders(tx);
  return { version: row?.version ?? 0, settings: { ...storedSettings(row?.values), business, senders } };
}

/**
 * Makes a business known by something else, with its event; what is planned already keeps its times. The caller holds the
 * lock of the settings.
 */
export async function describeBusiness(
  tx: Tx,
  before: Business,
  after: Business,
  by: StaffId,
  at: Date,
): Promise<void> {
  const { name, country, zone, language } = { ...before, ...after };
  await tx.query('update tenants set name = $2, country = $3, zone = $4, language = $5 where id = $1', [
    tx.tenantId,
    name,
    country,
    zone,
    language,
  ]);
  const moved = (['country', 'zone', 'language'] as const).filter((key) => after[key] !== before[key]);
  const keys = [...(name === before.name ? [] : ['name']), ...moved];
  // the log keeps no names
  const facts = moved.map((key) => ({ key, from: before[key] ?? null, to: after[key] ?? null }));
  await append(tx, tx.tenantId, at, `staff:${by}`, [{ type: 'tenant.described', data: { keys, facts } }]);
  // its days begin at other times
  if (keys.includes('zone')) await request(tx, tx.tenantId, [{ kind: 'figures.recount', key: 'all' }]);
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
  const values = { ...settings, senders: {} };
  await SettingsRow.create({ tenantId: tx.tenantId, version, values, changedBy: by, changedAt: at }, tx.orm);
  if (keys.includes('scoring')) await request(tx, tx.tenantId, [{ kind: 'scores.refresh', key: 'all' }]);
  if (keys.includes('sendHours')) await request(tx, tx.tenantId, [{ kind: 'hours.widened', key: 'all' }]);
  const data = { version, keys, ...(changeId && { changeId }) };
  await append(tx, tx.tenantId, at, `staff:${by}`, [{ type: 'settings.changed', data }]);
}

async function one(sql: Sql, text: string, value: string): Promise<Tenant | undefined> {
  const [row] = await sql.query<Tenant>(text, [value]);
  return row;
}
