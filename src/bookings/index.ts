/**
 * Bookings: free times, appointments, what customers are told of them, and days and times in their words.
 *
 * For the agent: `understandTime` reads a wish, `decideBooking` (pure) says what to do with it, and inside the agent's own
 * transaction (person locked) `bookInTx`, `rescheduleInTx` and `cancelInTx` do it. A slot that was taken meanwhile is
 * refused with `BookingRefused`; offer again then.
 */
import { type AppointmentDeps, type Appointments, createAppointments } from './appointments.ts';
import { type BusyBook, createBusyBook } from './busy.ts';

export { calendarFile } from './calendar.ts';
export { type Covers, createCovers } from './covers.ts';
export { type BookingDecision, type BookingTalk, decideBooking } from './decide.ts';
export { pickOffer } from './offer.ts';
export { BookingRefused, type RefusalReason } from './refusal.ts';
export { freeSlots, type SlotRules } from './slots.ts';
export type { Listed } from './store.ts';
export { type TimeContext, type Understood, understandTime } from './times/index.ts';
export type { Booker, Booking, BookingId, Busy, BusyId, Slot } from './types.ts';

/** All that the room does. */
export type Bookings = Appointments & BusyBook;

export function createBookings(deps: AppointmentDeps): Bookings {
  return { ...createAppointments(deps), ...createBusyBook(deps) };
}
