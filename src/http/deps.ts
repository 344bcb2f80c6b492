import type { Application, RequestHandler } from 'express';
import type { Bookings } from '../bookings/index.ts';
import type { Database } from '../db/index.ts';
import type { Enquiries, Inbox, MailReports, Post, SourceLeads } from '../inbox/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { OptOuts, StatusReport } from '../messaging/index.ts';
import type { PrivacyDesk, Vault } from '../privacy/index.ts';

import type { FormBook, LeadSourceBook, LogoBook, Playbooks, SettingChanges, Tenants } from '../tenants/index.ts';

import type { GoHighLevelKeys } from '../vendors/gohighlevel/index.ts';
import type { Sns } from '../vendors/mail/index.ts';
import type { ApiRates } from './api/limits.ts';
import type { ApiRooms } from './api/operation.ts';

import type { Metrics } from './metrics.ts';
import type { StatusView } from './pages/index.ts';

export interface HttpConfig {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The address the world knows us by: links point there and gateways sign it. */
  publicUrl: string;
  production: boolean;
  /** Express' `trust proxy`. Unless set: one proxy when `publicUrl` is https, since we speak plain HTTP ourselves. */
  trustProxy?: boolean | number | string;
}

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface HttpDeps extends ApiRooms {
  config: HttpConfig;
  log: Logger;
  clock: Clock;
  db: Database;
  tenants: Tenants;
  changes: SettingChanges;
  logos: LogoBook;
  playbooks: Playbooks;
  inbox: Inbox;
  post: Post;
  mailReports: MailReports;
  /** Opens what Amazon's SNS sends; left out, by asking AWS for its certificates. */
  sns?: Sns;
  enquiries: Enquiries;
  forms: FormBook;
  /** Ads and other systems whose leads come here. */
  leadSources: LeadSourceBook;
  sourceLeads: SourceLeads;
  optOuts: OptOuts;
  bookings: Bookings;
  vault: Vault;
  /** One-time views. */
  privacy: PrivacyDesk;
  metrics: Metrics;
  /** Other limits for the API. */
  apiRates?: ApiRates;
  /** Key of the opt-out links. */
  linkKey: Buffer;
  /** Applies delivery reports, all or none; true when a message is due because of them. */
  statuses(reports: StatusReport[]): Promise<boolean>;
  /** Tells the dispatchers that something is due. */
  wakeMessages(): Promise<void>;
  /**
   * What the webhooks of an account at a gateway may be signed with: the platform's secret, and those of tenants who connected
   * the account. None for an account that is nobody's here.
   */
  webhookSecrets(vendor: 'twilio' | 'sinch', gatewayAccount: string): Promise<string[]>;
  /** Where workspaces install the app; absent with the token of one workspace. */
  install?:
    | {
        stateSecret: string;
        /** Slack's page on which people agree. */
        address(state: string): string;
        /** Trades Slack's code for what we keep; throws `KnownError` in words for whoever installs. */
        complete(code: string): Promise<{ workspace: string; teamId: string; again: boolean }>;
      }
    | undefined;
  /** What must be up before requests are sent here. */
  ready(): Promise<Check[]>;
  /** What webhooks of other systems are signed with; without Meta's there is no such door. */
  signedBy?: {
    meta?: { appSecret: string; verifyToken: string } | undefined;
    gohighlevel?: GoHighLevelKeys | undefined;
  };
  /** On stand-ins only, never in production. */
  sandbox?: {
    /** Turns the business clock by an ISO 8601 duration and tells the new time. */
    advance(duration: string): Promise<Date>;
    /** The sandbox page and its paths; asked before the page at `/`. */
    page?: RequestHandler;
  };
  /** Paths of others (Slack's, the sandbox's), asked where ours end. They may be added at any time, and read their own bodies. */
  app?: Application;
  /** What the page at `/` shows; without it there is no such page. */
  status?(): Promise<Omit<StatusView, 'nonce'>>;
}
