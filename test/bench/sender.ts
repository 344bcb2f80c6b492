/**
 * A worker in a process of its own, configured by the environment: sends what is due at business time, which is `BENCH_AHEAD`
 * ms ahead of the machine's. Prints a line once it sends; ends on SIGTERM.
 */
import { openInside } from './lab.ts';

/** As often as the product's ticks look for what is due. */
const TICK_MS = 1000;

const { DATABASE_URL, TWILIO_API_URL, PUBLIC_URL, BENCH_AHEAD } = process.env;
if (!DATABASE_URL || !TWILIO_API_URL || !PUBLIC_URL) throw new Error('the environment is not complete');

const { rooms, leave } = await openInside(
  { connectionString: DATABASE_URL },
  TWILIO_API_URL,
  PUBLIC_URL,
  Number(BENCH_AHEAD),
);
const tick = setInterval(() => rooms.dispatcher.wake(), TICK_MS);
rooms.dispatcher.wake();
process.stdout.write('sending\n');
process.once('SIGTERM', () => {
  clearInterval(tick);
  void leave().then(() => process.exit(0));
});
