import type { Application } from 'express';
import type { AgentDefinitions } from '../agent/index.ts';
import type { Database } from '../db/index.ts';
import type { EffectHandler } from '../events/index.ts';
import type { WebhookLog } from '../inbox/index.ts';
import type { Capture } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { Desk, Templates } from '../messaging/index.ts';
import type { Vault } from '../privacy/index.ts';
import type { Playbooks, RoutingBook, SettingChanges, StaffBook, Tenants } from '../tenants/index.ts';
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
import { createInstallation } from './installation.ts';
import { createLeanFetch } from './lean-fetch.ts';
import { createLicenceHandlers } from './licence/index.ts';
import { register } from './registry.ts';
import { createRescue } from './rescue/index.ts';
import { createApprovalHandler } from './settings/index.ts';
import { createSlackClient } from './web-client.ts';

export type { SlackClient } from './client.ts';
export type { Feature } from './feature.ts';

export interface SlackEdgeDeps {
  /** Slack's address is mounted here: before anything that reads bodies. */
  app: Application;
  /** `appToken` means socket mode; otherwise requests come by HTTP, signed with `signingSecret`. */
  config: {
    signingSecret?: string | undefined;
    botToken: string;
    appToken?: string | undefined;
    apiUrl?: string | undefined;
  };
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  changes: SettingChanges;
  staff: StaffBook;
  capture: Capture;
  desk: Desk;
  templates: Templates;
  playbooks: Playbooks;
  agents: AgentDefinitions;
  routing: RoutingBook;
  webhooks: WebhookLog;
  vault: Vault;
  publicUrl: string;
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
  /** True while we know our workspace and can be reached from Slack. */
  ready(): boolean;
  /** What can be typed after `/`, the global shortcuts, and those in the menu of a message, by callback id. */
  surface: { commands: readonly Command[]; shortcuts: readonly string[]; messageShortcuts: readonly string[] };
  handlers: Record<'licence.fetch' | 'licence.clear' | 'settings.show', EffectHandler>;
}

/** Longest wait for one answer of the Web API. */
const CALL_MS = 5000;

/** Slack: everything people see and do there, for one workspace. */
export function createSlackEdge(deps: SlackEdgeDeps): SlackEdge {
  const { app, config, clock, log, tenants, staff, playbooks } = deps;
  app.disable('x-powered-by');
  const lean = createLeanFetch({ timeoutMs: CALL_MS, machine: clock.machine });
  const web = createSlackClient({ token: config.botToken, apiUrl: config.apiUrl, fetch: lean.fetch, log });
  const background = createBackground(log);
  const installation = createInstallation({ client: web, log });
  const identity = createIdentity({ client: web, installation, tenants, staff, playbooks, clock, background });

  const features: Feature[] = [...deps.features, createDrive(deps), createLeadCommands(deps), createHome(deps)];
  const rescue = createRescue({ ...deps, identity, others: features.flatMap((feature) => feature.commands ?? []) });
  const registry = register([...features, rescue]);
  const dispatch = createDispatch({ registry, identity, client: web, background, log });
  const onLost = (why: 'installation' | 'socket') => {
    if (why === 'installation') installation.forget();
    connection.start();
  };
  const line = createLine({ app, config, clock, log, fetch: lean.fetch, dispatch, background, onLost });
  const connection = createConnection({ installation, line, log });

  async function client(tenantId: TenantId): Promise<SlackClient> {
    const { teamId } = await installation.get();
    if ((await tenants.byId(tenantId)).slackTeamId === teamId) return web;
    throw new KnownError('unavailable', 'no token of this workspace', 'This workspace is not connected to LeadRescue.');
  }

  return {
    start: connection.start,
    async stop() {
      await connection.stop();
      await background.drain();
      await lean.close();
    },
    client,
    ready: connection.ready,
    surface: {
      commands: [...registry.commands.values()],
      shortcuts: [...registry.shortcuts.keys()],
      messageShortcuts: [...registry.messageShortcuts.keys()],
    },
    handlers: {
      ...createLicenceHandlers({ ...deps, client }),
      'settings.show': createApprovalHandler({ ...deps, clientOf: client }),
    },
  };
}
