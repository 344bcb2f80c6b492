import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import pg from 'pg';
import { newFolder } from '../support/build.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { type Carrier, startCarrier } from './carrier.ts';
import { type Build, build, type Environment, type Product } from './product.ts';
import { type Slack, startSlack } from './slack-people.ts';
import type { Entry } from './slack-words.ts';

/** People of the workspace: three members, a guest, somebody from another company. */
export const ANDERS = 'U0ANDERS';
export const SOFIA = 'U0SOFIA';
export const ERIK = 'U0ERIK';
export const MARIA = 'U0MARIA';
export const GUEST = 'U0GUEST';
export const STRANGER = 'U0STRANGER';
export const PEOPLE = [
  { id: ANDERS, name: 'Anders Berg' },
  { id: SOFIA, name: 'Sofia Lindqvist' },
  { id: ERIK, name: 'Erik Holm' },
  { id: MARIA, name: 'Maria Nyström' },
  { id: GUEST, name: 'Gustav Gäst', guest: true },
  { id: STRANGER, name: 'Stina Sund', team: 'T0OTHER' },
];

/** A dealership that runs LeadRescue: the product with its own database, Slack and Twilio. */
export interface Shop {
  readonly slack: Slack;
  readonly carrier: Carrier;
  readonly env: Environment;
  readonly build: Build;
  readonly dataDir: string;
  product: Product;
  /** Turns the business clock by an ISO 8601 duration; returns the time. */
  turn(duration: string): Promise<Date>;
  /** Turns it to the next Monday, 10:30 in Stockholm (11:30 in summer). */
  toMonday(): Promise<void>;
  /** Logs a drive with the form; what is not given is a valid customer. Throws when there are errors. */
  drive(user: string, entries: Record<string, Entry>): Promise<void>;
  /** SQL as the database's superuser, past every policy. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Every row of every table as text, bytes in hex. */
  everything(): Promise<string>;
  close(): Promise<void>;
}

const CUSTOMER = { Customer: 'Anna Karlsson', Mobile: '+46 70 174 06 50', Car: 'BMW X5', Consent: true };

/** A URL for a server that listens on a socket only. */
export function urlOf({ host, database }: { host: string; database: string }, user = 'leadrescue'): string {
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}`;
}

/** Opens a shop; `change` prepares Slack before the start and gives what is to be different in the environment. */
export async function openShop(change: (slack: Slack) => Environment = () => ({})): Promise<Shop> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const database: TestDatabase = await freshDatabase();
  const slack = await startSlack(PEOPLE, () => `${origin}/slack/events`);
  const carrier = await startCarrier(() => origin);
  const dataDir = newFolder('data');
  const env: Environment = {
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: urlOf(database.settings),
    MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'trace',
    SLACK_SIGNING_SECRET: slack.secret,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.url,
    TWILIO_ACCOUNT_SID: carrier.accountSid,
    TWILIO_AUTH_TOKEN: carrier.authToken,
    TWILIO_SMS_FROM: carrier.smsFrom,
    TWILIO_WHATSAPP_FROM: carrier.whatsappFrom,
    TWILIO_API_URL: carrier.url,
    ...change(slack),
  };
  const made = await build();
  const admin = new pg.Client({ host: database.settings.host, user: 'postgres', database: database.settings.database });
  await admin.connect();
  admin.on('error', () => {});

  const shop: Shop = {
    slack,
    carrier,
    env,
    build: made,
    dataDir,
    product: await made.start(env).catch(async (error) => {
      await Promise.all([slack.stop(), carrier.stop(), admin.end()]);
      made.remove();
      await database.drop();
      throw error;
    }),
    async turn(advance) {
      const response = await fetch(`${origin}/sandbox/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance }),
      });
      if (!response.ok) throw new Error(`the clock answered ${response.status}: ${await response.text()}`);
      const { now } = (await response.json()) as { now: string };
      await carrier.quiet();
      return new Date(now);
    },
    async toMonday() {
      const now = await shop.turn('PT0S');
      const target = new Date(now);
      target.setUTCHours(9, 30, 0, 0);
      while (target <= now || target.getUTCDay() !== 1) target.setUTCDate(target.getUTCDate() + 1);
      await shop.turn(`PT${Math.ceil((target.getTime() - now.getTime()) / 1000)}S`);
    },
    async drive(user, entries) {
      const { opened } = await slack.slash(user, '/drive');
      const { errors } = await slack.submit(user, { ...CUSTOMER, ...entries }, await opened());
      if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
    },
    sql: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await admin.query<Row>(text, values)).rows,
    async everything() {
      const tables = await shop.sql<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const lines: string[] = [];
      for (const { name } of tables) {
        const rows = await shop.sql<{ row: string }>(`select t::text as row from ${name} t`);
        lines.push(...rows.map(({ row }) => `${name} ${row}`));
      }
      return lines.join('\n');
    },
    async close() {
      const { output } = await shop.product.end('SIGTERM');
      await Promise.all([slack.stop(), carrier.stop(), admin.end()]);
      made.remove();
      rmSync(dataDir, { recursive: true, force: true });
      await database.drop();
      const personal = personalIn(output);
      if (personal.length > 0) throw new Error(`the log names somebody or tells a secret:\n${personal.join('\n')}`);
    },
  };

  /** Lines of the log with a name, a number, a mailbox, words of a message, a link or a token in them. */
  function personalIn(output: string): string[] {
    const names = PEOPLE.flatMap(({ name }) => name.split(' '));
    const secrets = [
      slack.token,
      slack.appToken,
      slack.secret,
      carrier.authToken,
      carrier.accountSid,
      env.MASTER_KEYS ?? '',
    ];
    const words = [
      ...names,
      ...secrets,
      ...carrier.sent.flatMap(({ to, body }) => [to, to.slice(3), body.slice(0, 40)]),
    ];
    const lines = output.split('\n').filter((line) => line.startsWith('{'));
    const marks = /@example|BMW|STOPP?\b|\/[ou]\/[\w-]{8}|\/terms\/[\w-]{8}/;
    return lines
      .filter((line) => marks.test(line) || words.some((word) => word !== '' && line.includes(word)))
      .slice(0, 5);
  }

  return shop;
}
