import { findPhone } from '../people/index.ts';
import { fold } from './terms.ts';

/**
 * The words to look for: a phone number in any form as its digits, an e-mail address whole, the rest folded. `country`
 * (ISO2) reads national numbers. Pure.
 */
export function searchWords(text: string, country: string): string[] {
  const phone = findPhone(text, country);
  const rest = phone ? `${phone.before} ${phone.after}` : text;
  const words = rest.split(/\s+/).flatMap((word) => (word.includes('@') ? [word.toLowerCase()] : fold(word)));
  return [...(phone ? [phone.e164.slice(1)] : []), ...words].slice(0, 8);
}
