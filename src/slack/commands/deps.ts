import type { Database } from '../../db/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Playbooks, StaffBook, Tenants } from '../../tenants/index.ts';

/** What finding leads stands on. */
export interface LeadCommandDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  staff: StaffBook;
}
