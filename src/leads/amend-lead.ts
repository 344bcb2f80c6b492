import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../db/index.ts';
import { type Actor, append, request } from '../events/index.ts';
import { type FieldProblem, validationError } from '../lib/errors.ts';
import { newId, type StaffId } from '../lib/ids.ts';
import { movePerson, type PersonPlace, parsePhone, primaryZone } from '../people/index.ts';
import {
  meansTheSame,
  type Playbook,
  type Playbooks,
  type Settings,
  type Tenant,
  type TenantKeys,
  tenantPlaybook,
} from '../tenants/index.ts';
import { amendPerson, type PersonAmendment, readPerson } from './amend-person.ts';
import { keepEnquiry } from './enquiries.ts';
import { type Enriched, enrich } from './enrich/index.ts';
import { isFact, readField } from './fields.ts';
import { giveLead } from './give-lead.ts';
import { AMENDED, changedFields } from './merge.ts';
import { renumber } from './renumber.ts';
import { keepScore } from './score/store.ts';
import type { LeadSummary } from './store.ts';

export interface Amendment {
  /** By field; what is not named stays. */
  fields?: Readonly<Record<string, string>> | undefined;
  /** Fields that hold nothing any more; those that the playbook needs are refused. */
  emptied?: readonly string[] | undefined;
  person?: PersonAmendment | undefined;
  /** Null: nobody's. */
  ownerId?: StaffId | null | undefined;
}

/** Reads facts by the playbook's fields; pure. Throws a validation error with every problem, at `fields/<key>`. */
export function readFacts(
  playbook: Pick<Playbook, 'fields'>,
  entered: Readonly<Record<string, string>>,
  emptied: readonly string[] = [],
): Record<string, string> {
  const problems: FieldProblem[] = [];
  const facts: Record<string, string> = {};
  for (const [key, words] of Object.entries(entered)) {
    const field = playbook.fields.find((each) => each.key === key && isFact(each));
    const read = field ? readField(field, words) : { problem: 'This playbook has no such field.' };
    if ('problem' in read) problems.push({ field: `fields/${key}`, message: read.problem });
    else if (read.value === '') problems.push({ field: `fields/${key}`, message: 'Write something, or leave it out.' });
    else facts[key] = read.value;
  }
  for (const key of emptied) {
    const field = playbook.fields.find((each) => each.key === key && isFact(each));
    if (!field || field.required) {
      problems.push({
        field: `fields/${key}`,
        message: field ? `${field.label} is needed.` : 'This playbook has no such field.',
      });
    } else facts[key] = '';
  }
  if (problems.length > 0) throw validationError(problems);
  return facts;
}

export interface AmendDeps {
  playbooks: Playbooks;
  tenant: Tenant;
  settings: Settings;
  keys: TenantKeys;
}

/** What an amendment changed; whoever has a plan running may have to be planned anew. */
export interface Amended {
  /** Keys of facts, and `name`, `email`, `language`, `owner`. */
  changed: string[];
  /** Language, address or place is another: it decides when and how they are written to. */
  replans: boolean;
  /** The score band is another, or what steps ask of the facts: they decide which steps are for them. */
  refits: boolean;
}

/**
 * Writes other facts into the lead of a locked person and what is known of them, or gives it to somebody else. Facts are
 * kept like a further enquiry, so that a later one is laid over them; what follows from them, terms and score are worked
 * out anew.
 */
