import { LEGAL_HOURS, type LegalHours, UNKNOWN_PLACE } from './legal-hours-data.ts';

/** Whose law may count. `states` are US postal codes; `sure` is false when nothing tells where the person is. */
export interface Jurisdiction {
  country?: string;
  otherCountries?: readonly string[];
  states?: readonly string[];
  sure: boolean;
}

/** A calendar day on a local clock; `weekday` 1 is Monday, 7 Sunday. */
export interface LocalDay {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

/** Minutes since local midnight, the end excluded. */
export interface DayWindow {
  start: number;
  end: number;
}

/**
 * When an automated message may leave on this local day, by every rule that may count at once; undefined when the day
 * is closed. A place without rules is open all day. `zone` matters only for a place nobody knows: its own narrow
 * window is counted on the Eastern clock.
 */
export function legalWindow(
  law: Jurisdiction,
  zone: string,
  day: LocalDay,
  rules: readonly LegalHours[] = LEGAL_HOURS,
): DayWindow | undefined {
  let window: DayWindow = { start: 0, end: 24 * 60 };
  for (const rule of inForce(rules, law, zone, isoDate(day))) {
    const hours = hoursOn(rule, day);
    if (hours === 'closed') return undefined;
    window = { start: Math.max(window.start, hours[0] * 60), end: Math.min(window.end, hours[1] * 60) };
  }
  return window.start < window.end ? window : undefined;
}

/** Zones in which windows are counted besides the candidates' own. */
export function extraZones(law: Jurisdiction): readonly string[] {
  return mayBeAnywhereInUs(law) ? [UNKNOWN_PLACE.zone] : [];
}

/** US federal holidays (5 USC 6103), the day itself and the weekday it is kept on when it falls on a weekend. */
export function isUsFederalHoliday({ year, month, day, weekday }: LocalDay): boolean {
  const nth = Math.ceil(day / 7);
  const monday = weekday === 1;
  const movable =
    (month === 1 && monday && nth === 3) || // Martin Luther King
    (month === 2 && monday && nth === 3) || // Washington
    (month === 5 && monday && day > 24) || // Memorial Day
    (month === 9 && monday && nth === 1) || // Labor Day
    (month === 10 && monday && nth === 2) || // Columbus
    (month === 11 && weekday === 4 && nth === 4); // Thanksgiving
  if (movable || isFixedHoliday(month, day)) return true;
  if (weekday === 5) return isFixedHoliday(...monthDay(year, month, day + 1));
  if (weekday === 1) return isFixedHoliday(...monthDay(year, month, day - 1));
  return false;
}

function isFixedHoliday(month: number, day: number): boolean {
  return ['1-1', '6-19', '7-4', '11-11', '12-25'].includes(`${month}-${day}`);
}

function monthDay(year: number, month: number, day: number): [month: number, day: number] {
  const date = new Date(Date.UTC(year, month - 1, day));
  return [date.getUTCMonth() + 1, date.getUTCDate()];
}

function hoursOn(rule: LegalHours, day: LocalDay): LegalHours['sunday'] {
  if (rule.closedOnHolidays && isUsFederalHoliday(day)) return 'closed';
  if (day.weekday === 7) return rule.sunday;
  return day.weekday === 6 ? rule.saturday : rule.weekdays;
}

/** The version of each rule in force on that day. */
function inForce(all: readonly LegalHours[], law: Jurisdiction, zone: string, date: string): LegalHours[] {
  const places = new Set([law.country, ...(law.otherCountries ?? []), ...(law.states ?? []).map((s) => `US-${s}`)]);
  const latest = new Map<string, LegalHours>();
  for (const rule of all) {
    const older = latest.get(rule.id);
    if (!places.has(rule.place) || rule.from > date || (older && older.from > rule.from)) continue;
    latest.set(rule.id, rule);
  }
  const rules = [...latest.values()];
  return mayBeAnywhereInUs(law) && zone === UNKNOWN_PLACE.zone ? [...rules, UNKNOWN_PLACE.hours] : rules;
}

function mayBeAnywhereInUs(law: Jurisdiction): boolean {
  return !law.sure && (law.country === undefined || [law.country, ...(law.otherCountries ?? [])].includes('US'));
}

function isoDate({ year, month, day }: LocalDay): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
