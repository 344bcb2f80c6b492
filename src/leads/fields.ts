import { amountOf } from '../lib/amounts.ts';
import type { Field } from '../tenants/index.ts';
import { fold } from './terms.ts';

/** What was entered in a field, in its stored form, or what is wrong with it in words for whoever entered it. */
export type FieldValue = { value: string } | { problem: string };

/** A facts field holds something about the lead; the others (name, phone, consent …) have a place of their own. */
export const isFact = ({ type }: Pick<Field, 'type'>): boolean =>
  type === 'text' || type === 'long_text' || type === 'choice' || type === 'number' || type === 'money';

/** Reads one field of facts; an empty value is no problem unless it is required. Pure. */
export function readField(field: Field, entered: string): FieldValue {
  const text = tidy(entered, field.type === 'long_text');
  if (text === '') return field.required ? { problem: `${field.label} is needed.` } : { value: '' };
  switch (field.type) {
    case 'choice':
      return readChoice(field, text);
    case 'number':
      return readNumber(field, text, /^\d{1,9}$/);
    case 'money':
      return readMoney(field, text);
    default:
      return field.max !== undefined && text.length > field.max
        ? { problem: `${field.label}: at most ${field.max} characters.` }
        : { value: text };
  }
}

/** Without control characters and marks that hide or turn text; one line, unless lines are meant. */
function tidy(entered: string, lines: boolean): string {
  const seen = entered
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return (lines ? seen : seen.replace(/\s+/g, ' ')).trim();
}

const folded = (text: string) => fold(text).join(' ');

/** By its key or its label, in any spelling. */
function readChoice({ label, options = {} }: Field, text: string): FieldValue {
  const wanted = folded(text);
  const found = Object.entries(options).find(([key, name]) => folded(key) === wanted || folded(name) === wanted);
  if (found) return { value: found[0] };
  return { problem: `${label}: choose one of ${Object.values(options).join(', ')}.` };
}

function readNumber(field: Field, text: string, shape: RegExp): FieldValue {
  const bare = text.replace(/\s/g, '');
  if (!shape.test(bare)) return { problem: `${field.label}: write a whole number, for example 4.` };
  return within(field, Number(bare));
}

/** `1500`, `$1,500.00`, `1 500 kr`; of a range (`$500-999`) what it starts with. */
function readMoney(field: Field, text: string): FieldValue {
  const [first = ''] = text.split(/\s*(?:-|–|—|\bto\b)\s*(?=\D{0,4}\d)/);
  const figure = first.replace(/^[^\d]{0,4}(?=\d)/, '').replace(/(?<=\d)\s*(?:\p{Sc}|[a-z]{1,3}\.?|\+)$/iu, '');
  const amount = first.startsWith('-') ? undefined : amountOf(figure);
  if (amount === undefined) return { problem: `${field.label}: write an amount, for example 1500.` };
  return within(field, amount);
}

function within({ label, most }: Field, amount: number): FieldValue {
  if (most !== undefined && amount > most) return { problem: `${label}: at most ${most}.` };
  return { value: String(amount) };
}
