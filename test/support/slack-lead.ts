import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createRelay, requestFeeds } from '../../src/events/index.ts';
import type { LeadId, TenantId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createAgentFeature } from '../../src/slack/agent/index.ts';
import { createAlertsFeature } from '../../src/slack/alerts/index.ts';
import { createAuditFeature } from '../../src/slack/audit/index.ts';
import { createBookingFeature } from '../../src/slack/bookings/index.ts';
import { createImportFeature } from '../../src/slack/import/index.ts';
import { createSlackEdge, type SlackEdge } from '../../src/slack/index.ts';
import { createLeadFeature } from '../../src/slack/lead/index.ts';
import { createPhoneFeature } from '../../src/slack/phones/index.ts';
import { createPrivacyFeature } from '../../src/slack/privacy/index.ts';
import { createReportFeature } from '../../src/slack/reports/index.ts';
import type { TellDeps } from '../../src/slack/tell/index.ts';
import type { Role, Settings, Staff } from '../../src/tenants/index.ts';
import { changeSettings } from './change-settings.ts';
import { settled } from './settled.ts';
import { type SlackMessage, startSlack, type TestSlack, U_ADMIN, U_ERIK, U_MARIA, U_SOFIA } from './slack.ts';
import { openWorld, type World } from './world.ts';

export const ANNA = '+46701234567';

/** The rooms, a real dispatcher and Twilio's stand-in, with the whole Slack edge and Slack's stand-in around them. */
export interface LeadWorld extends World {
  slack: TestSlack;
  /** What answers at the product's address, Slack's requests only: a test may let it answer more. */
  pages: express.Application;
  edge: SlackEdge;
  sofia: Staff;
  erik: Staff;
  /** Manager. */
  maria: Staff;
  admin: Staff;
  /** Lets everything happen that is due: messages leave, callbacks come, effects are carried out. */
  flush(): Promise<void>;
  /** Runs effects only, the activity feed included. */
  effects(): Promise<void>;
  /** The same, those included that wait for their next try. */
  retryEffects(): Promise<void>;
  /** Machine time moves on by a minute for what remembers how Slack's channels are. */
  skipMinute(): void;
  change(patch: Partial<Settings>): Promise<void>;
  setRole(staff: Staff, role: Role | null): Promise<void>;
  /** The card of a lead as it is in Slack now. @throws Error when there is none */
  card(leadId: LeadId): Promise<SlackMessage>;
  /** What was said in its thread, without the card. */
  thread(leadId: LeadId): Promise<SlackMessage[]>;
  /** What a customer writes; by WhatsApp unless told otherwise. */
  writes(body: string, from?: string, channel?: 'sms' | 'whatsapp'): Promise<void>;
  /** A direct message of somebody with the bot. */
  direct(userId: string): SlackMessage[];
}

type ReportParts = Parameters<typeof createReportFeature>[0];

