import type { Database, Tx } from '../../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../../events/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LeadId, TenantId } from '../../lib/ids.ts';
import { lockPersons } from '../../people/index.ts';
import type { Playbooks, Tenants } from '../../tenants/index.ts';
import type { FollowUp } from '../follow-up.ts';
import { renumber } from '../renumber.ts';
import { restoreLead, restorePerson } from './restore.ts';
import { countRows, type DoneRow, lockDone, moveImport, settleRows } from './store.ts';
import type { Import, RowState } from './types.ts';

/*
 * Taking an import back. A lead that it made goes, with the person where nobody knew them before, unless something has
 * happened to it: then it is somebody's work, or a customer's message, and stays. What was merged is taken out again, and so is
 * what a lead brought of somebody we knew.
 */

/** As of a run. */
const BATCH = 50;

/** What the import itself, and nothing else, says of a lead; merges are counted. */
const QUIET = [
  'lead.captured',
  'lead.merged',
  'lead.restored',
  'lead.scored',
  'consent.given',
  'enrolment.started',
  'enrolment.replanned',
  'message.held',
  'message.skipped',
];

/** Whatever is just beginning to leave is waited for; from here on nothing begins. */
const LOCK_MESSAGES = `select from messages m join leads l on l.person_id = m.person_id and l.id = m.lead_id
  where l.id = any($1::uuid[]) order by m.id for update of m`;

/*
 * Leads that something has happened to: an event besides those of the import, one more merge than it has rows there, a
 * message that a gateway has heard of, a card, an appointment; or somebody wants the person forgotten.
 */
const TOUCHED = {
  name: 'imports-touched',
  // events_lead, messages_person, import_rows_lead, erasures_one_open
  text: `select l.id from leads l where l.id = any($1::uuid[]) and (
      exists (select from events e where e.lead_id = l.id and not e.type = any($3::text[]))
      or (select count(*) from events e where e.lead_id = l.id and e.type = 'lead.merged') >
        (select count(*) from import_rows r where r.lead_id = l.id and r.import_id = $2 and r.state in ('merged', 'restored'))
      or exists (select from messages m where m.person_id = l.person_id and m.lead_id = l.id
        and (m.attempt > 0 or m.direction = 'in' or m.purpose <> 'cadence' or m.state = 'sending'))
      or exists (select from slack_threads t where t.lead_id = l.id)
      or exists (select from bookings b where b.person_id = l.person_id and b.lead_id = l.id)
      or exists (select from erasures x where x.person_id = l.person_id and x.state in ('asked', 'approved')))`,
};

/** $1 are leads; what points to something goes before it. */
const REMOVE_LEADS = [
  'delete from messages where person_id in (select person_id from leads where id = any($1::uuid[])) and lead_id = any($1::uuid[])',
  'delete from enrolments where lead_id = any($1::uuid[])',
  'delete from lead_terms t using leads l where l.id = any($1::uuid[]) and t.tenant_id = l.tenant_id and t.lead_id = l.id',
  'delete from scores where lead_id = any($1::uuid[])',
  'delete from enquiries where lead_id = any($1::uuid[])',
  'delete from consents where person_id in (select person_id from leads where id = any($1::uuid[])) and lead_id = any($1::uuid[])',
  'delete from leads where id = any($1::uuid[])',
] as const;

/** $1 are people who came with the import; whoever else has something of them keeps them. */
const STILL_KNOWN = {
  name: 'imports-still-known',
  text: `select p.id from persons p where p.id = any($1::uuid[]) and not (p.opted_out_at is null
      and not exists (select from leads l where l.person_id = p.id)
      and not exists (select from messages m where m.person_id = p.id)
      and not exists (select from conversations c where c.person_id = p.id)
      and not exists (select from external_ids x where x.person_id = p.id)
      and not exists (select from erasures x where x.person_id = p.id)
      and not exists (select from service_windows w join addresses a on a.id = w.address_id where a.person_id = p.id))`,
};
const REMOVE_PERSONS = [
  'delete from private_links where person_id = any($1::uuid[])',
  'delete from consents where person_id = any($1::uuid[])',
  'delete from addresses where person_id = any($1::uuid[])',
  'delete from persons where id = any($1::uuid[])',
] as const;

