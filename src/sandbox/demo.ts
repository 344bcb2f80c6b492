import { randomBytes } from 'node:crypto';
import type { MailConfig, SlackConfig, TwilioConfig } from '../config.ts';
import type { Rooms } from '../rooms.ts';
import { createMailStandIn, type MailStandIn } from './mail/index.ts';
import {
  createSlackStandIn,
  DEMO_PEOPLE,
  DEMO_TEAM_ID,
  DEMO_TEAM_NAME,
  type SlackStandIn,
  U_ADMIN,
  U_MARIA,
} from './slack/index.ts';
import { createTwilioStandIn, type TwilioStandIn } from './twilio/index.ts';
import { createWhatsAppWebStandIn, type WhatsAppWebStandIn } from './whatsapp-web/index.ts';

/*
 * The demo: what `npm start` shows without any credentials. Stand-ins for Slack, Twilio and a mail server on loopback, and a dealership
 * with people. The product under it is the production code and does not know.
 */

const MAIL_SENDER = 'hello@nordicmotors.example';
const BUSINESS_PHONE = '+46701740700';
const ACCOUNT_SID = 'AC00000000000000000000000000000000';

export interface StandIns {
  slack?: { config: SlackConfig; standIn: SlackStandIn };
  twilio?: { config: TwilioConfig; standIn: TwilioStandIn };
  mail?: { config: MailConfig; standIn: MailStandIn };
  /** A WhatsApp that phones can be linked to, and the number of the business's phone. */
  phones?: { standIn: WhatsAppWebStandIn; number: string };
  stop(): Promise<void>;
}

/** Starts a stand-in for each service without credentials. `origin` is where the product listens. */
export async function startStandIns(
  missing: { slack: boolean; twilio: boolean; mail: boolean },
  origin: () => string,
  now: () => Date,
): Promise<StandIns> {
  const standIns: StandIns = {
    stop: async () => {
      await Promise.all([
        standIns.slack?.standIn.stop(),
        standIns.twilio?.standIn.stop(),
        standIns.mail?.standIn.stop(),
        standIns.phones?.standIn.stop(),
      ]);
    },
  };
  if (missing.slack) {
    const signingSecret = randomBytes(16).toString('hex');
    const botToken = `xoxb-demo-${randomBytes(12).toString('hex')}`;
    const standIn = createSlackStandIn({
      signingSecret,
      botToken,
      teamId: DEMO_TEAM_ID,
      teamName: DEMO_TEAM_NAME,
      eventsUrl: () => `${origin()}/slack/events`,
      users: DEMO_PEOPLE,
      now,
    });
    for (const { id, bot } of standIn.users()) if (!bot) standIn.channel(id); // everybody has a conversation with the bot
    const { url } = await standIn.start();
    standIns.slack = { config: { signingSecret, botToken, appToken: undefined, apiUrl: url }, standIn };
  }
  if (missing.twilio) {
    const authToken = randomBytes(16).toString('hex');
    const standIn = createTwilioStandIn({
      accountSid: ACCOUNT_SID,
      authToken,
      webhookBase: origin,
      now,
      approveAfterMs: 0,
    });
    const { url } = await standIn.start();
    const config = {
      accountSid: ACCOUNT_SID,
      authToken,
      smsFrom: '+46701740600',
      whatsappFrom: '+46701740601',
      messagingServiceSid: undefined,
      apiUrl: url,
    };
    standIns.twilio = { config, standIn };
    // who has no Twilio may link a phone; a real WhatsApp has no place beside played customers
    standIns.phones = { standIn: createWhatsAppWebStandIn({ now }), number: BUSINESS_PHONE };
  }
  if (missing.mail) {
    const standIn = createMailStandIn({ sender: MAIL_SENDER, now });
    standIns.mail = { config: { ...(await standIn.start()), from: MAIL_SENDER, dkim: undefined }, standIn };
  }
  return standIns;
}

/** Seeds the demo dealership: its tenant, an admin and a manager, and WhatsApp templates on their way to approval. */
export async function seedDemo(rooms: Rooms, standIns: StandIns): Promise<void> {
  const { tenants, staff, templates } = rooms;
  const wanted = {
    name: DEMO_TEAM_NAME,
    slackTeamId: DEMO_TEAM_ID,
    country: 'SE',
    zone: 'Europe/Stockholm',
    language: 'sv',
  };
  const tenant = await tenants.ensure(wanted, 'demo');
  const [admin, manager] = await Promise.all(
    [U_ADMIN, U_MARIA].map((id) => {
      const person = DEMO_PEOPLE.find((each) => each.id === id);
      return staff.remember(tenant.id, {
        slackUserId: id,
        name: person?.realName ?? id,
        zone: person?.tz ?? null,
        fullMember: true,
      });
    }),
  );
  if (!admin || !manager) throw new Error('the demo has no people');
  await staff.found(tenant.id, admin);
  if (manager.role === 'salesperson')
    await staff.setRole(tenant.id, manager.id, 'manager', { ...admin, role: 'admin' });
  if (!standIns.twilio) return; // nothing is submitted to a real account unasked
  // a stand-in knows nothing of what an earlier one was given
  await templates.follow(true);
  const states = await templates.list(tenant.id, 'test-drive');
  if (states.some((each) => each.state !== 'approved')) await templates.submit(tenant.id, null, 'test-drive');
  await templates.follow();
}
