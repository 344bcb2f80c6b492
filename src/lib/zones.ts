import { IANAZone } from 'luxon';

const known = new Set<string>();

/** Whether there is a time zone of that name. A formatter is made for the answer, so what exists is remembered. */
export function isZone(name: string): boolean {
  if (known.has(name)) return true;
  const valid = IANAZone.isValidZone(name);
  if (valid) known.add(name); // what is none could be anything: it is not remembered
  return valid;
}
