import type { Database, Tx } from '../db/index.ts';
import { append, type NewEvent, request } from '../events/index.ts';
import { findLead } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type LeadId, newId, type PersonId, type StaffId, type TenantId } from '../lib/ids.ts';
import { lockPerson } from '../people/index.ts';
import { freeForLead, noticeOf, takeSlot } from './calendars.ts';
import { dropNotices, type NoticeDeps, queueNotices } from './notices.ts';
import { pickOffer, type Wish } from './offer.ts';
import { BookingRefused } from './refusal.ts';
import {
  bookingsBetween,
  cancelBooking,
  findBooking,
  insertBooking,
  type Listed,
  moveBooking,
  nextBooking,
} from './store.ts';
import { actorOf, type Booker, type Booking, type BookingId, type Slot, sourceOf } from './types.ts';

export interface NewBooking {
  personId: PersonId;
  leadId: LeadId;
  startsAt: Date;
  /** With whom; the lead's owner unless told. */
  staffId?: StaffId | undefined;
  /** Of the playbook; `visit` unless told. */
  kind?: string | undefined;
  by: Booker;
}

export interface NewTime {
  startsAt: Date;
  /** With whom from now on; as before unless told. */
  staffId?: StaffId | undefined;
  by: Booker;
}

/** How far ahead times are looked for, and around a wish. Days. */
const AHEAD_DAYS = 21;

export interface FreeWanted {
  leadId: LeadId;
  from: Date;
  /** Excluded. */
  to: Date;
  staffId?: StaffId | undefined;
  by?: Booker | undefined;
  /** The appointment that is to be moved: its own time counts as free. */
  except?: BookingId | undefined;
}

export interface Cancelled extends Booking {
  /** The customer knows, or hears of it in time. */
  told: boolean;
}

export interface Appointments {
  /**
   * Times that can be booked for a lead, in order: of the chosen salesperson, else the lead's owner, else (where the
   * owner has none in that time) everybody. Read without locks; only `bookInTx` makes sure.
   */
  free(tx: Tx, wanted: FreeWanted): Promise<Slot[]>;
  /** A few good ones (three unless told) of the next three weeks, near the wish and apart from each other. */
  offer(
    tx: Tx,
    wanted: {
      leadId: LeadId;
      wish?: Wish | undefined;
      count?: number;
      staffId?: StaffId | undefined;
      except?: BookingId | undefined;
    },
  ): Promise<Slot[]>;
  /** The person's coming appointment. */
  next(tx: Tx, personId: PersonId): Promise<Booking | undefined>;
  find(tx: Tx, id: BookingId): Promise<Booking | undefined>;
  /** Appointments that begin in [from, to), of one of ours or of all. */
  between(tx: Tx, from: Date, to: Date, staffId?: StaffId): Promise<Listed[]>;
  /**
   * Books inside the caller's transaction, in which the PERSON IS LOCKED; locks the salesperson's row itself. Writes the
   * event, plans confirmation and reminder, and asks for the note to staff and the card. Throws `BookingRefused` (its
   * `reason`: past, too_soon, closed, busy, booked, nobody, has_one) and has changed nothing then.
   */
  bookInTx(tx: Tx, wanted: NewBooking): Promise<Booking>;
  /** Moves a coming appointment; everything else as `bookInTx`. Also throws `BookingRefused` with reason `over`. */
  rescheduleInTx(tx: Tx, id: BookingId, to: NewTime): Promise<Booking>;
  /** Cancels a coming appointment; null when it is over or was cancelled before. The person is locked. */
  cancelInTx(tx: Tx, id: BookingId, by: Booker): Promise<Cancelled | null>;
  /** Tells staff that the customer wishes for another time than those on the page. The person is locked. */
  wishInTx(tx: Tx, booking: Booking): Promise<void>;
  /** The same in transactions of their own, which lock the person first. */
  book(tenantId: TenantId, wanted: NewBooking): Promise<Booking>;
  reschedule(tenantId: TenantId, id: BookingId, to: NewTime): Promise<Booking>;
  cancel(tenantId: TenantId, id: BookingId, by: Booker): Promise<Cancelled | null>;
  wish(tenantId: TenantId, id: BookingId): Promise<void>;
}

export interface AppointmentDeps extends NoticeDeps {
  db: Database;
  clock: Clock;
}

const DAY_MS = 24 * 3_600_000;

