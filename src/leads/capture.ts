import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type AddressId, type LeadId, newId, type PersonId, type StaffId, type TenantId } from '../lib/ids.ts';
import {
  candidateZones,
  type KnownPerson,
  keepExternalId,
  keepSilence,
  languageOfCountry,
  lockByAddress,
  movePerson,
  type NewAddress,
  type NewPerson,
  type PersonPlace,
  personByExternalId,
  primaryZone,
  storePerson,
  suppressedChannels,
} from '../people/index.ts';
import { type Playbook, type Playbooks, type Tenant, type Tenants, tenantPlaybook } from '../tenants/index.ts';
import { type Attempt, tellsPlace } from './attempt.ts';
import { AGREED_CHANNELS, agreement } from './consent.ts';
import { keepEnquiry, sameEnquiry } from './enquiries.ts';
import { type CaptureInput, type Checked, checkEnquiry } from './enquiry.ts';
import { type Enrichment, enrich } from './enrich/index.ts';
import type { FollowUp } from './follow-up.ts';
import { type Further, furtherAddresses, tellClaims } from './further-addresses.ts';
import { type Move, mergeInto, moveOf } from './merge-enquiry.ts';
import { nextOwner } from './owner.ts';
import { keepFirstScore } from './score/store.ts';
import { insertLead } from './store.ts';
import { searchable, termsOf } from './terms.ts';

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

export interface Captured {
  leadId: LeadId;
  personId: PersonId;
}

/** What became of an enquiry, and what is to be appended and asked for with it. */
export interface Stored extends Captured {
  /** `again`: it was stored before, and nothing was done. */
  outcome: 'captured' | 'merged' | 'again';
  /** Nobody knew this person before. */
  newPerson: boolean;
  /** Addresses that a person we knew got by it, and from where to where it moved them. */
  added: AddressId[];
  moved: Move | null;
  events: NewEvent[];
  effects: NewEffect[];
}

/** One of many, whose row the caller holds: it was not stored before. */
export interface Row {
  /** Channels closed to these addresses, by what is remembered of them. */
  suppressed(wanted: readonly NewAddress[]): string[];
  /** Nobody here has any of these addresses, so that nobody needs to be looked for and locked. */
  strange(wanted: readonly NewAddress[]): boolean;
}

export interface Capture {
  /**
   * Stores an enquiry with everything that follows from it, in one transaction. Throws a validation error that names
   * the fields, `AlreadyActive`, or `opted_out`; then nothing is stored and nothing is sent. With `known: 'merge'` the
   * last two are no errors: see `CaptureInput`.
   */
  capture(tenantId: TenantId, input: CaptureInput): Promise<Captured>;
  /** Its first half, before any transaction: checks the enquiry and works out what follows. Throws as `capture` does. */
  prepare(tenantId: TenantId, input: CaptureInput): Promise<Attempt>;
  /**
   * Its second half, in the caller's transaction, who appends and asks for what it returns. Throws before it writes. For
   * one of many the caller has looked up what it knows of them all: see `Row`.
   */
  store(tx: Tx, attempt: Attempt, row?: Row): Promise<Stored>;
}

/** Nobody has planned anything for somebody new. */
const NO_WORDINGS: ReadonlyMap<string, string> = new Map();

