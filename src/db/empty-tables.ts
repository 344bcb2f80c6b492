import type pg from 'pg';

/*
 * What the planner is told of tables that nobody has analysed yet. It knows nothing of them, so an index that begins with
 * the tenant looks as good as the one that finds a single row, and the newest one is taken. Connections keep such plans,
 * those of foreign keys too, until autovacuum comes by a minute later; a first import would be over by then.
 */

/**
 * Says of every tenant's table without statistics that its rows are of one tenant, until ANALYZE finds out how it is. As
 * the owner of the tables. Does nothing before PostgreSQL 18, which cannot be told.
 */
export async function describeEmptyTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ able: boolean }>(
    "select current_setting('server_version_num')::int >= 180000 as able",
  );
  if (!rows[0]?.able) return;
  await client.query(
    `select pg_restore_attribute_stats('schemaname', n.nspname::text, 'relname', c.relname::text, 'attname', 'tenant_id',
       'inherited', false, 'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real)
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype
     where c.relkind = 'r' and c.reltuples < 0 and pg_get_userbyid(c.relowner) = current_user`,
  );
}
