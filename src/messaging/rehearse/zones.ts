import { getAllTimezones } from 'countries-and-timezones';
import { phoneIn } from './customer.ts';
import { TELLING_ZONES } from './survey.ts';

/** A zone as people write it, understood, or the zones they may have meant. */
export type ZoneAnswer = { zone: string } | { choices: string[] };

const MOST = 12;
/** Letters that must be alike. */
const LEAST = 3;

let known: readonly string[] | undefined;

/** Every zone that the places of the world keep, by name. */
function zoneNames(): readonly string[] {
  known ??= Object.values(getAllTimezones({ deprecated: true }))
    .filter(({ countries }) => countries.length > 0)
    .map(({ name }) => name)
    .sort();
  return known;
}

/** `europe/stockholm`, `Stockholm`, `new york`. A zone in which nobody has a mobile number does not count. */
export function findZone(text: string): ZoneAnswer {
  const wanted = fold(text);
  const whole = zoneNames().find((zone) => fold(zone) === wanted);
  const cities = whole ? [whole] : zoneNames().filter((zone) => fold(zone.split('/').at(-1) ?? zone) === wanted);
  const [found] = cities.filter((zone) => phoneIn(zone) !== undefined);
  if (found) return { zone: found };
  const alike = zoneNames()
    .map((zone) => ({ zone, letters: likeness(fold(zone), wanted) }))
    .filter(({ letters }) => letters >= LEAST)
    .sort((a, b) => b.letters - a.letters);
  const choices = alike.length > 0 ? alike.map(({ zone }) => zone) : TELLING_ZONES;
  return { choices: choices.filter((zone) => phoneIn(zone) !== undefined).slice(0, MOST) };
}

/** Letters that two names, or their cities, have in common from the start. */
function likeness(zone: string, wanted: string): number {
  const city = zone.split('/').at(-1) ?? zone;
  return Math.max(common(zone, wanted), common(city, wanted.split('/').at(-1) ?? wanted));
}

function common(a: string, b: string): number {
  const differs = [...a].findIndex((letter, index) => letter !== b[index]);
  return differs < 0 ? a.length : differs;
}

const fold = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
