import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { KnownError } from '../lib/errors.ts';
import { HOME } from '../lib/home.ts';
import { type ConnectionSettings, connectOwner } from './connection.ts';
import { describeEmptyTables } from './empty-tables.ts';

const FOLDER = path.join(HOME, 'migrations');

/**
 * Applies the numbered SQL files that are not applied yet, each in its own transaction, as the owner of the database.
 * Several processes may call it at once: an advisory lock lets one do the work. Returns the names applied.
 */
export async function migrate(settings: ConnectionSettings, folder = FOLDER): Promise<string[]> {
  const client = await connectOwner(settings);
  const applied: string[] = [];
  try {
    await client.query('select pg_advisory_lock(7326000)');
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const done = new Set(
      (await client.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name),
    );
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
    for (const file of files) {
      if (done.has(file)) continue;
      const text = await readFile(path.join(folder, file), 'utf8');
      await client.query('begin');
      try {
        await client.query(text);
        await client.query('insert into migrations (name) values ($1)', [file]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw failed(file, error);
      }
      applied.push(file);
    }
    if (applied.length > 0) await describeEmptyTables(client);
  } finally {
    await client.end();
  }
  return applied;
}

/** A login that lacks a right is for whoever made it to mend (PostgreSQL: 42501 insufficient_privilege). */
function failed(file: string, cause: unknown): Error {
  const { message, code } = cause as Error & { code?: string };
  const what = `Migration ${file} failed: ${message}`;
  if (code !== '42501') return new Error(what, { cause });
  const words = `DATABASE_URL: the login must own the database and may create roles (${message}).`;
  return new KnownError('misconfigured', what, words, { cause });
}
