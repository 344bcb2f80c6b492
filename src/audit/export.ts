import type { Sql } from '../db/index.ts';
import { createIdSet } from './id-set.ts';
import { batchesAfter, eventsOf, witnessesOf } from './store.ts';
import type { Entry, Head, LoggedEvent, Witness } from './types.ts';
import { unheldEvents } from './unheld.ts';
import type { Business } from './verify-database.ts';

/*
 * A log as JSON lines, one statement a line, so that it can be read by anybody and checked without us: what it is of; heads
 * that were shown in Slack; each batch's head, followed by its entries; events that are not sealed yet; the end.
 */

export const EXPORT_FORMAT = 'leadrescue-audit-export/1';

export type Line =
  | { format: typeof EXPORT_FORMAT; tenant: { id: string; name: string }; exportedAt: string }
  | { head: Head; peaks: string[] }
  | ExportedEntry
  | { witness: Witness }
  | { unsealed: LoggedEvent }
  | { end: { batches: number; events: number; unsealed: number } };

/** A place of a batch. The id is written for an event that is gone; else the event has it. */
export type ExportedEntry = { batch: number; position: number; leaf: string } & (
  | { event: LoggedEvent }
  | { event: null; id: number }
);

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
  for await (const event of unsealed(sql, business, ids.has)) {
    count.unsealed++;
    yield { unsealed: event };
  }
  yield { end: count };
}

function exported({ batch }: Head, { position, leaf, id, event }: Entry): ExportedEntry {
  const place = { batch, position, leaf: leaf.toString('hex') };
  return event ? { ...place, event } : { ...place, event, id };
}

/** Events in no batch, in the order of their ids. */
async function* unsealed(sql: Sql, { id }: Business, holds: (eventId: number) => boolean): AsyncGenerator<LoggedEvent> {
  let page: number[] = [];
  for await (const event of unheldEvents(sql, id, undefined, holds)) {
    page.push(event.id);
    if (page.length < PAGE) continue;
    yield* (await eventsOf(sql, id, page)).values();
    page = [];
  }
  yield* (await eventsOf(sql, id, page)).values();
}
