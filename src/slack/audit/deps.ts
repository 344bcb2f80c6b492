import type { SettingChanges } from '../../tenants/index.ts';
import type { CardDeps } from '../card/index.ts';

/** What the log in Slack stands on. */
export interface AuditDeps extends CardDeps {
  changes: SettingChanges;
}