export function createAppointments(deps: AppointmentDeps): Appointments {
  const { db, clock, tenants } = deps;

  /** What follows from a change: the event, the note to staff, the card. */
  async function tell(tx: Tx, booking: Booking, by: Booker, event: NewEvent, what: string): Promise<void> {
    const { personId, leadId, id: bookingId, moves } = booking;
    await append(tx, tx.tenantId, clock.now(), actorOf(by), [{ ...event, personId, leadId }]);
    await request(tx, tx.tenantId, [
      { kind: 'card.refresh', key: leadId },
      { kind: 'booking.tell', key: `${bookingId}/${what}/${moves}`, data: { bookingId, what, by: sourceOf(by) } },
    ]);
  }

  async function read(tx: Tx, id: BookingId): Promise<Booking> {
    const booking = await findBooking(tx, id);
    if (!booking) throw new KnownError('not_found', 'no such booking', 'That appointment does not exist (any more).');
    return booking;
  }

  async function bookInTx(tx: Tx, wanted: NewBooking): Promise<Booking> {
    const { personId, leadId, startsAt, staffId, by, kind = 'visit' } = wanted;
    const now = clock.now();
    const lead = await findLead(tx, leadId);
    if (lead?.personId !== personId) {
      throw new KnownError('not_found', 'no such lead of this person', 'That lead does not exist (any more).');
    }
    if (await nextBooking(tx, personId, now)) throw new BookingRefused('has_one');
    const slot = await takeSlot(tenants, tx, { leadId, startsAt, staffId, by, now });
    const { zone } = await tenants.byId(tx.tenantId);
    const id = newId<BookingId>();
    await insertBooking(tx, { ...slot, id, personId, leadId, kind, zone, source: sourceOf(by), now });
    const booking = await read(tx, id);
    await tell(tx, booking, by, { type: 'booking.made', data: { bookingId: id, kind, by: by.kind } }, 'made');
    await queueNotices(deps, tx, booking, 'booking_confirmation', by, now);
    return booking;
  }

  /** The appointment as it is; refused when it has begun or was cancelled. */
  async function coming(tx: Tx, id: BookingId): Promise<Booking> {
    const booking = await read(tx, id);
    if (booking.state === 'cancelled' || booking.startsAt <= clock.now()) throw new BookingRefused('over');
    return booking;
  }

  async function rescheduleInTx(tx: Tx, id: BookingId, to: NewTime): Promise<Booking> {
    const before = await coming(tx, id);
    const { startsAt, staffId = before.staffId, by } = to;
    if (startsAt.getTime() === before.startsAt.getTime() && staffId === before.staffId) return before;
    const now = clock.now();
    const slot = await takeSlot(tenants, tx, { leadId: before.leadId, startsAt, staffId, by, now, except: id });
    const { zone } = await tenants.byId(tx.tenantId);
    await moveBooking(tx, id, slot, zone);
    const booking = await read(tx, id);
    await dropNotices(tx, before, 'appointment_moved');
    await tell(tx, booking, by, { type: 'booking.moved', data: { bookingId: id, by: by.kind } }, 'moved');
    await queueNotices(deps, tx, booking, 'booking_moved', by, now);
    return booking;
  }

  async function cancelInTx(tx: Tx, id: BookingId, by: Booker): Promise<Cancelled | null> {
    const before = await read(tx, id);
    const now = clock.now();
    if (before.startsAt <= now || !(await cancelBooking(tx, id, now))) return null;
    const booking = await read(tx, id);
    await dropNotices(tx, booking, 'appointment_cancelled');
    await tell(tx, booking, by, { type: 'booking.cancelled', data: { bookingId: id, by: by.kind } }, 'cancelled');
    // who cancels on the page or in the chat has the answer before them
    const told = by.kind !== 'staff' || (await queueNotices(deps, tx, booking, 'booking_cancelled', by, now));
    return { ...booking, told };
  }

  /** Locks the appointment's person, then works on it. */
  async function withPerson<T>(tenantId: TenantId, id: BookingId, work: (tx: Tx) => Promise<T>): Promise<T> {
    return db.inTenant(tenantId, async (tx) => {
      await lockPerson(tx, (await read(tx, id)).personId);
      return work(tx);
    });
  }

  async function wishInTx(tx: Tx, booking: Booking): Promise<void> {
    const { id: bookingId, moves } = booking;
    const data = { bookingId, what: 'wish', by: 'customer' };
    await request(tx, tx.tenantId, [{ kind: 'booking.tell', key: `${bookingId}/wish/${moves}`, data }]);
  }

  const free: Appointments['free'] = (tx, { by, ...wanted }) =>
    freeForLead(tenants, tx, { ...wanted, now: clock.now(), notice: by && noticeOf(by) });

  return {
    free,
    async offer(tx, { leadId, wish, count, staffId, except }) {
      const from = clock.now();
      const wished = wish?.kind === 'at' ? wish.instant : wish?.from;
      const to = new Date(Math.max(from.getTime(), wished?.getTime() ?? 0) + AHEAD_DAYS * DAY_MS);
      const slots = await free(tx, { leadId, from, to, staffId, except });
      const { zone } = await tenants.byId(tx.tenantId);
      return pickOffer(slots, { zone, ...(wish && { wish }), ...(count !== undefined && { count }) });
    },
    next: (tx, personId) => nextBooking(tx, personId, clock.now()),
    find: findBooking,
    between: bookingsBetween,
    bookInTx,
    rescheduleInTx,
    cancelInTx,
    wishInTx,
    book: (tenantId, wanted) =>
      db.inTenant(tenantId, async (tx) => {
        await lockPerson(tx, wanted.personId);
        return bookInTx(tx, wanted);
      }),
    reschedule: (tenantId, id, to) => withPerson(tenantId, id, (tx) => rescheduleInTx(tx, id, to)),
    cancel: (tenantId, id, by) => withPerson(tenantId, id, (tx) => cancelInTx(tx, id, by)),
    wish: (tenantId, id) => withPerson(tenantId, id, async (tx) => wishInTx(tx, await read(tx, id))),
  };
}
