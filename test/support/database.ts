import pg from 'pg';
import { type Database, openDatabase } from '../../src/db/index.ts';

let serial = 0;

export interface TestDatabase {
  db: Database;
  settings: { host: string; user: string; database: string };
  /** Closes everything and drops the database. */
  drop(): Promise<void>;
}

async function asAdmin(sql: string, user?: 'postgres'): Promise<void> {
  const template = JSON.parse(process.env.TEST_PG ?? '{}') as TestDatabase['settings'];
  const client = new pg.Client({ ...template, ...(user && { user }), database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own for one test file, cloned from the migrated template. */
export async function freshDatabase(): Promise<TestDatabase> {
  const template = JSON.parse(process.env.TEST_PG ?? '{}') as TestDatabase['settings'];
  const name = `t_${process.env.JEST_WORKER_ID ?? 0}_${process.pid}_${serial++}`;
  await asAdmin(`create database "${name}" template template_leadrescue strategy file_copy`);
  const settings = { ...template, database: name };
  const db = await openDatabase({ settings, strict: true });
  return {
    db,
    settings,
    drop: async () => {
      await db.close();
      // an autovacuum worker may be at it, and only a superuser may end that
      await asAdmin(`drop database "${name}" with (force)`, 'postgres');
    },
  };
}
