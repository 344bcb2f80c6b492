import type { Database, Tx } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import { newId, type StaffId } from '../lib/ids.ts';
import { may, type Staff } from '../tenants/index.ts';
import {
  bookingsBetween,
  comingBusy,
  deleteBusy,
  findBusy,
  insertBusy,
  isAway,
  type Listed,
  lockStaff,
} from './store.ts';
import type { Busy, BusyId, Stretch } from './types.ts';

/** Longest time that is blocked out at once. Days. */
const MOST_DAYS = 366;
const DAY_MS = 24 * 3_600_000;

export interface BusyBook {
  /**
   * Blocks out a time of one of ours: one's own, or as a manager anybody's. Returns the appointments that lie in it, which
   * stay as they are. `coverId` stands in meanwhile: answers owed come to them, and they see the leads. Throws a validation
   * error at `until`, `who` or `cover`, or `forbidden`.
   */
  blockOut(
    by: Staff,
    wanted: Stretch & { staffId: StaffId; reason: string; coverId?: StaffId | null },
  ): Promise<{ busy: Busy; clashes: Listed[] }>;
  /** Gives a blocked time back. False when it was given back before. */
  unblock(by: Staff, id: BusyId): Promise<boolean>;
  /** What is blocked out and not over: one's own, or as a manager everybody's. */
  busyTimes(by: Staff): Promise<Busy[]>;
}

const seesAll = (staff: Staff) => may(staff.role, 'lead.see_all');

function demandOwn(by: Staff, staffId: StaffId): void {
  if (by.id === staffId || seesAll(by)) return;
  const message = 'You can block out your own time. Managers can do it for everybody.';
  throw new KnownError('forbidden', 'not their calendar', message);
}

export function createBusyBook({ db, clock }: { db: Database; clock: Clock }): BusyBook {
  return {
    async blockOut(by, wanted) {
      demandOwn(by, wanted.staffId);
      const length = wanted.endsAt.getTime() - wanted.startsAt.getTime();
      const problem =
        length <= 0
          ? 'The end must be later than the start.'
          : length > MOST_DAYS * DAY_MS
            ? 'Block out a year at most.'
            : wanted.endsAt <= clock.now()
              ? 'That time is over.'
              : undefined;
      if (problem) throw validationError([{ field: 'until', message: problem }]);
      return db.inTenant(by.tenantId, async (tx) => {
        if (!(await lockStaff(tx, wanted.staffId))) {
          throw validationError([{ field: 'who', message: 'That person has no role here. Choose somebody else.' }]);
        }
        await checkCover(tx, wanted);
        const busy: Busy = { coverId: null, ...wanted, id: newId<BusyId>() };
        await insertBusy(tx, busy);
        // an appointment that began a day before reaches into it at most
        const near = await bookingsBetween(tx, new Date(busy.startsAt.getTime() - DAY_MS), busy.endsAt, wanted.staffId);
        return { busy, clashes: near.filter((booking) => booking.endsAt > busy.startsAt) };
      });
    },
    unblock: (by, id) =>
      db.inTenant(by.tenantId, async (tx) => {
        const busy = await findBusy(tx, id);
        if (!busy) return false;
        demandOwn(by, busy.staffId);
        await deleteBusy(tx, id);
        return true;
      }),
    busyTimes: (by) => db.inTenant(by.tenantId, (tx) => comingBusy(tx, clock.now(), seesAll(by) ? undefined : by.id)),
  };
}

/** Who stands in is somebody else, and there. */
async function checkCover(
  tx: Tx,
  { staffId, coverId, ...stretch }: Stretch & { staffId: StaffId; coverId?: StaffId | null },
): Promise<void> {
  if (!coverId) return;
  const refuse = (message: string) => validationError([{ field: 'cover', message }]);
  if (coverId === staffId) throw refuse('Choose somebody else.');
  if (!(await lockStaff(tx, coverId))) throw refuse('That person has no role here. Choose somebody else.');
  if (await isAway(tx, coverId, stretch)) throw refuse('They are away then as well. Choose somebody else.');
}
