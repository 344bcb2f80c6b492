import module from 'node:module';
import path from 'node:path';
import { type Config, ConfigError, readConfig } from './config.ts';
import { endInOrder, whyNot } from './ending.ts';
import { BUILT, HOME } from './lib/home.ts';
import { createLogger } from './lib/logger.ts';

/*
 * The composition root: configuration first, so that what is wrong with it is said at once; the product is loaded after
 * that (`launch.ts`). What is started last is stopped first.
 */

const COMMANDS = ['all', 'web', 'worker', 'migrate'] as const;
type Command = (typeof COMMANDS)[number];

async function main(): Promise<void> {
  const command = (process.argv[2] ?? 'all') as Command;
  if (!COMMANDS.includes(command))
    throw new ConfigError([`"${command}" is not a role. Use one of: ${COMMANDS.join(', ')}.`]);
  const config: Config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  endInOrder(process, log, close);
  try {
    keepCompiled();
    const { launch } = await import('./launch.ts');
    const words = await launch(command, config, log, closers);
    if (words === undefined) await close();
    else process.stdout.write(`${words}\n`);
  } catch (error) {
    await close();
    throw error;
  }
}

/** From Node 22 on, what V8 made of the code is kept beside it; where that cannot be written, nothing is. */
function keepCompiled(): void {
  const { enableCompileCache } = module as { enableCompileCache?(folder: string): unknown };
  if (BUILT) enableCompileCache?.(path.join(HOME, 'dist/compiled'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${whyNot(error)}\n`);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 500).unref();
});
