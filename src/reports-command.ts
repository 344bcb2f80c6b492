import path from 'node:path';
import { ConfigError, readConfig } from './config.ts';
import { joinEmbedded, openDatabase } from './db/index.ts';
import { KnownError } from './lib/errors.ts';
import { HOME } from './lib/home.ts';
import { createCounting } from './reports/index.ts';
import { answer } from './reports-answer.ts';
import { loadPlaybooks } from './tenants/index.ts';

const CONVERSATIONS = path.join(HOME, 'conversations');

async function open() {
  try {
    const config = readConfig(process.env);
    const server = config.databaseUrl ? undefined : await joinEmbedded(path.join(config.dataDir, 'postgres'));
    const settings = server?.connection('leadrescue') ?? { connectionString: config.databaseUrl ?? '' };
    const db = await openDatabase({ settings, strict: config.production, appConnections: 1, systemConnections: 2 });
    const close = async () => {
      await db.close();
      await server?.stop();
    };
    return { counting: createCounting({ db, playbooks: loadPlaybooks(CONVERSATIONS) }), close };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new KnownError('misconfigured', 'the configuration has problems', error.message);
  }
}

const { code, out, err } = await answer(process.argv.slice(2), open).catch((error: unknown) => ({
  code: 2,
  out: '',
  err: `The numbers could not be counted.\n${error instanceof Error ? error.stack : error}\n`,
}));
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
