import type { Application } from 'express';
import type { KeyBook } from '../access/index.ts';
import type { AgentDefinitions } from '../agent/index.ts';
import type { Alerts } from '../alerts/index.ts';
import type { Database } from '../db/index.ts';
import type { EffectHandler } from '../events/index.ts';
import type { WebhookLog } from '../inbox/index.ts';
import type { Capture } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { ChannelDesk, Desk, Live, Templates, Whose } from '../messaging/index.ts';
import type { Vault } from '../privacy/index.ts';
import type { Reports } from '../reports/index.ts';
import type {
  FormBook,
  LeadSourceBook,
  LogoBook,
  Playbooks,
  RoutingBook,
  SettingChanges,
  StaffBook,
  Tenants,
  WorkspaceBook,
} from '../tenants/index.ts';
import { createBackground } from './background.ts';
import { createLine } from './bolt.ts';
import type { SlackClient } from './client.ts';
import { createLeadCommands } from './commands/index.ts';
import { createConnection } from './connection.ts';
import { createDispatch } from './dispatch.ts';
import { createDrive } from './drive/index.ts';
import type { Command, Feature } from './feature.ts';
import { createHome } from './home/index.ts';
import { createIdentity } from './identity.ts';
import { createInstaller, type Installer, type OAuthConfig } from './install.ts';
import { createInstallation } from './installation.ts';
import { createLeanFetch } from './lean-fetch.ts';
import { createLicenceHandlers } from './licence/index.ts';
import { createLookRound } from './look-round.ts';
import { type Registry, register } from './registry.ts';
import type { RescueDeps } from './rescue/deps.ts';
import { createRescue, createStaffLeft } from './rescue/index.ts';
import { createApprovalHandler } from './settings/index.ts';
import { stampingClient } from './stamp.ts';
import { createSlackClient } from './web-client.ts';
import { manyWorkspaces, oneWorkspace, type Workspaces } from './workspaces.ts';

export type { SlackClient } from './client.ts';
export type { Feature } from './feature.ts';

export interface SlackEdgeDeps {
  /** Slack's address is mounted here: before anything that reads bodies. */
  app: Application;
  /** `appToken` means socket mode; otherwise requests come by HTTP, signed with `signingSecret`. */
  config: {
    signingSecret?: string | undefined;
    /** The token of the one workspace; or what lets workspaces install the app. */
    botToken?: string | undefined;
    oauth?: OAuthConfig | undefined;
    appToken?: string | undefined;
    apiUrl?: string | undefined;
  };
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  changes: SettingChanges;
  workspaces: WorkspaceBook;
  staff: StaffBook;
  capture: Capture;
  desk: Desk;
  templates: Templates;
  live: Live;
  whose: Whose;
  alerts: Alerts;
  reports: Reports;
  counting: RescueDeps['counting'];
  apiKeys: KeyBook;
  playbooks: Playbooks;
  forms: FormBook;
  leadSources: LeadSourceBook;
  sourcePorts: RescueDeps['sourcePorts'];
  agents: AgentDefinitions;
  routing: RoutingBook;
  channels: ChannelDesk;
  webhooks: WebhookLog;
  webhookDesk: RescueDeps['webhookDesk'];
  vault: Vault;
  logos: LogoBook;
  /** Who runs LeadRescue, as `T…/U…`. */
  operators?: readonly string[] | undefined;
  publicUrl: string;
  /** Key of links. */
  linkKey: Buffer;
  /** What else the surface has: cards, buttons, the feed. */
  features: readonly Feature[];
}

export interface SlackEdge {
  /** Connects in the background; that Slack is down at the start does not matter. */
  start(): void;
  /** Finishes what people have asked for, then closes the connections. */
  stop(): Promise<void>;
  /** The Web API of the tenant's workspace. Throws `unavailable` when we hold no token of it. */
  client(tenantId: TenantId): Promise<SlackClient>;
  /** Asks Slack who of the staff is still there, and which workspaces still have the app. Runs again and again. */
  lookRound(): Promise<void>;
  /** True while we can serve: our workspace is known, or any may install the app; and Slack can reach us. */
  ready(): boolean;
  /** How workspaces install the app; undefined with the token of one. */
  install: Installer | undefined;
  /** What can be typed after `/`, the global shortcuts, and those in the menu of a message, by callback id. */
  surface: { commands: readonly Command[]; shortcuts: readonly string[]; messageShortcuts: readonly string[] };
  /** Everything the surface has, with the permission that each thing asks for. */
  registry: Registry;
  handlers: Record<'licence.fetch' | 'licence.clear' | 'settings.show' | 'staff.left', EffectHandler>;
}

