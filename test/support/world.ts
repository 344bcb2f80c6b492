import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountsOf, mailAccountOf, statusPath } from '../../src/gateways.ts';
import type { CaptureInput } from '../../src/leads/index.ts';
import { letterCalendar } from '../../src/letter-calendar.ts';
import { createClock, type TurnableClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createKeyring } from '../../src/lib/secrets.ts';
import { type Gateway, reconcile, releaseExpired } from '../../src/messaging/index.ts';
import type { Pace } from '../../src/phones/index.ts';
import { createRooms, type Rooms, type RoomsDeps } from '../../src/rooms.ts';
import { createMailStandIn, type MailStandIn } from '../../src/sandbox/mail/index.ts';
import { createTwilioStandIn } from '../../src/sandbox/twilio/index.ts';
import { createWhatsAppWebStandIn, type WhatsAppWebStandIn } from '../../src/sandbox/whatsapp-web/index.ts';
import type { Role, Staff, Tenant } from '../../src/tenants/index.ts';
import { createMail, type Mail } from '../../src/vendors/mail/index.ts';
import { createTwilio, parseInbound, parseStatus, type Twilio } from '../../src/vendors/twilio/index.ts';
import { createWhatsAppWeb } from '../../src/vendors/whatsapp-web/index.ts';
import type { TestDatabase } from './database.ts';
import { lentDatabase } from './lent-database.ts';
import { texts } from './texts.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from './twilio.ts';

export const SMS_SENDER = '+46700000001';
export const WHATSAPP_SENDER = '+46700000002';
/** A Monday morning in Stockholm, well inside the send hours. */
export const MONDAY = new Date('2026-11-23T09:30:00Z');

export interface World {
  database: TestDatabase;
  rooms: Rooms;
  clock: TurnableClock;
  twilio: ReturnType<typeof createTwilioStandIn>;
  /** Our client there. */
  gateway: Twilio;
  /** Where it was asked for: the mail server, and our client there. */
  mail: { standIn: MailStandIn; vendor: Mail } | undefined;
  /** Where it was asked for: a WhatsApp that phones are linked to. */
  phones: WhatsAppWebStandIn | undefined;
  tenant: Tenant;
  /** Makes a member of staff. */
  hire(name: string, role: Role | null): Promise<Staff>;
  /** Logs a drive as `owner`; what is not given is a valid Anna. */
  drive(owner: Staff, changes?: Partial<CaptureInput>): ReturnType<Rooms['capture']['capture']>;
  /** Turns business time and lets everything due happen. */
  turnTo(at: Date): Promise<void>;
  /** Lets everything that is due now happen. */
  settle(): Promise<void>;
  /** The machine's clock goes on by so many ms: what is remembered for a moment is asked anew. */
  skip(ms: number): void;
  /** Runs what the housekeeping tick runs. Returns how many attempts got a verdict. */
  housekeep(): Promise<number>;
  close(): Promise<void>;
}

