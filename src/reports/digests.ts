import { DateTime } from 'luxon';
import type { Database } from '../db/index.ts';
import { request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { TenantId } from '../lib/ids.ts';
import { may, type Settings, type Staff, type StaffBook, type Tenants } from '../tenants/index.ts';
import { type Period, periodOf } from './periods.ts';
import type { Report, Reports } from './report.ts';

/*
 * Digests at 08:00 in the tenant's zone: every day of the day before, on Mondays of the week before. Whether one is
 * posted is decided once, by who writes its row; posting it is an effect that is asked for in the same transaction.
 * One that nobody could decide on, or post, comes late, until the next of its kind takes its place: after a stand-still, or
 * when the clock was turned, there is one of each kind, and of the days in between there are the figures.
 */

export const DIGEST_KINDS = ['daily', 'weekly'] as const;
export type DigestKind = (typeof DIGEST_KINDS)[number];

/** Local time at which digests are due. */
export const DIGEST_TIME = '08:00';

export interface Digests {
  /** Decides on everything that is due; returns how many digests are to be posted. Throws at the end if one has failed. */
  run(): Promise<number>;
  /** A digest's numbers, of a day that it is due on. */
  read(tenantId: TenantId, kind: DigestKind, day: string): Promise<Report>;
}

interface Due {
  tenantId: TenantId;
  kind: DigestKind;
  day: string;
}

/** Decided on in one round; the next takes the rest. */
const BATCH = 100;

const DUE = {
  name: 'digests-due',
  // the latest of each kind, as `digestDay` tells it, if the business was there when it was due
  text: `select t.id as "tenantId", k.kind, to_char(k.day, 'YYYY-MM-DD') as day
    from tenants t cross join lateral (select ($1::timestamptz at time zone t.zone) - $2::interval as since) l
      cross join lateral (values ('daily', l.since::date), ('weekly', date_trunc('week', l.since)::date)) k(kind, day)
    where t.id <> all($3::uuid[]) and (k.day + $2::interval) at time zone t.zone >= t.created_at
      and not exists (select from digests d where d.tenant_id = t.id and d.kind = k.kind and d.day = k.day)
    limit ${BATCH}`,
};

export function createDigests(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  staff: StaffBook;
  reports: Reports;
}): Digests {
  const { db, clock, tenants, staff, reports } = deps;

  async function read(tenantId: TenantId, kind: DigestKind, day: string): Promise<Report> {
    const { zone } = await tenants.byId(tenantId);
    return reports.read(tenantId, null, digestPeriod(kind, day, zone));
  }

  async function stateOf({ tenantId, kind, day }: Due, settings: Settings): Promise<'asked' | 'quiet' | 'skipped'> {
    if (settings.digest !== kind && settings.digest !== 'both') return 'skipped';
    return isQuiet(await read(tenantId, kind, day)) ? 'quiet' : 'asked';
  }

  async function decide(due: Due): Promise<number> {
    const { tenantId, kind, day } = due;
    const settings = await tenants.settings(tenantId);
    const state = await stateOf(due, settings);
    const receivers = settings.digestChannel ? ['channel'] : readersOf(await staff.list(tenantId)).map(({ id }) => id);
    return db.inTenant(tenantId, async (tx) => {
      const mine = await tx.query(
        `insert into digests (tenant_id, kind, day, state, decided_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning kind`,
        [tenantId, kind, day, state, clock.now()],
      );
      if (mine.length === 0 || state !== 'asked') return 0;
      const effects = receivers.map((receiver) => ({
        kind: 'digest.post' as const,
        key: `${kind}/${day}/${receiver}`,
        data: { digest: kind, day, receiver },
      }));
      await request(tx, tenantId, effects);
      return effects.length;
    });
  }

  return {
    read,
    async run() {
      let asked = 0;
      const failures = new Map<TenantId, unknown>();
      for (let found = BATCH; found === BATCH; ) {
        const due = await db.system.query<Due>(DUE, [clock.now(), DIGEST_TIME, [...failures.keys()]]);
        found = due.length;
        for (const each of due) {
          try {
            asked += await decide(each);
          } catch (error) {
            failures.set(each.tenantId, error); // the others need not wait for this one
          }
        }
      }
      for (const error of failures.values()) throw error;
      return asked;
    },
  };
}

/** The day on which the latest digest of a kind was due, `YYYY-MM-DD`. Pure. */
export function digestDay(kind: DigestKind, now: Date, zone: string): string {
  const [hours, minutes] = DIGEST_TIME.split(':').map(Number);
  // on the clock on the wall, which knows no change to summer time
  const since = DateTime.fromJSDate(now, { zone }).setZone('utc', { keepLocalTime: true }).minus({ hours, minutes });
  return since.startOf(kind === 'daily' ? 'day' : 'week').toFormat('yyyy-LL-dd');
}

/** What a digest tells of: the day or the week before the day it is due on. Pure. */
export function digestPeriod(kind: DigestKind, day: string, zone: string): Period {
  const at = DateTime.fromISO(`${day}T${DIGEST_TIME}`, { zone }).toJSDate();
  return kind === 'daily' ? periodOf('yesterday', at, zone) : periodOf('week', at, zone, 1);
}

/** Those who get digests while no channel is set: the managers; where there are none, the admins. */
export function readersOf(people: readonly Staff[]): Staff[] {
  const managers = people.filter(({ role }) => role === 'manager');
  return managers.length > 0 ? managers : people.filter(({ role }) => may(role, 'kpi.see_all'));
}

/** There is nothing to say. Pure. */
export function isQuiet({ now, owed }: Pick<Report, 'now' | 'owed'>): boolean {
  const { captured, automated, replies, won, lost, optedOut, answers } = now;
  return captured + automated + replies + won + lost + optedOut + answers.asked + owed.n === 0;
}
