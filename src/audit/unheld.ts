import type { Sql } from '../db/index.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Round } from './types.ts';

/** An event that no batch holds. */
export interface Unheld {
  id: number;
  /** A round has passed it by: it was not there when its time was sealed, or has been taken out of its batch. */
  settled: boolean;
}

const PAGE = 50_000;

/** A tenant's events that no batch holds, in the order of their ids. `last` is the last round of sealing. */
export async function* unheldEvents(
  sql: Sql,
  tenant: TenantId,
  last: Round | undefined,
  holds: (id: number) => boolean,
): AsyncGenerator<Unheld> {
  for (let after = 0; ; ) {
    const rows = await sql.query<Unheld>(
      // events_tenant
      `select id, id <= $3 or (xid, id) <= ($4::xid8, $5::bigint) as settled from events
       where tenant_id = $1 and id > $2 order by id limit ${PAGE}`,
      [tenant, after, last?.floor ?? 0, last?.until.xid ?? '0', last?.until.id ?? 0],
    );
    for (const row of rows) if (!holds(row.id)) yield row;
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    after = end.id;
  }
}
