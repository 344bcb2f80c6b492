import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type AppOptions, type Role, startApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type ConnectionSettings, migrate, startEmbedded } from './db/index.ts';
import { createClock } from './lib/clock.ts';
import { isKnown } from './lib/errors.ts';
import { createLogger, type Logger } from './lib/logger.ts';
import type { Rooms } from './rooms.ts';
import { controlRoutes } from './sandbox/control.ts';
import { type StandIns, seedDemo, startStandIns } from './sandbox/demo.ts';
import { demoStatus } from './sandbox/status.ts';

/*
 * The composition root: configuration, database, stand-ins where credentials are missing, then one process of the
 * product by its role. What is started last is stopped first.
 */

const COMMANDS = ['all', 'web', 'worker', 'migrate'] as const;
type Command = (typeof COMMANDS)[number];

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
    await run(command, config, log, closers);
  } catch (error) {
    await close();
    throw error;
  }
}

async function run(command: Command, config: Config, log: Logger, closers: (() => Promise<void>)[]): Promise<void> {
  const settings = await database(config, closers);
  const applied = await migrate(settings);
  if (applied.length > 0) log.info({ migrations: applied }, 'database migrated');
  if (command === 'migrate') {
    for (const closer of closers.reverse()) await closer();
    return;
  }
  requireCredentials(command, config);

  const clock = createClock();
  const origin = () => `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`;
  const standIns = await startStandIns({ slack: !config.slack, twilio: !config.twilio }, origin, () => clock.now());
  closers.push(standIns.stop);
  const slack = config.slack ?? standIns.slack?.config;
  const twilio = config.twilio ?? standIns.twilio?.config;
  if (!slack || !twilio) throw new Error('neither credentials nor a stand-in');

  const sandbox = !config.production && isLoopback(twilio.apiUrl);
  const options: AppOptions = {
    config,
    role: command as Role,
    settings,
    masterKeys: config.masterKeys ?? generatedKey(config),
    clock,
    log,
    slack,
    twilio,
    sandbox,
    ...(sandbox && { sandboxRoutes: (app, turner) => controlRoutes(app, { turner, standIns }) }),
    ...(standIns.twilio && { quiet: standIns.twilio.standIn.idle }),
    ...(!config.production && {
      status: (rooms: Rooms) =>
        demoStatus(rooms, config, clock, standIns, command === 'all' ? ['web', 'worker'] : [command]),
    }),
  };
  const app = await startApp(options);
  closers.push(app.stop);
  if (standIns.slack) await seedDemo(app.rooms, standIns);
  process.stdout.write(`LeadRescue is running: ${config.publicUrl}${demoWords(standIns)}\n`);
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

function isLoopback(url: string | undefined): boolean {
  if (!url) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

function onSignal(log: Logger, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping: finishing what is under way');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    close().then(
      () => process.exit(0),
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
