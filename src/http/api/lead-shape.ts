import { z } from 'zod';
import { type LeadDetail, type LeadFilter, searchWords } from '../../leads/index.ts';
import type { LeadId, StaffId } from '../../lib/ids.ts';
import { SOURCE_KINDS } from '../../tenants/index.ts';
import { flag, idOf, iso, isoOrNull, list, moment, words } from './schemas.ts';

export const leadId = () => z.strictObject({ id: idOf<LeadId>('a lead') });

/** A lead as callers see it. */
export const leadShape = z.strictObject({
  id: z.string(),
  personId: z.string(),
  name: z.string(),
  phone: z.string().nullable().meta({ description: 'E.164.' }),
  email: z.string().nullable(),
  language: z.string(),
  zone: z.string().meta({ description: 'IANA time zone.' }),
  playbook: z.string(),
  status: z.string().meta({ description: 'A stage of the playbook’s pipeline.' }),
  statusAt: z.string(),
  fields: z.record(z.string(), z.string()).meta({ description: 'What the playbook asks, by field.' }),
  ownerId: z.string().nullable(),
  source: z.string(),
  externalId: z
    .string()
    .nullable()
    .meta({ description: 'Your own id of the lead, or that of the system or ad it came from.' }),
  capturedAt: z.string(),
  qualified: z.boolean().nullable(),
  score: z.int().nullable().meta({ description: '0 to 100; null where leads are not scored.' }),
  band: z.string().nullable(),
  value: z.number().nullable().meta({ description: 'What the deal is worth, in the currency of the business.' }),
  optedOut: z.boolean(),
  followUp: z.string().nullable().meta({ description: 'State of the newest follow-up; null when there was none.' }),
  nextMessageAt: z.string().nullable(),
});

/** Doors by which a lead comes with an id of the caller's, or of a system of theirs. */
export const FOREIGN: readonly string[] = ['api', ...SOURCE_KINDS];
/** What a door of ours made up is nobody's external id. */
const OWN_KEY = 'call:';
export const ownKey = (once: string): string => OWN_KEY + once;
export const isOwnKey = (key: string): boolean => key.startsWith(OWN_KEY);

export function showLead(lead: LeadDetail): z.input<typeof leadShape> {
  const foreign = FOREIGN.includes(lead.source) && !isOwnKey(lead.sourceKey);
  return {
    id: lead.id,
    personId: lead.personId,
    name: lead.name,
    phone: lead.phone,
    email: lead.email,
    language: lead.language,
    zone: lead.zone,
    playbook: lead.playbook,
    status: lead.stage,
    statusAt: iso(lead.stageAt),
    fields: lead.fields,
    ownerId: lead.ownerId,
    source: lead.source,
    externalId: foreign ? lead.sourceKey : null,
    capturedAt: iso(lead.capturedAt),
    qualified: lead.qualified,
    score: lead.score,
    band: lead.band,
    value: lead.value,
    optedOut: lead.optedOutAt !== null,
    followUp: lead.followUp,
    nextMessageAt: isoOrNull(lead.nextAt),
  };
}

/** By what leads are looked for; the names of the document (seed 004), `strategy` being the playbook. */
export const filters = {
  status: list(20).optional().meta({ description: 'Stages of the pipeline, parted by commas.' }),
  strategy: list(10).optional().meta({ description: 'Playbooks, parted by commas.' }),
  search: words(200, 1)
    .optional()
    .meta({ description: 'Words of the name, the company and the enquiry, an e-mail address, or a phone number.' }),
  from: moment().optional().meta({ description: 'Captured at or after.' }),
  to: moment().optional().meta({ description: 'Captured before.' }),
  ownerId: idOf<StaffId>('somebody of yours').optional(),
  source: words(60, 1).optional(),
  hasEmail: flag().optional(),
  hasPhone: flag().optional(),
  qualified: flag().optional().meta({ description: 'As the conversation state says.' }),
  minScore: z.coerce.number().int().min(0).max(100).optional(),
  maxScore: z.coerce.number().int().min(0).max(100).optional(),
  band: list(10).optional().meta({ description: 'Bands of the score, parted by commas.' }),
};

const filterShape = z.strictObject(filters);

/** `country` reads national numbers. A search for signs alone finds nothing. */
export function filterOf(query: z.output<typeof filterShape>, country: string): LeadFilter | 'nothing' {
  const found = query.search === undefined ? undefined : searchWords(query.search, country);
  if (found?.length === 0) return 'nothing';
  return {
    stages: query.status,
    playbooks: query.strategy,
    words: found,
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
    ownerId: query.ownerId,
    source: query.source,
    hasEmail: query.hasEmail,
    hasPhone: query.hasPhone,
    qualified: query.qualified,
    minScore: query.minScore,
    maxScore: query.maxScore,
    bands: query.band,
  };
}
