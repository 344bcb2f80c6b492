import type { Alerts } from '../../alerts/index.ts';
import type { SettingChanges } from '../../tenants/index.ts';
import type { CardDeps } from '../card/index.ts';
import type { Outlets } from '../card/outlets.ts';

/** What alerts in Slack stand on. */
export interface AlertDeps extends CardDeps {
  alerts: Alerts;
  changes: SettingChanges;
  outlets: Outlets;
}
