import type { Database } from '../../db/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Counting } from '../../reports/index.ts';
import type { Playbooks, RoutingBook, SettingChanges, StaffBook, Tenants } from '../../tenants/index.ts';

/** What settings in Slack stand on. */
export interface SettingsDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  changes: SettingChanges;
  counting: Pick<Counting, 'keepUp'>;
  publicUrl: string;
  /** Key of links. */
  linkKey: Buffer;
}
