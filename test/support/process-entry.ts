import { type AppOptions, startApp } from '../../src/app.ts';
import { createClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';

/* One process of the product for the fault tests, bundled with it and started by `processes.ts` with everything as JSON. */

// whoever started us holds the other end: nothing is left behind when they die, whatever we are doing
process.stdin.resume().once('close', () => process.kill(process.pid, 'SIGKILL'));

const options = JSON.parse(process.argv[2] ?? '') as Omit<AppOptions, 'clock' | 'log' | 'sandbox'>;
const log = createLogger(options.config.logLevel);
const app = await startApp({ ...options, clock: createClock(), log, sandbox: true });

process.once('SIGTERM', () => {
  app.stop().then(
    () => process.exit(0),
    (error) => {
      process.stdout.write(`${error?.stack}\n`);
      process.exit(1);
    },
  );
});
process.stdout.write(`${JSON.stringify({ ready: app.rooms.worker })}\n`);
