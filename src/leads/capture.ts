import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type AddressId, type LeadId, newId, type PersonId, type StaffId, type TenantId } from '../lib/ids.ts';
import {
  type ConsentProof,
  candidateZones,
  type KnownPerson,
  lockByAddress,
  type NewAddress,
  type NewPerson,
  primaryZone,
  recordConsent,
  storePerson,
  suppressedChannels,
} from '../people/index.ts';
import { type Playbook, type Playbooks, type Tenant, type Tenants, tenantPlaybook } from '../tenants/index.ts';
import { type CaptureInput, type Checked, checkEnquiry } from './enquiry.ts';
import { insertLead } from './store.ts';
import { termsOf } from './terms.ts';

/** What a lead looks like to the room that follows it up. */
export interface CapturedLead {
  leadId: LeadId;
  person: NewPerson;
  addresses: { id: AddressId; kind: 'phone' | 'email'; value: string; unreachable: string[] }[];
  suppressed: string[];
  playbook: Playbook;
  tenant: Tenant;
  capturedAt: Date;
}

/** What follows a capture, in its transaction; returns what is to be appended and asked for with it. */
export interface FollowUp {
  start(tx: Tx, lead: CapturedLead): Promise<{ events: NewEvent[]; effects: NewEffect[] }>;
}

/** The person is being followed up already. */
export class AlreadyActive extends KnownError {
  readonly leadId: LeadId;
  readonly ownerId: StaffId | null;
  constructor(active: NonNullable<KnownPerson['active']>, name: string) {
    super('conflict', 'person is followed up already', `${name} is being followed up already.`);
    this.leadId = active.leadId;
    this.ownerId = active.ownerId;
  }
}

export interface Capture {
  /**
   * Stores an enquiry with everything that follows from it, in one transaction. Throws a validation error that names
   * the fields, `AlreadyActive`, or `opted_out`; then nothing is stored and nothing is sent.
   */
  capture(tenantId: TenantId, input: CaptureInput): Promise<{ leadId: LeadId; personId: PersonId }>;
}

export function createCapture(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  followUp: FollowUp;
}): Capture {
  const { db, clock, tenants, playbooks, followUp } = deps;

  async function attempt(tenant: Tenant, key: Buffer, playbook: Playbook, input: CaptureInput, checked: Checked) {
    return db.inTenant(tenant.id, async (tx) => {
      const wanted: NewAddress[] = [];
      if (checked.phone) wanted.push({ id: newId(), kind: 'phone', value: checked.phone.e164 });
      if (checked.email) wanted.push({ id: newId(), kind: 'email', value: checked.email });

      const known = await lockByAddress(tx, wanted);
      const again = await sameEnquiry(tx, input);
      if (again) return again;
      if (known?.active) throw new AlreadyActive(known.active, checked.name);
      const suppressed = await suppressedChannels(tx, key, wanted);
      if (known?.optedOutAt || suppressed.includes('all'))
        throw optedOut(checked.name, known?.optedOutAt ?? null, tenant);

      const now = clock.now();
      const person = known ? { ...known, language: checked.language } : newPerson(checked, tenant);
      const missing = wanted.filter((w) => !known?.addresses.some((a) => a.kind === w.kind && a.value === w.value));
      await storePerson(tx, person, missing, !known, now);
      const leadId = newId<LeadId>();
      await insertLead(tx, {
        id: leadId,
        personId: person.id,
        playbook: playbook.key,
        stage: playbook.pipeline.start,
        fields: checked.fields,
        ownerId: input.ownerId,
        source: input.source,
        sourceKey: input.sourceKey,
        terms: termsOf({
          name: checked.name,
          fields: checked.fields,
          ...(checked.phone && { phone: checked.phone.e164 }),
          ...(checked.email && { email: checked.email }),
        }),
        now,
      });
      const events: NewEvent[] = [
        { type: 'lead.captured', leadId, personId: person.id, data: { playbook: playbook.key, source: input.source } },
      ];
      if (input.consentGiven) {
        const proof = consentProof(playbook, tenant, checked.language, input);
        await recordConsent(tx, person.id, leadId, proof, now);
        const data = { textVersion: proof.textVersion, channels: [...AGREED_CHANNELS], source: input.source };
        events.push({ type: 'consent.given', leadId, personId: person.id, data });
      }
      const addresses = [...(known?.addresses ?? []), ...missing.map((address) => ({ ...address, unreachable: [] }))];
      const started = await followUp.start(tx, {
        leadId,
        person,
        addresses,
        suppressed: [...suppressed, ...(known?.optedOutChannels ?? [])],
        playbook,
        tenant,
        capturedAt: now,
      });
      await append(tx, tenant.id, now, input.actor, [...events, ...started.events]);
      await request(tx, tenant.id, [...effectsOf(leadId, input), ...started.effects]);
      return { leadId, personId: person.id };
    });
  }

  return {
    async capture(tenantId, input) {
      const tenant = await tenants.byId(tenantId);
      const playbook = tenantPlaybook(playbooks.get(input.playbook), await tenants.settings(tenantId));
      const checked = checkEnquiry(input, playbook, tenant.country);
      const { suppression } = await tenants.keys(tenantId);
      return attempt(tenant, suppression, playbook, input, checked);
    },
  };
}

/**
 * Who a checked enquiry comes from, when nobody here knows them yet: where they may be follows from their number, and
 * without one from the business's country.
 */
export function newPerson(checked: Checked, tenant: Pick<Tenant, 'zone' | 'country'>): NewPerson {
  const { phone } = checked;
  const place = candidateZones(phone ? { phone: phone.e164, country: phone.country } : { country: tenant.country });
  const zone = primaryZone(place, tenant.zone);
  return { id: newId(), name: checked.name, language: checked.language, zone, place };
}

function effectsOf(leadId: LeadId, input: CaptureInput): NewEffect[] {
  const effects: NewEffect[] = [{ kind: 'card.refresh', key: leadId }];
  if (input.photo) effects.push({ kind: 'licence.fetch', key: leadId, data: { ...input.photo } });
  return effects;
}

/** The channels that the playbooks' consent texts name. */
export const AGREED_CHANNELS = ['whatsapp', 'sms', 'email'] as const;

function consentProof(playbook: Playbook, tenant: Tenant, language: string, input: CaptureInput): ConsentProof {
  const consent = playbook.consent(language, tenant.language);
  return {
    text: consent.statement.replaceAll('{business}', tenant.name),
    textVersion: consent.version,
    language: consent.language,
    channels: [...AGREED_CHANNELS],
    source: input.source,
    recordedBy: input.ownerId,
  };
}

async function sameEnquiry(tx: Tx, input: CaptureInput): Promise<{ leadId: LeadId; personId: PersonId } | undefined> {
  const [row] = await tx.query<{ leadId: LeadId; personId: PersonId }>(
    {
      name: 'leads-same-enquiry',
      text: 'select id as "leadId", person_id as "personId" from leads where tenant_id = $1 and source = $2 and source_key = $3',
    },
    [tx.tenantId, input.source, input.sourceKey],
  );
  return row;
}

function optedOut(name: string, since: Date | null, tenant: Tenant): KnownError {
  const day = since?.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: tenant.zone,
  });
  return new KnownError(
    'opted_out',
    'person opted out',
    `${name} asked ${tenant.name} not to write${day ? ` (${day})` : ''}, so nothing can be sent. If they changed their mind, they can text START.`,
  );
}
