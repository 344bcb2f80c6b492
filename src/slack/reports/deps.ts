import type { Counting, Digests, Pictures, Reports } from '../../reports/index.ts';
import type { SettingChanges } from '../../tenants/index.ts';
import type { CardDeps, Cards } from '../card/index.ts';

/** What numbers in Slack stand on. */
export interface ReportDeps extends CardDeps {
  changes: SettingChanges;
  counting: Counting;
  reports: Reports;
  digests: Digests;
  pictures: Pictures;
  cards: Cards;
}
