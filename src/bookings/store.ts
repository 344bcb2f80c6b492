import type { Tx } from '../db/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import type { Booking, BookingId, Busy, BusyId, Slot } from './types.ts';

const BOOKING = `b.id, b.person_id as "personId", b.lead_id as "leadId", b.staff_id as "staffId", b.kind,
    b.starts_at as "startsAt", b.ends_at as "endsAt", b.zone, b.state, b.moves, s.name as "staffName",
    b.created_at as "createdAt"`;

export async function findBooking(tx: Tx, id: BookingId): Promise<Booking | undefined> {
  const [booking] = await tx.query<Booking>(
    `select ${BOOKING} from bookings b join staff s on s.id = b.staff_id where b.id = $1`,
    [id],
  );
  return booking;
}

/** The next appointment of a person that has not begun (bookings_person). */
export async function nextBooking(tx: Tx, personId: PersonId, now: Date): Promise<Booking | undefined> {
  const [booking] = await tx.query<Booking>(
    `select ${BOOKING} from bookings b join staff s on s.id = b.staff_id
     where b.person_id = $1 and b.state = 'booked' and b.starts_at > $2 order by b.starts_at limit 1`,
    [personId, now],
  );
  return booking;
}

/** An appointment with whom it is about, for lists and notes. */
export interface Listed extends Booking {
  personName: string;
  fields: Record<string, string>;
  playbook: string;
  ownerId: StaffId | null;
}

/** Appointments that begin in [from, to), of one of ours or of all, in order of time (bookings_tenant, bookings_staff). */
export async function bookingsBetween(tx: Tx, from: Date, to: Date, staffId?: StaffId): Promise<Listed[]> {
  return tx.query<Listed>(
    `select ${BOOKING}, p.name as "personName", l.fields, l.playbook, l.owner_id as "ownerId"
     from bookings b join staff s on s.id = b.staff_id join persons p on p.id = b.person_id join leads l on l.id = b.lead_id
     where b.tenant_id = $1 and b.state = 'booked' and b.starts_at >= $2 and b.starts_at < $3
       and ($4::uuid is null or b.staff_id = $4)
     order by b.starts_at, s.name`,
    [tx.tenantId, from, to, staffId ?? null],
  );
}

/** What may stand in the way of people of ours in [from, to): appointments (bookings_staff) and busy times. */
export async function taken(
  tx: Tx,
  staff: readonly StaffId[],
  from: Date,
  to: Date,
  except?: BookingId,
): Promise<{ bookings: Slot[]; busy: Slot[] }> {
  // a day more on either side: the pause of an appointment reaches beyond it
  const bookings = await tx.query<Slot>(
    `select staff_id as "staffId", starts_at as "startsAt", ends_at as "endsAt" from bookings
     where staff_id = any($1::uuid[]) and state = 'booked' and ends_at > $2::timestamptz - interval '1 day'
       and starts_at < $3::timestamptz + interval '1 day' and ($4::uuid is null or id <> $4)`,
    [staff, from, to, except ?? null],
  );
  const busy = await tx.query<Slot>(
    `select staff_id as "staffId", starts_at as "startsAt", ends_at as "endsAt" from busy_times
     where staff_id = any($1::uuid[]) and ends_at > $2 and starts_at < $3`,
    [staff, from, to],
  );
  return { bookings, busy };
}

/**
 * Whoever writes into somebody's calendar holds their row first, so that two never find the same time free. The lock
 * leaves alone those who only refer to the row (a lead with this owner).
 */
export async function lockStaff(tx: Tx, id: StaffId): Promise<boolean> {
  const rows = await tx.query('select from staff where id = $1 and role is not null for no key update', [id]);
  return rows.length > 0;
}

/** Everybody who may be booked, in a fixed order, in which they are locked. */
export async function bookableStaff(tx: Tx): Promise<StaffId[]> {
  const rows = await tx.query<{ id: StaffId }>('select id from staff where role is not null order by id');
  return rows.map((row) => row.id);
}

/** The lead's owner, if they may still be booked. */
export async function ownerOf(tx: Tx, leadId: LeadId): Promise<StaffId | undefined> {
  const [row] = await tx.query<{ id: StaffId }>(
    'select s.id from leads l join staff s on s.id = l.owner_id where l.id = $1 and s.role is not null',
    [leadId],
  );
  return row?.id;
}

export async function insertBooking(
  tx: Tx,
  booking: Slot & {
    id: BookingId;
    personId: PersonId;
    leadId: LeadId;
    kind: string;
    zone: string;
    source: string;
    now: Date;
  },
): Promise<void> {
  await tx.query(
    `insert into bookings (id, tenant_id, person_id, lead_id, staff_id, kind, starts_at, ends_at, zone, state, source, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'booked', $10, $11)`,
    [
      booking.id,
      tx.tenantId,
      booking.personId,
      booking.leadId,
      booking.staffId,
      booking.kind,
      booking.startsAt,
      booking.endsAt,
      booking.zone,
      booking.source,
      booking.now,
    ],
  );
}

export async function moveBooking(tx: Tx, id: BookingId, slot: Slot, zone: string): Promise<void> {
  await tx.query(
    `update bookings set staff_id = $2, starts_at = $3, ends_at = $4, zone = $5, moves = moves + 1 where id = $1`,
    [id, slot.staffId, slot.startsAt, slot.endsAt, zone],
  );
}

export async function cancelBooking(tx: Tx, id: BookingId, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `update bookings set state = 'cancelled', cancelled_at = $2 where id = $1 and state = 'booked' returning id`,
    [id, now],
  );
  return rows.length > 0;
}

export async function insertBusy(tx: Tx, busy: Busy): Promise<void> {
  await tx.query(
    `insert into busy_times (id, tenant_id, staff_id, starts_at, ends_at, reason, cover_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [busy.id, tx.tenantId, busy.staffId, busy.startsAt, busy.endsAt, busy.reason, busy.coverId],
  );
}

export async function findBusy(tx: Tx, id: BusyId): Promise<Busy | undefined> {
  const [busy] = await tx.query<Busy>(`${BUSY} where id = $1`, [id]);
  return busy;
}

/** Busy times that are not over, of one of ours or of all, in order of time. */
export async function comingBusy(tx: Tx, now: Date, staffId?: StaffId): Promise<Busy[]> {
  return tx.query<Busy>(
    `${BUSY} where tenant_id = $1 and ends_at > $2 and ($3::uuid is null or staff_id = $3) order by starts_at limit 100`,
    [tx.tenantId, now, staffId ?? null],
  );
}

/** Whether somebody is away at some time of a stretch. */
export async function isAway(tx: Tx, staffId: StaffId, { startsAt, endsAt }: Omit<Slot, 'staffId'>): Promise<boolean> {
  const rows = await tx.query(
    'select from busy_times where staff_id = $1 and starts_at < $3 and ends_at > $2 limit 1', // busy_times_staff
    [staffId, startsAt, endsAt],
  );
  return rows.length > 0;
}

export async function deleteBusy(tx: Tx, id: BusyId): Promise<void> {
  await tx.query('delete from busy_times where id = $1', [id]);
}

const BUSY = `select id, staff_id as "staffId", starts_at as "startsAt", ends_at as "endsAt", reason,
    cover_id as "coverId" from busy_times`;
