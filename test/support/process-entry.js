/**
 * One process of the product for the fault tests, started by `processes.ts` with everything as JSON. Plain JavaScript,
 * so that the built product starts without a compiler in between.
 */
const { root, ...options } = JSON.parse(process.argv[2] ?? '');

// whoever started us holds the other end: nothing is left behind when they die, whatever we are doing
process.stdin.resume().once('close', () => process.kill(process.pid, 'SIGKILL'));

const load = (name) => import(`${root}/${name}.js`);
const [{ startApp }, { createClock }, { createLogger }] = await Promise.all(
  ['app', 'lib/clock', 'lib/logger'].map(load),
);
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
