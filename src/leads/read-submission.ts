import type { Field, Playbook } from '../tenants/index.ts';
import type { CaptureInput } from './enquiry.ts';
import { isFact } from './fields.ts';
import { PERSON_NAMES, saysYes } from './person-names.ts';
import { fold } from './terms.ts';

/** What somebody else's form sent, understood by a playbook's fields; nothing is checked yet. */
export interface Submission
  extends Pick<CaptureInput, 'name' | 'phone' | 'email' | 'language' | 'fields' | 'consentGiven'> {
  /** The sender's id of this very submission, where it has a field for one. */
  submissionId: string;
  /** JSON pointer (RFC 6901) of what was sent for a field, by field; where nothing was sent, where it belongs. */
  pointers: Readonly<Record<string, string>>;
}

/** Longer values are cut: they could not be right in any field. */
const MAX_VALUE = 10_000;
const SUBMISSION_IDS = ['submission_id', 'response_id', 'entry_id'];
const commonNames = ({ type }: Field): readonly string[] =>
  type === 'name' || type === 'phone' || type === 'email' ? PERSON_NAMES[type] : [];

interface Sent {
  value: string;
  pointer: string;
}

/** `estimatedValue`, `estimated-value` and `Estimated value` are one name. */
const bare = (name: string) => fold(name.replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ')).join('');

/**
 * Reads a submission: by each field's key, by its label and by its other names, in any spelling. Objects inside are looked into;
 * what stands further out counts. Pure.
 */
export function readSubmission(
  playbook: Pick<Playbook, 'fields'>,
  payload: Readonly<Record<string, unknown>>,
): Submission {
  const sent = new Map<string, Sent>();
  flatten(payload, '', sent, 0);
  const find = (names: readonly string[]) =>
    names.map((name) => sent.get(bare(name))).find((each) => each !== undefined && each.value !== '');

  const pointers: Record<string, string> = {};
  const said = (field: Field | undefined, name: string): string => {
    const own = field ? [field.key, ...(field.aliases ?? []), field.label, ...commonNames(field)] : [];
    const found = find([name, ...own]);
    pointers[name] = found?.pointer ?? `/${name}`;
    return found?.value ?? '';
  };
  const ofType = (type: Field['type']) => playbook.fields.find((field) => field.type === type);

  const whole = said(ofType('name'), 'name');
  const parts = [find(PERSON_NAMES.first_name)?.value, find(PERSON_NAMES.last_name)?.value].filter(Boolean).join(' ');
  const consent = said(ofType('consent'), 'consent');
  const facts = playbook.fields.filter(isFact);
  return {
    name: whole || parts,
    phone: said(ofType('phone'), 'phone'),
    email: said(ofType('email'), 'email'),
    language: said(ofType('language'), 'language').slice(0, 2).toLowerCase(),
    fields: Object.fromEntries(facts.map((field) => [field.key, said(field, field.key)])),
    consentGiven: saysYes(consent),
    submissionId: (find(SUBMISSION_IDS)?.value ?? '').slice(0, 200),
    pointers,
  };
}

function flatten(value: unknown, pointer: string, into: Map<string, Sent>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 3) return;
  const inner: [unknown, string][] = [];
  for (const [name, each] of Object.entries(value)) {
    const here = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const text = textOf(each);
    if (text === undefined) inner.push([each, here]);
    else if (!into.has(bare(name))) into.set(bare(name), { value: text.slice(0, MAX_VALUE), pointer: here });
  }
  for (const [each, here] of inner) flatten(each, here, into, depth + 1);
}

/** A list of words is one text: several boxes that were ticked. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
  return undefined;
}