export function createCapture(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  followUp: FollowUp;
}): Capture {
  const { db, clock, tenants, playbooks, followUp } = deps;

  async function store(tx: Tx, attempt: Attempt, row?: Row): Promise<Stored> {
    const { tenant, settings, keys, playbook, input, checked, enrichment, language } = attempt;
    const wanted = addressesOf(checked);
    const elsewhere = input.externalId && (await personByExternalId(tx, input.externalId));
    const [known, again, suppressed] = await Promise.all([
      row?.strange(wanted) && !elsewhere ? undefined : lockByAddress(tx, wanted, elsewhere),
      row ? undefined : sameEnquiry(tx, input.source, input.sourceKey),
      row ? row.suppressed(wanted) : suppressedChannels(tx, keys.suppression, wanted),
    ]);
    if (again) return { ...again, outcome: 'again', newPerson: false, added: [], moved: null, events: [], effects: [] };

    const merges = input.known === 'merge';
    if (known?.active && !merges) throw new AlreadyActive(known.active, checked.name);
    const silent = known?.optedOutAt != null || suppressed.includes('all');
    // who asked for silence may write to us; nobody may bring them back in a file
    if (silent && (!merges || input.brought)) throw optedOut(checked.name, known?.optedOutAt ?? null, tenant);

    const now = clock.now();
    const closed = async (address: NewAddress) =>
      suppressed.length === 0
        ? []
        : (row?.suppressed([address]) ?? suppressedChannels(tx, keys.suppression, [address]));
    const further: Further = known
      ? await furtherAddresses(known, wanted, input.anonymous !== undefined, closed)
      : { added: wanted, claimed: [] };
    if (known && merges) {
      const merged = await mergeInto(tx, { attempt, known, further, suppressed, playbooks, followUp, now });
      if (merged) {
        const added = further.added.map(({ id }) => id);
        return { ...merged, personId: known.id, outcome: 'merged', newPerson: false, added };
      }
    }

    const person = known
      ? await moved(tx, { ...known, language }, attempt)
      : newPerson({ ...checked, language }, tenant, enrichment.place);
    await storePerson(tx, person, further.added, !known, now);
    if (input.externalId && !elsewhere) await keepExternalId(tx, person.id, input.externalId, now);
    // erased once, and remembered as somebody who must not be written to, or not on every channel
    if (!known) await keepSilence(tx, person.id, suppressed, keys.suppression, now);
    const addresses = [
      ...(known?.addresses ?? []),
      ...further.added.map((address) => ({ ...address, unreachable: [] })),
    ];
    const leadId = newId<LeadId>();
    const ids = { leadId, personId: person.id };
    const lead = { fields: checked.fields, enriched: enrichment.enriched };
    await insertLead(tx, {
      ...lead,
      id: leadId,
      personId: person.id,
      playbook: playbook.key,
      stage: playbook.pipeline.start,
      ownerId: input.ownerId ?? (input.brought ? null : await nextOwner(tx, settings.newLeads, now)),
      source: input.source,
      sourceKey: input.sourceKey,
      terms: termsOf({
        name: checked.name,
        facts: searchable(playbook, { ...enrichment.enriched.found, ...checked.fields }),
        addresses: addresses.map(({ value }) => value),
      }),
      now,
    });
    if (further.claimed.length > 0) {
      const enquiry = { ...input, fields: checked.fields, receivedAt: now };
      await keepEnquiry(tx, keys.data, leadId, enquiry, further.claimed);
    }
    const captured = { playbook: playbook.key, source: input.source };
    const events: NewEvent[] = [{ type: 'lead.captured', ...ids, data: captured }];
    if (input.consentGiven) events.push(...(await agreement(tx, attempt, ids, now)));
    const weights = settings.scoring[playbook.key] ?? {};
    // who objected is not profiled either (GDPR, article 21(2))
    const scored =
      playbook.score && !silent
        ? await keepFirstScore(
            tx,
            { id: leadId, personId: person.id, ...lead },
            playbook.score,
            weights,
            input.brought ? 'imported' : 'captured',
            now,
          )
        : undefined;
    // who is followed up already, or wants silence, gets nothing by itself: people look at the card. Nor does who is in a
    // file and agreed to nothing: there is no enquiry that an answer would be to
    const started =
      silent || known?.active || (input.brought && !input.consentGiven)
        ? { events: [], effects: [] }
        : await followUp.start(tx, {
            leadId,
            person,
            addresses,
            suppressed: [...suppressed, ...(known?.optedOutChannels ?? []), ...notAgreed(input)],
            playbook,
            tenant,
            capturedAt: now,
            fields: checked.fields,
            band: scored?.score.band,
            consented: input.consentGiven,
            ...(!known && { before: NO_WORDINGS }),
            waits: await isFlooded(tx, input, settings.formAnswers, now),
            ...(input.brought && { bulk: { turn: input.brought.turn, perHour: input.brought.perHour } }),
          });
    return {
      ...ids,
      outcome: 'captured',
      newPerson: !known,
      added: known ? further.added.map(({ id }) => id) : [],
      moved: known && person.place !== known.place ? moveOf(known, person) : null,
      events: [...events, ...(scored?.events ?? []), ...started.events],
      effects: [
        ...effectsOf(leadId, input),
        ...tellClaims(leadId, further),
        ...(scored?.effects ?? []),
        ...started.effects,
      ],
    };
  }

  async function prepare(tenantId: TenantId, input: CaptureInput): Promise<Attempt> {
    const [tenant, settings, keys] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      tenants.keys(tenantId),
    ]);
    const playbook = tenantPlaybook(playbooks.get(input.playbook), settings);
    const checked = checkEnquiry(input, playbook, tenant.country);
    const home = { country: tenant.country, base: settings.base };
    const enrichment = await enrich(playbook, checked, home);
    const language = languageFor(playbook, checked, enrichment, tenant);
    return { tenant, settings, keys, playbook, input, checked, enrichment, language };
  }

  return {
    prepare,
    store,
    async capture(tenantId, input) {
      const attempt = await prepare(tenantId, input);
      return db.inTenant(attempt.tenant.id, async (tx) => {
        const { leadId, personId, events, effects } = await store(tx, attempt);
        await append(tx, tx.tenantId, clock.now(), input.actor, events);
        await request(tx, tx.tenantId, effects);
        return { leadId, personId };
      });
    },
  };
}

