import type { Database, Sql } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import { newId, type StaffId, type TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import { open, seal } from '../lib/secrets.ts';
import type { Tenants } from './tenants.ts';

/** A tenant's access to a gateway, opened. What is in `secrets` is the vendor's business. */
export interface Credential {
  id: string;
  tenantId: TenantId;
  vendor: string;
  /** The account at the gateway, as its webhooks name it. */
  gatewayAccount: string;
  /** Counts up when it is given anew. */
  version: number;
  secrets: Record<string, string>;
}

/** Access to a gateway, as it is given. */
export type GatewayAccess = Pick<Credential, 'vendor' | 'gatewayAccount' | 'secrets'>;

export interface Credentials {
  /** Undefined when it was taken away. At most a second old. */
  byId(id: string): Promise<Credential | undefined>;
  /** Everybody's access to one account at a gateway: a webhook is good when one of them signed it. */
  ofAccount(vendor: string, gatewayAccount: string): Promise<Credential[]>;
  /** Keeps it, in the caller's transaction across tenants; given anew it replaces what was there. */
  keep(
    sql: Sql,
    by: { tenantId: TenantId; staffId: StaffId },
    given: GatewayAccess,
  ): Promise<{ id: string; renewed: boolean }>;
  forget(id: string): void;
}

const FRESH_MS = 1000;

const placeOf = (row: { tenantId: string; id: string }) => `${row.tenantId}/${row.id}/credential`;

type Row = Omit<Credential, 'secrets'> & { sealed: Buffer };
const FIELDS = `id, tenant_id as "tenantId", vendor, gateway_account as "gatewayAccount", version, sealed`;

export function createCredentials(deps: { db: Database; clock: Clock; tenants: Pick<Tenants, 'keys'> }): Credentials {
  const { db, clock, tenants } = deps;

  async function opened({ sealed, ...row }: Row): Promise<Credential> {
    const { data } = await tenants.keys(row.tenantId);
    return { ...row, secrets: JSON.parse(open(data, placeOf(row), sealed).toString()) as Record<string, string> };
  }

  const known = memo(clock, FRESH_MS, async (id: string) => {
    const [row] = await db.system.query<Row>(`select ${FIELDS} from credentials where id = $1`, [id]);
    return row && opened(row);
  });

  const accounts = memo(clock, FRESH_MS, async (key: string) => {
    const [vendor, account] = JSON.parse(key) as [string, string];
    const rows = await db.system.query<Row>(
      // credentials_account
      `select ${FIELDS} from credentials where vendor = $1 and gateway_account = $2`,
      [vendor, account],
    );
    return Promise.all(rows.map(opened));
  });

  return {
    byId: known.get,
    ofAccount: (vendor, account) => accounts.get(JSON.stringify([vendor, account])),
    async keep(sql, { tenantId, staffId }, { vendor, gatewayAccount, secrets }) {
      const { data } = await tenants.keys(tenantId);
      // the row is made or locked first: what is sealed is bound to its id
      const [row] = await sql.query<{ id: string; isNew: boolean }>(
        `insert into credentials (id, tenant_id, vendor, gateway_account, sealed, changed_at, changed_by)
         values ($1, $2, $3, $4, '', $5, $6)
         on conflict (tenant_id, vendor, gateway_account) do update
           set version = credentials.version + 1, changed_at = $5, changed_by = $6
         returning id, version = 1 as "isNew"`,
        [newId(), tenantId, vendor, gatewayAccount, clock.now(), staffId],
      );
      if (!row) throw new Error('credentials were not kept');
      const sealed = seal(data, placeOf({ tenantId, id: row.id }), JSON.stringify(secrets));
      await sql.query('update credentials set sealed = $2 where id = $1', [row.id, sealed]);
      accounts.forget(JSON.stringify([vendor, gatewayAccount]));
      return { id: row.id, renewed: !row.isNew };
    },
    forget: known.forget,
  };
}
