import type { Tx } from '../db/index.ts';
import { append, type NewEvent, request } from '../events/index.ts';
import type { LeadId } from '../lib/ids.ts';
import {
  type KnownPerson,
  keepExternalId,
  movePerson,
  type NewAddress,
  personByExternalId,
  primaryZone,
  storePerson,
} from '../people/index.ts';
import type { Playbooks } from '../tenants/index.ts';
import { type Attempt, tellsPlace } from './attempt.ts';
import { agreement } from './consent.ts';
import { enquiriesOf, keepEnquiry, openLead, openStages } from './enquiries.ts';
import { enrich } from './enrich/index.ts';
import { changedFields, foldEnquiries } from './merge.ts';
import { renumber } from './renumber.ts';
import { keepScore } from './score/store.ts';

/**
 * Merges a further enquiry of a known, locked person into the lead of theirs that is open; undefined when none is. Of
 * each field the newest word counts, none is lost, and nobody is thanked twice: the plan stays as it is.
 */
export async function mergeInto(
  tx: Tx,
  args: { attempt: Attempt; known: KnownPerson; missing: readonly NewAddress[]; playbooks: Playbooks; now: Date },
): Promise<LeadId | undefined> {
  const { attempt, known, missing, playbooks, now } = args;
  const { tenant, settings, keys, playbook, input, checked } = attempt;
  const lead = await openLead(tx, known.id, playbook.key, openStages(playbook));
  if (!lead) return undefined;

  const first = { ...lead, receivedAt: lead.capturedAt };
  await keepEnquiry(tx, keys.data, lead.id, first);
  await keepEnquiry(tx, keys.data, lead.id, { ...input, fields: checked.fields, receivedAt: now });
  const fields = foldEnquiries(await enquiriesOf(tx, keys.data, lead.id));
  // what the addresses told before is still so
  const email = checked.email ?? known.addresses.find(({ kind }) => kind === 'email')?.value;
  const home = { country: tenant.country, base: settings.base };
  const enrichment = await enrich(playbook, { ...checked, email, fields }, home);
  const { enriched, place } = enrichment;
  await tx.query('update leads set fields = $2, enriched = $3 where id = $1', [
    lead.id,
    JSON.stringify(fields),
    JSON.stringify(enriched),
  ]);

  await storePerson(tx, known, missing, false, now);
  if (tellsPlace(attempt, enrichment, known)) {
    await movePerson(tx, { id: known.id, place, zone: primaryZone(place, tenant.zone) });
  }
  const { externalId } = input;
  if (externalId && !(await personByExternalId(tx, externalId))) await keepExternalId(tx, known.id, externalId, now);
  await renumber(tx, playbooks, known.id);

  const ids = { leadId: lead.id, personId: known.id };
  const changed = changedFields(lead.fields, fields);
  const events: NewEvent[] = [{ type: 'lead.merged', ...ids, data: { source: input.source, changed } }];
  if (input.consentGiven && !known.optedOutAt) events.push(...(await agreement(tx, attempt, ids, now)));
  const weights = settings.scoring[playbook.key] ?? {};
  const scored =
    playbook.score &&
    (await keepScore(
      tx,
      { id: lead.id, personId: known.id, fields, enriched },
      playbook.score,
      weights,
      'merged',
      now,
    ));
  await append(tx, tx.tenantId, now, input.actor, [...events, ...(scored?.events ?? [])]);
  await request(tx, tx.tenantId, [{ kind: 'card.refresh', key: lead.id }, ...(scored?.effects ?? [])]);
  return lead.id;
}
