import type { Database, Sql } from '../db/index.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId, TenantId } from '../lib/ids.ts';
import type { Playbooks } from '../tenants/index.ts';
import { countLead } from './count-lead.ts';
import { differences } from './differences.ts';
import { addOpen, valuedStages, valueField } from './pipeline.ts';
import { RULES, rulesOf } from './rules.ts';
import {
  addToDays,
  beginGeneration,
  type Change,
  type Counted,
  dropUnshown,
  EVERYBODY,
  type Generation,
  type Kept,
  keepCounted,
  lastOfOldServer,
  leadsOfTenant,
  leadsUpTo,
  moveCursor,
  type Place,
  readCounted,
  readGeneration,
  readMoment,
  readSettled,
  readStories,
  showGeneration,
  tryLock,
  waitForLock,
  waitToRecount,
} from './store.ts';

/*
 * Keeps the numbers up with the event log. A batch reads the next settled events, counts their leads again from their
 * whole stories, and adds the difference; the cursor moves in the same transaction, so everything counts once. One
 * worker at a time does it. The numbers are always those of the log up to the cursor, which is what a recount proves.
 */

export interface Counting {
  /**
   * Counts what is new; returns how many events. Nothing when another worker is at it, or when the rules are those of a newer
   * version, whose workers count. `batches` bounds the work.
   */
  keepUp(batches?: number): Promise<number>;
  /**
   * Counts the whole log again beside the live numbers and compares both at the same event. This and what follows wait for
   * one another. Throws `conflict` when the rules are those of a newer version.
   */
  check(): Promise<Recount>;
  /** The same, and shows the new numbers from then on; back to our rules, too, from those of a newer version. */
  rebuild(): Promise<Recount>;
  /** The same, where what is shown was counted by older rules; true when it was. */
  renew(): Promise<boolean>;
  /** Counts a tenant's leads again where they are shown, after its days have become others; returns how many. Throws `conflict` like `check`. */
  recount(tenantId: TenantId): Promise<number>;
}

/** What a recount found: rows that differed, some of them in words, and how many events were counted. */
export interface Recount {
  events: number;
  different: number;
  examples: string[];
}

/** Events of a batch. */
const BATCH = 2000;

