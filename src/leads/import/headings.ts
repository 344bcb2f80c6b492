import type { Field, Meaning, Playbook } from '../../tenants/index.ts';
import { isFact } from '../fields.ts';
import { PERSON_NAMES } from '../person-names.ts';
import { fold } from '../terms.ts';
import { NOTHING, type Target } from './types.ts';

/*
 * Under which headings people keep their lists, in English, Swedish, German, Spanish and Hindi. The playbook's own names
 * of a field come first.
 */

const PERSON: Readonly<Record<string, readonly string[]>> = {
  ...PERSON_NAMES,
  // a form may mean something else by these
  name: [
    ...PERSON_NAMES.name,
    ...['name', 'customer', 'contact', 'lead', 'client', 'namn', 'kund', 'kontakt', 'kontaktperson'],
    ...['för- och efternamn', 'kunde', 'vollständiger name', 'ansprechpartner', 'interessent'],
    ...['nombre y apellidos', 'cliente', 'contacto', 'नाम', 'ग्राहक', 'ग्राहक का नाम'],
  ],
  phone: [...PERSON_NAMES.phone, 'whatsapp'],
  language: ['language', 'lang', 'locale', 'språk', 'sprache', 'idioma', 'lengua', 'भाषा'],
  consent: [
    ...['consent', 'opt in', 'opted in', 'marketing consent', 'agreed', 'permission', 'gdpr'],
    ...['samtycke', 'godkännande', 'einwilligung', 'zustimmung', 'consentimiento', 'सहमति'],
  ],
};

const MEANT: Readonly<Record<Meaning, readonly string[]>> = {
  company: [
    ...['company', 'company name', 'business', 'organisation', 'organization', 'account', 'företag', 'företagsnamn'],
    ...['bolag', 'firma', 'unternehmen', 'empresa', 'compañía', 'कंपनी'],
  ],
  company_size: ['company size', 'employees', 'antal anställda', 'mitarbeiter', 'empleados', 'कर्मचारी'],
  industry: ['industry', 'sector', 'bransch', 'branche', 'industria', 'sector', 'उद्योग'],
  position: ['position', 'title', 'job title', 'role', 'befattning', 'titel', 'funktion', 'cargo', 'puesto', 'पद'],
  postal_code: [
    ...['postal code', 'postcode', 'zip', 'zip code', 'postnummer', 'postleitzahl', 'plz', 'código postal', 'पिन कोड'],
  ],
  city: ['city', 'town', 'ort', 'postort', 'stad', 'stadt', 'ciudad', 'शहर'],
  state: ['state', 'region', 'province', 'county', 'län', 'landskap', 'bundesland', 'estado', 'provincia', 'राज्य'],
  country: ['country', 'country code', 'land', 'país', 'देश'],
};

/** Fields that several playbooks have, by their key. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  car: [
    ...['car', 'vehicle', 'model', 'car model', 'make and model', 'bil', 'bilmodell', 'fordon', 'modell'],
    ...['auto', 'fahrzeug', 'wagen', 'coche', 'vehículo', 'modelo', 'कार', 'गाड़ी', 'मॉडल'],
  ],
  note: ['note', 'notes', 'comment', 'comments', 'anteckning', 'kommentar', 'notiz', 'bemerkung', 'nota', 'टिप्पणी'],
  message: [
    ...['message', 'notes', 'comment', 'comments', 'description', 'request', 'meddelande', 'kommentar', 'nachricht'],
    ...['beschreibung', 'anfrage', 'mensaje', 'comentarios', 'descripción', 'संदेश'],
  ],
  value: ['value', 'estimated value', 'deal value', 'amount', 'värde', 'belopp', 'wert', 'betrag', 'valor', 'मूल्य'],
  budget: ['budget', 'estimated value', 'value', 'amount', 'värde', 'preis', 'presupuesto', 'बजट'],
  service: ['service', 'work', 'job', 'tjänst', 'arbete', 'leistung', 'arbeit', 'servicio', 'trabajo', 'सेवा'],
  group_size: ['passengers', 'group size', 'people', 'antal personer', 'personen', 'pasajeros', 'personas', 'यात्री'],
  timeline: ['timeline', 'when', 'timeframe', 'när', 'wann', 'zeitraum', 'cuándo', 'plazo', 'कब'],
};

/** `E-post adress` and `e-postadress` are one heading. */
export const bareHeading = (heading: string): string => fold(heading).join('');

/** Whatever a row can say of somebody, with its label: the person, then the playbook's facts in their order. Pure. */
export function targetsOf(playbook: Pick<Playbook, 'fields'>): { target: Target; label: string }[] {
  const labelOf = (type: Field['type'], otherwise: string) =>
    playbook.fields.find((field) => field.type === type)?.label ?? otherwise;
  return [
    { target: 'name', label: `${labelOf('name', 'Name')}: whole name` },
    { target: 'first_name', label: 'First name' },
    { target: 'last_name', label: 'Last name' },
    { target: 'phone', label: labelOf('phone', 'Phone') },
    { target: 'email', label: labelOf('email', 'E-mail') },
    { target: 'language', label: labelOf('language', 'Language') },
    { target: 'consent', label: 'Agreed to be written to (yes or no)' },
    ...playbook.fields.filter(isFact).map(({ key, label }) => ({ target: `fact:${key}`, label })),
  ];
}

/** What the columns hold, by their headings; each target once, for the first column that says so. Pure. */
export function recognise(headings: readonly string[], playbook: Pick<Playbook, 'fields'>): Target[] {
  const names = namesOf(playbook);
  const taken = new Set<Target>();
  return headings.map((heading) => {
    const bare = bareHeading(heading);
    const found = bare === '' ? undefined : names.find((each) => each.names.has(bare) && !taken.has(each.target));
    if (!found) return NOTHING;
    taken.add(found.target);
    return found.target;
  });
}

/** Own names before others', so that a playbook may call a field what elsewhere means something else. */
function namesOf({ fields }: Pick<Playbook, 'fields'>): { target: Target; names: Set<string> }[] {
  const bare = (words: readonly string[]) => new Set(words.map(bareHeading).filter((word) => word !== ''));
  const targetOf = (field: Field) => (isFact(field) ? `fact:${field.key}` : field.type);
  const asked = fields.filter((field) => isFact(field) || PERSON[field.type] !== undefined);
  return [
    ...asked.map((field) => ({
      target: targetOf(field),
      names: bare([field.key, field.label, ...(field.aliases ?? [])]),
    })),
    ...Object.entries(PERSON).map(([target, words]) => ({ target, names: bare(words) })),
    ...asked.filter(isFact).map((field) => ({
      target: targetOf(field),
      names: bare([...(field.means ? MEANT[field.means] : []), ...(FACTS[field.key] ?? [])]),
    })),
  ];
}
