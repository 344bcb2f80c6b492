import type { Playbook } from '../tenants/index.ts';

/** Folds a text for search: lower case, no accents, words of letters and digits. */
export function fold(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ø/gi, 'o').replace(/ß/g, 'ss').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What of a lead's facts people look for: the short texts, such as the car or the company. */
export function searchable(playbook: Pick<Playbook, 'fields'>, facts: Readonly<Record<string, string>>): string[] {
  return playbook.fields.flatMap(({ key, type }) => (type === 'text' && facts[key] ? [facts[key]] : []));
}

/** The words under which a lead is found: of its name and facts, its number with and without country code, its mailbox. */
export function termsOf(lead: { name: string; phone?: string; email?: string; facts: readonly string[] }): string[] {
  const terms = new Set<string>();
  for (const text of [lead.name, ...lead.facts]) for (const word of fold(text)) terms.add(word);
  if (lead.phone) {
    const digits = lead.phone.replace(/\D/g, '');
    for (const length of [digits.length, 9, 7, 4]) terms.add(digits.slice(-length));
  }
  if (lead.email) terms.add(lead.email.toLowerCase());
  return [...terms].filter((term) => term.length <= 60).slice(0, 40);
}
