import { append, type Effect, request } from '../../events/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import { newId, type TenantId } from '../../lib/ids.ts';
import { demand, type Staff } from '../../tenants/index.ts';
import { openStages } from '../enquiries.ts';
import { recognise } from './headings.ts';
import { checkRows, foresee, inTurn } from './preview.ts';
import { checkTargets } from './read-row.ts';
import { readSheet } from './read-sheet.ts';
import { type BatchDeps, runBatch, sourceOf } from './run-batch.ts';
import {
  countRows,
  dropWaiting,
  forgetImports,
  insertDraft,
  keepAbout,
  keepShown,
  moveImport,
  nextImport,
  readImport,
  readRefused,
  readShown,
  readUpload,
} from './store.ts';
import type { Import, Preview, Progress, RowProblem, Sheet, Target, Wishes } from './types.ts';
import { withdrawBatch } from './withdraw.ts';

export { targetsOf } from './headings.ts';
export { MAX_BYTES, MAX_ROWS } from './read-sheet.ts';
export * from './types.ts';

/** A file that was looked at: what its columns seem to hold, and its first row as an example. */
export interface Draft {
  id: string;
  targets: Target[];
  sheet: Sheet;
}

/** Leads from files. Whoever calls must be allowed to import; throws `forbidden` otherwise. */
export interface Imports {
  /** Looks at a file and keeps it sealed for a day. Throws a validation error at `file`. */
  draft(staff: Staff, bytes: Buffer, wishes: Wishes): Promise<Draft>;
  /** Says what the columns of a draft hold. Throws a validation error at `column-<index>`, `not_found` when its day is over. */
  arrange(staff: Staff, id: string, targets: readonly Target[]): Promise<void>;
  /** What would become of the rows of a draft; nothing comes in. Seconds for thousands of rows. Throws `not_found`. */
  preview(staff: Staff, id: string): Promise<Preview>;
  /** Brings a draft in from now on; once it has begun, again changes nothing. Throws `not_found`. */
  start(staff: Staff, id: string): Promise<void>;
  /** Takes an import back from now on, as far as nothing has happened with it; what still waits never comes in. */
  withdraw(staff: Staff, id: string): Promise<void>;
  /** What is wrong with its rows: as foreseen for a draft, as it was once it began. */
  problems(staff: Staff, id: string): Promise<RowProblem[]>;
  progress(tenantId: TenantId, id: string): Promise<Progress | undefined>;
  /** Remembers where an import is shown. */
  shownAt(tenantId: TenantId, id: string, shown: NonNullable<Progress['shown']>): Promise<void>;
  /** Brings in, or takes back, the next rows of a tenant, and asks for itself again until none is left. */
  run(effect: Effect): Promise<void>;
  /** Deletes drafts after a day, and what is kept of imports after a month. Returns how many. */
  forget(): Promise<number>;
}

const DRAFT_MS = 24 * 3_600_000;
/** As long as an import may be taken back. */
const KEPT_MS = 30 * 24 * 3_600_000;

const gone = () =>
  new KnownError(
    'not_found',
    'no such import',
    'That file is no longer kept. Bring it in once more with /rescue import.',
  );

