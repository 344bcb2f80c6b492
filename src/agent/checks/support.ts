import { escapeRegex, plainForm } from './plain.ts';

/** Stands where something supported stood: no letter, no digit, no sentence end. */
export const GONE = ' \u241f ';

const sentences = (text: string) =>
  text
    .split(/(?<=[.!?…।])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

/**
 * Takes out of a plain text what the tenant's facts say word for word. A sentence of a fact counts only as a sentence:
 * "We deliver" supports nothing of "We deliver tomorrow".
 */
export function withoutFacts(plain: string, facts: readonly string[]): string {
  const known = facts.flatMap((fact) => {
    const whole = plainForm(fact);
    return [whole, ...sentences(whole)];
  });
  return [...new Set(known)]
    .map((sentence) => sentence.replace(/[.!?…।\s]+$/, ''))
    .filter((sentence) => sentence.length > 1)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, sentence) => {
      const words = sentence.split(/\s+/).map(escapeRegex).join('\\s+');
      return rest.replace(
        new RegExp(`(?<=^|[.!?…।:;\\n"“„»(\u241f] ?)${words}(?=\\s*(?:[.!?…।;\\n")”“«]|$))`, 'gu'),
        GONE,
      );
    }, plain);
}

/** Takes out what may stand anywhere, by whole words. */
export function withoutLiterals(plain: string, literals: readonly string[]): string {
  return literals
    .map(plainForm)
    .filter((literal) => literal.length > 1)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, literal) => {
      const words = literal.split(/\s+/).map(escapeRegex).join('\\s+');
      return rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, 'gu'), GONE);
    }, plain);
}

/** Takes out the day and the hour of times that were offered, also apart: "28 November", "11:00", "at 11". */
export function withoutTimes(plain: string, times: readonly string[]): string {
  return times.map(plainForm).reduce((rest, time) => {
    const parts = [time];
    const day = /\d{1,2}\.? (?:de )?\p{L}{3,}|\p{L}{3,} \d{1,2}(?!\d|:)/u.exec(time)?.[0];
    if (day) parts.push(day, day.replace('.', ''));
    const clock = /(\d{1,2}):(\d{2})(?: ?([ap]m))?/.exec(time);
    let left = withoutLiterals(rest, parts);
    if (clock) {
      const [, hour = '', minutes = '', half = ''] = clock;
      const full = `0?${Number(hour)}(?:[:.]${minutes}${minutes === '00' ? ')?' : ')'}`;
      const word = `(?:\\b(?:at|kl\\.?|klockan|um|las|la)\\s+)`;
      const after = `\\s?(?:uhr|baje|am|pm|h|बजे)`;
      // "11 k" is no hour
      const end = '(?![\\p{L}\\p{N}])(?!\\s?[%.,:]\\d)(?! ?(?:k|grand|papp|mille|lakh)(?!\\p{L}))';
      left = left.replace(
        new RegExp(`${word}${full}(?:${after})?${end}|(?<![\\p{L}\\p{N}.,:])${full}${after}${end}`, 'gu'),
        GONE,
      );
      left = withoutLiterals(left, [`${hour}:${minutes}${half}`, `${hour}.${minutes}`, `${Number(hour)}:${minutes}`]);
    }
    return left;
  }, plain);
}

/** The same number written in another way, with or without its country code. */
export function withoutNumber(plain: string, number: string | undefined): string {
  const digits = number?.replace(/\D/g, '') ?? '';
  if (digits.length < 6) return plain;
  return plain.replace(/\+?\d[\d ()/.-]{4,20}\d/g, (found) => {
    const said = found.replace(/\D/g, '').replace(/^0+/, '');
    return said.length >= 6 && digits.endsWith(said) ? GONE : found;
  });
}
