import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Role } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type ConnectionSettings, migrate, startEmbedded } from './db/index.ts';
import { isKnown } from './lib/errors.ts';
import { createLogger, type Logger } from './lib/logger.ts';
import { type Product, startProduct } from './product.ts';
import type { StandIns } from './sandbox/demo.ts';
import { wipe } from './sandbox/wipe.ts';

/*
 * The composition root: configuration, database, then one process of the product by its role. What is started last is
 * stopped first.
 */

const COMMANDS = ['all', 'web', 'worker', 'migrate'] as const;
type Command = (typeof COMMANDS)[number];

type OwnDatabase = Extract<ConnectionSettings, { database: string }>;

/** After this the process ends whatever is still open. */
const DRAIN_MS = 9500;

async function main(): Promise<void> {
  const command = (process.argv[2] ?? 'all') as Command;
  if (!COMMANDS.includes(command))
    throw new ConfigError([`"${command}" is not a role. Use one of: ${COMMANDS.join(', ')}.`]);
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  onSignal(log, close);
  try {
    const settings = await database(config, closers);
    const applied = await migrate(settings);
    if (applied.length > 0) log.info({ migrations: applied }, 'database migrated');
    if (command === 'migrate') return await close();
    requireCredentials(command, config);
    const standIns = await run(command, config, settings, log, closers);
    process.stdout.write(`LeadRescue is running: ${config.publicUrl}${demoWords(standIns)}\n`);
  } catch (error) {
    await close();
    throw error;
  }
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
    product = await startProduct({ config, role, settings, masterKeys, log, ...(isOurs(settings) && { reset }) });
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
function demoWords({ slack, twilio }: StandIns): string {
  if (slack && twilio) return '  (demo: Slack and Twilio are stand-ins)';
  return slack ? '  (Slack is a stand-in)' : twilio ? '  (Twilio is a stand-in)' : '';
}

/** The embedded server, or the one that DATABASE_URL names. */
async function database(config: Config, closers: (() => Promise<void>)[]): Promise<ConnectionSettings> {
  if (config.databaseUrl) return { connectionString: config.databaseUrl };
  const server = await startEmbedded(path.join(dataFolder(config), 'postgres'));
  closers.push(server.stop);
  return server.connection('leadrescue');
}

/** Stand-ins live inside one process, so separate web and worker processes need the real services. */
function requireCredentials(command: Command, config: Config): void {
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

function onSignal(log: Logger, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    close().then(
      () => process.exit(),
      (error) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || isKnown(error);
  const text =
    error instanceof ConfigError ? error.message : isKnown(error) ? error.userMessage : (error as Error)?.stack;
  process.stderr.write(`${known ? text : `LeadRescue could not start.\n${text}`}\n`);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 500).unref();
});
