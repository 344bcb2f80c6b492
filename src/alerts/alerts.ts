import type { Database, Sql, Tx } from '../db/index.ts';
import { append, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type AlertId, newId, type TenantId } from '../lib/ids.ts';
import { demand, type Staff } from '../tenants/index.ts';
import { joins, nextRing } from './grouping.ts';
import { type AlertKindKey, kindOf } from './kinds.ts';
import * as store from './store.ts';
import type { Alert, AlertPost } from './types.ts';

export interface Alerts {
  /** Looks at what is so now, in all tenants. Returns how many alerts have changed. */
  run(): Promise<number>;
  find(tenantId: TenantId, id: AlertId): Promise<Alert | undefined>;
  /** Those that are open: the critical ones, then the others, of each the newest first. */
  open(tx: Tx): Promise<Alert[]>;
  /** Somebody sees to it: it is not posted again, and what comes from now on is told anew. Throws `conflict` when it is too late. */
  acknowledge(staff: Staff, id: AlertId): Promise<void>;
  posts(tenantId: TenantId, id: AlertId): Promise<AlertPost[]>;
  /** Remembers where it was posted. */
  posted(tenantId: TenantId, id: AlertId, post: AlertPost): Promise<void>;
}

/** What one look has changed about an alert. */
interface Touched {
  tenantId: TenantId;
  id: AlertId;
  kind: AlertKindKey;
  /** Raised or ended just now; null when only what it shows has changed. */
  event: 'alert.raised' | 'alert.ended' | null;
}

const groupOf = ({ tenantId, kind }: { tenantId: TenantId; kind: AlertKindKey }) => `${tenantId}/${kind}`;

/**
 * Alerts come from what is so, not from who did it: whatever the reason, what is found joins an open alert or opens one,
 * and it is over when nothing of it is found any more. One worker looks at a time; what it finds, writes and asks for is
 * one transaction.
 */
export function createAlerts(deps: { db: Database; clock: Clock }): Alerts {
  const { db, clock } = deps;

  async function looked(sql: Sql, now: Date): Promise<Touched[]> {
    const news = await store.look(sql, now);
    const open = await store.openAlerts(sql);
    if (news.length === 0 && open.length === 0) return [];
    const byGroup = new Map(open.map((alert) => [groupOf(alert), alert]));
    const touched = new Map<AlertId, Touched>();
    const touch = (each: Omit<Touched, 'event'>, event: Touched['event'] = null) =>
      touched.set(each.id, { tenantId: each.tenantId, id: each.id, kind: each.kind, event });

    const fresh = news.filter(({ what }) => what === 'fresh');
    const made = new Map<string, { id: AlertId; tenantId: TenantId; kind: AlertKindKey }>();
    const followed: AlertId[] = [];
    const items = fresh.map((item) => {
      const group = groupOf(item);
      const before = byGroup.get(group);
      const joined = before && joins(item.kind, before, now) ? before : made.get(group);
      if (joined) {
        if (!made.has(group)) touch(joined);
        return { ...item, alertId: joined.id };
      }
      const alert = { id: newId<AlertId>(), tenantId: item.tenantId, kind: item.kind };
      made.set(group, alert);
      touch(alert, 'alert.raised');
      if (before) {
        followed.push(before.id);
        touch(before, 'alert.ended');
      }
      return { ...item, alertId: alert.id };
    });
    await store.close(sql, followed, 'followed', now);
    await store.insertAlerts(sql, [...made.values()], now);
    await store.insertItems(sql, items);

    for (const { what, alertId, tenantId, kind } of news) {
      if (what !== 'fresh' && alertId && !touched.has(alertId)) touch({ id: alertId, tenantId, kind });
    }
    const candidates = open.filter(({ id }) => !followed.includes(id));
    const over = await store.closeOver(
      sql,
      candidates.map(({ id }) => id),
      now,
    );
    const ended = new Set(over.map(({ id }) => id));
    for (const alert of candidates) if (ended.has(alert.id)) touch(alert, 'alert.ended');

    const due = candidates.filter((alert) => {
      const at = alert.acknowledged || ended.has(alert.id) ? null : nextRing(alert.kind, alert);
      return at !== null && at <= now;
    });
    if (due.length > 0)
      await store.ringAgain(
        sql,
        due.map(({ id }) => id),
        now,
      );
    for (const alert of due) touch(alert);
    return [...touched.values()];
  }

  async function tell(sql: Sql, touched: readonly Touched[], now: Date): Promise<void> {
    for (const tenantId of new Set(touched.map((each) => each.tenantId))) {
      const all = touched.filter((each) => each.tenantId === tenantId);
      const events = all.flatMap(({ id, kind, event }): NewEvent[] =>
        event ? [{ type: event, data: { alertId: id, kind } }] : [],
      );
      await append(sql, tenantId, now, 'system', events);
      await request(
        sql,
        tenantId,
        all.map(({ id }) => ({ kind: 'alert.show', key: id })),
      );
    }
  }

  return {
    run: () =>
      db.system.transaction(async (sql) => {
        if (!(await store.isAlone(sql))) return 0;
        const now = clock.now();
        const touched = await looked(sql, now);
        await tell(sql, touched, now);
        return touched.length;
      }),
    find: (tenantId, id) => db.inTenant(tenantId, (tx) => store.findAlert(tx, id)),
    open: async (tx) => criticalFirst(await store.listOpen(tx)),
    async acknowledge(staff, id) {
      demand(staff, 'alerts.acknowledge');
      await db.inTenant(staff.tenantId, async (tx) => {
        const now = clock.now();
        const alert = await store.findAlert(tx, id);
        if (!alert || !(await store.acknowledge(tx, id, staff.id, now))) {
          throw new KnownError('conflict', 'nothing to acknowledge', 'A colleague was faster, or it is over already.');
        }
        const data = { alertId: id, kind: alert.kind };
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'alert.acknowledged', data }]);
        await request(tx, tx.tenantId, [{ kind: 'alert.show', key: id }]);
      });
    },
    posts: (tenantId, id) => db.inTenant(tenantId, (tx) => store.postsOf(tx, id)),
    posted: (tenantId, id, post) => db.inTenant(tenantId, (tx) => store.keepPost(tx, id, post)),
  };
}

const isCritical = ({ kind }: Alert) => kindOf(kind).severity === 'critical';

/** The order of each stays as it is. Pure. */
const criticalFirst = (alerts: readonly Alert[]): Alert[] => [
  ...alerts.filter(isCritical),
  ...alerts.filter((alert) => !isCritical(alert)),
];
