import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { newId, type TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import { mappingSchema, type SourceKind, type SourceMapping } from './source-mapping.ts';
import { demand, type Staff } from './staff.ts';
import type { Tenants } from './tenants.ts';

/** Where leads of an ad or another system come from. */
export interface LeadSource {
  id: string;
  tenantId: TenantId;
  kind: SourceKind;
  name: string;
  /** How its webhooks name it; empty where they carry a key instead. */
  account: string;
  playbook: string;
  mapping: SourceMapping;
  /** Names of their fields, as they came last. */
  seen: string[];
  createdAt: Date;
  /** The last lead, and the last test lead. */
  usedAt: Date | null;
  testedAt: Date | null;
}

export interface NewSource {
  kind: SourceKind;
  name: string;
  playbook: string;
  /** Proven to be the tenant's by whoever makes the source of it; empty: it is known by a key. */
  account: string;
  /** What fetching a lead needs. */
  secrets: Record<string, string>;
}

/** The lead sources of tenants, and how their webhooks are known. */
export interface LeadSourceBook {
  /**
   * Connects a source. Where it has no account its key is told this once, and only its hash is kept. An account that the
   * tenant has connected before gets the new access; one that another tenant has is a conflict.
   */
  connect(staff: Staff, source: NewSource): Promise<{ source: LeadSource; key: string | undefined }>;
  remove(staff: Staff, id: string): Promise<void>;
  map(staff: Staff, id: string, to: { mapping: SourceMapping; playbook: string }): Promise<LeadSource>;
  list(tenantId: TenantId): Promise<LeadSource[]>;
  byId(id: string): Promise<LeadSource | undefined>;
  byKey(kind: SourceKind, key: string): Promise<LeadSource | undefined>;
  byAccount(kind: SourceKind, account: string): Promise<LeadSource | undefined>;
  secretsOf(id: string): Promise<Record<string, string>>;
  /** Notes what came: the names of its fields, and that it was a lead or a test. */
  saw(id: string, what: 'lead' | 'test', fields: readonly string[]): Promise<void>;
}

const PREFIX = 'lrs_';
const MAX_SOURCES = 50;
const MAX_SEEN = 60;

const COLUMNS = `id, tenant_id as "tenantId", kind, name, account, playbook, mapping, seen, created_at as "createdAt",
  used_at as "usedAt", tested_at as "testedAt"`;

/** A key has 192 random bits, so that a plain hash of it cannot be guessed back. */
const hashOf = (key: string) => createHash('sha256').update(key).digest();

const placeOf = (tenantId: string, id: string) => `${tenantId}/${id}/lead-source`;

type Row = Omit<LeadSource, 'mapping'> & { mapping: unknown };
const sourceOf = (row: Row): LeadSource => ({ ...row, mapping: mappingSchema.parse(row.mapping) });

export function createLeadSources(deps: {
  db: Database;
  clock: Clock;
  tenants: Pick<Tenants, 'keys'>;
}): LeadSourceBook {
  const { db, clock, tenants } = deps;

  /** Whose it is nobody knows before: across tenants. */
  async function one(where: string, values: unknown[]): Promise<LeadSource | undefined> {
    const [row] = await db.system.query<Row>(
      `select ${COLUMNS} from lead_sources where revoked_at is null and ${where}`,
      values,
    );
    return row && sourceOf(row);
  }
  const byAccount = (kind: SourceKind, account: string) =>
    one(`kind = $1 and account = $2 and account <> ''`, [kind, account]); // lead_sources_account

  return {
    async connect(staff, { kind, name, playbook, account, secrets }) {
      demand(staff, 'settings.change');
      const before = account === '' ? undefined : await byAccount(kind, account);
      if (before && before.tenantId !== staff.tenantId) throw taken();
      const { data } = await tenants.keys(staff.tenantId);
      const id = before?.id ?? newId();
      const key = account === '' ? PREFIX + randomBytes(24).toString('base64url') : undefined;
      const sealed = seal(data, placeOf(staff.tenantId, id), JSON.stringify(secrets));
      const now = clock.now();
      const source = await db.inTenant(staff.tenantId, async (tx) => {
        await tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]);
        const [count] = await tx.query<{ n: number }>(
          'select count(*) as n from lead_sources where tenant_id = $1 and revoked_at is null', // lead_sources_tenant
          [tx.tenantId],
        );
        if (!before && (count?.n ?? 0) >= MAX_SOURCES) {
          const message = `There are ${MAX_SOURCES} lead sources already. Remove one first.`;
          throw new KnownError('conflict', 'too many lead sources', message);
        }
        const values = [id, tx.tenantId, kind, name, account, key === undefined ? null : hashOf(key)];
        // who was first has the account: another tenant's row cannot be seen here, but its place in the index is taken
        const [row] = await tx.query<Row>(
          `insert into lead_sources (id, tenant_id, kind, name, account, key_hash, sealed, playbook, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict ${before ? '(id) do update set name = $4, sealed = $7, playbook = $8' : 'do nothing'}
           returning ${COLUMNS}`,
          [...values, sealed, playbook, staff.id, now],
        );
        if (!row) throw taken();
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [
          { type: 'source.connected', data: { sourceId: id, kind, playbook } },
        ]);
        return sourceOf(row);
      });
      return { source, key };
    },
    async remove(staff, id) {
      demand(staff, 'settings.change');
      const now = clock.now();
      await db.inTenant(staff.tenantId, async (tx) => {
        const removed = await tx.query(
          `update lead_sources set revoked_at = $2, sealed = null where id = $1 and revoked_at is null returning id`,
          [id, now],
        );
        if (removed.length === 0) throw gone();
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'source.removed', data: { sourceId: id } }]);
      });
    },
    async map(staff, id, { mapping, playbook }) {
      demand(staff, 'settings.change');
      return db.inTenant(staff.tenantId, async (tx) => {
        const [row] = await tx.query<Row>(
          `update lead_sources set mapping = $2, playbook = $3 where id = $1 and revoked_at is null returning ${COLUMNS}`,
          [id, JSON.stringify(mappingSchema.parse(mapping)), playbook],
        );
        if (!row) throw gone();
        const fields = [...Object.keys(mapping.fields), ...(mapping.consent ? ['consent'] : [])];
        await append(tx, tx.tenantId, clock.now(), `staff:${staff.id}`, [
          { type: 'source.mapped', data: { sourceId: id, fields } },
        ]);
        return sourceOf(row);
      });
    },
    list: (tenantId) =>
      db.inTenant(tenantId, async (tx) => {
        const rows = await tx.query<Row>(
          // lead_sources_tenant
          `select ${COLUMNS} from lead_sources where tenant_id = $1 and revoked_at is null order by created_at, id`,
          [tenantId],
        );
        return rows.map(sourceOf);
      }),
    byId: (id) => one('id = $1', [id]),
    byKey: async (kind, key) =>
      key.startsWith(PREFIX) && key.length <= 100 ? one('kind = $1 and key_hash = $2', [kind, hashOf(key)]) : undefined,
    byAccount,
    async secretsOf(id) {
      const [row] = await db.system.query<{ tenantId: TenantId; sealed: Buffer | null }>(
        'select tenant_id as "tenantId", sealed from lead_sources where id = $1',
        [id],
      );
      if (!row?.sealed) return {};
      const { data } = await tenants.keys(row.tenantId);
      return JSON.parse(open(data, placeOf(row.tenantId, id), row.sealed).toString('utf8')) as Record<string, string>;
    },
    async saw(id, what, fields) {
      await db.system.query(
        `update lead_sources set ${what === 'test' ? 'tested_at' : 'used_at'} = $2,
           seen = case when $3::text[] = '{}' then seen else $3::text[] end where id = $1`,
        [id, clock.now(), fields.slice(0, MAX_SEEN)],
      );
    },
  };
}

const gone = (): KnownError =>
  new KnownError('not_found', 'no such lead source', 'That lead source does not exist (any more).');
const taken = (): KnownError =>
  new KnownError(
    'conflict',
    'lead source taken',
    'Another business here has connected this account. It has to remove it there first.',
  );
