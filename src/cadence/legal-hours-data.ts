/**
 * Hours in which the law of a place, or our own caution, lets automated messages leave: dated data. A rule that changes
 * gets a second row with the same `id` and a later `from`; the older row stays and rules the days before. Times are
 * hours on the recipient's clock, the end excluded. All rows that fit a place apply together: the strictest wins.
 */
export interface LegalHours {
  /** Names the rule across its versions. */
  id: string;
  /** `US`, `SE` … a country; `US-FL` a state. */
  place: string;
  /** First local day, ISO. */
  from: string;
  weekdays: HoursOfDay;
  saturday: HoursOfDay;
  sunday: HoursOfDay;
  /** Closed on US federal holidays too. */
  closedOnHolidays?: true;
}

export type HoursOfDay = readonly [start: number, end: number] | 'closed';

const ALWAYS = '1970-01-01';

/** Every day alike. */
function daily(start: number, end: number): Pick<LegalHours, 'weekdays' | 'saturday' | 'sunday'> {
  return { weekdays: [start, end], saturday: [start, end], sunday: [start, end] };
}

function notOnSundays(start: number, end: number): Pick<LegalHours, 'weekdays' | 'saturday' | 'sunday'> {
  return { weekdays: [start, end], saturday: [start, end], sunday: 'closed' };
}

export const LEGAL_HOURS: readonly LegalHours[] = [
  // 47 CFR 64.1200(c)(1): no solicitation before 08:00 or after 21:00 at the called party's place.
  { id: 'us-federal', place: 'US', from: ALWAYS, ...daily(8, 21) },
  // Ours, stricter than the law: what suits nearly every state without knowing it.
  { id: 'us-caution', place: 'US', from: ALWAYS, ...notOnSundays(9, 20) },

  // Fla. Stat. 501.616(6), as amended 2021.
  { id: 'us-fl', place: 'US-FL', from: '2021-07-01', ...daily(8, 20) },
  // Oklahoma Telephone Solicitation Act of 2022.
  { id: 'us-ok', place: 'US-OK', from: '2022-11-01', ...daily(8, 20) },
  // RCW 80.36.390 and 19.158.040, as amended 2022.
  { id: 'us-wa', place: 'US-WA', from: '2022-06-09', ...daily(8, 20) },
  // Tex. Bus. & Com. Code ch. 301 and 302; SB 140 counts texts from this day.
  { id: 'us-tx', place: 'US-TX', from: '2025-09-01', weekdays: [9, 21], saturday: [9, 21], sunday: [12, 21] },
  // Conn. Gen. Stat. 42-288a, as amended 2023.
  { id: 'us-ct', place: 'US-CT', from: '2023-10-01', ...daily(9, 20) },
  // R.I. Gen. Laws 5-61-3.6 and 5-61-2; the hours are from a secondary source.
  { id: 'us-ri', place: 'US-RI', from: ALWAYS, weekdays: [9, 18], saturday: [10, 17], sunday: [10, 17] },

  // State rules for voice calls, from a trade guide of 2025; we keep them for texts as well.
  { id: 'us-al', place: 'US-AL', from: ALWAYS, ...notOnSundays(8, 20), closedOnHolidays: true },
  { id: 'us-la', place: 'US-LA', from: ALWAYS, ...notOnSundays(8, 20), closedOnHolidays: true },
  { id: 'us-ms', place: 'US-MS', from: ALWAYS, ...notOnSundays(8, 20) },
  { id: 'us-ky', place: 'US-KY', from: ALWAYS, ...daily(10, 21) },
  { id: 'us-nv', place: 'US-NV', from: ALWAYS, ...daily(9, 20) },
  { id: 'us-mi', place: 'US-MI', from: ALWAYS, ...daily(9, 21) },
  { id: 'us-mn', place: 'US-MN', from: ALWAYS, ...daily(9, 21) },
  { id: 'us-nm', place: 'US-NM', from: ALWAYS, ...daily(9, 21) },

  // Sweden has no statutory hours for messages (marknadsföringslagen 2008:486); ours.
  { id: 'se', place: 'SE', from: ALWAYS, weekdays: [8, 20], saturday: [10, 18], sunday: [10, 18] },
  // India: 09-21 by the 2011 amendment to TCCCPR; some providers open at 10, so do we. Closed from 21:00:00.
  { id: 'in', place: 'IN', from: ALWAYS, ...daily(10, 21) },
];

/**
 * Somewhere in the United States, or nobody knows where: an hour that is inside every row above from Pacific to Eastern.
 * Counted on the Eastern clock whatever other zones are candidates.
 */
export const UNKNOWN_PLACE: { zone: string; hours: LegalHours } = {
  zone: 'America/New_York',
  hours: {
    id: 'us-unknown',
    place: 'US',
    from: ALWAYS,
    weekdays: [13, 18],
    saturday: 'closed',
    sunday: 'closed',
    closedOnHolidays: true,
  },
};