/** Longest wait for one answer of the Web API. */
const CALL_MS = 5000;

/** Slack: everything people see and do there, for one workspace or for all that install the app. */
export function createSlackEdge(deps: SlackEdgeDeps): SlackEdge {
  const { app, config, clock, log, tenants, staff, playbooks } = deps;
  app.disable('x-powered-by');
  const lean = createLeanFetch({ timeoutMs: CALL_MS, machine: clock.machine });
  const clientFor = (token?: string) => createSlackClient({ token, apiUrl: config.apiUrl, fetch: lean.fetch, log });
  const background = createBackground(log);
  const workspaces = workspacesOf(deps, clientFor);
  const identity = createIdentity({ workspaces, tenants, staff, playbooks, clock, background });

  const features: Feature[] = [...deps.features, createDrive(deps), createLeadCommands(deps), createHome(deps)];
  const rescue = createRescue({ ...deps, identity, others: features.flatMap((feature) => feature.commands ?? []) });
  const registry = register([...features, rescue]);
  const tenantOfThread = (teamId: string, channel: string, ts: string) => findThread(deps, teamId, channel, ts);
  const dispatch = createDispatch({ registry, identity, workspaces, tenantOfThread, background, log });
  const onRemoved = async (teamId: string) => {
    await workspaces.lost(teamId);
    connection.start();
  };
  const onLost = () => connection.start();
  const onUser = identity.heard;
  const line = createLine({
    app,
    config,
    clock,
    log,
    fetch: lean.fetch,
    dispatch,
    background,
    onRemoved,
    onUser,
    onLost,
  });
  const connection = createConnection({ workspaces, line, log });

  async function client(tenantId: TenantId): Promise<SlackClient> {
    const tenant = await tenants.byId(tenantId);
    const workspace = await workspaces.of(tenant.slackTeamId ?? '').catch((cause: unknown) => {
      if (!isKnown(cause) || cause.code !== 'forbidden') throw cause;
      const message = 'This workspace is not connected to LeadRescue.';
      throw new KnownError('unavailable', 'no token of this workspace', message, { cause });
    });
    return stampingClient(tenant, workspace.client);
  }

  const install =
    config.oauth &&
    createInstaller({
      oauth: config.oauth,
      publicUrl: deps.publicUrl,
      authorizeUrl: new URL('/oauth/v2/authorize', config.apiUrl ?? 'https://slack.com').toString(),
      client: clientFor(),
      book: deps.workspaces,
      identity,
      background,
      log,
    });
  return {
    start: connection.start,
    async stop() {
      await connection.stop();
      await background.drain();
      await lean.close();
    },
    client,
    lookRound: createLookRound({ ...deps, identity, workspaces }),
    ready: connection.ready,
    install,
    registry,
    surface: {
      commands: [...registry.commands.values()],
      shortcuts: [...registry.shortcuts.keys()],
      messageShortcuts: [...registry.messageShortcuts.keys()],
    },
    handlers: {
      ...createLicenceHandlers({ ...deps, client }),
      'settings.show': createApprovalHandler({ ...deps, clientOf: client }),
      'staff.left': createStaffLeft({ ...deps, clientOf: client }),
    },
  };
}

function workspacesOf(
  { config, log, workspaces: book }: SlackEdgeDeps,
  clientFor: (token?: string) => SlackClient,
): Workspaces {
  if (config.oauth) return manyWorkspaces({ book, clientFor, log });
  const client = clientFor(config.botToken);
  return oneWorkspace(createInstallation({ client, log }), client);
}

/** The tenant whose lead is talked about in a thread. */
async function findThread(
  { db, tenants }: SlackEdgeDeps,
  teamId: string,
  channel: string,
  ts: string,
): Promise<TenantId | undefined> {
  const group = await tenants.ofTeam(teamId);
  if (group.length < 2) return undefined;
  const [row] = await db.system.query<{ id: TenantId }>(
    // slack_threads_place
    'select tenant_id as id from slack_threads where tenant_id = any($1::uuid[]) and channel = $2 and ts = $3',
    [group.map(({ id }) => id), channel, ts],
  );
  return row?.id;
}
