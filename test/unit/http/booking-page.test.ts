import { describe, expect, test } from '@jest/globals';
import { BOOKING_WORDS } from '../../../src/http/pages/booking-words.ts';
import { type BookingState, bookingPage, calendarWords, unknownBookingPage } from '../../../src/http/pages/index.ts';
import { LANGUAGES } from '../../../src/http/pages/languages.ts';

const NONCE = 'q83vEjRWeJCrze8SNFZ4kA==';
const STATES: readonly BookingState[] = ['booked', 'moved', 'taken', 'wished', 'cancelled', 'over'];
const HOSTILE = `"><script>alert(1)</script>`;

type View = Parameters<typeof bookingPage>[0];
const page = (changes: Partial<View> = {}) =>
  bookingPage({
    business: 'Nordic Motors',
    accent: '#1f4fa3',
    lang: 'en',
    state: 'booked',
    day: 'Saturday 28 November',
    time: '11:00',
    salesperson: 'Sofia Lind',
    where: 'Storgatan 1',
    contact: '+46 8 123',
    choices: [{ value: '1795860000000', day: 'Monday 30 November', time: '09:00' }],
    action: '/b/tok',
    nonce: NONCE,
    ...changes,
  });

describe.each(LANGUAGES)('the page of an appointment in %s', (lang) => {
  test.each(STATES)('is complete: %s', (state) => {
    const written = page({ lang, state });
    expect(written).toContain(`<html lang="${lang}"`);
    expect(written.replace(/<style.*?<\/style>/s, '')).not.toMatch(/\{\w+\}|undefined|null|\[object/);
    expect(written).not.toContain('<script');
    expect(written).toContain('Nordic Motors');
  });

  test('fills every word, and no word is missing', () => {
    for (const [key, words] of Object.entries(BOOKING_WORDS[lang])) {
      expect([key, words.trim()]).not.toEqual([key, '']);
      const asked = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      expect([key, asked(words)]).toEqual([key, asked(BOOKING_WORDS.en[key as keyof typeof BOOKING_WORDS.en])]);
    }
    const words = calendarWords(lang, { business: 'B', salesperson: 'S', link: 'L' });
    expect(`${words.summary} ${words.description}`).not.toContain('{');
  });
});

test('people’s words are text everywhere', () => {
  const hostile = page({
    business: HOSTILE,
    salesperson: HOSTILE,
    where: HOSTILE,
    contact: HOSTILE,
    day: HOSTILE,
    choices: [{ value: HOSTILE, day: HOSTILE, time: HOSTILE }],
    action: HOSTILE,
  });
  expect(hostile).not.toContain('<script>alert');
});

test('the list of other times is open only where one has to be chosen again', () => {
  expect(page({ state: 'taken' })).toContain('<details open>');
  expect(page()).not.toContain('<details open>');
});

test('without a free time only asking is left', () => {
  const written = page({ choices: [] });
  expect(written).not.toContain('value="move"');
  expect(written).toContain('value="wish"');
});

test('what is over or cancelled has nothing to press', () => {
  for (const state of ['over', 'cancelled'] as const) expect(page({ state })).not.toMatch(/<form|<a /);
});

test('an unknown link names nobody', () => {
  expect(unknownBookingPage('sv', NONCE)).not.toContain('Nordic');
});
