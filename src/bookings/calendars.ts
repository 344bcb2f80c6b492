import type { Tx } from '../db/index.ts';
import type { LeadId, StaffId } from '../lib/ids.ts';
import type { Tenants } from '../tenants/index.ts';
import { BookingRefused } from './refusal.ts';
import { freeSlots, obstacleTo, type SlotRules, slotAt } from './slots.ts';
import { bookableStaff, lockStaff, ownerOf, taken } from './store.ts';
import type { Booker, BookingId, Slot } from './types.ts';

/** Whose calendars, and which time of them. */
interface Look {
  staff: readonly StaffId[];
  from: Date;
  to: Date;
  now: Date;
  /** Minutes between now and the earliest start. */
  notice?: number | undefined;
  /** An appointment that does not count, since it is to be moved. */
  except?: BookingId | undefined;
}

/** Everything that decides about times of these people, as it is in this transaction. */
export async function readRules(tenants: Tenants, tx: Tx, look: Look): Promise<SlotRules> {
  const { zone } = await tenants.byId(tx.tenantId);
  const { opening, appointment } = await tenants.settings(tx.tenantId);
  const closedDays = await tenants.closedDays(tx.tenantId);
  const { bookings, busy } = await taken(tx, look.staff, look.from, look.to, look.except);
  const { now, notice } = look;
  return { opening, closedDays, zone, appointment, bookings, busy, now, ...(notice !== undefined && { notice }) };
}

/** Staff book at the counter: for them no time that is still ahead is too soon. */
export const noticeOf = (by: Booker): number | undefined => (by.kind === 'staff' ? 0 : undefined);

/**
 * Free times for a lead: of the one who was chosen, else of the lead's owner, else, where the owner has none, of
 * everybody.
 */
export async function freeForLead(
  tenants: Tenants,
  tx: Tx,
  wanted: Omit<Look, 'staff'> & { leadId: LeadId; staffId?: StaffId | undefined },
): Promise<Slot[]> {
  const free = async (staff: readonly StaffId[]) => {
    if (staff.length === 0) return [];
    const rules = await readRules(tenants, tx, { ...wanted, staff });
    return freeSlots({ ...rules, staff, from: wanted.from, to: wanted.to });
  };
  if (wanted.staffId) return free([wanted.staffId]);
  const owner = await ownerOf(tx, wanted.leadId);
  const own = await free(owner ? [owner] : []);
  return own.length > 0 ? own : free(await bookableStaff(tx));
}

/**
 * Holds the calendar of the one who was chosen, else of the lead's owner, else of the first who is free at that time,
 * until the transaction ends. Throws `BookingRefused`.
 */
export async function takeSlot(
  tenants: Tenants,
  tx: Tx,
  wanted: {
    leadId: LeadId;
    startsAt: Date;
    staffId?: StaffId | undefined;
    by: Booker;
    now: Date;
    except?: BookingId | undefined;
  },
): Promise<Slot> {
  const { leadId, startsAt, staffId, by, now, except } = wanted;
  const chosen = staffId ?? (await ownerOf(tx, leadId));
  // everybody is locked in one order, so that two who look for anybody do not wait for each other
  const candidates = chosen ? [chosen] : await bookableStaff(tx);
  const to = new Date(startsAt.getTime() + DAY_MS);
  let refusal: BookingRefused | undefined;
  for (const candidate of candidates) {
    if (!(await lockStaff(tx, candidate))) continue;
    const look = { staff: [candidate], from: startsAt, to, now, notice: noticeOf(by), except };
    const rules = await readRules(tenants, tx, look);
    const slot = slotAt(rules, startsAt, candidate);
    const obstacle = obstacleTo(rules, slot);
    if (!obstacle) return slot;
    refusal ??= new BookingRefused(obstacle);
  }
  throw refusal ?? new BookingRefused('nobody');
}

/** No appointment is longer (settings). */
const DAY_MS = 24 * 3_600_000;
