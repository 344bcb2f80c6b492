/** `+46 70 174 06 50` from E.164: as Sweden and North America group them, elsewhere in threes. */
export function phoneWords(e164: string): string {
  const swedish = /^\+46(7\d)(\d{3})(\d{2})(\d{2})$/.exec(e164);
  if (swedish) return `+46 ${swedish.slice(1).join(' ')}`;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (american) return `+1 ${american.slice(1).join(' ')}`;
  const other = /^\+(\d{2})(\d{3,})$/.exec(e164);
  if (!other) return e164;
  return `+${other[1]} ${other[2]?.match(/\d{1,3}(?=(?:\d{3})*$)/g)?.join(' ')}`;
}

/** The digits somebody typed as E.164, or undefined when they cannot be a number. */
export function readNumber(typed: string): string | undefined {
  const digits = typed.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

/** Numbers Sweden keeps for fiction (070-174 06 05 to 99); the first ones belong to the demo's own people and senders. */
const FIRST_FREE = 52;
const LAST = 99;

/** A fiction number nobody has yet. */
export function freeNumber(taken: readonly string[]): string {
  for (let end = FIRST_FREE; end <= LAST; end++) {
    const number = `+467017406${end}`;
    if (!taken.includes(number)) return number;
  }
  return '';
}
