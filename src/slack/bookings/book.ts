import { z } from 'zod';
import type { Booking, BookingId, Slot } from '../../bookings/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import { isId, type StaffId } from '../../lib/ids.ts';
import { subjectOf } from '../card/index.ts';
import type { Action, ActionPlace, Asked, FormValues, Modal, Submitted } from '../feature.ts';
import { change, leadIdOf, show } from '../lead/modals.ts';
import type { ModalView } from '../views.ts';
import { BOOK, type BookForm, bookModal, dayOf, stretchOf } from './book-view.ts';
import { type BookingDeps, businessTimes } from './deps.ts';

/** How far ahead the next free time is looked for. */
const AHEAD_MS = 60 * 24 * 3_600_000;

const carried = z.object({ leadId: z.string(), bookingId: z.string().nullable() });

/** Booking, moving and cancelling an appointment: buttons and one form. */
export function createBook(deps: BookingDeps): { actions: Record<string, Action>; modals: Record<string, Modal> } {
  const { bookings, db, desk, clock } = deps;

  const findBooking = (asked: Asked, id: string) =>
    db.inTenant(asked.tenant.id, async (tx) => (isId(id) ? bookings.find(tx, id as BookingId) : undefined));

  /** An appointment that this person may change: of a lead of theirs, or their own. */
  async function bookingFor(asked: Asked, id: string): Promise<Booking> {
    const booking = await findBooking(asked, id);
    if (!booking) throw new KnownError('not_found', 'no such booking', 'That appointment does not exist (any more).');
    if (booking.staffId !== asked.staff.id) await desk.lead(asked.staff, booking.leadId);
    return booking;
  }

  async function leadOf(asked: Asked, { leadId, bookingId }: BookForm) {
    const own = bookingId !== null && (await bookingFor(asked, bookingId)).staffId === asked.staff.id;
    if (!own) return desk.lead(asked.staff, leadIdOf(leadId));
    const view = await deps.cards.view(asked.tenant.id, leadIdOf(leadId));
    if (!view) throw new KnownError('not_found', 'no such lead', 'That lead does not exist (any more).');
    return view.lead;
  }

  async function view(asked: Asked, form: BookForm, wanted: { staffId?: string; day?: string }): Promise<ModalView> {
    const { tenant } = asked;
    const now = clock.now();
    const lead = await leadOf(asked, form);
    const booking = form.bookingId ? await findBooking(asked, form.bookingId) : undefined;
    const staff = (await deps.staff.list(tenant.id)).filter((person) => person.role !== null);
    const known = (id: string | null | undefined) => staff.find((person) => person.id === id)?.id;
    const staffId =
      known(wanted.staffId) ?? known(booking?.staffId) ?? known(lead.ownerId) ?? known(asked.staff.id) ?? staff[0]?.id;
    if (!staffId) throw new KnownError('conflict', 'nobody to book', 'Nobody here can be booked.');
    const free = (from: Date, to: Date): Promise<Slot[]> =>
      db.inTenant(tenant.id, (tx) =>
        bookings.free(tx, {
          leadId: lead.id,
          staffId,
          from,
          to,
          by: { kind: 'staff', id: asked.staff.id },
          except: booking?.id,
        }),
      );
    const asDay = wanted.day === undefined ? undefined : stretchOf(wanted.day, tenant.zone);
    const ahead = asDay ? undefined : (await free(now, new Date(now.getTime() + AHEAD_MS)))[0];
    const day = wanted.day ?? dayOf(booking?.startsAt ?? ahead?.startsAt ?? now, tenant.zone);
    const onDay = asDay ?? stretchOf(day, tenant.zone);
    const slots = onDay ? await free(onDay.from, onDay.to) : [];
    const later = onDay?.to && onDay.to > now ? onDay.to : now;
    const [next] = slots.length > 0 ? [] : await free(later, new Date(later.getTime() + AHEAD_MS));
    const times = businessTimes(asked, now);
    return bookModal({
      form,
      who: lead.name,
      subject: subjectOf(lead, deps.playbooks.get(lead.playbook)),
      staff,
      staffId,
      day,
      slots,
      next,
      before: booking ? `${times.full(booking.startsAt)} with ${booking.staffName}` : null,
      zone: tenant.zone,
      times,
    });
  }

  /** Slack tells of each choice; what is free then takes the place of what was. */
  const chosen: Action = {
    permission: 'customer.reply',
    async run(asked, _value, place) {
      const form = formOf(place.metadata);
      if (!place.viewId || !form) return;
      const { values } = place;
      const wanted = { staffId: values.choice('who'), day: values.choice('day') };
      await change(asked, place.viewId, await view(asked, form, wanted));
    },
  };

  async function submit(asked: Asked, values: FormValues, metadata: string): Promise<Submitted> {
    const form = formOf(metadata);
    if (!form) throw new KnownError('not_found', 'a form without a lead', 'Open this window again from the lead.');
    const at = Number(values.choice('time'));
    // Slack itself asks for a time where there are any
    if (!at) throw validationError([{ field: 'day', message: 'Nothing is free on this day. Choose another one.' }]);
    const startsAt = new Date(at);
    const staffId = values.choice('who') as StaffId;
    const by = { kind: 'staff', id: asked.staff.id } as const;
    const lead = await leadOf(asked, form);
    const { id: tenantId } = asked.tenant;
    if (form.bookingId) await bookings.reschedule(tenantId, form.bookingId as BookingId, { startsAt, staffId, by });
    else await bookings.book(tenantId, { personId: lead.personId, leadId: lead.id, startsAt, staffId, by });
    return { kind: 'close' };
  }

  return {
    actions: {
      booking_open: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          const lead = await desk.lead(asked.staff, leadIdOf(value));
          const booked = await db.inTenant(asked.tenant.id, (tx) => bookings.next(tx, lead.personId));
          await open(asked, place, { leadId: lead.id, bookingId: booked?.id ?? null });
        },
      },
      booking_move: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          const booking = await bookingFor(asked, value);
          await open(asked, place, { leadId: booking.leadId, bookingId: booking.id });
        },
      },
      booking_cancel: {
        permission: 'customer.reply',
        async run(asked, value) {
          const { id } = await bookingFor(asked, value);
          const cancelled = await bookings.cancel(asked.tenant.id, id, { kind: 'staff', id: asked.staff.id });
          const times = businessTimes(asked, clock.now());
          const text = cancelled
            ? `Cancelled: the appointment ${times.full(cancelled.startsAt)}. ${cancelled.told ? 'The customer is told.' : NOT_TOLD}`
            : 'That appointment is over, or was cancelled before.';
          await asked.whisper({ text });
        },
      },
      booking_day: chosen,
      booking_who: chosen,
    },
    modals: { [BOOK]: { permission: 'customer.reply', submit } },
  };

  async function open(asked: Asked, place: ActionPlace, form: BookForm): Promise<void> {
    await show(asked, place, await view(asked, form, {}));
  }
}

const NOT_TOLD = '*No message reaches the customer before it would have begun: call them.*';

function formOf(metadata: string): BookForm | undefined {
  try {
    return carried.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
