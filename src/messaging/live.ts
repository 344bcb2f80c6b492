import { NO_OPENING } from '../cadence/index.ts';
import type { Database, Sql, Tx } from '../db/index.ts';
import { type Actor, append, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Staff, Tenants } from '../tenants/index.ts';
import { demand } from '../tenants/index.ts';
import { WAITS } from './guard.ts';

export interface Live {
  /** How many messages wait for the tenant to go live. */
  waiting(tenantId: TenantId): Promise<number>;
  /**
   * The tenant's automated messages leave from now on, those that waited included: each is looked at once more, keeps its
   * hours and its distance to the one before. Returns how many that are. Throws `conflict` while the app is not in Slack.
   */
  go(tenant: { id: TenantId; slackTeamId: string | null }, by: Staff): Promise<{ released: number }>;
  /**
   * A restored copy goes on: whatever may have left in the time that was lost is looked up at the gateway before it leaves, also
   * after this; an answer that the agent has written to what it heard a second time, too. Returns how many messages go on.
   */
  resume(tenant: { id: TenantId; slackTeamId: string | null }, by: Staff): Promise<{ released: number }>;
  /** The send hours have changed: what they left no time for is looked at once more. Returns how many messages that are. */
  lookAgain(tenantId: TenantId): Promise<number>;
  /** Lets go what was held by a process that had not heard of it yet; run with the housekeeping. Returns how many. */
  sweep(): Promise<number>;
}

export function createLive(deps: { db: Database; clock: Clock; tenants: Tenants }): Live {
  const { db, clock, tenants } = deps;
  return {
    waiting: (tenantId) =>
      db.inTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ n: number }>(
          // messages_waiting
          `select count(*) as n from messages where tenant_id = $1 and state = 'held' and reason = any($2::text[])`,
          [tenantId, REASONS],
        );
        return row?.n ?? 0;
      }),
    async go(tenant, by) {
      demand(by, 'tenant.go_live');
      const released = await db.inTenant(tenant.id, async (tx) => {
        const [row] = await tx.query<{ waitsFor: string | null; since: Date | null }>(
          'select waits_for as "waitsFor", restored_since as since from tenants where id = $1 for no key update',
          [tenant.id],
        );
        if (row?.waitsFor === 'slack') {
          const words = 'LeadRescue is not installed in this workspace, so nobody would see an answer.';
          throw new KnownError('conflict', 'not in Slack', words);
        }
        if (row?.waitsFor !== 'go_live') return 0; // live already: two people pressed
        if (row.since) await doubtAnswers(tx, row.since);
        await tx.query('update tenants set waits_for = null, restored_since = null where id = $1', [tenant.id]);
        const count = await release(tx, [tenant.id]);
        await append(tx, tenant.id, clock.now(), `staff:${by.id}`, [
          { type: 'tenant.went_live', data: { released: count } },
        ]);
        await wake(tx, 'messages');
        return count;
      });
      tenants.forget(tenant);
      return { released };
    },
    async resume(tenant, by) {
      demand(by, 'tenant.go_live');
      const released = await db.inTenant(tenant.id, async (tx) => {
        const count = await resumeOne(tx, `staff:${by.id}`, clock.now());
        if (count !== undefined) await wake(tx, 'messages');
        return count ?? 0;
      });
      tenants.forget(tenant);
      return { released };
    },
    lookAgain: (tenantId) =>
      db.inTenant(tenantId, async (tx) => {
        const count = await release(tx, [tenantId], [NO_OPENING]);
        if (count > 0) await wake(tx, 'messages');
        return count;
      }),
    async sweep() {
      const live = await db.system.query<{ id: TenantId }>(
        // messages_waiting; few tenants ever wait
        `select distinct m.tenant_id as id from messages m join tenants t on t.id = m.tenant_id
         where m.state = 'held' and m.reason = any($1::text[]) and t.waits_for is null`,
        [REASONS],
      );
      if (live.length === 0) return 0;
      const count = await release(
        db.system,
        live.map(({ id }) => id),
      );
      if (count > 0) await wake(db.system, 'messages');
      return count;
    },
  };
}

const REASONS = Object.values(WAITS);

/** What the agent has written to messages that it heard a second time may have left before the restore: it is looked up first. */
async function doubtAnswers(tx: Tx, since: Date): Promise<void> {
  await tx.query(
    // messages_waiting
    `update messages set lost_since = $2 where tenant_id = $1 and state = 'held' and reason = any($3::text[])
       and purpose = 'agent' and attempt = 0`,
    [tx.tenantId, since, REASONS],
  );
}

/** Undefined when the tenant does not wait for it: two people pressed. */
async function resumeOne(tx: Tx, actor: Actor, now: Date): Promise<number | undefined> {
  const [row] = await tx.query<{ since: Date | null }>(
    `select restored_since as since from tenants where id = $1 and waits_for = 'restored' for no key update`,
    [tx.tenantId],
  );
  if (!row) return undefined;
  if (row.since) await doubtAnswers(tx, row.since);
  await tx.query('update tenants set waits_for = null, restored_since = null where id = $1', [tx.tenantId]);
  const count = await release(tx, [tx.tenantId]);
  await append(tx, tx.tenantId, now, actor, [{ type: 'tenant.released', data: { released: count } }]);
  return count;
}

/** Back in line as they were planned; in a paused follow-up they go on waiting. */
async function release(
  sql: Sql,
  tenantIds: readonly TenantId[],
  reasons: readonly string[] = REASONS,
): Promise<number> {
  const released = await sql.query<{ paused: boolean }>(
    `update messages m set state = case when w.paused then 'held' else 'scheduled' end,
       reason = case when w.paused then 'paused' end
     from (select x.id, coalesce(e.state = 'paused', false) as paused
       from messages x left join enrolments e on e.id = x.enrolment_id
       where x.tenant_id = any($1::uuid[]) and x.state = 'held' and x.reason = any($2::text[])
         and x.account_id is not null order by x.id for update of x) w
     where m.id = w.id returning w.paused`,
    [tenantIds, reasons],
  );
  return released.filter(({ paused }) => !paused).length;
}
