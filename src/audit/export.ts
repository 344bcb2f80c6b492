import type { Sql } from '../db/index.ts';
import type { TenantId } from '../lib/ids.ts';
import { createIdSet } from './id-set.ts';
import { batchesAfter, eventsOf, lastRound, witnessesOf } from './store.ts';
import type { Entry, Head, LoggedEvent, Witness } from './types.ts';
import { type Unheld, unheldEvents } from './unheld.ts';
import type { Business } from './verify-database.ts';

/*
 * A log as JSON lines, one statement a line, so that it can be read by anybody and checked without us: what it is of; heads
 * that were shown in Slack; each batch's head, followed by its entries; events that no batch holds; the end.
 */

export const EXPORT_FORMAT = 'leadrescue-audit-export/1';

export type Line =
  | { format: typeof EXPORT_FORMAT; tenant: { id: string; name: string }; exportedAt: string }
  | { head: Head; peaks: string[] }
  | ExportedEntry
  | { witness: Witness }
  | UnsealedEvent
  | { end: { batches: number; events: number; unsealed: number } };

/** A place of a batch. The id is written for an event that is gone; else the event has it. */
export type ExportedEntry = { batch: number; position: number; leaf: string } & (
  | { event: LoggedEvent }
  | { event: null; id: number }
);

/** An event in no batch. `settled`, where it is so: sealing has passed it by, so it was put there later. */
export type UnsealedEvent = { unsealed: LoggedEvent; settled?: true | undefined };

const PAGE = 5000;

/** The lines of a tenant's log, read page by page. Wants a transaction in which nothing moves. */
export async function* exportLog(sql: Sql, business: Business, at: Date): AsyncGenerator<Line> {
  const { id, name } = business;
  yield { format: EXPORT_FORMAT, tenant: { id, name }, exportedAt: at.toISOString() };
  for (const witness of await witnessesOf(sql, id)) yield { witness };
  const ids = createIdSet();
  const count = { batches: 0, events: 0, unsealed: 0 };
  let after = { batch: 0, size: 0 };
  for (;;) {
    const batches = await batchesAfter(sql, id, after);
    for (const { head, peaks, entries } of batches) {
      yield { head, peaks: peaks.map((peak) => peak.toString('hex')) };
      for (const entry of entries) {
        ids.add(entry.id);
        yield exported(head, entry);
      }
      count.batches++;
      count.events += entries.length;
      after = { batch: head.batch, size: head.size };
    }
    if (batches.length === 0) break;
  }
  for await (const line of unsealed(sql, business, ids.has)) {
    count.unsealed++;
    yield line;
  }
  yield { end: count };
}

function exported({ batch }: Head, { position, leaf, id, event }: Entry): ExportedEntry {
  const place = { batch, position, leaf: leaf.toString('hex') };
  return event ? { ...place, event } : { ...place, event, id };
}

/** Events in no batch, in the order of their ids. */
async function* unsealed(
  sql: Sql,
  { id }: Business,
  holds: (eventId: number) => boolean,
): AsyncGenerator<UnsealedEvent> {
  const last = await lastRound(sql);
  let page: Unheld[] = [];
  for await (const event of unheldEvents(sql, id, last, holds)) {
    page.push(event);
    if (page.length < PAGE) continue;
    yield* await read(sql, id, page);
    page = [];
  }
  yield* await read(sql, id, page);
}

async function read(sql: Sql, tenant: TenantId, page: readonly Unheld[]): Promise<UnsealedEvent[]> {
  const settled = new Set(page.filter((event) => event.settled).map(({ id }) => id));
  const events = await eventsOf(
    sql,
    tenant,
    page.map(({ id }) => id),
  );
  return [...events.values()].map((event) => ({ unsealed: event, ...(settled.has(event.id) && { settled: true }) }));
}
