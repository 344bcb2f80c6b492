import type { Database } from '../db/index.ts';
import { append, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isId } from '../lib/ids.ts';
import { demand, type Staff, type Tenants } from '../tenants/index.ts';
import { LEAD_WEBHOOKS } from './source-leads.ts';
import type { WebhookLog } from './webhook-log.ts';

/** How a raw webhook stands. `refused`: what it brought can never be taken in, and is only kept. */
export const WEBHOOK_STATES = ['waiting', 'done', 'parked', 'refused'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** A raw webhook without what is in it. */
export interface WebhookEntry {
  id: string;
  /** `google`, `twilio.inbound` … */
  kind: string;
  receivedAt: Date;
  /** The same to the microsecond, to go on from. */
  at: string;
  state: WebhookState;
  /** A code of ours; null where there is none. */
  problem: string | null;
  /** What became of it: `lead`, `test`; empty where nothing is to be said. */
  about: string;
  attempts: number;
}

export interface WebhookFilter {
  kind?: string | undefined;
  state?: WebhookState | undefined;
  /** Older than this one. */
  before?: { at: string; id: string } | undefined;
}

/** What people may see of the raw webhooks of their business, and do with them. */
export interface WebhookDesk {
  /** Newest first; `more`: there are older ones. `parked`: how many of each kind are. */
  list(
    staff: Staff,
    filter: WebhookFilter,
    limit: number,
  ): Promise<{ entries: WebhookEntry[]; more: boolean; parked: { kind: string; count: number }[] }>;
  /** The kinds that there are at all. */
  kinds(staff: Staff): Promise<string[]>;
  /**
   * Puts one back in line, whatever became of it: done again it has the same one effect. False where it is in line, or nothing of
   * it is kept.
   */
  retry(staff: Staff, id: string): Promise<boolean>;
  /** The same for all that are parked, or all of a kind. Returns how many. */
  retryAll(staff: Staff, kind?: string): Promise<number>;
  /** What is in it, for those who may see everything; written down. Undefined where it is gone. */
  open(staff: Staff, id: string): Promise<Record<string, string> | undefined>;
}

const STATE = `case when w.state = 'stored' then 'waiting' when w.state = 'parked' then 'parked'
  when w.error is null then 'done' else 'refused' end`;
/** Whose it is; what belongs to nobody is shown while there is only one business. */
const OWN = `(w.belongs_to = $1 or (w.belongs_to is null and $2))`;

export function createWebhookDesk(deps: {
  db: Database;
  clock: Clock;
  tenants: Pick<Tenants, 'only'>;
  webhooks: WebhookLog;
}): WebhookDesk {
  const { db, clock, tenants, webhooks } = deps;

  // the log belongs to no tenant, so each statement names the business itself
  const scope = async (staff: Staff) => [staff.tenantId, (await tenants.only())?.id === staff.tenantId];

  async function again(staff: Staff, which: string, values: unknown[], kind: string): Promise<number> {
    demand(staff, 'status.see');
    const own = await scope(staff);
    return db.system.transaction(async (sql) => {
      // of whoever was erased nothing is left that could be tried
      const rows = await sql.query<{ source: string }>(
        `update webhook_log w set state = 'stored', attempts = 0, next_at = clock_timestamp(), try_until = null
         where w.state <> 'stored' and w.body <> ''::bytea and ${OWN} and ${which} returning source`,
        [...own, ...values],
      );
      if (rows.length === 0) return 0;
      await append(sql, staff.tenantId, clock.now(), `staff:${staff.id}`, [
        { type: 'webhooks.retried', data: { kind: kind || (rows[0]?.source ?? ''), count: rows.length } },
      ]);
      if (rows.some(({ source }) => LEAD_WEBHOOKS.includes(source))) await wake(sql, 'leads');
      return rows.length;
    });
  }

  return {
    async list(staff, { kind, state, before }, limit) {
      demand(staff, 'status.see');
      const own = await scope(staff);
      const entries = await db.system.query<WebhookEntry>(
        // webhook_log_belongs
        `select w.id, w.source as kind, w.received_at as "receivedAt", w.received_at::text as at, ${STATE} as state, w.error as problem, w.about, w.attempts
         from webhook_log w where ${OWN} and ($3::text is null or w.source = $3) and ($4::text is null or ${STATE} = $4)
           and ($5::timestamptz is null or (w.received_at, w.id) < ($5, $6::uuid))
         order by w.received_at desc, w.id desc limit $7`,
        [...own, kind ?? null, state ?? null, before?.at ?? null, before?.id ?? null, limit + 1],
      );
      const parked = await db.system.query<{ kind: string; count: number }>(
        // webhook_log_parked
        `select w.source as kind, count(*) as count from webhook_log w
         where w.state = 'parked' and ${OWN} group by w.source order by w.source`,
        own,
      );
      return { entries: entries.slice(0, limit), more: entries.length > limit, parked };
    },
    async kinds(staff) {
      demand(staff, 'status.see');
      const rows = await db.system.query<{ kind: string }>(
        // from one kind to the next on the key of (source, external_id), then webhook_log_belongs
        `with recursive kinds as (
           (select source from webhook_log order by source limit 1)
           union all
           select (select n.source from webhook_log n where n.source > k.source order by n.source limit 1)
           from kinds k where k.source is not null)
         select k.source as kind from kinds k
         where exists (select from webhook_log w where w.source = k.source and ${OWN}) order by 1`,
        await scope(staff),
      );
      return rows.map(({ kind }) => kind);
    },
    retry: async (staff, id) => isId(id) && (await again(staff, 'w.id = $3', [id], '')) > 0,
    retryAll: (staff, kind) =>
      again(staff, `w.state = 'parked' and ($3::text is null or w.source = $3)`, [kind ?? null], kind ?? ''),
    async open(staff, id) {
      demand(staff, 'privacy.export');
      if (!isId(id)) return undefined;
      const own = await scope(staff);
      const [row] = await db.system.query(`select from webhook_log w where w.id = $3 and ${OWN}`, [...own, id]);
      if (!row) return undefined;
      await db.inTenant(staff.tenantId, (tx) =>
        append(tx, staff.tenantId, clock.now(), `staff:${staff.id}`, [
          { type: 'webhook.seen', data: { webhookId: id } },
        ]),
      );
      return webhooks.body(id);
    },
  };
}
