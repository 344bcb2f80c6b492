import type { Tx } from '../../db/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import { button, inline } from '../card/index.ts';
import type { Times } from '../format.ts';

/** Opens the form that books; for somebody who has an appointment it moves it. */
export const bookingButton = (leadId: string): object => button('booking_open', 'Book', leadId);

/** The coming appointment of a lead, as its card shows it. */
export interface CardBooking {
  startsAt: Date;
  staffName: string;
}

/** Reads it in the card's transaction; null when there is none (bookings_person). */
export async function cardBooking(tx: Tx, leadId: LeadId, now: Date): Promise<CardBooking | null> {
  const [booking] = await tx.query<CardBooking>(
    {
      name: 'card-booking',
      text: `select b.starts_at as "startsAt", s.name as "staffName"
        from leads l join bookings b on b.person_id = l.person_id and b.lead_id = l.id and b.state = 'booked'
        join staff s on s.id = b.staff_id
        where l.id = $1 and b.ends_at > $2 order by b.starts_at limit 1`,
    },
    [leadId, now],
  );
  return booking ?? null;
}

/** `Appointment Sat 28 Nov 11:00 with Sofia Lindqvist`; empty when there is none. Pure. */
export function bookingWords(booking: CardBooking | null, times: Times): string {
  return booking ? `*Appointment ${times.full(booking.startsAt)}* with ${inline(booking.staffName)}` : '';
}

/** The same, read and written at once. */
export async function bookingLine(tx: Tx, leadId: LeadId, now: Date, times: Times): Promise<string> {
  return bookingWords(await cardBooking(tx, leadId, now), times);
}