export function createCounting(deps: { db: Database; playbooks: Playbooks; batch?: number }): Counting {
  const { db, playbooks, batch = BATCH } = deps;
  const rules = rulesOf(playbooks);
  const open = new Set(valuedStages(playbooks).map(({ playbook, stage }) => `${playbook}/${stage}`));
  const valueFields = playbooks.all.map((playbook) => ({ playbook: playbook.key, field: valueField(playbook) }));

  const shownRules = async (sql: Sql) => (await readGeneration(sql, 'live')).rules;

  async function refuseNewer(): Promise<void> {
    if ((await shownRules(db.system)) <= RULES) return;
    const words =
      'The numbers are counted by the rules of a newer version of LeadRescue. Use that version, or go back to the rules of ' +
      'this one with: npm run reports -- rebuild';
    throw new KnownError('conflict', 'numbers of a newer version', words);
  }

  /** Nobody else recounts meanwhile. What one that was killed has left goes first. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const connection = await db.connect();
    try {
      await waitToRecount(connection);
      await dropUnshown(db.system, 'all');
      return await work();
    } finally {
      await connection.end();
    }
  }

  /** Counts one batch of a generation, or up to a place; returns how many events it had. */
  async function step(sql: Sql, which: number | 'live', target: Place | null = null): Promise<number> {
    const from = await readGeneration(sql, which);
    const { watermark, coming } = await readMoment(sql);
    if (BigInt(watermark) <= BigInt(from.until.xid)) return moveHouse(sql, from, coming);
    const events = await readSettled(sql, from, { ceiling: null, below: watermark, target, limit: batch });
    const last = events.at(-1);
    if (!last) return 0;
    const to = { ...from, until: { xid: last.xid, id: last.id } };
    await recount(sql, to, leadsOf(events));
    await moveCursor(sql, to);
    return events.length;
  }

  /** On another server transactions are counted anew: the rest of the old log at once, then by their new order. */
  async function moveHouse(sql: Sql, from: Generation, coming: string): Promise<number> {
    const ceiling = await lastOfOldServer(sql, from, coming);
    const events = await readSettled(sql, from, { ceiling, below: null, target: null, limit: null });
    const to = { ...from, floor: ceiling, until: { xid: '0', id: 0 } };
    await recount(sql, to, leadsOf(events));
    await moveCursor(sql, to);
    return events.length;
  }

  async function recount(sql: Sql, upTo: Generation, leads: readonly LeadId[]): Promise<void> {
    if (leads.length === 0) return;
    const before = await readCounted(sql, upTo.generation, leads);
    const after = (await readStories(sql, leads, upTo, valueFields)).map(
      ({ playbook, worth, events, ...lead }): Kept => {
        const counts = countLead(events, rules(playbook));
        const stage = counts.find(({ measure }) => measure === 'stage')?.key;
        const isOpen = stage !== undefined && open.has(`${playbook}/${stage}`);
        return { ...lead, counts, open: isOpen, worth: isOpen ? worth : null };
      },
    );
    await addToDays(sql, upTo.generation, changesOf(before, after));
    await addOpen(sql, upTo.generation, leads, -1);
    await keepCounted(sql, upTo.generation, after);
    await addOpen(sql, upTo.generation, leads, 1);
  }

  /** What was written on earlier servers is counted first; its transactions say nothing here. */
  async function countOld(generation: number): Promise<void> {
    const upTo = await readGeneration(db.system, generation);
    const leads = upTo.floor > 0 ? await leadsUpTo(db.system, upTo.floor) : [];
    for (let from = 0; from < leads.length; from += batch) {
      const some = leads.slice(from, from + batch);
      await db.system.transaction((sql) => recount(sql, upTo, some));
    }
  }

  /** The next of a tenant's leads, where they are shown. */
  async function recountSome(sql: Sql, tenantId: TenantId, after: LeadId | undefined): Promise<LeadId[]> {
    await waitForLock(sql);
    const live = await readGeneration(sql, 'live');
    const leads = await leadsOfTenant(sql, live.generation, tenantId, after, batch);
    await recount(sql, live, leads);
    return leads;
  }

  /** Small transactions, so that nobody waits for the recount; the last one holds the lock and compares. */
  async function recountAll(show: boolean): Promise<Recount> {
    const generation = await beginGeneration(db.system);
    try {
      await countOld(generation);
      let events = 0;
      for (let counted = 1; counted > 0; events += counted) {
        counted = await db.system.transaction((sql) => step(sql, generation));
      }
      return await db.system.transaction(async (sql) => {
        await waitForLock(sql);
        while ((await step(sql, 'live')) > 0);
        const live = await readGeneration(sql, 'live');
        // what has settled since the live numbers were brought up is left out of both
        for (let counted = 1; counted > 0; events += counted) counted = await step(sql, generation, live.until);
        const { count, examples } = await differences(sql, live.generation, generation);
        if (show) await showGeneration(sql, generation);
        return { events, different: count, examples };
      });
    } finally {
      await dropUnshown(db.system, generation);
    }
  }

  return {
    async keepUp(batches = Number.POSITIVE_INFINITY) {
      let total = 0;
      for (let done = 0; done < batches; done++) {
        const counted = await db.system.transaction(async (sql) =>
          (await tryLock(sql)) && (await shownRules(sql)) <= RULES ? step(sql, 'live') : 0,
        );
        total += counted;
        if (counted < batch) break;
      }
      return total;
    },
    check: () =>
      alone(async () => {
        await refuseNewer();
        return recountAll(false);
      }),
    rebuild: () => alone(() => recountAll(true)),
    async renew() {
      if ((await shownRules(db.system)) >= RULES) return false;
      return alone(async () => {
        if ((await shownRules(db.system)) >= RULES) return false; // another has done it while we waited
        await recountAll(true);
        return true;
      });
    },
    recount: (tenantId) =>
      alone(async () => {
        await refuseNewer();
        let total = 0;
        let after: LeadId | undefined;
        do {
          const from = after;
          const leads = await db.system.transaction((sql) => recountSome(sql, tenantId, from));
          total += leads.length;
          after = leads.at(-1);
        } while (after !== undefined);
        return total;
      }),
  };
}

const leadsOf = (events: readonly { leads: LeadId[] }[]): LeadId[] => [
  ...new Set(events.flatMap(({ leads }) => leads)),
];

/** The rows that change when leads added `before` and now add `after`: for their owner, and for everybody. Pure. */
export function changesOf(before: readonly Counted[], after: readonly Counted[]): Change[] {
  const changes = new Map<string, Change>();
  const apply = (counted: Counted, sign: 1 | -1) => {
    const owners = counted.ownerId ? [EVERYBODY, counted.ownerId] : [EVERYBODY];
    for (const count of counted.counts) {
      for (const ownerId of owners) {
        const { day, measure, key, template, channel, seconds } = count;
        const place = [counted.tenantId, ownerId, day, measure, key, template, channel, seconds].join('\u0000');
        const change = changes.get(place) ?? { ...count, tenantId: counted.tenantId, ownerId, n: 0, total: 0 };
        change.n += sign * count.n;
        change.total += sign * count.total;
        changes.set(place, change);
      }
    }
  };
  for (const counted of before) apply(counted, -1);
  for (const counted of after) apply(counted, 1);
  return [...changes.values()].filter(({ n, total }) => n !== 0 || total !== 0);
}
