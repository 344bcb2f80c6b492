import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openFolder } from './backup/index.ts';
import { answerBackup } from './backup-command.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { joinEmbedded, openDatabase } from './db/index.ts';
import { KnownError } from './lib/errors.ts';
import { createKeyring } from './lib/secrets.ts';

/** As configured, or as the product made it beside its data. A backup is read by these and no others: keep them elsewhere. */
function masterKeys({ masterKeys: configured, dataDir }: Config): string {
  if (configured !== undefined) return configured;
  const file = path.join(dataDir, 'master.key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const words = `MASTER_KEYS is not set, and there is no ${file}. Without the keys no backup can be made or read.`;
  throw new KnownError('misconfigured', 'no master key', words);
}

async function run(args: string[]): Promise<0 | 1 | 2> {
  const config = readConfig(process.env);
  return answerBackup(args, {
    folder: config.backupDir,
    dataDir: config.dataDir,
    external: config.databaseUrl !== undefined,
    open: (folder) => openFolder(folder, createKeyring(masterKeys(config))),
    server: () => joinEmbedded(path.join(config.dataDir, 'postgres')),
    async database() {
      const server = config.databaseUrl ? undefined : await joinEmbedded(path.join(config.dataDir, 'postgres'));
      const settings = server?.connection('leadrescue') ?? { connectionString: config.databaseUrl ?? '' };
      const db = await openDatabase({ settings, strict: config.production, appConnections: 1, systemConnections: 1 });
      const close = async () => {
        await db.close();
        await server?.stop();
      };
      return { db, close };
    },
    now: () => new Date(),
    say: (text) => void process.stdout.write(text),
  });
}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  const words = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${words}\n`);
  return 2;
});
