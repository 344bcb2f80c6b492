import { type Database, type Tx, together } from '../../db/index.ts';
import { append, type NewEffect, type NewEvent, request, wake } from '../../events/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { isKnown } from '../../lib/errors.ts';
import type { TenantId } from '../../lib/ids.ts';
import { addressKey, lockPersons, suppressedAmong } from '../../people/index.ts';
import type { Playbooks, TenantKeys, Tenants } from '../../tenants/index.ts';
import type { Attempt } from '../attempt.ts';
import type { Capture, Row, Stored } from '../capture.ts';
import type { FollowUp } from '../follow-up.ts';
import { contactsOf, refusal } from './preview.ts';
import { agreedOf, atHeading, enquiryOf, type Source } from './read-row.ts';
import { readSheet } from './read-sheet.ts';
import { countRows, isWhole, keepOutcomes, lockWaiting, moveImport, readUpload, readWaiting, spread } from './store.ts';
import type { Changed, Import, RowOutcome, RowProblem, StoredRow } from './types.ts';

export interface BatchDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  capture: Pick<Capture, 'prepare' | 'store'>;
  followUp: Pick<FollowUp, 'again'>;
}

/** A stop waits for a batch at most. */
const BATCH = 50;
/** Rows between two changes of what is shown. */
const SHOWN_EVERY = 500;
/** Failures in a row after which the rows are tried one by one, and after which the first is set aside. */
const ONE_BY_ONE = 2;
const SET_ASIDE = 5;

/** A row that is ready to be stored, or what is wrong with it. */
type Ready = { row: StoredRow } & ({ attempt: Attempt } | { problems: RowProblem[] });

/**
 * Brings in the next rows of an import, in one transaction: leads, outcomes, events. Whatever line a process dies on, a row
 * either came in or still waits. `failures` counts attempts that failed before.
 */
export async function runBatch(deps: BatchDeps, tenantId: TenantId, found: Import, failures: number): Promise<void> {
  const { db, tenants } = deps;
  const keys = await tenants.keys(tenantId);
  if (await db.inTenant(tenantId, (tx) => isWhole(tx, found.id))) {
    await db.inTenant(tenantId, async (tx) => {
      const upload = await readUpload(tx, keys.data, found.id);
      if (upload) await spread(tx, keys.data, found.id, readSheet(upload).rows);
    });
    return;
  }
  const limit = failures >= ONE_BY_ONE ? 1 : BATCH;
  const rows = await db.inTenant(tenantId, (tx) => readWaiting(tx, keys.data, found.id, limit));
  const source = await sourceOf(deps, tenantId, found);
  const aside = failures >= SET_ASIDE;
  const ready = await Promise.all(rows.map((row) => (aside ? setAside(row) : prepare(deps, tenantId, source, row))));
  await db.inTenant(tenantId, (tx) => together(tx, (all) => storeAll(all, deps, { source, ready, keys })));
}

/** An import with what its rows are read by. */
export async function sourceOf(
  { tenants }: Pick<BatchDeps, 'tenants'>,
  tenantId: TenantId,
  { id, by, about }: Pick<Import, 'id' | 'by' | 'about'>,
): Promise<Source> {
  const tenant = await tenants.byId(tenantId);
  return { id, by, about, agreed: agreedOf(id, about, tenant) };
}

async function setAside(row: StoredRow): Promise<Ready> {
  const message =
    'It could not be brought in because of a fault on our side. Log it by hand, or bring it in again later.';
  return { row, problems: [{ place: row.place, heading: '', message, value: '' }] };
}

async function prepare(deps: BatchDeps, tenantId: TenantId, source: Source, row: StoredRow): Promise<Ready> {
  const input = enquiryOf(source, deps.playbooks.get(source.about.playbook), row);
  try {
    return { row, attempt: await deps.capture.prepare(tenantId, input) };
  } catch (error) {
    if (!isKnown(error) || error.code !== 'validation_error') throw error;
    return { row, problems: error.problems.map((problem) => atHeading(source.about, row, problem)) };
  }
}

async function storeAll(
  tx: Tx,
  { clock, capture }: BatchDeps,
  { source, ready, keys }: { source: Source; ready: readonly Ready[]; keys: TenantKeys },
): Promise<void> {
  const waiting = await lockWaiting(
    tx,
    source.id,
    ready.map(({ row }) => row.place),
  );
  const contacts = ready.flatMap((each) => ('attempt' in each ? contactsOf(each.attempt.checked) : []));
  const taken = await lockPersons(tx, contacts);
  const suppressed = await suppressedAmong(tx, keys.suppression, contacts);
  const outcomes: RowOutcome[] = [];
  const events: NewEvent[] = [];
  const effects: NewEffect[] = [];
  for (const each of ready) {
    if (!waiting.has(each.row.place)) continue;
    if ('problems' in each) {
      outcomes.push(refused(each.row, each.problems));
      continue;
    }
    const strange: Row['strange'] = (wanted) => !wanted.some((address) => taken.has(addressKey(address)));
    const stored = await storeOne(tx, capture, each.attempt, { suppressed, strange });
    // the next row may be of the same person
    for (const contact of contactsOf(each.attempt.checked)) taken.add(addressKey(contact));
    outcomes.push(stored ? cameIn(each.row, stored) : refused(each.row, [refusal(source, each.row)]));
    events.push(...(stored?.events ?? []));
    effects.push(...(stored?.effects ?? []));
  }
  await keepOutcomes(tx, keys.data, source.id, outcomes);
  const now = clock.now();
  const { waiting: left, captured, merged, refused: wrong } = await countRows(tx, source.id);
  const over = left === 0 && (await moveImport(tx, source.id, ['running'], 'done', { endedAt: now }));
  if (over) events.push({ type: 'import.ended', data: { importId: source.id, captured, merged, refused: wrong } });
  // Slack takes a change a second: not every batch is news
  if (over || (captured + merged + wrong) % SHOWN_EVERY < BATCH) effects.push({ kind: 'import.show', key: source.id });
  await append(tx, tx.tenantId, now, `staff:${source.by}`, events);
  await request(tx, tx.tenantId, effects);
  await wake(tx, 'messages');
}

/** Undefined for somebody who asked for silence meanwhile; nothing was written then. */
async function storeOne(
  tx: Tx,
  capture: BatchDeps['capture'],
  attempt: Attempt,
  row: Row,
): Promise<Stored | undefined> {
  try {
    return await capture.store(tx, attempt, row);
  } catch (error) {
    if (isKnown(error) && error.code === 'opted_out') return undefined;
    throw error;
  }
}

function cameIn({ place }: StoredRow, stored: Stored): RowOutcome {
  const { outcome, leadId, personId, newPerson, added, moved } = stored;
  const before: Changed | null = newPerson ? null : { added, moved };
  return { place, state: outcome === 'merged' ? 'merged' : 'captured', leadId, personId, newPerson, before };
}

const refused = ({ place }: StoredRow, problems: RowProblem[]): RowOutcome => ({
  place,
  state: 'refused',
  leadId: null,
  personId: null,
  newPerson: false,
  before: { problems },
});