/** `quiet` leaves the activity feed out; with `pictures` there are numbers and digests as well. */
export async function openLeadWorld(
  options: Parameters<typeof openWorld>[0] & {
    quiet?: true;
    pictures?: ReportParts['pictures'];
    translate?: NonNullable<TellDeps['translate']>;
  } = {},
): Promise<LeadWorld> {
  const world = await openWorld(options);
  const { rooms, clock, tenant } = world;
  const { db } = world.database;
  const log = createLogger('silent');
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slack = await startSlack({
    teamId: tenant.slackTeamId ?? '',
    eventsUrl: () => `${url}/slack/events`,
    now: () => clock.now(),
  });
  const late: { edge?: SlackEdge } = {};
  let skipped = 0;
  const parts = {
    ...rooms,
    db,
    clock,
    log,
    publicUrl: url,
    clientOf: async (tenantId: TenantId) => {
      if (!late.edge) throw new Error('Slack is not connected yet');
      return late.edge.client(tenantId);
    },
  };
  const skipping = { now: clock.now, machine: () => clock.machine() + skipped };
  const lead = createLeadFeature({
    ...parts,
    ...(options.translate && { translate: options.translate }),
    clock: skipping,
  });
  const agent = createAgentFeature(parts);
  const bookings = createBookingFeature(parts);
  const numbers = options.pictures && createReportFeature({ ...parts, clock: skipping, pictures: options.pictures });
  const audit = createAuditFeature({ ...parts, clock: skipping });
  const alerts = createAlertsFeature({ ...parts, clock: skipping });
  const privacy = createPrivacyFeature(parts);
  const linking = createPhoneFeature(parts);
  const files = createImportFeature(parts);
  const edge = createSlackEdge({
    ...rooms,
    app,
    db,
    clock,
    log,
    publicUrl: url,
    features: [
      lead.feature,
      agent.feature,
      bookings.feature,
      audit.feature,
      privacy.feature,
      linking.feature,
      alerts.feature,
      files.feature,
      ...(numbers ? [numbers.feature] : []),
    ],
    config: { signingSecret: slack.signingSecret, botToken: slack.botToken, apiUrl: slack.apiUrl },
  });
  late.edge = edge;
  edge.start();
  const relay = createRelay({
    db,
    log,
    handlers: {
      ...edge.handlers,
      ...lead.handlers,
      ...agent.handlers,
      ...bookings.handlers,
      ...audit.handlers,
      ...privacy.handlers,
      ...linking.handlers,
      ...alerts.handlers,
      ...files.handlers,
      'import.run': rooms.imports.run,
      ...rooms.privacyHandlers,
      ...numbers?.handlers,
      'figures.recount': async ({ tenantId }) => void (await rooms.counting.recount(tenantId)),
      'scores.refresh': async ({ tenantId }) => void (await rooms.rescore(tenantId)),
      'agent.turn': rooms.agentTurn,
      'plan.move': rooms.planMoves.handle,
      'leads.give': rooms.whose.handle,
      ...rooms.senderHandlers,
      'plan.refit': rooms.planMoves.handleRefit,
    },
  });

  async function setRole(staff: Staff, role: Role | null): Promise<void> {
    await db.inTenant(tenant.id, (tx) => tx.query('update staff set role = $2 where id = $1', [staff.id, role]));
  }
  async function join(slackUserId: string, name: string, role: Role): Promise<Staff> {
    const profile = { slackUserId, name, zone: 'Europe/Stockholm', fullMember: true };
    const staff = await rooms.staff.remember(tenant.id, profile);
    await setRole(staff, role);
    return { ...staff, role };
  }
  const effects = async () => {
    if (!options.quiet) {
      await settled(db); // the feed reads what every transaction has left behind
      await requestFeeds(db.system);
    }
    await relay.run();
  };
  const place = async (leadId: LeadId) => {
    const [row] = await db.system.query<{ channel: string; ts: string }>(
      'select channel, ts from slack_threads where lead_id = $1',
      [leadId],
    );
    if (!row) throw new Error('the lead has no card');
    return row;
  };

  return {
    ...world,
    slack,
    pages: app,
    edge,
    sofia: await join(U_SOFIA, 'Sofia Lindqvist', 'salesperson'),
    erik: await join(U_ERIK, 'Erik Holm', 'salesperson'),
    maria: await join(U_MARIA, 'Maria Nyström', 'manager'),
    admin: await join(U_ADMIN, 'Anders Berg', 'admin'),
    async flush() {
      await world.settle();
      await world.twilio.idle();
      await world.settle();
      await effects();
    },
    effects,
    async retryEffects() {
      await db.system.query('update effects set due_at = clock_timestamp() where parked_at is null');
      await effects();
    },
    skipMinute() {
      skipped += 60_000;
    },
    async change(patch) {
      const [admin] = await rooms.staff.list(tenant.id);
      if (admin) await changeSettings(world, admin, patch);
    },
    setRole,
    async card(leadId) {
      const { channel, ts } = await place(leadId);
      const message = slack.message(channel, ts);
      if (!message) throw new Error('the card is gone');
      return message;
    },
    async thread(leadId) {
      const { channel, ts } = await place(leadId);
      return slack.thread(channel, ts).slice(1);
    },
    async writes(body, from = ANNA, channel = 'whatsapp') {
      const to = channel === 'sms' ? '+46700000001' : '+46700000002';
      await world.twilio.customerSends({ from, to, channel, body });
    },
    direct: (userId) => slack.messages(slack.channel(userId).id),
    async close() {
      await relay.drain();
      await edge.stop();
      await slack.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.close();
    },
  };
}
