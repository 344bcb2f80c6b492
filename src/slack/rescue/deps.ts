import type { KeyBook } from '../../access/index.ts';
import type { AgentDefinitions } from '../../agent/index.ts';
import type { Database } from '../../db/index.ts';
import type { SourcePort, WebhookDesk, WebhookLog } from '../../inbox/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ChannelDesk, Desk, Live, Templates, Whose } from '../../messaging/index.ts';
import type { Counting } from '../../reports/index.ts';
import type {
  FormBook,
  LeadSourceBook,
  LogoBook,
  Playbooks,
  RoutingBook,
  SettingChanges,
  SourceKind,
  StaffBook,
  Tenants,
} from '../../tenants/index.ts';
import type { Asked, Command } from '../feature.ts';
import type { Identity } from '../identity.ts';

/** Writes the checklist of the set-up anew in the window where it is open. */
export type Refresh = (asked: Asked, viewId: string) => Promise<void>;

/** What `/rescue` stands on. */
export interface RescueDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  changes: SettingChanges;
  counting: Counting;
  staff: StaffBook;
  playbooks: Playbooks;
  forms: FormBook;
  leadSources: LeadSourceBook;
  sourcePorts: ReadonlyMap<SourceKind, SourcePort>;
  agents: AgentDefinitions;
  routing: RoutingBook;
  channels: ChannelDesk;
  templates: Templates;
  live: Live;
  whose: Whose;
  desk: Pick<Desk, 'resend' | 'leave'>;
  apiKeys: KeyBook;
  webhooks: WebhookLog;
  webhookDesk: WebhookDesk;
  identity: Identity;
  logos: LogoBook;
  /** Who runs LeadRescue, as `T…/U…`: they see what belongs to no business. */
  operators?: readonly string[] | undefined;
  publicUrl: string;
  linkKey: Buffer;
  /** The commands of the other features, for help. */
  others: readonly Command[];
}
