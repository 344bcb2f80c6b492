import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

/*
 * A new installation's tables are empty when its first statements are planned, and connections keep those plans while the
 * first leads come in. So they must be good for full tables, too.
 */

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  owner = new pg.Client(database.settings);
  await owner.connect();
  await owner.query('set plan_cache_mode = force_generic_plan');
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

let prepared = 0;

/** The lines of the plan that a connection keeps of a statement. */
async function planOf(text: string): Promise<string[]> {
  const name = `plan_${++prepared}`;
  await owner.query(`prepare ${name} as ${text}`);
  const values = Array.from(new Set(text.match(/\$\d+/g)), () => 'null');
  const { rows } = await owner.query<{ line: string }>(`explain execute ${name}(${values.join(', ')})`);
  return rows.map((row) => Object.values(row).join('').trim());
}

test('a foreign key is looked up by all of its columns', async () => {
  const { rows: keys } = await owner.query<{ parent: string; columns: string[] }>(
    `select distinct confrelid::regclass::text as parent, array(select attname::text from pg_attribute
       where attrelid = confrelid and attnum = any(confkey) order by attnum) as columns
     from pg_constraint where contype = 'f'`,
  );
  expect(keys.filter(({ columns }) => columns.includes('tenant_id')).length).toBeGreaterThan(2);
  for (const { parent, columns } of keys) {
    const where = columns.map((column, n) => `${column} = $${n + 1}`).join(' and ');
    const plan = await planOf(`select 1 from only ${parent} x where ${where} for key share of x`);
    const condition = plan.find((line) => line.startsWith('Index Cond:')) ?? plan.join('\n');
    for (const column of columns) expect(`${parent}: ${condition}`).toContain(`${column} = `);
  }
});

test.each([
  ['the same enquiry', 'select id from leads where tenant_id = $1 and source = $2 and source_key = $3', 'source_key'],
  ['the leads of a person', 'select id from leads where tenant_id = $1 and person_id = $2', 'person_id'],
  ['leads of a day', 'select id from leads where tenant_id = $1 and captured_at between $2 and $3', 'captured_at'],
  ['the messages of a person', 'select id from messages where tenant_id = $1 and person_id = $2', 'person_id'],
])('%s: by more than the tenant', async (_what, text, column) => {
  const plan = await planOf(text);
  expect(plan.find((line) => line.startsWith('Index Cond:')) ?? plan.join('\n')).toContain(column);
});
