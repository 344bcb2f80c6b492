import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { type TimeContext, type Understood, understandTime } from '../../../../src/bookings/index.ts';
import { german } from './phrases-de.ts';
import { english } from './phrases-en.ts';
import { spanish } from './phrases-es.ts';
import { hindi } from './phrases-hi.ts';
import { swedish } from './phrases-sv.ts';
import { MONDAY, shown } from './shown.ts';

describe.each([
  ['en', english],
  ['sv', swedish],
  ['de', german],
  ['es', spanish],
  ['hi', hindi],
])('a customer who writes %s', (language, phrases) => {
  test.each(phrases)('%s: %s', (text, expected) => {
    expect(shown(understandTime(text, { ...MONDAY, language }))).toBe(expected);
  });
});

describe('what decides between two meanings', () => {
  const early = { ...MONDAY, opening: { 2: [{ from: '07:00', to: '21:00' }] } };
  test.each([
    ['en', 'tomorrow at 8', 'am_or_pm? Tue 24 Nov 08:00 | Tue 24 Nov 20:00'],
    ['en', 'tomorrow at 8 in the evening', 'Tue 24 Nov 20:00'],
    ['en', 'tomorrow at 3', 'Tue 24 Nov 15:00'],
    ['sv', 'imorgon kl 8', 'Tue 24 Nov 08:00'],
    ['de', 'morgen um 8', 'Tue 24 Nov 08:00'],
    ['es', 'mañana a las 8', 'am_or_pm? Tue 24 Nov 08:00 | Tue 24 Nov 20:00'],
  ])('open from seven to nine in the evening, %s "%s" is %s', (language, text, expected) => {
    expect(shown(understandTime(text, { ...early, language }))).toBe(expected);
  });

  test.each([
    [undefined, 'which_date? Thu 4 Mar 11:00 | Sat 3 Apr 11:00'],
    ['GB', 'Sat 3 Apr 11:00'],
    ['US', 'Thu 4 Mar 11:00'],
  ])('3/4 of somebody in %s', (country, expected) => {
    const context: TimeContext = { ...MONDAY, language: 'en', ...(country && { country }) };
    expect(shown(understandTime('3/4 at 11', context))).toBe(expected);
  });

  test.each([
    ['2026-11-23T10:30:00+01:00', 'de', 'nächsten Freitag', 'which_day? Fri 27 Nov | Fri 4 Dec'],
    ['2026-11-27T10:30:00+01:00', 'de', 'nächsten Dienstag', 'Tue 1 Dec'],
    ['2026-11-23T10:30:00+01:00', 'en', 'next friday', 'Fri 4 Dec'],
    ['2026-11-23T10:30:00+01:00', 'es', 'el próximo viernes', 'Fri 27 Nov'],
    ['2026-11-28T16:00:00+01:00', 'sv', 'lördag kl 11', 'Sat 5 Dec 11:00'],
    ['2026-11-28T08:00:00+01:00', 'sv', 'lördag kl 11', 'which_day? Sat 28 Nov 11:00 | Sat 5 Dec 11:00'],
    ['2026-12-30T12:00:00+01:00', 'en', '5 January at 10', 'Tue 5 Jan 10:00'],
    ['2026-11-23T10:30:00+01:00', 'en', '3 November', 'past? Wed 3 Nov'],
    ['2026-11-23T10:30:00+01:00', 'en', '31 February', 'nothing'],
    ['2026-11-23T10:30:00+01:00', 'en', '29 February', 'past? Tue 29 Feb'],
    ['2026-11-23T10:30:00+01:00', 'en', '29/2/2027', 'nothing'],
    ['2026-11-27T10:30:00+01:00', 'en', 'Saturday 28', 'Sat 28 Nov'],
    ['2026-12-08T10:30:00+01:00', 'en', 'Saturday 12', 'Sat 12 Dec 12:00'],
  ])('at %s, %s "%s" is %s', (now, language, text, expected) => {
    expect(shown(understandTime(text, { ...MONDAY, now: new Date(now), language }))).toBe(expected);
  });
});

describe('right across a change of the clocks', () => {
  const saturday = new Date('2027-03-27T12:00:00+01:00');
  test.each([
    ['sv', 'imorgon kl 11', '2027-03-28T11:00:00+02:00'],
    ['sv', 'på måndag kl 9', '2027-03-29T09:00:00+02:00'],
    ['de', 'in 24 Stunden', '2027-03-28T13:00:00+02:00'],
  ])('the night before summer time %s "%s" is %s', (language, text, expected) => {
    const understood = understandTime(text, { now: saturday, zone: 'Europe/Stockholm', language });
    expect(understood).toEqual({ kind: 'at', instant: new Date(expected) });
  });

  test('a day of 25 hours is asked for as a whole', () => {
    const context = { now: new Date('2026-10-24T12:00:00+02:00'), zone: 'Europe/Stockholm', language: 'en' };
    const understood = understandTime('tomorrow', context);
    expect(understood).toEqual({
      kind: 'range',
      from: new Date('2026-10-25T00:00:00+02:00'),
      to: new Date('2026-10-26T00:00:00+01:00'),
    });
  });
});

