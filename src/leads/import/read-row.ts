import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { type FieldProblem, isKnown, validationError } from '../../lib/errors.ts';
import type { StaffId } from '../../lib/ids.ts';
import type { Playbook, Tenant } from '../../tenants/index.ts';
import { type Agreed, type CaptureInput, type Checked, checkEnquiry } from '../enquiry.ts';
import { saysYes } from '../person-names.ts';
import { targetsOf } from './headings.ts';
import { type About, NOTHING, type RowProblem, type StoredRow, type Target } from './types.ts';

/** The door, in reports and beside each lead. */
export const SOURCE = 'import';

/** An import as its rows need it. */
export interface Source {
  id: string;
  by: StaffId;
  about: About;
  agreed: Agreed | null;
}

/** The enquiry that a row makes; nothing is checked yet. Pure. */
export function enquiryOf(source: Source, playbook: Playbook, row: StoredRow): CaptureInput {
  const { about, id, by, agreed } = source;
  const said = (target: Target) => row.cells[about.targets.indexOf(target)] ?? '';
  const whole = said('name') || [said('first_name'), said('last_name')].filter(Boolean).join(' ');
  const asks = about.targets.includes('consent');
  const consented = agreed !== null && (!asks || saysYes(said('consent')));
  const facts = playbook.fields
    .map(({ key }) => [key, said(`fact:${key}`)] as const)
    .filter(([, value]) => value !== '');
  return {
    playbook: about.playbook,
    source: SOURCE,
    sourceKey: `${id}/${row.place}`,
    ownerId: null,
    actor: `staff:${by}`,
    name: whole,
    phone: said('phone'),
    email: said('email'),
    language: languageIn(said('language'), playbook) || about.language,
    fields: Object.fromEntries(facts),
    consentGiven: consented,
    known: 'merge',
    brought: { agreed: consented ? agreed : null, turn: row.turn, perHour: about.perHour },
  };
}

/** Checks a row; `problems` are told at its headings. Pure. */
export function checkRow(
  source: Source,
  playbook: Playbook,
  country: string,
  row: StoredRow,
): { input: CaptureInput; checked: Checked } | { problems: RowProblem[] } {
  const input = enquiryOf(source, playbook, row);
  try {
    return { input, checked: checkEnquiry(input, playbook, country) };
  } catch (error) {
    if (!isKnown(error) || error.code !== 'validation_error') throw error;
    return { problems: error.problems.map((problem) => atHeading(source.about, row, problem)) };
  }
}

/** A problem at the column that says it, else at the row. */
export function atHeading({ headings, targets }: About, row: StoredRow, { field, message }: FieldProblem): RowProblem {
  const index = targets.findIndex((target) => target === field || target === `fact:${field}`);
  const named =
    index >= 0 ? index : field === 'name' ? targets.findIndex((target) => /^(?:first|last)_name$/.test(target)) : -1;
  return { place: row.place, heading: headings[named] ?? '', message, value: row.cells[named] ?? '' };
}

/** `sv`, `sv-SE`, `Svenska`, `Swedish`, `Schwedisch`; empty for none of the playbook's. */
function languageIn(text: string, { languages }: Pick<Playbook, 'languages'>): string {
  const said = text.trim().toLowerCase();
  if (said === '') return '';
  const [code = ''] = said.split(/[-_]/);
  if (languages.includes(code)) return code;
  return languages.find((each) => languages.some((reader) => languageNamed(each, reader) === said)) ?? '';
}

const names = new Map<string, string>();

/** Asked for in every row, and slow to look up. */
function languageNamed(language: string, reader: string): string {
  const key = `${language}/${reader}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = (new Intl.DisplayNames([reader], { type: 'language' }).of(language) ?? '').toLowerCase();
  names.set(key, name);
  return name;
}

/** Refuses columns that leave out who somebody is or how to reach them; problems at `column-<index>`. Pure. */
export function checkTargets(playbook: Playbook, headings: readonly string[], targets: readonly Target[]): void {
  const known = new Map(targetsOf(playbook).map(({ target, label }) => [target, label]));
  const problems: FieldProblem[] = [];
  targets.forEach((target, index) => {
    const field = `column-${index}`;
    if (target !== NOTHING && !known.has(target)) problems.push({ field, message: 'This playbook has no such field.' });
    const first = targets.indexOf(target);
    if (target !== NOTHING && first < index) {
      problems.push({ field, message: `“${headings[first] ?? ''}” holds that already. Leave one of them out.` });
    }
  });
  const has = (...wanted: Target[]) => wanted.some((target) => targets.includes(target));
  const missing = [
    ...(has('name', 'first_name', 'last_name') ? [] : ['the name']),
    ...(has('phone', 'email') ? [] : ['a phone number or an e-mail address']),
    ...playbook.fields.flatMap(({ type, key, label, required }) =>
      required && ((type === 'phone' && !has('phone')) || (isAsked(type) && !has(`fact:${key}`)))
        ? [label.toLowerCase()]
        : [],
    ),
  ];
  if (missing.length > 0) {
    const words = `Say which column holds ${[...new Set(missing)].join(', and which ')}.`;
    problems.push({ field: 'column-0', message: words });
  }
  if (problems.length > 0) throw validationError(problems);
}

const isAsked = (type: string) => !['name', 'phone', 'email', 'language', 'photo', 'consent'].includes(type);

/**
 * What is kept as the proof of agreements that were given elsewhere: somebody's word for it, since nobody here saw them
 * (a named person, a reason and a log entry: COMPLIANCE, "imported consent"). Null where nothing was confirmed. Pure.
 */
export function agreedOf(id: string, about: About, tenant: Pick<Tenant, 'name' | 'zone'>): Agreed | null {
  const { confirmed } = about;
  if (!confirmed) return null;
  const channels = confirmed.channels.map((channel) => CHANNELS[channel]).join(', ');
  const words = `${tenant.name} confirmed when it brought in a list that this person had agreed by ${confirmed.day} to be contacted by ${tenant.name} on ${channels}. How: ${confirmed.how}`;
  const hash = createHash('sha256').update(words).digest('hex').slice(0, 12);
  const at = DateTime.fromISO(confirmed.day, { zone: tenant.zone }).toJSDate();
  return { words, textVersion: `${versionOf(id)}/${hash}`, channels: confirmed.channels, at };
}

/** What the versions of an import's proofs begin with. */
export const versionOf = (id: string): string => `import-1/${id}`;

const CHANNELS = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'e-mail' } as const;
