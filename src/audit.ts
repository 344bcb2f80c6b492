import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { answer, type Opened } from './audit-command.ts';
import { KnownError } from './lib/errors.ts';

/** The configured database with the keys that are known here. Loaded only when it is asked for: a file needs none of it. */
async function open(): Promise<Opened> {
  const [{ ConfigError, readConfig }, { joinEmbedded, openDatabase }, { readSigningKey }, { knownAuditKey }] =
    await Promise.all([
      import('./config.ts'),
      import('./db/index.ts'),
      import('./audit/index.ts'),
      import('./audit-key.ts'),
    ]);
  try {
    const config = readConfig(process.env);
    const key = knownAuditKey(config);
    const keys = key === undefined ? [] : readSigningKey(key).trusted;
    const server = config.databaseUrl ? undefined : await joinEmbedded(path.join(config.dataDir, 'postgres'));
    const settings = server?.connection('leadrescue') ?? { connectionString: config.databaseUrl ?? '' };
    const db = await openDatabase({ settings, strict: config.production, appConnections: 1, systemConnections: 2 });
    const close = async () => {
      await db.close();
      await server?.stop();
    };
    return { db, keys, close };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new KnownError('misconfigured', 'the configuration has problems', error.message);
  }
}

/** Waits while the reader is slower than we are. */
const writeTo = (stream: NodeJS.WriteStream) => async (text: string) => {
  if (!stream.write(text)) await once(stream, 'drain');
};

function linesOf(file: string): AsyncIterable<string> {
  if (file !== '-' && !existsSync(file)) throw new KnownError('not_found', 'no such file', `There is no file ${file}.`);
  const input = file === '-' ? process.stdin : createReadStream(file);
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

const textOf = (file: string) => (existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined);

process.stdout.on('error', () => process.exit(2)); // whoever read it has gone
process.exitCode = await answer(process.argv.slice(2), {
  out: writeTo(process.stdout),
  err: writeTo(process.stderr),
  lines: linesOf,
  text: textOf,
  open,
  now: () => new Date(),
}).catch((error: unknown) => {
  // 1 would say that the log was tampered with
  process.stderr.write(`The log could not be checked.\n${error instanceof Error ? error.stack : error}\n`);
  return 2;
});
