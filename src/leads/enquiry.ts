import type { Actor } from '../events/index.ts';
import { type FieldProblem, validationError } from '../lib/errors.ts';
import type { StaffId } from '../lib/ids.ts';
import { parsePhone } from '../people/index.ts';
import type { Playbook } from '../tenants/index.ts';
import { type FieldValue, isFact, readField } from './fields.ts';

/** An enquiry as a door hands it over; nothing in it is trusted yet. */
export interface CaptureInput {
  playbook: string;
  /** The door: `slack`, `form`, later `api`, … */
  source: string;
  /** The door's own id of this enquiry; the same one again returns the lead that it made. */
  sourceKey: string;
  ownerId: StaffId | null;
  actor: Actor;
  name: string;
  phone: string;
  email: string;
  /** ISO 639-1; empty: guessed from the country. */
  language: string;
  /** By field key. */
  fields: Record<string, string>;
  consentGiven: boolean;
  /** What was agreed to, where it was asked for in other words than the playbook's. */
  consentWords?: { text: string; language: string };
  /** Whose the person is in another system: they are recognised by it. */
  externalId?: { system: string; id: string };
  /**
   * Anybody may have sent it under anybody's name, by an open form or by an ad's, which is paid for: an address more of
   * somebody known is a claim, see `Further`.
   */
  anonymous?: 'form' | 'ad';
  /**
   * Somebody who is known already: staff are told and refused (the default); an enquiry that people or machines send
   * themselves is merged into the lead that is open, and kept even if they opted out, since it asks for no message.
   */
  known?: 'refuse' | 'merge';
  /** It came in a file with many others. */
  brought?: Brought;
  /** A photo waiting in Slack, to be fetched into the vault. */
  photo?: { fileId: string; userId: string };
}

/** What is known of an enquiry that somebody of ours brought in a file: nobody wrote a moment ago, and nobody waits. */
export interface Brought {
  /** What this person agreed to before, as whoever brought the file answers for; null: nothing, so nothing is planned. */
  agreed: Agreed | null;
  /** Its place among those of the file, from 0, and how many of them are written to for the first time in an open hour. */
  turn: number;
  perHour: number | null;
}

/** An agreement that was given elsewhere. */
export interface Agreed {
  /** Kept as the proof. */
  words: string;
  textVersion: string;
  channels: readonly ('whatsapp' | 'sms' | 'email')[];
  at: Date;
}

/** An enquiry whose fields are right. */
export interface Checked {
  name: string;
  /** Missing where the playbook does not ask for it; then there is an e-mail address. */
  phone: { e164: string; country: string } | undefined;
  email: string | undefined;
  /** The language asked for, where the playbook speaks it. */
  language: string | undefined;
  fields: Record<string, string>;
}

const MAILBOX = /^[^\s@"<>()]{1,64}@[^\s@]+\.[^\s@.]{2,}$/;
const MAX_MAILBOX = 254;
const MAX_NAME = 120;
/** `https://`, `www.`, and what mail programs make a link of, `bit.ly`; `J.R.` and `St.Clair` are names. */
const WEB = /:\/\/|\b[Ww]{3}\.|[\p{L}\d-]{2,}\.(?:[a-z]{2,}|[A-Z]{2,}|Com|Net|Org|Info|Io|Ly)(?![\p{L}\d])/u;

/**
 * Checks an enquiry by its playbook's fields; pure. Throws one validation error with every problem; those of the
 * person are at `name`, `phone`, `email` and `consent`, the others at the field's key.
 */
export function checkEnquiry(input: CaptureInput, playbook: Playbook, country: string): Checked {
  const problems: FieldProblem[] = [];
  const name = readName(input.name);
  if ('problem' in name) problems.push({ field: 'name', message: name.problem });

  const phone = phoneOf(input, playbook, country, problems);
  const email = emailOf(input, playbook, problems);
  const told = problems.some(({ field }) => field === 'phone' || field === 'email');
  if (phone === undefined && email === undefined && !told) {
    const field = playbook.fields.find(({ type }) => type === 'email' || type === 'phone')?.type ?? 'phone';
    problems.push({ field, message: 'Write a phone number or an e-mail address, so that they can be answered.' });
  }

  const fields: Record<string, string> = {};
  for (const field of playbook.fields.filter(isFact)) {
    const read = readField(field, input.fields[field.key] ?? '');
    if ('problem' in read) problems.push({ field: field.key, message: read.problem });
    else if (read.value !== '') fields[field.key] = read.value;
  }

  if (playbook.consentRequired && !input.consentGiven && !input.brought) {
    problems.push({
      field: 'consent',
      message: `Without this agreement nobody may write to the customer, so the ${playbook.name.toLowerCase()} cannot be logged.`,
    });
  }
  if (problems.length > 0) throw validationError(problems);

  const language = playbook.languages.includes(input.language) ? input.language : undefined;
  return { name: 'value' in name ? name.value : '', phone, email, language, fields };
}

const asksFor = (playbook: Playbook, type: 'phone' | 'email') => playbook.fields.find((field) => field.type === type);

function phoneOf(input: CaptureInput, playbook: Playbook, country: string, problems: FieldProblem[]): Checked['phone'] {
  if (input.phone.trim() === '' && asksFor(playbook, 'phone')?.required !== true) return undefined;
  const phone = parsePhone(input.phone, country);
  if (phone.ok) return { e164: phone.e164, country: phone.country };
  problems.push({ field: 'phone', message: phone.message });
  return undefined;
}

function emailOf(input: CaptureInput, playbook: Playbook, problems: FieldProblem[]): string | undefined {
  if (input.email.trim() === '') {
    if (asksFor(playbook, 'email')?.required)
      problems.push({ field: 'email', message: 'Write the e-mail address, such as anna@example.com.' });
    return undefined;
  }
  const email = readMailbox(input.email);
  if ('value' in email) return email.value;
  problems.push({ field: 'email', message: email.problem });
  return undefined;
}

/** A name on one line. Pure. */
export function readName(entered: string): FieldValue {
  // without marks that turn the text around a name where it is shown
  const value = entered
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (value === '') return { problem: 'Who is it? Write the name.' };
  // names stand in letters: a stranger's form must not send an address of theirs to somebody else
  if (WEB.test(value)) return { problem: 'A name has no web address in it.' };
  return value.length > MAX_NAME ? { problem: `That name is longer than ${MAX_NAME} characters.` } : { value };
}

/** A mailbox in lower case. Pure. */
export function readMailbox(entered: string): FieldValue {
  const value = entered.trim().toLowerCase();
  if (MAILBOX.test(value) && value.length <= MAX_MAILBOX) return { value };
  return { problem: 'That does not look like an e-mail address, such as anna@example.com.' };
}
