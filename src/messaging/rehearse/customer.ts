import { getExampleNumber, isSupportedCountry } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { AGREED_CHANNELS, type CapturedLead, checkEnquiry, languageFor, newPerson } from '../../leads/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { type AddressId, derivedId, type LeadId, type PersonId } from '../../lib/ids.ts';
import { candidateZones, languageOfCountry, primaryZone } from '../../people/index.ts';
import { answersFor, isMeantFor, type Playbook } from '../../tenants/index.ts';
import type { Script, Stage } from './types.ts';

/** Area codes of large cities; in +1 the area code tells the zone, and the first that fits is taken. */
const CITIES = ['212', '312', '303', '602', '213', '907', '808', '416', '604', '403', '204', '902', '709', '306'];
const AREA_CODES = [...CITIES, ...Array.from({ length: 789 }, (_, index) => String(201 + index))];

/** A lead as capture hands it to the planner, with what the guard asks about besides. */
export interface SampleLead extends CapturedLead {
  fields: Record<string, string>;
  agreed: readonly string[];
}

/** By zone, once looked for: a check plays hundreds of follow-ups in few zones. */
const numbers = new Map<string, string>();

/**
 * A made-up mobile number of somebody in a zone, E.164; undefined where no number tells it (`UTC`, Antarctica). In +1 from the 555-01xx range, which belongs to nobody.
 */
export function phoneIn(zone: string): string | undefined {
  const known = numbers.get(zone);
  if (known !== undefined) return known;
  const phone = findPhoneIn(zone);
  if (phone !== undefined) numbers.set(zone, phone);
  return phone;
}

function findPhoneIn(zone: string): string | undefined {
  const { country } = candidateZones({ zone });
  if (!country || !isSupportedCountry(country)) return undefined;
  const example = getExampleNumber(country, examples)?.number ?? '';
  const candidates = example.startsWith('+1') ? AREA_CODES.map((code) => `+1${code}5550123`) : [example];
  return candidates.find((phone) => {
    const place = candidateZones({ phone });
    return place.sure && place.country === country && primaryZone(place, zone) === zone;
  });
}

/**
 * The lead of the script's customer, as capture would make it: the same checks, the same guess of language, zone and
 * place. Throws `KnownError` when the zone has no number, or when such a number does not tell that zone.
 */
export function sampleLead(stage: Stage, script: Script): SampleLead {
  const { playbook, tenant } = stage;
  const phone = phoneIn(script.zone);
  if (phone === undefined) throw noNumber(script.zone);
  const samples = samplesOf(playbook, script.language ?? tenant.language);
  // what is optional is left out: the plan must hold for those who gave no more than was asked
  const withMail = playbook.fields.some((field) => field.type === 'email' && field.required);
  const checked = checkEnquiry(
    {
      playbook: playbook.key,
      source: 'rehearsal',
      sourceKey: 'rehearsal',
      ownerId: null,
      actor: 'system',
      name: samples.name ?? 'Anna',
      phone,
      email: withMail ? 'anna@example.com' : '',
      language: script.language ?? '',
      fields: { ...fieldsOf(playbook, samples), ...(script.answers ?? answersOf(playbook, script.after)[0]) },
      consentGiven: true,
    },
    playbook,
    tenant.country,
  );
  const parsed = checked.phone ?? { e164: phone, country: tenant.country };
  const language = languageFor(playbook, checked, { language: languageOfCountry(parsed.country) }, tenant);
  const person = {
    ...newPerson({ ...checked, phone: parsed, language }, tenant),
    id: derivedId<PersonId>('rehearsal', 'person'),
  };
  if (person.zone !== script.zone) throw otherZone(script.zone, person.zone);
  const kinds = [['phone', phone] as const, ...(checked.email ? [['email', checked.email] as const] : [])];
  const { only } = script;
  const unreachable = only ? AGREED_CHANNELS.filter((channel) => channel !== only) : [];
  return {
    leadId: derivedId<LeadId>('rehearsal', 'lead'),
    person,
    addresses: kinds.map(([kind, value]) => ({
      id: derivedId<AddressId>('rehearsal', kind),
      kind,
      value,
      unreachable: [...unreachable],
    })),
    suppressed: [],
    playbook,
    tenant,
    capturedAt: script.start,
    fields: checked.fields,
    agreed: AGREED_CHANNELS,
    consented: true,
    after: script.after,
  };
}

/** The playbook's own examples in a language: what WhatsApp's reviewers are shown as well. */
export function samplesOf(playbook: Playbook, language: string): Record<string, string> {
  const wanted = playbook.languages.includes(language) ? language : 'en';
  const texts = playbook.templates.filter((template) => template.language === wanted);
  return Object.assign({}, ...texts.map((template) => template.samples));
}

/**
 * What customers can have answered, so that each step of a lead's arrival, or of a stage, is for one of them. Where no step asks
 * for an answer there is one who gave none. Pure.
 */
export function answersOf({ cadence }: Playbook, after: string | undefined): Record<string, string>[] {
  const told: Record<string, string>[] = [];
  for (const step of cadence.steps.filter((each) => each.after === after && each.when !== undefined)) {
    if (!told.some((answers) => isMeantFor(step, answers))) told.push(answersFor(step));
  }
  return told.length > 0 ? told : [{}];
}

/** What the playbook asks for, filled in; what is optional is left out, so that a text that needs it is found. */
function fieldsOf(playbook: Playbook, samples: Record<string, string>): Record<string, string> {
  const asked = playbook.fields.filter(({ type, required }) => required && (type === 'text' || type === 'long_text'));
  return Object.fromEntries(
    asked.map(({ key, label, max }) => [key, (samples[key] ?? label).slice(0, max ?? Number.POSITIVE_INFINITY)]),
  );
}

function noNumber(zone: string): KnownError {
  const message = `No mobile number tells that somebody lives by ${zone}. Choose a zone that people live in, such as Europe/Stockholm.`;
  return new KnownError('validation_error', 'no number in that zone', message);
}

function otherZone(asked: string, found: string): KnownError {
  const message = `A number from there does not tell ${asked}: such a customer is taken to live by ${found}. Rehearse that zone.`;
  return new KnownError('validation_error', 'the number tells another zone', message);
}