export interface WithdrawDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  followUp: Pick<FollowUp, 'again'>;
}

/** Takes the last rows back that are still in, in one transaction. */
export async function withdrawBatch(deps: WithdrawDeps, tenantId: TenantId, found: Import): Promise<void> {
  const [tenant, settings, keys] = await Promise.all([
    deps.tenants.byId(tenantId),
    deps.tenants.settings(tenantId),
    deps.tenants.keys(tenantId),
  ]);
  await deps.db.inTenant(tenantId, async (tx) => {
    const rows = await lockDone(tx, keys.data, found.id, BATCH);
    await lockPersons(
      tx,
      [],
      rows.map(({ personId }) => personId),
    );
    const now = deps.clock.now();
    const settled: { place: number; state: RowState }[] = [];
    const events: NewEvent[] = [];
    const effects: NewEffect[] = [{ kind: 'import.show', key: found.id }];
    const around = { ...deps, tenant, settings, dataKey: keys.data, importId: found.id, now };
    for (const row of rows.filter(({ state }) => state === 'merged')) {
      const restored = await restoreLead(tx, around, row);
      settled.push({ place: row.place, state: restored ? 'restored' : 'kept' });
      events.push(...(restored?.events ?? []));
      effects.push(...(restored?.effects ?? []));
    }
    await settleRows(tx, found.id, settled);
    const made = rows.filter(({ state }) => state === 'captured');
    const removed = await removeLeads(tx, found.id, made);
    await restoreKnown(
      tx,
      deps,
      made.filter(({ leadId }) => removed.has(leadId)),
    );
    events.push(
      ...made
        .filter(({ leadId }) => removed.has(leadId))
        .map(({ leadId, personId }) => ({
          type: 'lead.withdrawn' as const,
          leadId,
          personId,
          data: { importId: found.id },
        })),
    );
    await settleRows(
      tx,
      found.id,
      made.map(({ place, leadId }) => ({ place, state: removed.has(leadId) ? 'removed' : 'kept' })),
    );
    const counts = await countRows(tx, found.id);
    const left = counts.captured + counts.merged;
    if (left === 0 && (await moveImport(tx, found.id, ['withdrawing'], 'withdrawn', { endedAt: now }))) {
      const data = { importId: found.id, removed: counts.removed, restored: counts.restored, kept: counts.kept };
      events.push({ type: 'import.withdrawn', data });
    }
    await append(tx, tenantId, now, `staff:${found.by}`, events);
    await request(tx, tenantId, effects);
  });
}

/** What rows brought that made a lead of somebody we knew: their addresses and place go with the lead. */
async function restoreKnown(tx: Tx, { playbooks, followUp }: WithdrawDeps, gone: readonly DoneRow[]): Promise<void> {
  for (const row of gone) {
    if (!row.before || (row.before.added.length === 0 && !row.before.moved)) continue;
    await restorePerson(tx, row);
    await renumber(tx, playbooks, row.personId);
    await followUp.again(tx, row.personId);
  }
}

/** Removes leads that nothing has happened to, and the people whom nobody else knows. Returns the leads that went. */
async function removeLeads(tx: Tx, importId: string, made: readonly DoneRow[]): Promise<Set<LeadId>> {
  if (made.length === 0) return new Set();
  const ids = made.map(({ leadId }) => leadId);
  await tx.query(LOCK_MESSAGES, [ids]);
  const touched = await tx.query<{ id: LeadId }>(TOUCHED, [ids, importId, QUIET]);
  const kept = new Set(touched.map(({ id }) => id));
  const gone = made.filter(({ leadId }) => !kept.has(leadId));
  const leads = gone.map(({ leadId }) => leadId);
  for (const sql of REMOVE_LEADS) await tx.query(sql, [leads]);
  const persons = gone.filter(({ newPerson }) => newPerson).map(({ personId }) => personId);
  const known = await tx.query<{ id: string }>(STILL_KNOWN, [persons]);
  const stay = new Set<string>(known.map(({ id }) => id));
  const strangers = persons.filter((id) => !stay.has(id));
  for (const sql of REMOVE_PERSONS) await tx.query(sql, [strangers]);
  return new Set(leads);
}