const ZONES = ['Europe/Stockholm', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Beirut', 'UTC'];
const moment = fc.record({
  now: fc.date({ min: new Date('2026-01-01'), max: new Date('2029-12-31'), noInvalidDate: true }),
  zone: fc.constantFrom(...ZONES),
});
const spoken = fc.constantFrom(
  ...(
    [
      ['en', english],
      ['sv', swedish],
      ['de', german],
      ['es', spanish],
      ['hi', hindi],
    ] as const
  ).flatMap(([language, phrases]) => phrases.map(([text]) => ({ language, text }))),
);

const found = (understood: Understood) =>
  !understood ? [] : understood.kind === 'ask' ? understood.candidates : [understood];

/** Days ahead of each phrase. */
const DAYS: readonly (readonly [string, string, number])[] = [
  ['en', 'today', 0],
  ['en', 'tomorrow', 1],
  ['en', 'the day after tomorrow', 2],
  ['sv', 'imorgon', 1],
  ['sv', 'i övermorgon', 2],
  ['de', 'morgen', 1],
  ['de', 'übermorgen', 2],
  ['es', 'mañana', 1],
  ['es', 'pasado mañana', 2],
  ['hi', 'kal', 1],
  ['hi', 'परसों', 2],
];
const HOURS: Record<string, readonly string[]> = {
  en: ['at 11', 'at 3pm', 'after 2', 'in the afternoon', 'between 10 and 12', '15:45', 'before noon', ''],
  sv: ['kl 11', 'vid halv fyra', 'efter 14', 'på förmiddagen', 'mellan 10 och 12', '15.45', 'före 12', ''],
  de: ['um 11', 'um halb vier', 'nach 14 Uhr', 'vormittags', 'zwischen 10 und 12', '15:45', 'vor 12', ''],
  es: ['a las 11', 'a las cuatro y media', 'después de las 2', 'por la tarde', 'de 10 a 12', '15:45', ''],
  hi: ['11 baje', 'sadhe teen baje', '2 baje ke baad', 'shaam ko', '10 se 12 baje ke beech', '15:45', ''],
};
const dayAndHour = fc.constantFrom(
  ...DAYS.flatMap(([language, day, ahead]) =>
    (HOURS[language] ?? []).map((hour) => ({ language, ahead, text: `${day} ${hour}`.trim() })),
  ),
);

describe('whatever the time and the place', () => {
  test('nothing that is given lies before now, and no stretch is empty', () => {
    fc.assert(
      fc.property(spoken, moment, ({ language, text }, { now, zone }) => {
        for (const each of found(understandTime(text, { ...MONDAY, now, zone, language }))) {
          if (each.kind === 'at') expect(each.instant.getTime()).toBeGreaterThan(now.getTime());
          else {
            expect(each.from.getTime()).toBeGreaterThanOrEqual(now.getTime());
            expect(each.to.getTime()).toBeGreaterThan(each.from.getTime());
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('a day that begins at one o’clock ends at midnight as every other', () => {
    const now = new Date('2029-03-23T22:00:00Z'); // midnight in Beirut; the next one is skipped
    expect(understandTime('mañana', { now, zone: 'Asia/Beirut', language: 'es' })).toEqual({
      kind: 'range',
      from: new Date('2029-03-24T22:00:00Z'),
      to: new Date('2029-03-25T21:00:00Z'),
    });
  });

  test('it stays inside the day that was asked for', () => {
    fc.assert(
      fc.property(dayAndHour, moment, ({ language, ahead, text }, { now, zone }) => {
        const understood = understandTime(text, { now, zone, language });
        const day = DateTime.fromJSDate(now, { zone }).startOf('day').plus({ days: ahead }).startOf('day');
        const end = day.plus({ days: 1 }).startOf('day');
        // of today it may be over
        if (ahead > 0) expect(understood?.kind).toMatch(/^(at|range)$/);
        if (understood?.kind === 'at') {
          expect(understood.instant >= day.toJSDate() && understood.instant < end.toJSDate()).toBe(true);
        }
        if (understood?.kind === 'range') {
          expect(understood.from >= day.toJSDate() && understood.to <= end.toJSDate()).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('no text makes it throw', () => {
    const words = fc.constantFrom(
      'kl',
      'um',
      'halb',
      '11',
      '24/12',
      '10.30',
      'nach',
      'fem',
      'i',
      'kal',
      'Friday',
      'next',
      '-',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((each) => each.join(' ')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('en', 'sv', 'de', 'es', 'hi', 'fr', ''), moment, (said, language, at) => {
        expect(() => understandTime(said, { ...at, language })).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  test('a text of any length is read in time', () => {
    const started = performance.now();
    understandTime('lördag vid elva '.repeat(20_000), { ...MONDAY, language: 'sv' });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
