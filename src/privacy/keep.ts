import type { Database, Tx } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Settings, Tenants } from '../tenants/index.ts';
import { forgetLinks } from './private-links.ts';

/*
 * Words and files go once their time is over, by class. Once a day for each tenant, in batches that each are a
 * transaction with their event: a process that dies over it has done whole batches, and the next tick goes on.
 */

export interface Keeping {
  /** Runs what is due today, for every tenant. Returns how many rows were emptied or deleted. */
  run(): Promise<number>;
}

/** Rows of one class in one batch; of messages, the people whose messages go. */
const BATCH = 1000;
const PEOPLE = 200;
const TENANTS = 500;

type Class = Exclude<keyof Settings['retention'], 'webhooks'>;

/** $1 is the tenant, $2 the moment before which it goes, $3 how many at most. Each returns a row for each that went. */
const CLASSES: Record<Exclude<Class, 'messages'>, string> = {
  media: `update media set content = null, url = ''::bytea where id = any(array(
      select id from media where tenant_id = $1 and content is not null and created_at < $2 and state <> 'waiting'
      order by created_at limit $3 for update skip locked)) returning 1`, // media_old
  notes: `update leads set notes = null where id = any(array(
      select l.id from leads l left join conversations c on c.person_id = l.person_id
      where l.tenant_id = $1 and l.notes is not null and coalesce(c.last_inbound_at, l.captured_at) < $2
      order by l.id limit $3 for update of l skip locked)) returning 1`, // leads_notes
  drafts: `delete from drafts where id = any(array(
      select id from drafts where tenant_id = $1 and state <> 'open' and created_at < $2
      order by created_at limit $3 for update skip locked)) returning 1`, // drafts_old
};

/**
 * People of whom nothing has been heard, said or changed since then, and no follow-up runs. Who wrote again after their
 * words were deleted is looked at again.
 */
const SILENT = `select p.id from persons p left join conversations c on c.person_id = p.id
  where p.tenant_id = $1 and p.created_at < $2 and p.erased_at is null
    and (p.words_purged_at is null or c.last_inbound_at > p.words_purged_at
      or exists (select from leads l where l.person_id = p.id and l.captured_at > p.words_purged_at))
    and not exists (select from leads l where l.person_id = p.id and l.stage_at >= $2)
    and not exists (select from enrolments e where e.person_id = p.id
      and (e.state in ('active', 'paused') or e.ended_at >= $2))
    and not exists (select from messages m where m.person_id = p.id and (m.created_at >= $2 or m.sent_at >= $2
      or m.state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held')))
  order by p.id limit $3 for update of p skip locked`;

/** The moment before which a class goes. Calendar months, so that a setting means the same in every month. Pure. */
export function monthsBefore(now: Date, months: number): Date {
  const at = new Date(now);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() - months);
  // the 31st of a shorter month is its last day
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return at;
}

export function createKeeping(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  /** Forgets raw webhooks from before then (machine time), at most so many. */
  forgetWebhooks(before: Date, limit: number): Promise<number>;
}): Keeping {
  const { db, clock, tenants } = deps;

  async function messagesOf(tx: Tx, before: Date, now: Date): Promise<{ n: number; full: boolean }> {
    const silent = await tx.query<{ id: string }>(SILENT, [tx.tenantId, before, PEOPLE]);
    const ids = silent.map(({ id }) => id);
    const emptied = await tx.query(
      'update messages set body = null where person_id = any($1::uuid[]) and body is not null returning 1', // messages_person
      [ids],
    );
    await tx.query('update persons set words_purged_at = $2 where id = any($1::uuid[])', [ids, now]);
    return { n: emptied.length, full: silent.length === PEOPLE };
  }

  /** One batch of a tenant; undefined when today's is complete, or somebody else's is. */
  async function batch(tenantId: TenantId, retention: Settings['retention'], now: Date): Promise<number | undefined> {
    return db.inTenant(tenantId, async (tx) => {
      const taken = await tx.query(
        `insert into retention_runs (tenant_id, day, complete) values ($1, $2, false)
         on conflict (tenant_id) do update set day = excluded.day, complete = false
           where retention_runs.day < excluded.day or not retention_runs.complete returning tenant_id`,
        [tenantId, dayOf(now)],
      );
      if (taken.length === 0) return undefined;
      const words = await messagesOf(tx, monthsBefore(now, retention.messages), now);
      const removed: Record<string, number> = { messages: words.n };
      let full = words.full;
      for (const [name, sql] of Object.entries(CLASSES)) {
        const before = monthsBefore(now, retention[name as Class]);
        const gone = await tx.query(sql, [tenantId, before, BATCH]);
        removed[name] = gone.length;
        full ||= gone.length === BATCH;
      }
      await tx.query('update retention_runs set complete = $2 where tenant_id = $1', [tenantId, !full]);
      await append(tx, tenantId, now, 'system', [{ type: 'retention.ran', data: { removed } }]);
      return Object.values(removed).reduce((sum, n) => sum + n, 0);
    });
  }

  /** Raw webhooks belong to no tenant: whoever keeps them the shortest decides. */
  async function webhooks(): Promise<number> {
    const [row] = await db.system.query<{ months: number | null }>(
      `select min(coalesce((s.values->'retention'->>'webhooks')::int, 1)) as months from tenants t
         left join lateral (select values from settings where tenant_id = t.id order by version desc limit 1) s on true`,
    );
    const before = monthsBefore(new Date(clock.machine()), row?.months ?? 1);
    for (let total = 0; ; ) {
      const gone = await deps.forgetWebhooks(before, BATCH);
      total += gone;
      if (gone < BATCH) return total;
    }
  }

  return {
    async run() {
      const now = clock.now();
      let total = await webhooks();
      await forgetLinks(db.system, now);
      const failures = new Map<TenantId, unknown>();
      for (;;) {
        const due = await db.system.query<{ id: TenantId }>(
          `select t.id from tenants t left join retention_runs r on r.tenant_id = t.id
           where (r.tenant_id is null or r.day < $1 or not r.complete) and t.id <> all($3::uuid[]) order by t.id limit $2`,
          [dayOf(now), TENANTS, [...failures.keys()]],
        );
        for (const { id } of due) {
          try {
            const { retention } = await tenants.settings(id);
            total += (await batch(id, retention, now)) ?? 0;
          } catch (error) {
            failures.set(id, error); // the others need not wait for this one
          }
        }
        if (due.length === 0) break;
      }
      for (const error of failures.values()) throw error;
      return total;
    },
  };
}

const dayOf = (now: Date) => now.toISOString().slice(0, 10);