export function createImports(deps: BatchDeps): Imports {
  const { db, clock, tenants, playbooks } = deps;

  async function find(tenantId: TenantId, id: string): Promise<Import> {
    const { data } = await tenants.keys(tenantId);
    const found = await db.inTenant(tenantId, (tx) => readImport(tx, data, id));
    if (!found) throw gone();
    return found;
  }

  async function foreseen(tenantId: TenantId, found: Import): Promise<Preview> {
    const { about, id } = found;
    const [tenant, keys] = await Promise.all([tenants.byId(tenantId), tenants.keys(tenantId)]);
    const upload = await db.inTenant(tenantId, (tx) => readUpload(tx, keys.data, id));
    if (!upload) throw gone();
    const playbook = playbooks.get(about.playbook);
    const source = await sourceOf(deps, tenantId, found);
    const { rows } = readSheet(upload);
    const { right, problems, refused } = await checkRows(source, playbook, tenant.country, inTurn(rows));
    const asked = { playbook: playbook.key, stages: openStages(playbook), suppressionKey: keys.suppression, source };
    const { refusals, ...counts } = await db.inTenant(tenantId, (tx) => foresee(tx, right, asked));
    const all = [...problems, ...refusals].sort((a, b) => a.place - b.place);
    return { id, about, rows: rows.length, ...counts, refused: refused + refusals.length, problems: all };
  }

  /** Moves an import on, with its event and the effect that does it. */
  async function begin(staff: Staff, id: string, what: 'start' | 'withdraw'): Promise<void> {
    demand(staff, 'lead.import');
    const { tenantId } = staff;
    const { data } = await tenants.keys(tenantId);
    const rows = what === 'start' ? await readRows(tenantId, id) : 0;
    await db.inTenant(tenantId, async (tx) => {
      const found = await readImport(tx, data, id, true);
      if (!found) throw gone();
      const now = clock.now();
      if (what === 'start') {
        // pressed twice
        if (!(await moveImport(tx, id, ['draft'], 'running', { startedAt: now }))) return;
      } else {
        if (!(await moveImport(tx, id, ['running', 'done'], 'withdrawing', { startedAt: now }))) return;
        await dropWaiting(tx, id);
      }
      await append(tx, tenantId, now, `staff:${staff.id}`, [
        what === 'start'
          ? { type: 'import.started', data: { importId: id, playbook: found.about.playbook, rows } }
          : { type: 'import.withdrawing', data: { importId: id } },
      ]);
      await request(tx, tenantId, [
        { kind: 'import.run', key: 'all' },
        { kind: 'import.show', key: id },
      ]);
    });
  }

  async function readRows(tenantId: TenantId, id: string): Promise<number> {
    const { data } = await tenants.keys(tenantId);
    const upload = await db.inTenant(tenantId, (tx) => readUpload(tx, data, id));
    return upload ? readSheet(upload).rows.length : 0;
  }

  return {
    async draft(staff, bytes, wishes) {
      demand(staff, 'lead.import');
      const sheet = readSheet(bytes);
      const playbook = playbooks.get(wishes.playbook);
      const targets = recognise(sheet.headings, playbook);
      const id = newId();
      const { data } = await tenants.keys(staff.tenantId);
      const about = { ...wishes, headings: sheet.headings, targets };
      await db.inTenant(staff.tenantId, (tx) =>
        insertDraft(tx, data, { id, about, upload: bytes, by: staff.id, now: clock.now() }),
      );
      return { id, targets, sheet };
    },
    async arrange(staff, id, targets) {
      demand(staff, 'lead.import');
      const found = await find(staff.tenantId, id);
      if (found.state !== 'draft')
        throw validationError([{ field: 'column-0', message: 'This file comes in already.' }]);
      checkTargets(playbooks.get(found.about.playbook), found.about.headings, targets);
      const { data } = await tenants.keys(staff.tenantId);
      await db.inTenant(staff.tenantId, (tx) => keepAbout(tx, data, id, { ...found.about, targets: [...targets] }));
    },
    async preview(staff, id) {
      demand(staff, 'lead.import');
      return foreseen(staff.tenantId, await find(staff.tenantId, id));
    },
    start: (staff, id) => begin(staff, id, 'start'),
    withdraw: (staff, id) => begin(staff, id, 'withdraw'),
    async problems(staff, id) {
      demand(staff, 'lead.import');
      const found = await find(staff.tenantId, id);
      if (found.state === 'draft') return (await foreseen(staff.tenantId, found)).problems;
      const { data } = await tenants.keys(staff.tenantId);
      return db.inTenant(staff.tenantId, (tx) => readRefused(tx, data, id));
    },
    async progress(tenantId, id) {
      const { data } = await tenants.keys(tenantId);
      return db.inTenant(tenantId, async (tx) => {
        const found = await readImport(tx, data, id);
        return found && { ...found, rows: await countRows(tx, id), shown: await readShown(tx, id) };
      });
    },
    shownAt: (tenantId, id, shown) => db.inTenant(tenantId, (tx) => keepShown(tx, id, shown)),
    async run({ tenantId, attempt }) {
      const { data } = await tenants.keys(tenantId);
      const found = await db.inTenant(tenantId, (tx) => nextImport(tx, data));
      if (!found) return;
      if (found.state === 'withdrawing') await withdrawBatch(deps, tenantId, found);
      else await runBatch(deps, tenantId, found, attempt - 1);
      // asked for once more: others' imports have their turn between two batches
      await db.inTenant(tenantId, (tx) => request(tx, tenantId, [{ kind: 'import.run', key: 'all' }]));
    },
    forget: () => {
      const now = clock.now().getTime();
      return forgetImports(db.system, new Date(now - DRAFT_MS), new Date(now - KEPT_MS));
    },
  };
}
