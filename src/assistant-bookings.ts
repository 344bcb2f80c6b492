import type { BookingDesk } from './agent/index.ts';
import { type Bookings, decideBooking, understandTime } from './bookings/index.ts';
import type { Clock } from './lib/clock.ts';
import type { Tenants } from './tenants/index.ts';

/* The bookings as the agent uses them: what words mean for an appointment, and booking, moving and cancelling it. */

const AHEAD_MS = 21 * 24 * 3_600_000;
const BY = { kind: 'agent' } as const;

export function createBookingDesk(deps: { bookings: Bookings; tenants: Tenants; clock: Clock }): BookingDesk {
  const { bookings, tenants, clock } = deps;

  async function timeIn(tenantId: Parameters<Tenants['byId']>[0], text: string, language: string) {
    const [tenant, { opening }] = await Promise.all([tenants.byId(tenantId), tenants.settings(tenantId)]);
    const { zone, country } = tenant;
    return { zone, time: understandTime(text, { now: clock.now(), zone, language, opening, country }) };
  }

  return {
    async talk(tx, { personId, leadId, text, intent, offered, language }) {
      const now = clock.now();
      const { zone, time } = await timeIn(tx.tenantId, text, language);
      const booked = await bookings.next(tx, personId);
      const named = time?.kind === 'at' ? time.instant : time?.kind === 'range' ? time.from : now;
      // what was offered lies in it too, else it would seem to be gone
      const latest = Math.max(...[now, named, ...offered.map(({ startsAt }) => startsAt)].map((at) => at.getTime()));
      const to = new Date(latest + AHEAD_MS);
      const free = await bookings.free(tx, { leadId, from: now, to, ...(booked && { except: booked.id }) });
      const decided = decideBooking({
        text,
        intent,
        time,
        offered,
        free,
        booked: booked ?? null,
        zone,
        now,
        prefer: free[0]?.staffId ?? null,
      });
      switch (decided.kind) {
        case 'book':
        case 'reschedule':
          return { kind: 'book', slot: decided.slot };
        case 'offer':
          // whoever cannot come wants another time
          return { kind: 'offer', slots: decided.slots, why: decided.why === 'cannot_come' ? 'wish' : decided.why };
        case 'ask':
          return { kind: 'ask', slots: decided.slots };
        default:
          return { kind: decided.kind };
      }
    },
    async offer(tx, { leadId, text, language }) {
      const time = text === null ? null : (await timeIn(tx.tenantId, text, language)).time;
      const wish = time?.kind === 'at' || time?.kind === 'range' ? time : undefined;
      return bookings.offer(tx, { leadId, wish });
    },
    next: (tx, personId) => bookings.next(tx, personId),
    async bookInTx(tx, { personId, leadId, kind, startsAt, staffId }) {
      const has = await bookings.next(tx, personId);
      if (has) await bookings.rescheduleInTx(tx, has.id, { startsAt, staffId, by: BY });
      else await bookings.bookInTx(tx, { personId, leadId, kind, startsAt, staffId, by: BY });
    },
    async cancelInTx(tx, personId) {
      const has = await bookings.next(tx, personId);
      if (has) await bookings.cancelInTx(tx, has.id, BY);
    },
  };
}
