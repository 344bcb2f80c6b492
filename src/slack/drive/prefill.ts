import { findPhone, languageOfCountry, parsePhone } from '../../people/index.ts';
import type { Field, Playbook } from '../../tenants/index.ts';
import { phoneWords } from '../format.ts';
import { clip } from '../text.ts';

/** What a form shows at first, by field key. */
export type Prefill = Readonly<Record<string, string>>;

const MAILBOX = /(?:^|\s)([^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+)/;

/**
 * Understands `Anna Karlsson +46 70 123 45 67 BMW X5`: what stands before the number is the name, what stands after it the
 * first thing the playbook asks besides; an e-mail address may stand anywhere. `country` (ISO2) reads national numbers.
 */
export function readPrefill(text: string, playbook: Playbook, country: string): Prefill {
  const email = MAILBOX.exec(text)?.[1] ?? '';
  const rest = text.replace(email, ' ').replace(/\s+/g, ' ').trim();
  const phone = findPhone(rest, country);
  const values: Partial<Record<Field['type'], string>> = {
    email,
    name: phone ? phone.before : rest,
    phone: phone ? phoneWords(phone.e164) : '',
    text: phone?.after ?? '',
    language: phone ? languageOf(phone.e164, playbook, country) : '',
  };
  const prefill: Record<string, string> = {};
  for (const field of playbook.fields) {
    const value = values[field.type];
    if (value) prefill[field.key] = clip(value, field.max ?? 200);
    delete values[field.type]; // the first field of its kind
  }
  return prefill;
}

function languageOf(e164: string, playbook: Playbook, country: string): string {
  const parsed = parsePhone(e164, country);
  const language = languageOfCountry(parsed.ok ? parsed.country : country);
  return playbook.languages.includes(language) ? language : '';
}
