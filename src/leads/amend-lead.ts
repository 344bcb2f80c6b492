import type { Tx } from '../db/index.ts';
import { type Actor, append, request } from '../events/index.ts';
import { type FieldProblem, validationError } from '../lib/errors.ts';
import { newId, type StaffId } from '../lib/ids.ts';
import type { Playbook, Playbooks, Settings } from '../tenants/index.ts';
import { keepEnquiry } from './enquiries.ts';
import type { Enriched } from './enrich/index.ts';
import { isFact, readField } from './fields.ts';
import { changedFields } from './merge.ts';
import { renumber } from './renumber.ts';
import { keepScore } from './score/store.ts';
import type { LeadSummary } from './store.ts';

export interface Amendment {
  /** By field; what is not named stays. */
  fields?: Readonly<Record<string, string>> | undefined;
  /** Null: nobody's. */
  ownerId?: StaffId | null | undefined;
}

/** Reads facts by the playbook's fields; pure. Throws a validation error with every problem, at `fields/<key>`. */
export function readFacts(playbook: Pick<Playbook, 'fields'>, entered: Readonly<Record<string, string>>) {
  const problems: FieldProblem[] = [];
  const facts: Record<string, string> = {};
  for (const [key, words] of Object.entries(entered)) {
    const field = playbook.fields.find((each) => each.key === key && isFact(each));
    const read = field ? readField(field, words) : { problem: 'This playbook has no such field.' };
    if ('problem' in read) problems.push({ field: `fields/${key}`, message: read.problem });
    else if (read.value === '') problems.push({ field: `fields/${key}`, message: 'Write something, or leave it out.' });
    else facts[key] = read.value;
  }
  if (problems.length > 0) throw validationError(problems);
  return facts;
}

/**
 * Writes other facts into the lead of a locked person, or gives it to somebody else. Facts are kept like a further
 * enquiry, so that a later one is laid over them; terms and score follow.
 */
export async function amendLead(
  tx: Tx,
  deps: { playbooks: Playbooks; settings: Settings; dataKey: Buffer },
  amend: { lead: LeadSummary; changes: Amendment; actor: Actor; now: Date },
): Promise<void> {
  const { playbooks, settings, dataKey } = deps;
  const { lead, changes, actor, now } = amend;
  const playbook = playbooks.get(lead.playbook);
  const facts = readFacts(playbook, changes.fields ?? {});
  const fields = { ...lead.fields, ...facts };
  const changed = changedFields(lead.fields, fields);
  const given = changes.ownerId !== undefined && changes.ownerId !== lead.ownerId;
  if (changed.length === 0 && !given) return;
  const [row] = await tx.query<{ enriched: Enriched; source: string; sourceKey: string }>(
    `update leads set fields = $2, owner_id = $3 where id = $1
     returning enriched, source, source_key as "sourceKey"`,
    [lead.id, JSON.stringify(fields), changes.ownerId === undefined ? lead.ownerId : changes.ownerId],
  );
  if (!row) throw new Error('the lead vanished while its person was locked');
  const events = [];
  const effects = [];
  if (changed.length > 0) {
    const { source, sourceKey } = row;
    await keepEnquiry(tx, dataKey, lead.id, { source, sourceKey, fields: lead.fields, receivedAt: lead.capturedAt });
    await keepEnquiry(tx, dataKey, lead.id, { source: 'amended', sourceKey: newId(), fields: facts, receivedAt: now });
    await renumber(tx, playbooks, lead.personId);
    const weights = settings.scoring[playbook.key] ?? {};
    const scored =
      playbook.score &&
      (await keepScore(
        tx,
        { id: lead.id, personId: lead.personId, fields, enriched: row.enriched },
        playbook.score,
        weights,
        'amended',
        now,
      ));
    events.push(...(scored?.events ?? []));
    effects.push(...(scored?.effects ?? []));
  }
  const keys = [...changed, ...(given ? ['owner'] : [])];
  await append(tx, tx.tenantId, now, actor, [
    { type: 'lead.amended', leadId: lead.id, personId: lead.personId, data: { changed: keys } },
    ...events,
  ]);
  await request(tx, tx.tenantId, effects);
}
