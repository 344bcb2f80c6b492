import { DateTime } from 'luxon';

/* Until when a person who asked what is held of them, or to be forgotten, has to have an answer. Local days, `YYYY-MM-DD`. */

/** Whose rule it is that counts. */
export type Regime = 'gdpr' | 'ccpa';

export interface Deadline {
  regime: Regime;
  /** Until then they have to be told that their request has come; null where no such day is set. */
  acknowledgeBy: string | null;
  answerBy: string;
}

/** Business days within which California wants a request acknowledged (11 CCR 7021), and calendar days for its answer. */
const CALIFORNIA = { acknowledge: 10, answer: 45 } as const;

/**
 * The deadline of a request that came on `day`. Who is certainly in the USA has California's clock, the only one there that is set in
 * days; everybody else the shorter one of GDPR (article 12(3): one month, which ends on a working day, Regulation 1182/71), also
 * where it would not have to be. `holidays` are those of the business. Pure.
 */
export function deadlineOf(
  day: string,
  place: { country?: string; sure: boolean },
  holidays: ReadonlySet<string>,
): Deadline {
  const came = DateTime.fromISO(day, { zone: 'utc' });
  const isWorking = (at: DateTime) => at.weekday <= 5 && !holidays.has(dayOf(at));
  if (place.country === 'US' && place.sure) {
    return {
      regime: 'ccpa',
      acknowledgeBy: dayOf(workingDays(came, CALIFORNIA.acknowledge, isWorking)),
      answerBy: dayOf(came.plus({ days: CALIFORNIA.answer })),
    };
  }
  let end = came.plus({ months: 1 });
  while (!isWorking(end)) end = end.plus({ days: 1 });
  return { regime: 'gdpr', acknowledgeBy: null, answerBy: dayOf(end) };
}

const dayOf = (at: DateTime): string => at.toFormat('yyyy-MM-dd');

/** The `count`th working day after a day. */
function workingDays(from: DateTime, count: number, isWorking: (at: DateTime) => boolean): DateTime {
  let at = from;
  for (let left = count; left > 0; ) {
    at = at.plus({ days: 1 });
    if (isWorking(at)) left--;
  }
  return at;
}
