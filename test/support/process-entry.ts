/** One process of the product for the fault tests; started by `processes.ts`, which passes everything as JSON. */
import { type AppOptions, startApp } from '../../src/app.ts';
import { createClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';

export type ProcessOptions = Pick<AppOptions, 'config' | 'role' | 'settings' | 'masterKeys' | 'slack' | 'twilio'> & {
  httpTimeoutMs: number;
};

const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions;

// whoever started us holds the other end: nothing is left behind when they die, whatever we are doing
process.stdin.resume().once('close', () => process.kill(process.pid, 'SIGKILL'));

const app = await startApp({
  ...options,
  clock: createClock(),
  log: createLogger(options.config.logLevel),
  sandbox: true,
});
process.once('SIGTERM', () => {
  app.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stdout.write(`${(error as Error)?.stack}\n`);
      process.exit(1);
    },
  );
});
process.stdout.write(`${JSON.stringify({ ready: app.rooms.worker })}\n`);
