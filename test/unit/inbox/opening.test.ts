import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type OpeningHours, openMinutes, openSince } from '../../../src/inbox/opening.ts';

const NINE_TO_SIX = [{ from: '09:00', to: '18:00' }];
const shop = (changes: Partial<OpeningHours> = {}): OpeningHours => ({
  opening: {
    1: NINE_TO_SIX,
    2: NINE_TO_SIX,
    3: NINE_TO_SIX,
    4: NINE_TO_SIX,
    5: NINE_TO_SIX,
    6: [{ from: '10:00', to: '15:00' }],
  },
  closedDays: [],
  zone: 'Europe/Stockholm',
  ...changes,
});
const at = (text: string) => new Date(text);

describe("the business's own clock", () => {
  test.each([
    ['runs while it is open', '2026-11-23T10:00+01:00', '2026-11-23T10:38+01:00', 38],
    ['stands still before the opening', '2026-11-23T07:00+01:00', '2026-11-23T09:10+01:00', 10],
    ['stands still over night', '2026-11-23T17:50+01:00', '2026-11-24T09:05+01:00', 15],
    ['stands still from Saturday afternoon to Monday', '2026-11-21T14:00+01:00', '2026-11-23T09:30+01:00', 90],
    ['does not run backwards', '2026-11-23T11:00+01:00', '2026-11-23T10:00+01:00', 0],
  ])('%s', (_what, from, to, minutes) => {
    expect(openMinutes(at(from), at(to), shop())).toBe(minutes);
  });

  test('stands still on closed days', () => {
    const hours = shop({ closedDays: ['2026-11-24'] });
    expect(openMinutes(at('2026-11-23T17:50+01:00'), at('2026-11-25T09:05+01:00'), hours)).toBe(15);
  });

  test('counts hours that overlap once, and leaves out those that end before they begin', () => {
    const opening = {
      1: [
        { from: '09:00', to: '12:00' },
        { from: '11:00', to: '13:00' },
        { from: '20:00', to: '19:00' },
      ],
    };
    expect(openMinutes(at('2026-11-23T00:00+01:00'), at('2026-11-24T00:00+01:00'), shop({ opening }))).toBe(240);
  });

  test('keeps the hours of the wall clock when clocks are turned', () => {
    const night = { 7: [{ from: '01:00', to: '05:00' }] };
    // Sunday 25 October 2026: the hour from 2 to 3 comes twice; Sunday 29 March: it is left out
    const day = (date: string, hours: OpeningHours) => openMinutes(at(`${date}T00:00Z`), at(`${date}T12:00Z`), hours);
    expect(day('2026-10-25', shop({ opening: night }))).toBe(4 * 60);
    expect(day('2026-03-29', shop({ opening: night }))).toBe(3 * 60);
  });

  test('always runs where no hours are set, or nobody would ever be reminded', () => {
    const never = shop({ opening: {} });
    expect(openMinutes(at('2026-11-22T03:00Z'), at('2026-11-22T04:00Z'), never)).toBe(60);
    expect(openSince(at('2026-11-22T04:00Z'), 60, never)).toEqual(at('2026-11-22T03:00Z'));
  });

  test('says since when something has waited long enough, across nights and closed days', () => {
    const now = at('2026-11-23T09:05+01:00');
    expect(openSince(now, 5, shop())).toEqual(at('2026-11-23T09:00+01:00'));
    expect(openSince(now, 15, shop())).toEqual(at('2026-11-21T14:50+01:00'));
    expect(openSince(now, 15, shop({ closedDays: ['2026-11-21'] }))).toEqual(at('2026-11-20T17:50+01:00'));
    expect(openSince(at('2026-11-22T12:00+01:00'), 15, shop())).toEqual(at('2026-11-21T14:45+01:00'));
  });

  test('of a business that was closed for a year says that nothing has waited', () => {
    const opening = { 1: [{ from: '09:00', to: '09:01' }] };
    expect(openSince(at('2026-11-23T10:00Z'), 10_080, shop({ opening }))).toBeNull();
  });
});

const ZONES = ['Europe/Stockholm', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns', 'UTC'];
const time = fc.integer({ min: 0, max: 23 * 60 + 59 }).map((minute) => {
  const text = (part: number) => String(part).padStart(2, '0');
  return `${text(Math.floor(minute / 60))}:${text(minute % 60)}`;
});
const spans = fc.array(fc.record({ from: time, to: time }), { maxLength: 3 });
const anyShop: fc.Arbitrary<OpeningHours> = fc.record({
  opening: fc.record({ 1: spans, 2: spans, 3: spans, 4: spans, 5: spans, 6: spans, 7: spans }, { requiredKeys: [] }),
  closedDays: fc.array(fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-11-23'), { maxLength: 2 }),
  zone: fc.constantFrom(...ZONES),
});
const instant = fc
  .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) })
  .map((ms) => new Date(Math.floor(ms / 60_000) * 60_000));

describe('for any hours, in any zone, on any day', () => {
  test('what has waited since then has waited exactly that long, and what came later has not', () => {
    fc.assert(
      fc.property(anyShop, instant, fc.integer({ min: 1, max: 3000 }), (hours, now, minutes) => {
        const since = openSince(now, minutes, hours);
        if (since === null) return;
        expect(openMinutes(since, now, hours)).toBe(minutes);
        expect(openMinutes(new Date(since.getTime() + 60_000), now, hours)).toBeLessThan(minutes);
      }),
    );
  });

  test('time adds up, never runs faster than the wall clock, and does not run while it is closed', () => {
    fc.assert(
      fc.property(anyShop, instant, fc.nat(5000), fc.nat(5000), (hours, from, first, second) => {
        const middle = new Date(from.getTime() + first * 60_000);
        const end = new Date(middle.getTime() + second * 60_000);
        const [a, b, whole] = [
          openMinutes(from, middle, hours),
          openMinutes(middle, end, hours),
          openMinutes(from, end, hours),
        ];
        expect(a + b).toBe(whole);
        expect(whole).toBeLessThanOrEqual(first + second);
      }),
    );
  });
});
