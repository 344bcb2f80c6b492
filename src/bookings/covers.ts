import type { Database, Sql } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { LeadId, StaffId, TenantId } from '../lib/ids.ts';

/*
 * Who stands in for whom: a blocked-out time may name a colleague. While it lasts, `staff.covered_by` says so, and
 * everything that asks whose customer somebody is asks there as well; whose leads they are does not change, so nothing
 * has to be given back.
 */

export interface Covers {
  /** Begins and ends what is due, in all tenants. Returns how many hand-overs there were. */
  run(): Promise<number>;
}

interface HandOver {
  tenantId: TenantId;
  staffId: StaffId;
  coverId: StaffId | null;
  before: StaffId | null;
  until: Date | null;
}

const DUE = {
  name: 'covers-due',
  // staff_covered, busy_times_cover; who has no role any more stands in for nobody. Another worker that is at it has the
  // row locked, and the condition is looked at once more when it is done
  text: `update staff s set covered_by = w.cover_id from (
      select t.id, t.tenant_id, t.covered_by as before, b.cover_id, b.ends_at
      from staff t left join lateral (
        select x.cover_id, x.ends_at from busy_times x join staff c on c.id = x.cover_id and c.role is not null
        where x.staff_id = t.id and x.starts_at <= $1 and x.ends_at > $1 order by x.starts_at, x.id limit 1) b on true
      where t.covered_by is not null
        or t.id in (select y.staff_id from busy_times y where y.cover_id is not null and y.starts_at <= $1 and y.ends_at > $1)
      for update of t skip locked) w
    where s.id = w.id and s.covered_by is distinct from w.cover_id
    returning s.tenant_id as "tenantId", s.id as "staffId", s.covered_by as "coverId", w.before, w.ends_at as until`,
};

const LEADS = {
  name: 'covers-leads',
  // conversations_tenant
  text: `select c.lead_id as id from conversations c join leads l on l.id = c.lead_id
    where c.tenant_id = $1 and c.owed_since is not null and l.owner_id = $2 limit 200`,
};

export function createCovers({ db, clock }: { db: Database; clock: Clock }): Covers {
  /** Writes down what happened, tells both, and shows it on the cards of those who wait. */
  async function tell(sql: Sql, { tenantId, staffId, coverId, before, until }: HandOver, now: Date): Promise<void> {
    const waiting = await sql.query<{ id: LeadId }>(LEADS, [tenantId, staffId]);
    const event: NewEvent = { type: 'staff.covered', data: { staffId, coverId } };
    await append(sql, tenantId, now, 'system', [event]);
    const data = { staffId, coverId, before, until: until?.toISOString() ?? null };
    await request(sql, tenantId, [
      { kind: 'cover.tell', key: `${staffId}/${now.getTime()}`, data },
      ...waiting.map(({ id }): NewEffect => ({ kind: 'card.refresh', key: id })),
    ]);
  }

  return {
    run: () =>
      db.system.transaction(async (sql) => {
        const now = clock.now();
        const due = await sql.query<HandOver>(DUE, [now]);
        for (const each of due) await tell(sql, each, now);
        return due.length;
      }),
  };
}
