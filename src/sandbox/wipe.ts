import pg from 'pg';

/** Drops a database of the embedded server and creates it again, empty. Its owner may (it was made with `createdb`). */
export async function wipe(settings: { host: string; user: string; database: string }): Promise<void> {
  const { database } = settings;
  const client = new pg.Client({ ...settings, database: 'postgres' });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`);
    await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
