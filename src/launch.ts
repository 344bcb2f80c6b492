import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Role } from './app.ts';
import { auditKeyOf } from './audit-key.ts';
import { type Config, ConfigError } from './config.ts';
import {
  archivingInto,
  type ConnectionSettings,
  migrate,
  NOT_ARCHIVING,
  startEmbedded,
  takeFolder,
} from './db/index.ts';
import type { Logger } from './lib/logger.ts';
import { createKeyring } from './lib/secrets.ts';
import { type Product, startProduct } from './product.ts';
import type { StandIns } from './sandbox/demo.ts';
import { wipe } from './sandbox/wipe.ts';

/* A configured start: the database, its migrations, then one process of the product by its role. */

type OwnDatabase = Extract<ConnectionSettings, { database: string }>;

/**
 * Starts what `command` asks for and returns what to tell about it; undefined when there is nothing left running. What
 * has to be closed is added to `closers`, what is started last at the end.
 */
export async function launch(
  command: Role | 'migrate',
  config: Config,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<string | undefined> {
  const settings = await database(config, log, closers);
  const applied = await migrate(settings);
  if (applied.length > 0) log.info({ migrations: applied }, 'database migrated');
  if (command === 'migrate') return undefined;
  requireCredentials(command, config);
  const standIns = await run(command, config, settings, log, closers);
  return `LeadRescue is running: ${config.publicUrl}${demoWords(standIns)}`;
}

/** Starts the product. A demo on its own database can be wiped: all of it is stopped, and another one is started. */
async function run(
  role: Role,
  config: Config,
  settings: ConnectionSettings,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<StandIns> {
  let product: Product | undefined;
  let resetting: Promise<void> | undefined;
  let closing = false;

  const start = async () => {
    const masterKeys = config.masterKeys ?? generatedKey(config);
    const keys = { masterKeys, auditKey: auditKeyOf(config) };
    product = await startProduct({ config, role, settings, ...keys, log, ...(isOurs(settings) && { reset }) });
    return product;
  };
  const stop = async () => {
    const stopping = product;
    product = undefined;
    await stopping?.stop();
  };

  async function startAnew(database: OwnDatabase): Promise<void> {
    await stop();
    if (closing) return;
    await wipe(database);
    await migrate(database);
    if (!closing) await start();
  }

  function reset(): void {
    if (closing || !isOurs(settings)) return;
    // pressed twice is pressed once
    resetting ??= startAnew(settings)
      .catch((error) => {
        log.error({ err: error }, 'the demo could not be started again');
        process.exitCode = 1;
        process.kill(process.pid, 'SIGTERM');
      })
      .finally(() => {
        resetting = undefined;
      });
  }

  closers.push(async () => {
    closing = true;
    await resetting;
    await stop();
  });
  return (await start()).standIns;
}

/** Of the embedded server: nobody else has anything in it. */
function isOurs(settings: ConnectionSettings): settings is OwnDatabase {
  return 'database' in settings;
}

/** Which services are not the real ones. */
function demoWords({ slack, twilio, mail }: StandIns): string {
  if (slack && twilio) return `  (demo: Slack${mail ? ', Twilio and the mail server' : ' and Twilio'} are stand-ins)`;
  return slack ? '  (Slack is a stand-in)' : twilio ? '  (Twilio is a stand-in)' : '';
}

/** The embedded server, or the one that DATABASE_URL names. */
async function database(config: Config, log: Logger, closers: (() => Promise<void>)[]): Promise<ConnectionSettings> {
  if (config.databaseUrl) return { connectionString: config.databaseUrl };
  const archive = config.backupDir === undefined ? undefined : await archiveOf(config, config.backupDir, log);
  // begun first, so that it ends last: a server that stops hands over what it wrote until then
  if (archive) closers.push(archive.begin());
  const settings = archive?.settings ?? NOT_ARCHIVING;
  const server = await startEmbedded(path.join(dataFolder(config), 'postgres'), undefined, settings);
  closers.push(server.stop);
  return server.connection('leadrescue');
}

/** Keeps the write-ahead log of the embedded server in `dir`. Loaded where it is wanted only. */
async function archiveOf(config: Config, dir: string, log: Logger) {
  const { createArchive, openFolder } = await import('./backup/index.ts');
  const { folder: spool } = takeFolder(path.join(dataFolder(config), 'wal'));
  const keyring = createKeyring(config.masterKeys ?? generatedKey(config));
  const archive = createArchive({ spool, folder: openFolder(path.resolve(dir), keyring), log });
  const begin = () => {
    archive.start();
    return archive.stop;
  };
  return { settings: archivingInto(spool), begin };
}

/** Stand-ins live inside one process, so separate web and worker processes need the real services. */
function requireCredentials(command: Role, config: Config): void {
  if (command === 'all') return;
  const problems = [];
  if (!config.slack)
    problems.push(
      `SLACK_BOT_TOKEN is missing: the role "${command}" shares Slack with other processes, a stand-in cannot.`,
    );
  if (!config.twilio)
    problems.push(
      `TWILIO_ACCOUNT_SID is missing: the role "${command}" shares Twilio with other processes, a stand-in cannot.`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The folder of what is kept here, made when it is not there. */
function dataFolder({ dataDir }: Config): string {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    return dataDir;
  } catch (error) {
    throw new ConfigError([`DATA_DIR: ${dataDir} cannot be used (${(error as Error).message}).`]);
  }
}

/** Outside production a master key is made once and kept beside the data. */
function generatedKey(config: Config): string {
  const file = path.join(dataFolder(config), 'master.key');
  if (!existsSync(file)) {
    writeFileSync(file, `dev:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
