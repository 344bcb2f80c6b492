import type { Actor } from '../events/index.ts';
import { type FieldProblem, validationError } from '../lib/errors.ts';
import type { StaffId } from '../lib/ids.ts';
import { languageOfCountry, parsePhone } from '../people/index.ts';
import type { Playbook } from '../tenants/index.ts';

/** An enquiry as a door hands it over; nothing in it is trusted yet. */
export interface CaptureInput {
  playbook: string;
  /** The door: `slack`, later `form`, `api`, … */
  source: string;
  /** The door's own id of this enquiry; the same one again returns the lead that it made. */
  sourceKey: string;
  ownerId: StaffId | null;
  actor: Actor;
  name: string;
  phone: string;
  email: string;
  /** ISO 639-1; empty: guessed from the number's country. */
  language: string;
  fields: Record<string, string>;
  consentGiven: boolean;
  /** A photo waiting in Slack, to be fetched into the vault. */
  photo?: { fileId: string; userId: string };
}

/** An enquiry whose fields are right. */
export interface Checked {
  name: string;
  /** Missing where the playbook does not ask for it; then there is an e-mail address. */
  phone: { e164: string; country: string } | undefined;
  email: string | undefined;
  language: string;
  fields: Record<string, string>;
}

const MAILBOX = /^[^\s@"<>()]{1,64}@[^\s@]+\.[^\s@.]{2,}$/;

/** Checks an enquiry field by field; pure. Throws one validation error with every problem. */
export function checkEnquiry(input: CaptureInput, playbook: Playbook, country: string): Checked {
  const problems: FieldProblem[] = [];
  const name = input.name.replace(/\s+/g, ' ').trim();
  if (name === '') problems.push({ field: 'name', message: 'Who is it? Write the name.' });
  if (name.length > 120) problems.push({ field: 'name', message: 'That name is longer than 120 characters.' });

  const needed = (type: 'phone' | 'email') => playbook.fields.some((field) => field.type === type && field.required);
  const email = input.email.trim().toLowerCase();
  const phone = parsePhone(input.phone, country);
  const noPhone = input.phone.trim() === '' && !needed('phone') && email !== '';
  if (!phone.ok && !noPhone) problems.push({ field: 'phone', message: phone.message });
  if (email === '' && needed('email')) {
    problems.push({ field: 'email', message: 'Which e-mail address? Write it like anna@example.com.' });
  }
  if (email !== '' && !MAILBOX.test(email)) {
    problems.push({ field: 'email', message: 'That does not look like an e-mail address, such as anna@example.com.' });
  }

  const fields: Record<string, string> = {};
  for (const field of playbook.fields) {
    if (field.type !== 'text' && field.type !== 'long_text') continue;
    const value = (input.fields[field.key] ?? '').trim();
    if (value === '' && field.required) problems.push({ field: field.key, message: `${field.label} is needed.` });
    if (field.max !== undefined && value.length > field.max) {
      problems.push({ field: field.key, message: `${field.label}: at most ${field.max} characters.` });
    }
    if (value !== '') fields[field.key] = value;
  }

  if (playbook.consentRequired && !input.consentGiven) {
    problems.push({
      field: 'consent',
      message: 'Without this agreement nobody may write to the customer, so the drive cannot be logged.',
    });
  }
  if (problems.length > 0) throw validationError(problems);

  const known = phone.ok ? { e164: phone.e164, country: phone.country } : undefined;
  const wanted = input.language || languageOfCountry(known?.country ?? country);
  const language = playbook.languages.includes(wanted) ? wanted : 'en';
  return { name, phone: known, email: email || undefined, language, fields };
}
