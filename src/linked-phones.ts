import type { Database } from './db/index.ts';
import { createHiddenNumbers, createTyped, createWithdrawn, type Inbox } from './inbox/index.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { coolDown, type OptOuts, type StatusReport } from './messaging/index.ts';
import { createPhones, HUMAN, type Pace, type Phones, type PhoneVendor } from './phones/index.ts';
import type { RoutingBook, SettingChanges, StaffBook, Tenants } from './tenants/index.ts';

/*
 * Linked phones, wired to the rooms that their news concern.
 */

export interface PhoneOptions {
  /** Connects linked phones; without one this process holds none. */
  phoneVendor?: PhoneVendor;
  /** How fast linked phones write; as a person would, if nothing else is said. */
  phonePace?: Pace;
}

export function linkedPhones(
  deps: PhoneOptions & {
    db: Database;
    clock: Clock;
    log: Logger;
    tenants: Tenants;
    staff: StaffBook;
    changes: SettingChanges;
    routing: RoutingBook;
    inbox: Inbox;
    optOuts: OptOuts;
    worker: number;
    /** Applies delivery reports, and lets what is due because of them leave. */
    report(reports: readonly StatusReport[]): Promise<void>;
  },
): Phones {
  const { db, clock, log, tenants, staff, changes, worker, inbox } = deps;
  return createPhones({
    db,
    clock,
    log,
    tenants,
    staff,
    changes,
    worker,
    vendor: deps.phoneVendor,
    pace: deps.phonePace ?? HUMAN,
    random: Math.random,
    receive: (message) => inbox.receive(message, 'listed', { message: JSON.stringify(message) }),
    report: deps.report,
    typed: createTyped({ db, clock, tenants }),
    withdrawn: createWithdrawn({ db, clock }),
    hidden: createHiddenNumbers({ db, tenants, optOuts: deps.optOuts }),
    rerouted: deps.routing.forget,
    rest: (accountId, seconds) => coolDown(db.system, accountId, seconds),
  });
}
