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

const MOST = 40;

/**
 * The words under which a lead is found: its person's mailboxes, numbers with and without country code, name, facts. What
 * many people look by comes first, since long facts are cut. Pure.
 */
export function termsOf(lead: { name: string; addresses: readonly string[]; facts: readonly string[] }): string[] {
  const terms = new Set(lead.addresses.flatMap((address) => (address.includes('@') ? [address] : endingsOf(address))));
  for (const text of [lead.name, ...lead.facts]) for (const word of fold(text)) terms.add(word);
  return [...terms].filter((term) => term.length <= 60).slice(0, MOST);
}

function endingsOf(number: string): string[] {
  const digits = number.replace(/\D/g, '');
  return [digits.length, 9, 7, 4].map((length) => digits.slice(-length));
}
