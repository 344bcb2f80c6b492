import { Duration } from 'luxon';
import type { Database } from '../db/index.ts';
import { wake } from '../events/index.ts';
import type { TurnableClock } from '../lib/clock.ts';

/*
 * The business clock that can be turned. Its offset is kept in the database, so that it survives a kill and is shared by
 * all processes. Turning it walks from one due time to the next: what is due in between happens in order, at its time.
 */

export interface SandboxClock {
  /** Takes over the stored offset. */
  load(): Promise<void>;
  /** Moves business time on by an ISO 8601 duration (`P2D`; `PT0S` asks) and returns it when all is done. */
  advance(duration: string): Promise<Date>;
  /** Back to real time. */
  reset(): Promise<Date>;
}

/** How long one stop on the way may take before the walk goes on: a gateway may hang. */
const STOP_MS = 12_000;
const LOOK_MS = 15;

export function createSandboxClock(deps: {
  db: Database;
  clock: TurnableClock;
  /** Resolves when the stand-ins have nothing more to tell about what was sent. */
  quiet?: () => Promise<void>;
}): SandboxClock {
  const { db, clock } = deps;
  let walking: Promise<unknown> = Promise.resolve();

  async function turn(to: Date): Promise<void> {
    const offset = Math.round(to.getTime() - clock.machine());
    clock.turnTo(offset);
    await db.system.query(
      `insert into sandbox_state (clock_offset_ms) values ($1)
       on conflict (id) do update set clock_offset_ms = excluded.clock_offset_ms`,
      [offset],
    );
    await wake(db.system, 'clock');
    await wake(db.system, 'messages');
  }

  /** Everything due has left, or cannot leave. */
  async function calm(): Promise<void> {
    const until = clock.machine() + STOP_MS;
    while (clock.machine() < until) {
      const busy = await db.system.query(
        `select from messages where (state = 'scheduled' and due_at <= $1 and account_id is not null)
           or state in ('claimed', 'sending') limit 1`,
        [clock.now()],
      );
      if (busy.length === 0) return deps.quiet?.();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async function walk(target: Date): Promise<void> {
    await calm();
    for (;;) {
      const [next] = await db.system.query<{ dueAt: Date | null }>(
        `select min(due_at) as "dueAt" from messages where state = 'scheduled' and due_at > $1 and due_at <= $2`,
        [clock.now(), target],
      );
      if (!next?.dueAt) break;
      await turn(next.dueAt);
      await calm();
    }
    if (clock.now() < target) await turn(target);
  }

  return {
    async load() {
      const [row] = await db.system.query<{ offset: number }>('select clock_offset_ms as offset from sandbox_state');
      clock.turnTo(row?.offset ?? 0);
    },
    async advance(duration) {
      const millis = Duration.fromISO(duration).toMillis();
      const turning = walking.then(() => (millis > 0 ? walk(new Date(clock.now().getTime() + millis)) : undefined));
      walking = turning.catch(() => {});
      await turning;
      return clock.now();
    },
    async reset() {
      await turn(new Date(clock.machine()));
      return clock.now();
    },
  };
}
