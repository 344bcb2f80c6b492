import type { Erasures, LicenceDesk, PrivacyDesk } from '../../privacy/index.ts';
import type { SettingChanges } from '../../tenants/index.ts';
import type { CardDeps } from '../card/index.ts';

/** What privacy in Slack stands on. */
export interface PrivacyDeps extends CardDeps {
  changes: SettingChanges;
  privacy: PrivacyDesk;
  licences: LicenceDesk;
  erasures: Erasures;
}
