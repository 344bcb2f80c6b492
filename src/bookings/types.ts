import type { Actor } from '../events/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';

/*
 * Glossary: *appointment* or *booking* a time agreed with a customer; *slot* a time that could be booked, with whom;
 * *opening* when customers may come; *busy time* when somebody of ours is not to be booked; *pause* kept free after an
 * appointment; *notice* how long before its start an appointment may still be made.
 */

declare const brand: unique symbol;
export type BookingId = string & { readonly [brand]: 'booking' };
export type BusyId = string & { readonly [brand]: 'busy' };

/** Instants, `endsAt` excluded. */
export interface Stretch {
  startsAt: Date;
  endsAt: Date;
}

/** A time that can be booked with somebody of ours. */
export interface Slot extends Stretch {
  staffId: StaffId;
}

export interface Booking extends Slot {
  id: BookingId;
  personId: PersonId;
  leadId: LeadId;
  /** Of the playbook: `visit`, `test_drive`, `call` … */
  kind: string;
  /** IANA zone in which it was agreed. */
  zone: string;
  state: 'booked' | 'cancelled';
  /** How often it was moved; with the cancellation it makes iCalendar's SEQUENCE. */
  moves: number;
  /** Whom it is with, as customers may read it. */
  staffName: string;
  createdAt: Date;
}

/** A time in which somebody of ours is not to be booked. */
export interface Busy extends Slot {
  id: BusyId;
  reason: string;
  /** The colleague who stands in meanwhile. */
  coverId: StaffId | null;
}

/** Who books, moves or cancels. `customer` is the public page; in a chat it is the agent or somebody of ours. */
export type Booker = { kind: 'agent' } | { kind: 'customer' } | { kind: 'staff'; id: StaffId };

/** As the column `source` and the events name a booker. */
export const sourceOf = (by: Booker): string => (by.kind === 'staff' ? `staff:${by.id}` : by.kind);

export function actorOf(by: Booker): Actor {
  if (by.kind === 'staff') return `staff:${by.id}`;
  return by.kind === 'customer' ? 'customer' : 'system';
}
