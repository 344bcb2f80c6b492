import type { AnswerLog, KeyBook, SignIns } from './access/index.ts';
import type { ChatModel, NoteBook } from './agent/index.ts';
import type { Alerts } from './alerts/index.ts';
import type { Assistant, AssistantDeps } from './assistant.ts';
import type { Bookings, Covers } from './bookings/index.ts';
import type { PlanMoves } from './cadence/index.ts';
import type { Database } from './db/index.ts';
import type { EffectHandler } from './events/index.ts';
import type { HookBook, HookSender } from './hooks/index.ts';
import type {
  CatchUp,
  Correction,
  Enquiries,
  Enrolment,
  Inbox,
  MailReports,
  MediaBook,
  Post,
  Reminders,
  SourceLeads,
  SourcePort,
  Takeover,
  WebhookDesk,
  WebhookLog,
} from './inbox/index.ts';
import type { Capture, Imports } from './leads/index.ts';
import type { Clock } from './lib/clock.ts';
import type { TenantId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import type { Keyring } from './lib/secrets.ts';
import type { PhoneOptions } from './linked-phones.ts';
import type {
  Amend,
  ChannelDesk,
  Composer,
  Desk,
  Dispatcher,
  DispatcherDeps,
  GatewayBook,
  Live,
  NewPeople,
  OptOuts,
  OwnGateways,
  SendOutcome,
  StaffSms,
  StatusReport,
  Templates,
  VendorGateway,
  Whose,
} from './messaging/index.ts';
import type { Phones } from './phones/index.ts';
import type { Bucket, Privacy } from './privacy/index.ts';
import type { Counting, Digests, Reports } from './reports/index.ts';
import type {
  Account,
  Credentials,
  FormBook,
  LeadSourceBook,
  LogoBook,
  PictureFetcher,
  Playbooks,
  RoutingBook,
  SettingChanges,
  SourceKind,
  StaffBook,
  Tenants,
  WorkspaceBook,
} from './tenants/index.ts';
import type { Texts } from './texts.ts';

/* What the rooms are made of, and what they offer to the edges. */

export interface RoomsDeps extends PhoneOptions {
  db: Database;
  clock: Clock;
  log: Logger;
  keyring: Keyring;
  publicUrl: string;
  /** The platform's gateways, by vendor. */
  gateways: ReadonlyMap<string, VendorGateway>;
  /** Opens gateways with a tenant's own access. */
  own?: OwnGateways;
  /** The platform's own senders. */
  accounts: readonly Omit<Account, 'id'>[];
  statusPath(account: Account): string;
  /** Read already; else they are read from the files. */
  texts?: Texts;
  /** Makes the calendar file of an e-mail about an appointment. */
  calendar?: Composer['calendar'];
  /** Total time of one request to a gateway. */
  httpTimeoutMs?: number;
  concurrency?: number;
  /** Answers customers' messages; without one the assistant works by rules. */
  model?: ChatModel | undefined;
  /** Where photos are stored, in order; without any they are in the database. */
  buckets?: readonly Bucket[];
  /** Carries webhooks to others; without it none can be made. */
  hookSender?: HookSender;
  /** Fetches logos from addresses that people write; without it they come as files only. */
  pictureFetcher?: PictureFetcher;
  /** How the leads of ads and other systems are read, by kind. */
  sourcePorts?: ReadonlyMap<SourceKind, SourcePort>;
  observeTurn?: AssistantDeps['observeTurn'];
  observeUsage?: AssistantDeps['observeUsage'];
  observeSend?(sent: { outcome: SendOutcome['kind']; latenessMs: number }): void;
}

export interface Rooms extends Assistant, Privacy {
  tenants: Tenants;
  /** The one way in which people change settings. */
  changes: SettingChanges;
  /** Pictures that businesses show to customers. */
  logos: LogoBook;
  planMoves: PlanMoves;
  /** Slack workspaces that installed the app. */
  workspaces: WorkspaceBook;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  credentials: Credentials;
  gateways: GatewayBook;
  channels: ChannelDesk;
  newPeople: NewPeople;
  capture: Capture;
  forms: FormBook;
  staffSms: StaffSms;
  /** Enquiries from outside. */
  mailReports: MailReports;
  enquiries: Enquiries;
  /** Ads and other systems whose leads come here, how they are read, and what came. */
  leadSources: LeadSourceBook;
  sourcePorts: ReadonlyMap<SourceKind, SourcePort>;
  sourceLeads: SourceLeads;
  /** Works out a tenant's scores anew; how many changed. */
  rescore(tenantId: TenantId): Promise<number>;
  desk: Desk;
  /** Changes what is known of a lead, or whose it is. */
  amend: Amend;
  /** Whose leads are. */
  whose: Whose;
  enrolment: Enrolment;
  /** Leads from files. */
  imports: Imports;
  /** What is known of customers' wishes. */
  noteBook: NoteBook;
  /** The API: keys, tokens, answers that are given once; and who else hears of what happens. */
  apiKeys: KeyBook;
  signIns: SignIns;
  apiAnswers: AnswerLog;
  hooks: HookBook;
  optOuts: OptOuts;
  templates: Templates;
  /** Whether a tenant's automated messages leave. */
  live: Live;
  bookings: Bookings;
  /** Who stands in for somebody who is away. */
  covers: Covers;
  inbox: Inbox;
  /** What our mailbox and our mail provider tell us. */
  post: Post;
  /** Phones that businesses have linked. */
  phones: Phones;
  /** What follows when a sender, or its place among the others, has changed. */
  senderHandlers: Record<'sender.settle' | 'phone.use', EffectHandler>;
  takeover: Takeover;
  reminders: Reminders;
  media: MediaBook;
  correction: Correction;
  webhooks: WebhookLog;
  /** What people may see of raw webhooks, and do with them. */
  webhookDesk: WebhookDesk;
  catchUp: CatchUp;
  counting: Counting;
  reports: Reports;
  alerts: Alerts;
  digests: Digests;
  dispatcher: Dispatcher;
  dispatching: DispatcherDeps;
  /** Applies delivery reports; true when something is due because of them. */
  statuses(reports: readonly StatusReport[]): Promise<boolean>;
  /** Key of the opt-out links. */
  linkKey: Buffer;
  /** This process among the workers. */
  worker: number;
}