export async function amendLead(
  tx: Tx,
  deps: AmendDeps,
  amend: { lead: LeadSummary; changes: Amendment; actor: Actor; now: Date },
): Promise<Amended> {
  const { playbooks, settings, keys } = deps;
  const { lead, changes, actor, now } = amend;
  const playbook = tenantPlaybook(playbooks.get(lead.playbook), settings);
  const facts = readFacts(playbook, changes.fields ?? {}, changes.emptied);
  const said = readPerson(playbook, changes.person ?? {});
  const person = await amendPerson(tx, lead.personId, said, { suppressionKey: keys.suppression, now });
  const fields = withoutEmpty({ ...lead.fields, ...facts });
  const changed = changedFields(lead.fields, fields);
  const { ownerId } = changes;
  const given = ownerId !== undefined && ownerId !== lead.ownerId;
  if (given) await giveLead(tx, lead, { to: ownerId, actor, now });
  const known = [...changed, ...person];
  if (known.length === 0) return { changed: given ? ['owner'] : [], replans: false, refits: false };
  const [row] = await tx.query<{ enriched: Enriched; source: string; sourceKey: string }>(
    'update leads set fields = $2 where id = $1 returning enriched, source, source_key as "sourceKey"',
    [lead.id, JSON.stringify(fields)],
  );
  if (!row) throw new Error('the lead vanished while its person was locked');
  if (changed.length > 0) {
    const { source, sourceKey } = row;
    await keepEnquiry(tx, keys.data, lead.id, { source, sourceKey, fields: lead.fields, receivedAt: lead.capturedAt });
    await keepEnquiry(tx, keys.data, lead.id, { source: AMENDED, sourceKey: newId(), fields: facts, receivedAt: now });
  }
  const found = await enrichAgain(tx, deps, { lead, fields, enriched: row.enriched });
  await renumber(tx, playbooks, lead.personId);
  const weights = settings.scoring[playbook.key] ?? {};
  const scored =
    playbook.score && !lead.optedOutAt // who objected is not profiled either (GDPR, article 21(2))
      ? await keepScore(
          tx,
          { id: lead.id, personId: lead.personId, fields, enriched: found.enriched },
          playbook.score,
          weights,
          'amended',
          now,
        )
      : undefined;
  await append(tx, tx.tenantId, now, actor, [
    { type: 'lead.amended', leadId: lead.id, personId: lead.personId, data: { changed: known } },
    ...(scored?.events ?? []),
  ]);
  await request(tx, tx.tenantId, scored?.effects ?? []);
  const replans = person.includes('language') || person.includes('email') || found.moved;
  const refits = scored?.bandChanged === true || !meansTheSame(playbook.cadence, lead.fields, fields);
  return { changed: given ? [...known, 'owner'] : known, replans, refits };
}

const withoutEmpty = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

/** What follows from the facts as they are now; a place that they name moves the person there. */
async function enrichAgain(
  tx: Tx,
  { playbooks, tenant, settings }: AmendDeps,
  { lead, fields, enriched: before }: { lead: LeadSummary; fields: Record<string, string>; enriched: Enriched },
): Promise<{ enriched: Enriched; moved: boolean }> {
  const [person] = await tx.query<{ zone: string; place: PersonPlace; email: string | null }>(
    `select p.zone, p.place, (select a.value from addresses a where a.person_id = p.id and a.kind = 'email'
       and not 'email' = any(a.unreachable) order by a.created_at limit 1) as email from persons p where p.id = $1`,
    [lead.personId],
  );
  if (!person) throw new Error('the person vanished while locked');
  const parsed = lead.phone ? parsePhone(lead.phone, tenant.country) : undefined;
  const phone = parsed?.ok ? { e164: parsed.e164, country: parsed.country } : undefined;
  const home = { country: tenant.country, base: settings.base };
  const { enriched, place } = await enrich(
    playbooks.get(lead.playbook),
    { phone, email: person.email ?? undefined, fields },
    home,
  );
  await tx.query('update leads set enriched = $2 where id = $1', [lead.id, JSON.stringify(enriched)]);
  const told = enriched.zoneBy !== undefined && enriched.zoneBy !== 'phone';
  // what the facts told of the place before, and do not tell any more, was not so
  if (!told && before.zoneBy === undefined) return { enriched, moved: false };
  const zone = primaryZone(place, tenant.zone);
  if (zone === person.zone && isDeepStrictEqual(place, person.place)) return { enriched, moved: false };
  await movePerson(tx, { id: lead.personId, place, zone });
  return { enriched, moved: true };
}
