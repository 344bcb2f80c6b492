import { z } from 'zod';
import type { BookingId } from '../../bookings/index.ts';
import type { Tx } from '../../db/index.ts';
import type { EffectHandler } from '../../events/index.ts';
import { findLead } from '../../leads/index.ts';
import type { StaffId, TenantId } from '../../lib/ids.ts';
import { post, subjectOf } from '../card/index.ts';
import { timesFor } from '../format.ts';
import type { BookingDeps } from './deps.ts';
import { type BookingTold, bookingNote } from './note.ts';

const occasion = z.object({
  bookingId: z.uuid(),
  what: z.enum(['made', 'moved', 'cancelled', 'wish']),
  /** `agent`, `customer` or `staff:<id>`. */
  by: z.string(),
});
type Occasion = z.infer<typeof occasion>;

/**
 * Tells of an appointment in the lead's thread, and the one it is with directly where the lead is somebody else's. What
 * is told is the appointment as it is now; a note that something newer has overtaken is left out. May come twice.
 */
export function createBookingTell(deps: BookingDeps): EffectHandler {
  const { db, staff, cards } = deps;

  async function read(tenantId: TenantId, told: Occasion): Promise<(BookingTold & { ownerId: StaffId | null }) | null> {
    const people = await staff.list(tenantId);
    return db.inTenant(tenantId, async (tx) => {
      const booking = await deps.bookings.find(tx, told.bookingId as BookingId);
      const lead = booking && (await findLead(tx, booking.leadId));
      if (!booking || !lead || (booking.state === 'cancelled') !== (told.what === 'cancelled')) return null;
      const author = told.by.startsWith('staff:') ? people.find((each) => `staff:${each.id}` === told.by) : undefined;
      return {
        what: told.what,
        booking,
        staffUserId: people.find((each) => each.id === booking.staffId)?.slackUserId ?? null,
        by: author ? { kind: 'staff', name: author.name } : { kind: told.by === 'customer' ? 'customer' : 'agent' },
        name: lead.name,
        subject: subjectOf(lead, deps.playbooks.get(lead.playbook)),
        optedOut: lead.optedOutAt !== null,
        notice: await noticeOf(tx, booking.personId, told),
        ownerId: lead.ownerId,
      };
    });
  }

  return async ({ tenantId, data, attempt }) => {
    const told = await read(tenantId, occasion.parse(data));
    if (!told) return;
    const { zone, country } = await deps.tenants.byId(tenantId);
    const note = bookingNote(told, timesFor({ zone, country, now: deps.clock.now() }));
    await cards.say(tenantId, told.booking.leadId, note, attempt);
    if (told.booking.staffId === told.ownerId || told.staffUserId === null) return;
    const client = await deps.clientOf(tenantId);
    const channel = await cards.outlets.directMessage(client, [{ slackUserId: told.staffUserId }]);
    if (channel) await post(client, channel, note);
  };
}

const NOTICES: Partial<Record<Occasion['what'], string>> = {
  made: 'booking_confirmation',
  moved: 'booking_moved',
  cancelled: 'booking_cancelled',
};

async function noticeOf(
  tx: Tx,
  personId: string,
  { bookingId, what }: Occasion,
): Promise<{ state: string; reason: string | null } | null> {
  const [notice] = await tx.query<{ state: string; reason: string | null }>(
    // messages_person
    `select state, reason from messages where person_id = $1 and booking_id = $2 and template_key = $3
     order by created_at desc limit 1`,
    [personId, bookingId, NOTICES[what] ?? ''],
  );
  return notice ?? null;
}
