import pg from 'pg';
import { candidateZones } from '../../src/people/index.ts';
import type { House } from './lab.ts';
import { COUNTS, LEADS, MESSAGES, PEOPLE, STAFF, TERMS } from './past-sql.ts';

/*
 * Gives a business two years behind it, by `insert … select`: people with their addresses, leads with the words they are
 * found by, follow-ups, five messages each, who waits for an answer, scores, and the numbers as the counting leaves them
 * (`report_leads`, `report_days`; the counting itself has no part in it). There are no attempts and no events.
 */

/** How many salespeople share the leads. */
export const SELLERS = 100;
export const PAST_DAYS = 730;

const LARGE = [
  ...['persons', 'addresses', 'leads', 'lead_terms', 'enrolments', 'scores', 'conversations'],
  ...['messages', 'report_leads', 'report_days'],
];
/** What makes a load quick: nothing is checked row by row, and there is room to sort. */
const SETTINGS = [
  'session_replication_role = replica',
  'synchronous_commit = off',
  "maintenance_work_mem = '512MB'",
  "work_mem = '256MB'",
];

/** A business's past; `leads` of them, the newest captured today. */
export async function createPast(house: House, leads: number): Promise<void> {
  const { settings, tenant, clock } = house;
  // loading is the server's own work: no rows are checked against each other, and every index is built once at the end
  const client = new pg.Client({ ...settings, user: 'postgres' });
  await client.connect();
  try {
    for (const setting of SETTINGS) await client.query(`set ${setting}`);
    await client.query("select set_config('bench.tenant', $1, false), set_config('bench.now', $2, false)", [
      tenant.id,
      clock.now().toISOString(),
    ]);
    const place = JSON.stringify(candidateZones({ phone: '+46700000000', country: 'SE' }));
    await client.query(STAFF(SELLERS));
    await client.query(`create unlogged table bench_past as ${PEOPLE(leads, PAST_DAYS, SELLERS)}`);
    await withoutIndexes(client, LARGE, async () => {
      for (const statement of [...LEADS(place), TERMS, ...MESSAGES, ...COUNTS]) await client.query(statement);
    });
    await client.query('drop table bench_past, bench_counts');
  } finally {
    await client.end();
  }
  await house.tidy('analyse');
}

/** Takes the indexes off these tables that no foreign key stands on, and builds them again after the work. */
async function withoutIndexes(client: pg.Client, tables: string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ drop: string; create: string }>(
    `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as create from pg_index
     where indrelid = any($1::regclass[]) and not exists (select from pg_constraint where conindid = indexrelid)
     union all
     select format('alter table %s drop constraint %I', conrelid::regclass, conname),
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint c where conrelid = any($1::regclass[]) and contype = 'p'
       and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)`,
    [tables],
  );
  for (const { drop } of rows) await client.query(drop);
  await work();
  for (const { create } of rows) await client.query(create);
}
