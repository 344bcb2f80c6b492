import { Duration } from 'luxon';
import type { Database } from '../db/index.ts';
import { wake } from '../events/index.ts';
import type { TurnableClock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';

/*
 * The business clock that can be turned. Its offset is kept in the database, so that it survives a kill and is shared by
 * all processes. Turning it walks from one due time to the next: what is due in between happens in order, at its time.
 */

export interface SandboxClock {
  /** Takes over the stored offset. */
  load(): Promise<void>;
  /**
   * Moves business time on by an ISO 8601 duration (`P2D`; `PT0S` asks) and returns it when all is done. `patient` also waits
   * at each stop for the verdict on sends whose outcome is not known, as `until` and `next` do. A walk that is cut short by
   * `reset` or `stop` throws `unavailable`.
   */
  advance(duration: string, patient?: 'patient'): Promise<Date>;
  /** Moves it on to an instant; one that has passed changes nothing. */
  until(target: Date): Promise<Date>;
  /** Moves it on to the next planned message of anybody. Throws `conflict` when nothing is planned. */
  next(): Promise<Date>;
  /** Back to real time; a walk under way ends where it is. */
  reset(): Promise<Date>;
  /** A walk is under way or waits for its turn. */
  readonly turning: boolean;
  /** Calls `listener` whenever a walk begins, moves on or ends; the answer ends it. */
  subscribe(listener: () => void): () => void;
  /** Ends all walks where they are; for the end of the process. */
  stop(): void;
}

/** Somebody set the clock otherwise, or the process ends. */
export class CutShort extends KnownError {
  constructor() {
    super('unavailable', 'walk cut short', 'The clock was set otherwise meanwhile.');
  }
}

/** How long one stop on the way may take before the walk goes on: a gateway may hang. */
const STOP_MS = 12_000;
/** The same for walks that wait for verdicts: the gateway is asked 15 s after it gave no clear answer, or a little later. */
const PATIENT_STOP_MS = 20_000;
const LOOK_MS = 15;

export function createSandboxClock(deps: {
  db: Database;
  clock: TurnableClock;
  /** Resolves when the stand-ins have nothing more to tell about what was sent. */
  quiet?: () => Promise<void>;
}): SandboxClock {
  const { db, clock } = deps;
  const listeners = new Set<() => void>();
  let walking: Promise<unknown> = Promise.resolve();
  let walks = 0;
  /** Walks of an older era are cut short. */
  let era = 0;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  const turn = (to: Date): Promise<void> => set(Math.round(to.getTime() - clock.machine()));

  async function set(offset: number): Promise<void> {
    clock.turnTo(offset);
    await db.system.query(
      `insert into sandbox_state (clock_offset_ms) values ($1)
       on conflict (id) do update set clock_offset_ms = excluded.clock_offset_ms`,
      [offset],
    );
    await wake(db.system, 'clock');
    await wake(db.system, 'messages');
    tell();
  }

  /** Everything due has left, or cannot leave, and what the gateway told about it has led to nothing more. */
  async function calm(check: () => void, patient: boolean): Promise<void> {
    const open = ['claimed', 'sending', ...(patient ? ['uncertain'] : [])];
    const until = clock.machine() + (patient ? PATIENT_STOP_MS : STOP_MS);
    let told = false;
    while (clock.machine() < until) {
      check();
      const busy = await db.system.query(
        `select from messages where (state = 'scheduled' and due_at <= $1 and account_id is not null)
           or state = any($2::text[]) limit 1`,
        [clock.now(), open],
      );
      if (busy.length === 0) {
        if (told) return;
        await deps.quiet?.();
        told = true;
      } else {
        told = false;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  async function firstDue(before: Date | null): Promise<Date | null> {
    const [next] = await db.system.query<{ dueAt: Date | null }>(
      `select min(due_at) as "dueAt" from messages
       where state = 'scheduled' and due_at > $1 and due_at <= coalesce($2, 'infinity'::timestamptz)`,
      [clock.now(), before],
    );
    return next?.dueAt ?? null;
  }

  async function walk(target: Date, check: () => void, patient: boolean): Promise<void> {
    await calm(check, patient);
    for (;;) {
      const next = await firstDue(target);
      if (!next) break;
      check();
      await turn(next);
      await calm(check, patient);
    }
    if (clock.now() < target) await turn(target);
  }

  /** One walk after the other; where to is asked when the one before is over. */
  async function walkTo(target: () => Date | Promise<Date>, patient: boolean): Promise<Date> {
    const mine = era;
    const check = () => {
      if (mine !== era) throw new CutShort();
    };
    walks++;
    tell();
    const turning = walking.then(async () => {
      check();
      const to = await target();
      if (to > clock.now()) await walk(to, check, patient);
    });
    walking = turning.catch(() => {});
    try {
      await turning;
      return clock.now();
    } finally {
      walks--;
      tell();
    }
  }

  return {
    async load() {
      if (walks > 0) return; // it is us who turn it, and what is stored may be a step behind
      const [row] = await db.system.query<{ offset: number }>('select clock_offset_ms as offset from sandbox_state');
      if (walks === 0) clock.turnTo(row?.offset ?? 0);
      tell();
    },
    advance: (duration, patient) =>
      walkTo(() => new Date(clock.now().getTime() + Duration.fromISO(duration).toMillis()), patient !== undefined),
    until: (target) => walkTo(() => target, true),
    next: () =>
      walkTo(async () => {
        const next = await firstDue(null);
        if (!next) throw new KnownError('conflict', 'nothing planned', 'Nothing is planned: log a test drive first.');
        return next;
      }, true),
    async reset() {
      era++;
      await walking;
      await set(0);
      return clock.now();
    },
    get turning() {
      return walks > 0;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      era++;
    },
  };
}