/** The language asked for, else the one of where they are, else of the business; where the playbook speaks none of them, English. */
export function languageFor(
  playbook: Pick<Playbook, 'languages'>,
  checked: Pick<Checked, 'language'>,
  enrichment: Pick<Enrichment, 'language'>,
  tenant: Pick<Tenant, 'country'>,
): string {
  const wanted = checked.language ?? enrichment.language ?? languageOfCountry(tenant.country);
  return playbook.languages.includes(wanted) ? wanted : 'en';
}

function addressesOf({ phone, email }: Checked): NewAddress[] {
  const wanted: NewAddress[] = [];
  if (phone) wanted.push({ id: newId(), kind: 'phone', value: phone.e164 });
  if (email) wanted.push({ id: newId(), kind: 'email', value: email });
  return wanted;
}

/**
 * Who a checked enquiry comes from, when nobody here knows them yet. Where they may be follows from what they say and
 * from their number, without either from the business's country.
 */
export function newPerson(
  { name, phone, language }: { name: string; phone: Checked['phone']; language: string },
  tenant: Pick<Tenant, 'zone' | 'country'>,
  found?: PersonPlace,
): NewPerson {
  const known = found?.sure || found?.country !== undefined || phone ? found : undefined;
  const place =
    known ?? candidateZones(phone ? { phone: phone.e164, country: phone.country } : { country: tenant.country });
  return { id: newId(), name, language, zone: primaryZone(place, tenant.zone), place };
}

/** A known person, where the enquiry says that they are. */
async function moved(tx: Tx, known: KnownPerson, attempt: Attempt): Promise<KnownPerson> {
  const { enrichment, tenant } = attempt;
  if (!tellsPlace(attempt, enrichment, known)) return known;
  const { place } = enrichment;
  const person = { ...known, place, zone: primaryZone(place, tenant.zone) };
  await movePerson(tx, person);
  return person;
}

/**
 * Whether a public form brings more enquiries within an hour than are answered by themselves: whoever writes a stranger's
 * mailbox into it makes us write there. Looks at no more of them than that.
 */
async function isFlooded(tx: Tx, { anonymous, source }: CaptureInput, most: number, now: Date): Promise<boolean> {
  if (anonymous !== 'form') return false;
  const [row] = await tx.query<{ n: number }>(
    {
      name: 'leads-flood',
      // leads_captured; the lead itself is stored already
      text: `select count(*) as n from (select from leads where tenant_id = $1 and captured_at > $2::timestamptz - interval '1 hour'
        and source = $3 limit $4) l`,
    },
    [tx.tenantId, now, source, most + 1],
  );
  return (row?.n ?? 0) > most;
}

/** Channels that an agreement given elsewhere leaves out. */
function notAgreed({ brought }: CaptureInput): string[] {
  const agreed = brought?.agreed?.channels;
  return agreed ? AGREED_CHANNELS.filter((channel) => !agreed.includes(channel)) : [];
}

function effectsOf(leadId: LeadId, input: CaptureInput): NewEffect[] {
  // a file's leads get their cards once there is something to do with them
  const effects: NewEffect[] = input.brought ? [] : [{ kind: 'card.refresh', key: leadId }];
  if (input.photo) effects.push({ kind: 'licence.fetch', key: leadId, data: { ...input.photo } });
  return effects;
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
