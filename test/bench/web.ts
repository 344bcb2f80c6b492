/**
 * The web role of the product in a process of its own, configured by the environment, with one more route beside it:
 * `POST /bench/floor` stores the body by one bare insert. Prints its port in one line; ends on SIGTERM.
 */
import express from 'express';
import pg from 'pg';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';

const config = readConfig(process.env);
const { databaseUrl, masterKeys, slack, twilio } = config;
if (!databaseUrl || !masterKeys || !slack || !twilio) throw new Error('the environment is not complete');

// as many connections as the product's own pool of the application role
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
await pool.query('create table if not exists bench_floor (id uuid primary key, body bytea not null)');

const floor = express.Router();
floor.post('/bench/floor', express.raw({ type: () => true }), async (request, response) => {
  await pool.query({
    name: 'floor',
    text: 'insert into bench_floor (id, body) values ($1, $2)',
    values: [newId(), request.body],
  });
  response.end();
});

const app = await startApp({
  config,
  role: 'web',
  settings: { connectionString: databaseUrl },
  masterKeys,
  clock: createClock(),
  log: createLogger(config.logLevel),
  slack,
  twilio,
  sandbox: true,
  sandboxPage: () => ({ routes: floor, stop: () => {} }),
});
process.stdout.write(`${app.port}\n`);
process.once('SIGTERM', () => {
  void Promise.all([app.stop(), pool.end()]).then(() => process.exit(0));
});
