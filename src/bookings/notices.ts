import { chooseRoute, findOpening, PRIORITY, usableAddresses } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { wake } from '../events/index.ts';
import { type AddressId, derivedId, type LeadId, type MessageId, type PersonId } from '../lib/ids.ts';
import type { ChannelName } from '../messaging/index.ts';
import type { PersonPlace } from '../people/index.ts';
import {
  type Playbooks,
  type RoutingBook,
  type Settings,
  type Tenants,
  templateKey,
  tenantPlaybook,
} from '../tenants/index.ts';
import { reminderAt } from './reminder.ts';
import type { Booker, Booking } from './types.ts';

/*
 * What the customer is told of an appointment. Each notice names the appointment and no time: its words are read when it
 * leaves, so it never says what is no longer so.
 */

type Notice = 'booking_confirmation' | 'booking_reminder' | 'booking_moved' | 'booking_cancelled';

export interface NoticeDeps {
  tenants: Tenants;
  routing: RoutingBook;
  playbooks: Playbooks;
}

/** The customer, as far as it decides how they are written to. */
interface Reader {
  language: string;
  place: PersonPlace;
  optedOutAt: Date | null;
  optedOutChannels: string[];
  addresses: { id: AddressId; kind: string; unreachable: string[] }[];
  playbook: string;
  /** The channel they wrote on last, and when they last wrote by WhatsApp. */
  lastChannel: ChannelName | null;
  inboundAt: Date | null;
}

const HOUR = 3_600_000;
const WINDOW_MS = 24 * HOUR;

const READER = {
  name: 'bookings-reader',
  // addresses_person, messages_person
  text: `select p.language, p.place, p.opted_out_at as "optedOutAt", p.opted_out_channels as "optedOutChannels", l.playbook,
      coalesce((select json_agg(json_build_object('id', a.id, 'kind', a.kind, 'unreachable', a.unreachable)
        order by a.created_at) from addresses a where a.person_id = p.id), '[]') as addresses,
      (select m.channel from messages m where m.person_id = p.id and m.direction = 'in'
        order by m.created_at desc limit 1) as "lastChannel",
      (select max(w.last_inbound_at) from service_windows w join addresses a on a.id = w.address_id
        where a.person_id = p.id) as "inboundAt"
    from persons p join leads l on l.id = $2 where p.id = $1`,
};

const INSERT = {
  name: 'bookings-notice',
  text: `insert into messages (id, tenant_id, person_id, lead_id, booking_id, direction, purpose, template_key, language,
      channel, account_id, address_id, priority, due_at, expires_at, state, reason, created_at)
    values ($1, $2, $3, $4, $5, 'out', 'notice', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    on conflict (id) do nothing`,
};

async function readerOf(tx: Tx, personId: PersonId, leadId: LeadId): Promise<Reader | undefined> {
  const [reader] = await tx.query<Reader>(READER, [personId, leadId]);
  return reader;
}

/** Takes back whatever is planned for an appointment and has not left. */
export async function dropNotices(tx: Tx, booking: Booking, reason: string): Promise<void> {
  await tx.query(
    // messages_person
    `update messages set state = 'cancelled', reason = $3, lease_owner = null, lease_until = null
     where id = any(array(select id from messages
       where person_id = $1 and booking_id = $2 and state in ('scheduled', 'claimed', 'held') order by id for update))`,
    [booking.personId, booking.id, reason],
  );
}

/** The law's hours, whatever the business's are. */
const ALL_DAY = { start: '00:00', end: '24:00' };

/**
 * Plans what the customer gets: the news at once, and a reminder while the appointment stands. When staff are at the desk
 * late the news waits for the next opening, unless that is too late and the law lets it leave now. Nothing for people who
 * opted out. Returns whether the news is on its way to them. The person is locked by the caller.
 */
export async function queueNotices(
  deps: NoticeDeps,
  tx: Tx,
  booking: Booking,
  news: Exclude<Notice, 'booking_reminder'>,
  by: Booker,
  now: Date,
): Promise<boolean> {
  const reader = await readerOf(tx, booking.personId, booking.leadId);
  if (!reader || reader.optedOutAt) return false;
  const settings = await deps.tenants.settings(tx.tenantId);
  const opening = by.kind === 'staff' ? findOpening(now, reader.place, settings.sendHours) : now;
  const inTime = opening && opening < booking.startsAt ? opening : findOpening(now, reader.place, ALL_DAY);
  const due = inTime ?? booking.startsAt;
  const told = await plan(deps, tx, booking, reader, { notice: news, due, expires: booking.startsAt, now });
  if (news !== 'booking_cancelled') await remind(deps, tx, booking, reader, settings, now);
  await wake(tx, 'messages');
  return told;
}

async function remind(
  deps: NoticeDeps,
  tx: Tx,
  booking: Booking,
  reader: Reader,
  { sendHours: hours }: Settings,
  now: Date,
): Promise<void> {
  const due = reminderAt({ startsAt: booking.startsAt, now, zone: booking.zone, place: reader.place, hours });
  if (!due) return;
  const expires = new Date(booking.startsAt.getTime() - HOUR);
  await plan(deps, tx, booking, reader, { notice: 'booking_reminder', due, expires, now });
}

/** Whether it is planned, and a way leads to the customer. */
async function plan(
  deps: NoticeDeps,
  tx: Tx,
  booking: Booking,
  reader: Reader,
  { notice, due, expires, now }: { notice: Notice; due: Date; expires: Date; now: Date },
): Promise<boolean> {
  const settings = await deps.tenants.settings(tx.tenantId);
  const playbook = tenantPlaybook(deps.playbooks.get(reader.playbook), settings);
  // a line of business that has no such text does not speak of appointments
  if (due >= expires || !playbook.templates.some((template) => template.key === notice)) return false;
  const tenant = await deps.tenants.byId(tx.tenantId);
  const routing = await deps.routing.of(tx.tenantId);
  const template = playbook.template(notice, reader.language, tenant.language);
  const { channels } = playbook.cadence;
  const { first } = chooseRoute({
    addresses: usableAddresses(reader.addresses, reader.optedOutChannels),
    accounts: {
      whatsapp: routing.accounts.whatsapp !== undefined,
      sms: routing.accounts.sms !== undefined,
      email: routing.accounts.email !== undefined,
    },
    windowOpen:
      routing.accounts.whatsapp?.freeText === true ||
      (reader.inboundAt !== null && due.getTime() - reader.inboundAt.getTime() < WINDOW_MS),
    templateApproved: routing.approved.has(templateKey(template)),
    order: [...channels].sort((a, b) => Number(b === reader.lastChannel) - Number(a === reader.lastChannel)),
    ...(reader.place.country && { country: reader.place.country }),
  });
  const channel = first.channel === 'none' ? (channels[0] ?? 'sms') : first.channel;
  const address = reader.addresses.find((each) => each.kind === (channel === 'email' ? 'email' : 'phone'));
  await tx.query(INSERT, [
    derivedId<MessageId>(tx.tenantId, notice, booking.id, String(booking.moves)),
    tx.tenantId,
    booking.personId,
    booking.leadId,
    booking.id,
    notice,
    template.language,
    channel,
    routing.accounts[channel]?.id ?? null,
    address?.id ?? null,
    notice === 'booking_reminder' ? PRIORITY.later : PRIORITY.now,
    due,
    expires,
    first.channel === 'none' ? 'held' : 'scheduled',
    first.channel === 'none' ? first.reason : null,
    now,
  ]);
  return first.channel !== 'none';
}
