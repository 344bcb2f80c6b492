import type { FieldProblem } from '../lib/errors.ts';
import { exampleNumber } from '../people/index.ts';
import type { Asking } from './form-view.ts';
import { type FormProblem, HONEYPOT } from './pages/index.ts';

/** What a browser sent of a form's page. */
export interface Entered {
  /** By field; `consent` is there when it was ticked. */
  values: Record<string, string>;
  token: string;
  consentVersion: string;
  /** What people do not see; machines fill it in. */
  honeypot: string;
  /** The browser asks not to sell or share what is entered (Global Privacy Control). Nothing is; it is kept with the enquiry. */
  optOutOfSale: boolean;
}

/** Longer values are cut before they are shown again: they could not be right in any field. */
const MAX_SHOWN = 5000;

/** Takes what the page asks for, and nothing else. */
export function readEntered(
  payload: Readonly<Record<string, unknown>>,
  { words }: Asking,
  optOutOfSale: boolean,
): Entered {
  const text = (name: string) => {
    const value = payload[name];
    return typeof value === 'string' ? value.slice(0, MAX_SHOWN) : '';
  };
  const values = Object.fromEntries(words.fields.map(({ key }) => [key, text(key)]));
  if (text('consent') !== '') values.consent = 'on';
  return {
    values,
    token: text('token'),
    consentVersion: text('consent_version'),
    honeypot: text(HONEYPOT),
    optOutOfSale,
  };
}

/** What is wrong, in words for customers: what the rooms say is for staff. Pure. */
export function readProblems(
  problems: readonly FieldProblem[],
  { words, tenant }: Pick<Asking, 'words' | 'tenant'>,
  { values }: Pick<Entered, 'values'>,
): Map<string, FormProblem> {
  const found = new Map<string, FormProblem>();
  for (const { field } of problems) {
    if (field === 'consent') {
      found.set('consent', { says: 'consentNeeded' });
      continue;
    }
    const asked = words.fields.find(({ key, type }) => key === field || type === field);
    if (asked) found.set(asked.key, problemOf(asked, values[asked.key] ?? '', tenant.country));
  }
  // in the order in which they are asked
  return new Map([...words.fields.map(({ key }) => key), 'consent'].flatMap((key) => entryOf(found, key)));
}

const entryOf = <T>(map: ReadonlyMap<string, T>, key: string): [string, T][] => {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
};

function problemOf(
  { type, required, max }: Asking['words']['fields'][number],
  value: string,
  country: string,
): FormProblem {
  const reach = type === 'phone' || type === 'email';
  if (value.trim() === '') return { says: reach && !required ? 'reach' : 'missing' };
  if (max !== undefined && value.length > max) return { says: 'tooLong', values: { max } };
  switch (type) {
    case 'phone':
      return { says: 'phone', values: { example: exampleNumber(country) } };
    case 'email':
    case 'number':
    case 'money':
      return { says: type };
    default:
      return { says: 'wrong' };
  }
}
