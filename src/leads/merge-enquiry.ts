import type { Tx } from '../db/index.ts';
import type { NewEffect, NewEvent } from '../events/index.ts';
import type { LeadId } from '../lib/ids.ts';
import {
  hasConsent,
  type KnownPerson,
  keepExternalId,
  movePerson,
  personByExternalId,
  primaryZone,
  storePerson,
} from '../people/index.ts';
import { meansTheSame, type Playbooks } from '../tenants/index.ts';
import { type Attempt, tellsPlace } from './attempt.ts';
import { agreement } from './consent.ts';
import { enquiriesOf, keepEnquiry, lastEnquiryAt, openLead, openStages } from './enquiries.ts';
import { enrich } from './enrich/index.ts';
import type { FollowUp } from './follow-up.ts';
import { type Further, tellClaims } from './further-addresses.ts';
import { changedFields, foldEnquiries } from './merge.ts';
import { renumber } from './renumber.ts';
import { keepScore } from './score/store.ts';

/** Where somebody was, and where they are by what an enquiry says. */
export interface Move {
  from: Where;
  to: Where;
}
type Where = Pick<KnownPerson, 'zone' | 'place'>;

export const moveOf = (from: Where, to: Where): Move => ({
  from: { zone: from.zone, place: from.place },
  to: { zone: to.zone, place: to.place },
});

/** What a merge did, and what is to be appended and asked for with it. */
export interface Merged {
  leadId: LeadId;
  moved: Move | null;
  events: NewEvent[];
  effects: NewEffect[];
}

/**
 * Merges a further enquiry of a known, locked person into the lead of theirs that is open; undefined when none is. Of
 * each field the newest word counts, none is lost, and nobody is thanked twice: a plan that runs goes on, by the addresses,
 * the clock, the facts and the score band that are known now; one that was over goes on where these, or the first agreement, ask
 * for steps that it has not had; where there never was one, because nobody had agreed to it, the first agreement begins it.
 */
export async function mergeInto(
  tx: Tx,
  args: {
    attempt: Attempt;
    known: KnownPerson;
    further: Further;
    /** Channels closed to them, by what is remembered of their addresses. */
    suppressed: readonly string[];
    playbooks: Playbooks;
    followUp: FollowUp;
    now: Date;
  },
): Promise<Merged | undefined> {
  const { attempt, known, further, playbooks, followUp, now } = args;
  const { tenant, settings, keys, playbook, input, checked } = attempt;
  const lead = await openLead(tx, known.id, playbook.key, openStages(playbook));
  if (!lead) return undefined;

  const first = { ...lead, receivedAt: lead.capturedAt };
  const newest = { ...input, fields: checked.fields, receivedAt: now };
  await keepEnquiry(tx, keys.data, lead.id, first);
  const before = await lastEnquiryAt(tx, lead.id);
  await keepEnquiry(tx, keys.data, lead.id, newest, further.claimed);
  // the lead is what was said before: whoever sends a form again and again has us open no more than what is new
  const fields = foldEnquiries(
    before < now
      ? [
          { ...first, key: '' },
          { ...newest, key: '' },
        ]
      : await enquiriesOf(tx, keys.data, lead.id),
  );
  // what the addresses told before is still so, and what is only claimed tells nothing
  const claimsMailbox = further.claimed.some(({ kind }) => kind === 'email');
  const email =
    (claimsMailbox ? undefined : checked.email) ?? known.addresses.find(({ kind }) => kind === 'email')?.value;
  const home = { country: tenant.country, base: settings.base };
  const enrichment = await enrich(playbook, { ...checked, email, fields }, home);
  const { enriched, place } = enrichment;
  await tx.query('update leads set fields = $2, enriched = $3 where id = $1', [
    lead.id,
    JSON.stringify(fields),
    JSON.stringify(enriched),
  ]);

  await storePerson(tx, known, further.added, false, now);
  const moved = tellsPlace(attempt, enrichment, known);
  const where = moved ? { place, zone: primaryZone(place, tenant.zone) } : { place: known.place, zone: known.zone };
  if (moved) await movePerson(tx, { id: known.id, ...where });
  const { externalId } = input;
  if (externalId && !(await personByExternalId(tx, externalId))) await keepExternalId(tx, known.id, externalId, now);
  await renumber(tx, playbooks, known.id);

  const ids = { leadId: lead.id, personId: known.id };
  const changed = changedFields(lead.fields, fields);
  const events: NewEvent[] = [{ type: 'lead.merged', ...ids, data: { source: input.source, changed } }];
  const agreed = await hasConsent(tx, known.id);
  if (input.consentGiven && !known.optedOutAt) events.push(...(await agreement(tx, attempt, ids, now)));
  const silent = known.optedOutAt !== null || args.suppressed.includes('all');
  const weights = settings.scoring[playbook.key] ?? {};
  // who objected is not profiled either (GDPR, article 21(2))
  const scored =
    playbook.score && !silent
      ? await keepScore(
          tx,
          { id: lead.id, personId: known.id, fields, enriched },
          playbook.score,
          weights,
          input.brought ? 'imported' : 'merged',
          now,
        )
      : undefined;
  const begins =
    input.consentGiven && !input.brought && !silent && !known.active && !(await wasFollowedUp(tx, lead.id));
  const more =
    scored?.bandChanged === true ||
    !meansTheSame(playbook.cadence, lead.fields, fields) ||
    (input.consentGiven && !agreed);
  if (known.active) {
    if (more || moved || further.added.length > 0) await followUp.again(tx, known.id);
  } else if (more && !begins && !silent && !input.brought)
    await followUp.refit(tx, { id: lead.id, personId: known.id });
  const started = begins
    ? await followUp.start(tx, {
        leadId: lead.id,
        person: { ...known, ...where },
        addresses: [...known.addresses, ...further.added.map((address) => ({ ...address, unreachable: [] }))],
        suppressed: [...args.suppressed, ...known.optedOutChannels],
        playbook,
        tenant,
        capturedAt: now,
        fields,
        band: scored?.score.band,
        consented: true,
      })
    : { events: [], effects: [] };
  return {
    leadId: lead.id,
    moved: moved ? moveOf(known, where) : null,
    events: [...events, ...(scored?.events ?? []), ...started.events],
    effects: [
      { kind: 'card.refresh', key: lead.id },
      ...tellClaims(lead.id, further),
      ...(scored?.effects ?? []),
      ...started.effects,
    ],
  };
}

/** Whether a lead has, or had, a plan (enrolments_lead). */
async function wasFollowedUp(tx: Tx, leadId: LeadId): Promise<boolean> {
  const rows = await tx.query('select from enrolments where lead_id = $1 limit 1', [leadId]);
  return rows.length > 0;
}
