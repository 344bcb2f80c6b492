import type { Sql, Tx } from '../../db/index.ts';
import type { LeadId, PersonId, StaffId, TenantId } from '../../lib/ids.ts';
import { open, seal } from '../../lib/secrets.ts';
import type {
  About,
  Changed,
  Import,
  ImportState,
  Progress,
  RowOutcome,
  RowProblem,
  RowState,
  SheetRow,
  StoredRow,
} from './types.ts';

/* What is kept of files: everything that somebody wrote in them is sealed, each value to its own place. */

const placeOf = (tx: Tx, id: string, part: string) => `${tx.tenantId}/imports/${id}/${part}`;
const sealJson = (key: Buffer, place: string, value: unknown) => seal(key, place, JSON.stringify(value));
const openJson = <T>(key: Buffer, place: string, sealed: Buffer): T =>
  JSON.parse(open(key, place, sealed).toString('utf8'));

/** Keeps a file that was looked at. */
export async function insertDraft(
  tx: Tx,
  key: Buffer,
  draft: { id: string; about: About; upload: Buffer; by: StaffId; now: Date },
): Promise<void> {
  const { id, about, upload, by, now } = draft;
  await tx.query(
    `insert into imports (id, tenant_id, playbook, state, upload, about, brought_by, created_at)
     values ($1, $2, $3, 'draft', $4, $5, $6, $7)`,
    [
      id,
      tx.tenantId,
      about.playbook,
      seal(key, placeOf(tx, id, 'upload'), upload),
      sealJson(key, placeOf(tx, id, 'about'), about),
      by,
      now,
    ],
  );
}

interface Row {
  id: string;
  state: ImportState;
  by: StaffId;
  about: Buffer;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

const COLUMNS = `id, state, brought_by as by, about, created_at as "createdAt", started_at as "startedAt", ended_at as "endedAt"`;

const opened = (tx: Tx, key: Buffer, row: Row): Import => ({
  ...row,
  about: openJson<About>(key, placeOf(tx, row.id, 'about'), row.about),
});

/** An import; locked where it is going to be changed. */
export async function readImport(tx: Tx, key: Buffer, id: string, lock = false): Promise<Import | undefined> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from imports where id = $1 ${lock ? 'for update' : ''}`, [id]);
  return row && opened(tx, key, row);
}

/** The tenant's oldest import with something left to do (imports_line). */
export async function nextImport(tx: Tx, key: Buffer): Promise<Import | undefined> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from imports where tenant_id = $1 and state in ('running', 'withdrawing')
     order by started_at, id limit 1`,
    [tx.tenantId],
  );
  return row && opened(tx, key, row);
}

/** The file as it came; undefined when its time was over, or its rows stand on their own. */
export async function readUpload(tx: Tx, key: Buffer, id: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ upload: Buffer | null }>('select upload from imports where id = $1', [id]);
  return row?.upload ? open(key, placeOf(tx, id, 'upload'), row.upload) : undefined;
}

export async function keepAbout(tx: Tx, key: Buffer, id: string, about: About): Promise<void> {
  await tx.query('update imports set about = $2 where id = $1', [id, sealJson(key, placeOf(tx, id, 'about'), about)]);
}

/** Moves an import on; false when it does not stand where it would have to. */
export async function moveImport(
  tx: Tx,
  id: string,
  from: readonly ImportState[],
  to: ImportState,
  at: { startedAt?: Date; endedAt?: Date },
): Promise<boolean> {
  const moved = await tx.query(
    `update imports set state = $3, started_at = coalesce($4, started_at), ended_at = coalesce($5, ended_at)
     where id = $1 and state = any($2::text[]) returning id`,
    [id, from, to, at.startedAt ?? null, at.endedAt ?? null],
  );
  return moved.length > 0;
}

/** From here on the rows stand on their own, and the file as it came is gone. Nothing when the import was taken back. */
export async function spread(tx: Tx, key: Buffer, id: string, rows: readonly SheetRow[]): Promise<void> {
  const whole = await tx.query(
    `update imports set upload = null where id = $1 and state = 'running' and upload is not null returning id`,
    [id],
  );
  if (whole.length === 0) return;
  await tx.query(
    `insert into import_rows (import_id, tenant_id, place, turn, state, cells)
     select $1, $2, r.place, r.turn - 1, 'waiting', r.cells
     from unnest($3::int[], $4::bytea[]) with ordinality as r(place, cells, turn)`,
    [
      id,
      tx.tenantId,
      rows.map(({ place }) => place),
      rows.map(({ place, cells }) => sealJson(key, placeOf(tx, id, `${place}`), cells)),
    ],
  );
}

/** What has not come in yet never does. */
export async function dropWaiting(tx: Tx, id: string): Promise<void> {
  await tx.query('update imports set upload = null where id = $1', [id]);
  await tx.query(`delete from import_rows where import_id = $1 and state = 'waiting'`, [id]);
}

/** Whether the file still waits to be parted into rows. */
export async function isWhole(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.query('select from imports where id = $1 and upload is not null', [id]);
  return row !== undefined;
}

