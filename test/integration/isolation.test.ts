import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { TenantId } from '../../src/lib/ids.ts';
import type { Staff, Tenant } from '../../src/tenants/index.ts';
import { one } from '../support/facts.ts';
import { openWorld, type World } from '../support/world.ts';

/** Tables of the platform: read by `db.system` alone, or with nothing in them that is one business's own. */
const PLATFORM = [
  ...['account_health', 'accounts', 'agenda_jobs', 'installation', 'migrations', 'platform_keys'],
  ...['report_generations', 'restores', 'sandbox_state', 'seal_rounds', 'webhook_log', 'workspaces'],
];

describe('tenants', () => {
  let world: World;
  let other: Tenant;
  let sofia: Staff;
  beforeAll(async () => {
    world = await openWorld();
    sofia = await world.hire('Sofia Lind', 'salesperson');
    await world.drive(sofia);
    await world.settle();
    other = await world.rooms.tenants.ensure(
      { name: 'Elsewhere', slackTeamId: 'T0ELSE', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
      'test',
    );
  });
  afterAll(() => world.close());

  async function tablesWithTenants(): Promise<string[]> {
    const rows = await world.database.db.system.query<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
    );
    return rows.map((row) => row.name);
  }

  const count = (tenant: TenantId, table: string) =>
    world.database.db.inTenant(
      tenant,
      async (tx) => (await tx.query<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n,
    );

  test('every table with a tenant is under forced row-level security', async () => {
    const tables = await tablesWithTenants();
    expect(tables.length).toBeGreaterThan(15);
    const unforced = await world.database.db.system.query<{ relname: string }>(
      `select relname from pg_class where relname = any($1::text[]) and not (relrowsecurity and relforcerowsecurity)`,
      [[...tables, 'tenants']],
    );
    expect(unforced).toEqual([]);
  });

  test('a new table without a tenant, or without the policy, is named', async () => {
    const unguarded = `select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all($1::text[])
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = any('{tenant_id,id}'))
          and exists (select from pg_policies p where p.tablename = c.relname and p.qual like '%app.tenant_id%'
            and coalesce(p.with_check, p.qual) like '%app.tenant_id%'))
      order by 1`;
    const owner = new pg.Client({ ...world.database.settings, user: 'postgres' });
    await owner.connect();
    try {
      const names = async () =>
        (await owner.query<{ name: string }>(unguarded, [PLATFORM])).rows.map(({ name }) => name);
      expect(await names()).toEqual([]);
      await owner.query(`begin; create table bare (n int); create table half (tenant_id uuid);
        alter table half enable row level security; alter table half force row level security`);
      expect(await names()).toEqual(['bare', 'half']);
    } finally {
      await owner.query('rollback');
      await owner.end();
    }
  });

  test('no table shows another tenant a row', async () => {
    for (const table of await tablesWithTenants()) {
      const mine = await one<number>(world, `select count(*) as value from ${table} where tenant_id = $1`, [other.id]);
      expect([table, await count(other.id, table)]).toEqual([table, mine]);
    }
    expect(await count(world.tenant.id, 'leads')).toBe(1);
    expect(await count(other.id, 'leads')).toBe(0);
  });

  test('without a tenant there are no rows, and none can be written for somebody else', async () => {
    const write = world.database.db.inTenant(other.id, (tx) =>
      tx.query(`insert into effects (tenant_id, kind, key) values ($1, 'card.refresh', 'x')`, [world.tenant.id]),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  test('the application can neither change nor remove events, nor become the owner', async () => {
    for (const statement of ["update events set type = 'x'", 'delete from events', 'truncate events']) {
      await expect(world.database.db.inTenant(world.tenant.id, (tx) => tx.query(statement))).rejects.toThrow(
        /permission denied/,
      );
      await expect(world.database.db.system.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  test('events carry no name, number or word of a customer', async () => {
    const rows = await world.database.db.system.query<{ text: string }>('select events::text as text from events');
    const all = rows.map((row) => row.text).join('\n');
    for (const secret of ['Anna', 'Karlsson', '701234567', 'BMW']) expect(all).not.toContain(secret);
  });

  test('a salesperson sees own leads only, a manager all', async () => {
    const erik = await world.hire('Erik Holm', 'salesperson');
    const maria = await world.hire('Maria Nyström', 'manager');
    const leadId = await one<never>(world, 'select id as value from leads');
    if (!leadId) throw new Error('no lead');
    await expect(world.rooms.desk.lead(erik, leadId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(world.rooms.desk.pause(erik, leadId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.rooms.desk.lead(sofia, leadId)).toMatchObject({ name: 'Anna Karlsson' });
    expect(await world.rooms.desk.lead(maria, leadId)).toMatchObject({ name: 'Anna Karlsson' });
    await expect(world.rooms.desk.lead({ ...maria, tenantId: other.id }, leadId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('bodies, photos and webhooks are not readable in the database', async () => {
    await world.twilio.customerSends({
      from: '+46701234567',
      to: '+46700000001',
      channel: 'sms',
      body: 'hemlig fråga',
    });
    const rows = await world.database.db.system.query<{ text: string }>(
      `select encode(body, 'escape') as text from messages where body is not null
       union all select encode(body, 'escape') from webhook_log`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) {
      expect(row.text).not.toContain('hemlig');
      expect(row.text).not.toContain('Nordic');
    }
  });
});
