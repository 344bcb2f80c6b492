import type { Database, Sql, Tx } from '../../db/index.ts';
import { append, wake } from '../../events/index.ts';
import type { WebhookLog } from '../../inbox/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { actorOf, type Staff } from '../../tenants/index.ts';

/** What kept failing and waits for a person, by what it is of. */
export interface ParkedGroup {
  /** `effects`, `hooks`, `webhooks` or `nobody`, and of which kind: `effects:card.refresh`. */
  id: string;
  /** `nobody`: incoming messages of no business, which whoever runs us decides on. */
  of: 'effects' | 'hooks' | 'webhooks' | 'nobody';
  /** An effect's kind, or the host that a webhook goes to; empty for incoming messages. */
  about: string;
  n: number;
  /** The last error, as a name or code. */
  error: string | null;
}

export type Decision = 'retried' | 'skipped';

export interface Parked {
  /** What is theirs to decide on; `runsUs`: whoever asks also runs LeadRescue. */
  groups(tenantId: Staff['tenantId'], runsUs: boolean): Promise<ParkedGroup[]>;
  /** Of one group, or of all of them; how many that were. */
  decide(by: Staff, runsUs: boolean, id: string | 'all', decision: Decision): Promise<number>;
}

export function createParked(deps: { db: Database; clock: Clock; webhooks: WebhookLog }): Parked {
  const { db, clock, webhooks } = deps;

  const groups: Parked['groups'] = async (tenantId, runsUs) => {
    const own = await db.inTenant(tenantId, (tx) =>
      tx.query<Omit<ParkedGroup, 'id'>>(
        // effects_parked, hook_deliveries by hook
        `select 'effects' as of, kind as about, count(*) as n, max(error) as error from effects
         where parked_at is not null group by 2
         union all
         select 'hooks', substring(h.url from '^[a-z]+://([^/:?#]+)'), count(*), max(coalesce(d.error, d.status::text))
         from hook_deliveries d join hooks h on h.id = d.hook_id where d.state = 'parked' group by 2
         order by 3 desc, 2`,
      ),
    );
    const incoming = await webhooks.parked(tenantId);
    const nobodys = runsUs ? await webhooks.parkedOfNobody() : [];
    const all: Omit<ParkedGroup, 'id'>[] = [
      ...(nobodys.length > 0 ? [groupOfNobody(nobodys)] : []),
      ...(incoming > 0 ? [{ of: 'webhooks' as const, about: '', n: incoming, error: null }] : []),
      ...own,
    ];
    return all.map((group) => ({ ...group, id: `${group.of}:${group.about}` }));
  };

  /** The deed and its event in one transaction; the log of webhooks belongs to no tenant, so that theirs is across tenants. */
  function decideGroup(by: Staff, { of, about }: ParkedGroup, decision: Decision): Promise<number> {
    const { tenantId } = by;
    const written = async (sql: Sql, deciding: Promise<number>) => {
      const count = await deciding;
      if (count === 0) return 0; // somebody else was faster
      const data = { what: of === 'effects' ? about : of, decision, count };
      await append(sql, tenantId, clock.now(), actorOf(by), [{ type: 'parked.decided', data }]);
      if (decision === 'retried') await wake(sql, of === 'webhooks' || of === 'nobody' ? 'leads' : 'effects');
      return count;
    };
    switch (of) {
      case 'webhooks':
        return db.system.transaction((sql) => written(sql, webhooks.decideParked(tenantId, decision, sql)));
      case 'nobody':
        return db.system.transaction((sql) => written(sql, webhooks.decideOfNobody(decision, sql)));
      default:
        return db.inTenant(tenantId, (tx) => written(tx, DECIDE[of](tx, about, decision, new Date(clock.machine()))));
    }
  }

  return {
    groups,
    async decide(by, runsUs, id, decision) {
      let count = 0;
      const chosen = (await groups(by.tenantId, runsUs)).filter((group) => id === 'all' || group.id === id);
      for (const group of chosen) count += await decideGroup(by, group, decision);
      return count;
    },
  };
}

const groupOfNobody = (nobodys: readonly { reason: string; n: number }[]): Omit<ParkedGroup, 'id'> => ({
  of: 'nobody',
  about: '',
  n: nobodys.reduce((sum, { n }) => sum + n, 0),
  error: nobodys.map(({ reason, n }) => `${n} × ${reason}`).join(', '),
});

const DECIDE: Record<'effects' | 'hooks', (tx: Tx, about: string, decision: Decision, now: Date) => Promise<number>> = {
  async effects(tx, kind, decision) {
    const text =
      decision === 'retried'
        ? `update effects set parked_at = null, attempts = 0, outages = 0, failing_since = null, due_at = clock_timestamp(), lease_until = null
           where parked_at is not null and kind = $1 returning id`
        : 'delete from effects where parked_at is not null and kind = $1 returning id';
    return (await tx.query(text, [kind])).length;
  },
  async hooks(tx, host, decision, now) {
    const parked = `where d.hook_id = h.id and d.state = 'parked'
      and substring(h.url from '^[a-z]+://([^/:?#]+)') = $1 returning d.id`;
    const retry = `update hook_deliveries d set state = 'due', attempts = 0, due_at = $2, lease_until = null, status = null,
      error = null, settled_at = null from hooks h ${parked}`;
    const done = await (decision === 'retried'
      ? tx.query(retry, [host, now])
      : tx.query(`delete from hook_deliveries d using hooks h ${parked}`, [host]));
    return done.length;
  },
};