/** The next rows that nothing has become of, in order (import_rows_state). */
export async function readWaiting(tx: Tx, key: Buffer, id: string, limit: number): Promise<StoredRow[]> {
  const rows = await tx.query<{ place: number; turn: number; cells: Buffer }>(
    `select place, turn, cells from import_rows where import_id = $1 and state = 'waiting' order by place limit $2`,
    [id, limit],
  );
  return rows.map(({ place, turn, cells }) => ({
    place,
    turn,
    cells: openJson<string[]>(key, placeOf(tx, id, `${place}`), cells),
  }));
}

/** Of these rows those that still wait; locked, so that whoever else took them over finds none. */
export async function lockWaiting(tx: Tx, id: string, places: readonly number[]): Promise<Set<number>> {
  const rows = await tx.query<{ place: number }>(
    `select place from import_rows where import_id = $1 and place = any($2::int[]) and state = 'waiting'
     order by place for update`,
    [id, places],
  );
  return new Set(rows.map(({ place }) => place));
}

export async function keepOutcomes(tx: Tx, key: Buffer, id: string, outcomes: readonly RowOutcome[]): Promise<void> {
  await tx.query(
    `update import_rows r set state = o.state, lead_id = o.lead_id, person_id = o.person_id, new_person = o.new_person,
       before = o.before, cells = null
     from unnest($2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::boolean[], $7::bytea[])
       as o(place, state, lead_id, person_id, new_person, before)
     where r.import_id = $1 and r.place = o.place`,
    [
      id,
      outcomes.map(({ place }) => place),
      outcomes.map(({ state }) => state),
      outcomes.map(({ leadId }) => leadId),
      outcomes.map(({ personId }) => personId),
      outcomes.map(({ newPerson }) => newPerson),
      outcomes.map(({ place, before }) => before && sealJson(key, placeOf(tx, id, `${place}/before`), before)),
    ],
  );
}

/** A row that came in, to be taken back. */
export interface DoneRow {
  place: number;
  state: 'captured' | 'merged';
  leadId: LeadId;
  personId: PersonId;
  newPerson: boolean;
  before: Changed | null;
}

/** The last rows that came in, and are still in, latest first; locked. */
export async function lockDone(tx: Tx, key: Buffer, id: string, limit: number): Promise<DoneRow[]> {
  const rows = await tx.query<Omit<DoneRow, 'before'> & { before: Buffer | null }>(
    `select place, state, lead_id as "leadId", person_id as "personId", new_person as "newPerson", before from import_rows
     where import_id = $1 and state in ('captured', 'merged') order by place desc limit $2 for update`,
    [id, limit],
  );
  return rows.map((row) => ({
    ...row,
    before: row.before && openJson<Changed>(key, placeOf(tx, id, `${row.place}/before`), row.before),
  }));
}

export async function settleRows(
  tx: Tx,
  id: string,
  settled: readonly { place: number; state: RowState }[],
): Promise<void> {
  await tx.query(
    `update import_rows r set state = o.state, before = null from unnest($2::int[], $3::text[]) as o(place, state)
     where r.import_id = $1 and r.place = o.place`,
    [id, settled.map(({ place }) => place), settled.map(({ state }) => state)],
  );
}

const NONE: Progress['rows'] = { waiting: 0, captured: 0, merged: 0, refused: 0, removed: 0, restored: 0, kept: 0 };

/** Rows by what became of them (import_rows_state). */
export async function countRows(tx: Tx, id: string): Promise<Progress['rows']> {
  const rows = await tx.query<{ state: RowState; n: number }>(
    'select state, count(*) as n from import_rows where import_id = $1 group by state',
    [id],
  );
  return { ...NONE, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
}

/** What was wrong with the rows that were refused, in order. */
export async function readRefused(tx: Tx, key: Buffer, id: string): Promise<RowProblem[]> {
  const rows = await tx.query<{ place: number; before: Buffer }>(
    `select place, before from import_rows where import_id = $1 and state = 'refused' and before is not null order by place`,
    [id],
  );
  return rows.flatMap(
    ({ place, before }) =>
      openJson<{ problems: RowProblem[] }>(key, placeOf(tx, id, `${place}/before`), before).problems,
  );
}

/** Where an import is shown in Slack. */
export async function readShown(tx: Tx, id: string): Promise<Progress['shown']> {
  const [row] = await tx.query<{ channel: string | null; ts: string | null }>(
    'select channel, ts from imports where id = $1',
    [id],
  );
  return row?.channel && row.ts ? { channel: row.channel, ts: row.ts } : null;
}

export async function keepShown(tx: Tx, id: string, { channel, ts }: NonNullable<Progress['shown']>): Promise<void> {
  await tx.query('update imports set channel = $2, ts = $3 where id = $1', [id, channel, ts]);
}

/** Deletes files that nobody confirmed, and what is kept of imports that are long over. Returns how many. */
export async function forgetImports(sql: Sql, draftsBefore: Date, endedBefore: Date): Promise<number> {
  const gone = await sql.query<{ id: TenantId }>(
    // imports_old
    `delete from imports where state = 'draft' and created_at < $1
       or state in ('done', 'withdrawn') and ended_at < $2 returning id`,
    [draftsBefore, endedBefore],
  );
  return gone.length;
}
