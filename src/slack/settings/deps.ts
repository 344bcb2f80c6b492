import type { Database } from '../../db/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Counting } from '../../reports/index.ts';
import type { Playbooks, RoutingBook, SettingChanges, Settings, StaffBook, Tenants } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import type { ModalView } from '../views.ts';
import type { PictureDeps } from './pictures.ts';

/** What settings in Slack stand on. */
export interface SettingsDeps extends PictureDeps {
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
  /** The command of that name, for settings that have their own page. */
  command(name: string): Command | undefined;
  /** The checklist of the set-up as it stands. */
  checklist(asked: Asked): Promise<ModalView>;
  /** What a lead of today would get with other settings than now; `words` as after `/rescue rehearse`. */
  rehearse(asked: Asked, settings: Settings, words: string): Promise<Answer>;
}
