/*
 * One process of the product for the fault tests, made of a build's parts; `processes.ts` starts it with everything as JSON.
 * `process-entry.js FOLDER OPTIONS`
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// whoever started us holds the other end: nothing is left behind when they die, whatever we are doing
process.stdin.resume().once('close', () => process.kill(process.pid, 'SIGKILL'));

const [, , folder, json] = process.argv;
const part = (name) => import(pathToFileURL(path.join(folder, `${name}.js`)).href);
const [{ startApp }, { createClock }, { createLogger }] = await Promise.all(
  ['app', 'lib/clock', 'lib/logger'].map(part),
);

const options = JSON.parse(json);
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