/** What answers Twilio's callbacks in a test of the rooms: the parsers and the rooms, without the HTTP edge. */
export async function startDoor(rooms: () => Rooms): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const url = new URL(request.url ?? '/', 'http://door');
      const query = Object.fromEntries(url.searchParams);
      const work = url.pathname.endsWith('/status')
        ? rooms()
            .statuses([parseStatus(form, query)])
            .then((due) => due && rooms().dispatcher.wake())
        : rooms().inbox.receive(parseInbound(form), 'twilio.inbound', form);
      Promise.resolve(work).then(
        () => response.writeHead(200, { 'content-type': 'text/xml' }).end('<Response/>'),
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A linked phone that need not look like a person's. */
export const AT_ONCE: Pace = { rate: 1000, gap: [0, 0], typing: { perCharacter: 0, least: 0, most: 0 }, days: [1000] };

/** Our mailbox in a world that writes e-mail. */
const MAIL_SENDER = 'hello@leads.example';

async function startMail(now: () => Date): Promise<NonNullable<World['mail']>> {
  const standIn = createMailStandIn({ sender: MAIL_SENDER, now });
  const urls = await standIn.start();
  return { standIn, vendor: createMail({ ...urls, from: MAIL_SENDER, replyMs: 3000, machine: Date.now, now }) };
}

export async function openWorld(
  options: Partial<RoomsDeps> & {
    at?: Date;
    whatsapp?: boolean;
    mail?: boolean;
    phones?: boolean;
    /** Instead of a fresh clone. */
    database?: TestDatabase;
  } = {},
): Promise<World> {
  const database = options.database ?? (await lentDatabase());
  let skipped = 0;
  const clock = createClock(() => Date.now() + skipped);
  clock.turnTo((options.at ?? MONDAY).getTime() - Date.now());
  let rooms: Rooms | undefined;
  const theRooms = () => {
    if (!rooms) throw new Error('the rooms are not open yet');
    return rooms;
  };
  const door = await startDoor(theRooms);
  const twilio = createTwilioStandIn({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    webhookBase: () => door.origin,
    now: () => clock.now(),
  });
  const { url } = await twilio.start();
  const httpTimeoutMs = options.httpTimeoutMs ?? 3000;
  const vendor = createTwilio({
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiUrl: url,
    httpTimeoutMs,
    machine: Date.now,
  });
  const sender = {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    smsFrom: SMS_SENDER,
    messagingServiceSid: undefined,
    apiUrl: url,
  };
  const mail = options.mail ? await startMail(clock.now) : undefined;
  const phones = options.phones ? createWhatsAppWebStandIn({ now: clock.now }) : undefined;
  const phoneVendor = phones && createWhatsAppWeb({ open: phones.open, machine: Date.now, sendMs: 400, stateMs: 200 });
  rooms = await createRooms({
    texts: texts(),
    db: database.db,
    clock,
    log: createLogger('silent'),
    keyring: createKeyring(`k1:${Buffer.alloc(32, 7).toString('base64')}`),
    publicUrl: door.origin,
    gateways: new Map<string, Gateway>([
      ['twilio', vendor],
      ...(mail ? [['mail', mail.vendor] as const] : []),
      ...(phoneVendor ? [['whatsapp-web', phoneVendor] as const] : []),
    ]),
    ...(phoneVendor && { phoneVendor, phonePace: AT_ONCE }),
    accounts: [
      ...(mail ? [mailAccountOf({ from: MAIL_SENDER })] : []),
      ...accountsOf({ ...sender, whatsappFrom: options.whatsapp === false ? undefined : WHATSAPP_SENDER }),
    ].map((account) => ({
      ...account,
      rate: 100_000,
    })),
    statusPath,
    calendar: letterCalendar(clock, door.origin),
    ...options,
    httpTimeoutMs,
  });
  const tenant = await rooms.tenants.ensure(
    { name: 'Nordic Motors', slackTeamId: 'T0TEST', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
    'test',
  );

  const settle = async () => {
    theRooms().dispatcher.wake();
    await theRooms().dispatcher.idle();
  };
  return {
    database,
    rooms,
    clock,
    twilio,
    gateway: vendor,
    mail,
    phones,
    tenant,
    async hire(name, role) {
      const profile = { slackUserId: `U${newId().slice(-8)}`, name, zone: 'Europe/Stockholm', fullMember: true };
      const staff = await theRooms().staff.remember(tenant.id, profile);
      await database.db.inTenant(tenant.id, (tx) =>
        tx.query('update staff set role = $2 where id = $1', [staff.id, role]),
      );
      return { ...staff, role };
    },
    drive: (owner, changes = {}) =>
      theRooms().capture.capture(tenant.id, {
        playbook: 'test-drive',
        source: 'slack',
        sourceKey: newId(),
        ownerId: owner.id,
        actor: `staff:${owner.id}`,
        name: 'Anna Karlsson',
        phone: '+46701234567',
        email: '',
        language: 'sv',
        fields: { car: 'BMW X5' },
        consentGiven: true,
        ...changes,
      }),
    async turnTo(at) {
      clock.turnTo(at.getTime() - Date.now());
      await settle();
    },
    settle,
    skip(ms) {
      skipped += ms;
    },
    async housekeep() {
      await releaseExpired(database.db.system);
      return reconcile(theRooms().dispatching);
    },
    async close() {
      await theRooms().dispatcher.stop();
      await theRooms().phones.stop();
      phones?.stop();
      await twilio.stop();
      await Promise.all([vendor.close(), mail?.vendor.close()]);
      await mail?.standIn.stop();
      door.server.closeAllConnections();
      await new Promise((resolve) => door.server.close(resolve));
      await database.drop();
    },
  };
}
