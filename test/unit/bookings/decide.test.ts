import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import {
  type BookingDecision,
  type BookingId,
  type BookingTalk,
  decideBooking,
  freeSlots,
  type Slot,
  understandTime,
} from '../../../src/bookings/index.ts';
import type { StaffId } from '../../../src/lib/ids.ts';
import { MONDAY } from './times/shown.ts';

const SOFIA = 'sofia' as StaffId;
const ERIK = 'erik' as StaffId;
const { now, zone, opening } = MONDAY;
const BOOKED = { id: 'b1' as BookingId, startsAt: new Date('2026-11-27T10:00:00+01:00') };

const FREE = freeSlots({
  opening: opening ?? {},
  closedDays: [],
  zone,
  appointment: { minutes: 45, pause: 15 },
  busy: [
    { staffId: SOFIA, startsAt: new Date('2026-11-26T09:00:00+01:00'), endsAt: new Date('2026-11-26T18:00:00+01:00') },
  ],
  bookings: [
    { staffId: SOFIA, startsAt: new Date('2026-11-28T12:00:00+01:00'), endsAt: new Date('2026-11-28T12:45:00+01:00') },
  ],
  now,
  staff: [SOFIA],
  from: now,
  to: new Date('2026-12-14T00:00:00+01:00'),
});
const slot = (text: string): Slot => {
  const startsAt = new Date(`${text}+01:00`);
  return { staffId: SOFIA, startsAt, endsAt: new Date(startsAt.getTime() + 45 * 60_000) };
};
const OFFERED = [slot('2026-11-24T10:00'), slot('2026-11-25T14:00'), slot('2026-11-28T11:00')];

interface Said extends Partial<BookingTalk> {
  language?: string;
}

function decide(text: string, { language = 'en', ...changes }: Said = {}): BookingDecision {
  const time = understandTime(text, { ...MONDAY, language });
  return decideBooking({
    text,
    intent: 'book',
    time,
    offered: [],
    free: FREE,
    booked: null,
    zone,
    now,
    prefer: SOFIA,
    ...changes,
  });
}

const clock = (at: Date) => DateTime.fromJSDate(at, { zone }).setLocale('en').toFormat('ccc d HH:mm');

/** `book Sat 28 11:00`, `offer wish: …`, `ask which_slot: …`. */
function told(decision: BookingDecision): string {
  switch (decision.kind) {
    case 'book':
    case 'reschedule':
      return `${decision.kind} ${clock(decision.slot.startsAt)}`;
    case 'offer':
      return `offer ${decision.why}${decision.move ? ' to move' : ''}: ${decision.slots.map((each) => clock(each.startsAt)).join(', ')}`;
    case 'ask':
      return `ask ${decision.why}: ${decision.slots.map((each) => clock(each.startsAt)).join(', ')}`.trim();
    default:
      return decision.kind;
  }
}

describe('a time that is named', () => {
  test.each([
    ['sv', 'lördag vid elva', 'book Sat 28 11:00'],
    ['en', 'Saturday at 11 works for me', 'book Sat 28 11:00'],
    ['de', 'am Samstag um 11 Uhr', 'book Sat 28 11:00'],
    ['es', 'el sábado a las once', 'book Sat 28 11:00'],
    ['hi', 'shanivar ko 11 baje', 'book Sat 28 11:00'],
  ])('with its day and free is booked: %s "%s"', (language, text, expected) => {
    expect(told(decide(text, { language }))).toBe(expected);
  });

  test('that is taken brings others near it', () => {
    expect(told(decide('Saturday at 12'))).toMatch(/^offer taken: .*Sat 28 1[0-4]:/);
  });

  test('on a closed day brings others', () => {
    expect(told(decide('Sunday at 12'))).toMatch(/^offer taken: /);
  });

  test('without its day is offered, not booked', () => {
    expect(told(decide('at 3pm'))).toBe('offer wish: Mon 23 15:00');
  });

  test('as a stretch brings what is free in it', () => {
    for (const each of told(decide('tomorrow after 3')).replace('offer wish: ', '').split(', ')) {
      expect(each).toMatch(/^Tue 24 1[5-7]:/);
    }
    expect(told(decide('after 4 please'))).toMatch(/^offer wish: \w+ \d+ 1[67]:/);
  });

  test('in a stretch in which nothing is free brings others', () => {
    expect(told(decide('Thursday'))).toMatch(/^offer taken: (?!.*Thu 26)/);
  });

  test('that may be meant in two ways is asked back', () => {
    expect(told(decide('tomorrow at 7'))).toBe('ask am_or_pm:');
    expect(told(decide('Monday at 2'))).toBe('ask which_day: Mon 23 14:00, Mon 30 14:00');
  });

  test('among several brings those that are free', () => {
    expect(told(decide('Thursday or Saturday at 11'))).toBe('offer wish: Sat 28 11:00');
  });

  test('no time at all brings an offer', () => {
    expect(told(decide('Can I book an appointment?'))).toMatch(/^offer no_wish: \w+ \d+ \d\d:\d\d, .*, /);
  });

  test.each(['question_price', 'callback', 'complaint', 'thanks', null])(
    'books nothing in a message that is about something else (%s)',
    (intent) => {
      expect(told(decide('call me Saturday at 11', { intent }))).toBe('nothing');
    },
  );
});

describe('an answer to an offer', () => {
  const answer = (text: string, language = 'en', changes: Said = {}) =>
    told(decide(text, { language, intent: 'other', offered: OFFERED, ...changes }));

  test.each([
    ['en', 'the first one', 'book Tue 24 10:00'],
    ['en', '2', 'book Wed 25 14:00'],
    ['en', 'option 3 please', 'book Sat 28 11:00'],
    ['en', 'The last one is best', 'book Sat 28 11:00'],
    ['en', '11', 'book Sat 28 11:00'],
    ['en', 'wednesday', 'book Wed 25 14:00'],
    ['en', 'at 2', 'book Wed 25 14:00'],
    ['en', 'Saturday works', 'book Sat 28 11:00'],
    ['en', 'whichever', 'book Tue 24 10:00'],
    ['sv', 'den andra', 'book Wed 25 14:00'],
    ['sv', 'lördag blir bra', 'book Sat 28 11:00'],
    ['sv', 'kl 14', 'book Wed 25 14:00'],
    ['de', 'Der zweite Termin passt', 'book Wed 25 14:00'],
    ['de', 'Samstag', 'book Sat 28 11:00'],
    ['es', 'la primera', 'book Tue 24 10:00'],
    ['es', 'el sábado mejor', 'book Sat 28 11:00'],
    ['hi', 'pehla wala', 'book Tue 24 10:00'],
    ['hi', 'shanivar theek hai', 'book Sat 28 11:00'],
    ['hi', 'दूसरा', 'book Wed 25 14:00'],
    ['en', 'yes', 'ask which_slot: Tue 24 10:00, Wed 25 14:00, Sat 28 11:00'],
    ['en', 'the 2pm one', 'book Wed 25 14:00'],
  ])('%s "%s": %s', (language, text, expected) => {
    expect(answer(text, language)).toBe(expected);
  });

  test.each([
    ['en', 'yes please'],
    ['en', 'ok 👍'],
    ['sv', 'ja tack'],
    ['sv', 'funkar'],
    ['de', 'passt'],
    ['es', 'vale, perfecto'],
    ['hi', 'haan theek hai'],
    ['hi', 'ठीक है'],
  ])('a yes to a single one books it: %s "%s"', (language, text) => {
    expect(answer(text, language, { offered: OFFERED.slice(2) })).toBe('book Sat 28 11:00');
  });

  test.each([
    ['en', 'none of these'],
    ['sv', 'nej tyvärr'],
    ['de', 'leider nicht'],
    ['es', 'ninguna'],
  ])('a no brings others: %s "%s"', (language, text) => {
    const told = answer(text, language);
    expect(told).toMatch(/^offer no_wish: /);
    for (const offered of ['Tue 24 10:00', 'Wed 25 14:00', 'Sat 28 11:00']) expect(told).not.toContain(offered);
  });

  test('another time that is free is taken at once when its day is named', () => {
    expect(answer('Could we do Friday at 10 instead?')).toBe('book Fri 27 10:00');
  });

  test('a long message with a yes in it is not an answer', () => {
    const text = 'good to hear from you, I wonder whether the fine car you have there is really still on sale at all';
    expect(answer(text)).toBe('nothing');
  });

  test.each([
    ['en', "I'll check with my wife first"],
    ['sv', 'Jag kollar med min fru först'],
    ['de', 'Ich spreche erst mit meiner Frau'],
    ['es', 'Primero lo hablo con mi mujer'],
    ['hi', 'Pehle biwi se baat karta hoon'],
  ])('who asks somebody else first chooses nothing yet: %s "%s"', (language, text) => {
    expect(answer(text, language, { intent: 'other' })).toBe('later');
  });

  test('a question about something else leaves the offer open', () => {
    expect(answer('What does it cost?', 'en', { intent: 'question_price' })).toBe('nothing');
  });
});

describe('somebody who has an appointment', () => {
  const said = (text: string, language = 'en', changes: Said = {}) =>
    told(decide(text, { language, intent: 'reschedule', booked: BOOKED, ...changes }));

  test.each([
    ['en', 'Please cancel my appointment'],
    ['en', 'I need to cancel, sorry'],
    ['sv', 'Jag måste avboka'],
    ['de', 'Ich muss den Termin absagen'],
    ['es', 'Necesito anular la cita'],
    ['hi', 'appointment cancel kar do'],
  ])('cancels it in so many words: %s "%s"', (language, text) => {
    expect(said(text, language)).toBe('cancel');
  });

  test.each([
    ['en', "I can't make it on Friday"],
    ['sv', 'Jag kan tyvärr inte komma'],
    ['de', 'Ich bin leider verhindert'],
    ['es', 'Al final no puedo ir'],
    ['hi', 'main nahi aa paunga'],
  ])('is offered other times who cannot come: %s "%s"', (language, text) => {
    expect(said(text, language)).toMatch(/^offer cannot_come to move: /);
  });

  test.each([
    ['en', 'Can we move it to Saturday at 11?', 'reschedule Sat 28 11:00'],
    ['en', 'cancel Friday, can we do Saturday at 11?', 'reschedule Sat 28 11:00'],
    ['sv', 'Kan vi flytta till lördag kl 11?', 'reschedule Sat 28 11:00'],
    ['de', 'Können wir auf Samstag 11 Uhr verschieben?', 'reschedule Sat 28 11:00'],
    ['es', '¿Podemos cambiar la cita al sábado a las 11?', 'reschedule Sat 28 11:00'],
    ['hi', 'shanivar 11 baje kar do', 'reschedule Sat 28 11:00'],
  ])('moves it: %s "%s"', (language, text, expected) => {
    expect(said(text, language)).toBe(expected);
  });

  test('is asked before another time silently replaces it', () => {
    expect(said('Saturday at 11 would be good', 'en', { intent: 'book' })).toBe('offer wish to move: Sat 28 11:00');
  });

  test('who only repeats the time changes nothing', () => {
    expect(said('See you Friday at 10', 'en', { intent: 'book' })).toBe('nothing');
  });

  test('who answers the offer moves to it', () => {
    expect(said('yes', 'en', { intent: 'other', offered: OFFERED.slice(2) })).toBe('reschedule Sat 28 11:00');
  });
});

test('who begs us not to cancel keeps the appointment, and a person reads it', () => {
  const begs = { intent: 'reschedule', booked: BOOKED };
  expect(decide('Please do not cancel my appointment, I will be there', begs)).toEqual({ kind: 'unclear' });
  expect(decide('I had to cancel my trip, so I have all the time in the world', begs)).toEqual({ kind: 'unclear' });
});

test('nobody without an appointment cancels one', () => {
  expect(told(decide('please cancel my appointment', { intent: 'reschedule' }))).toBe('nothing');
});

test('a question about cancelling something else cancels no appointment', () => {
  const asked = { intent: 'question_general', booked: BOOKED };
  expect(told(decide('Can I cancel the insurance any time?', asked))).toBe('nothing');
});

test('the owner is taken where several are free', () => {
  const free = FREE.flatMap((each) => [{ ...each, staffId: ERIK }, each]);
  expect(decide('Saturday at 11', { free })).toMatchObject({ kind: 'book', slot: { staffId: SOFIA } });
});

describe('an hour without a day, said to times of one day', () => {
  const saturday = [slot('2026-11-28T10:00'), slot('2026-11-28T13:00'), slot('2026-11-28T14:00')];

  test.each([
    ['en', 'could we do 11:00 instead?'],
    ['sv', 'kan vi ta klockan 11 istället'],
    ['hi', '11 baje theek hai'],
  ])('means that day: %s', (language, text) => {
    expect(decide(text, { language, offered: saturday })).toMatchObject({
      kind: 'offer',
      slots: [slot('2026-11-28T11:00')],
    });
  });

  test('and what is not free then is answered with times around it', () => {
    const decided = decide('could we do 12:00 instead?', { offered: saturday });
    expect(decided).toMatchObject({ kind: 'offer', why: 'taken' });
    const days =
      decided.kind === 'offer' ? decided.slots.map(({ startsAt }) => startsAt.toISOString().slice(0, 10)) : [];
    expect(days).toContain('2026-11-28');
  });

  test('of several days it is the next one that fits, as before', () => {
    const decided = decide('could we do 16:00 instead?', { offered: OFFERED });
    expect(decided).toMatchObject({ kind: 'offer', slots: [slot('2026-11-23T16:00')] });
  });
});

test('who only thanks for an offer is asked once more which of these', () => {
  for (const [language, text] of [
    ['de', 'Danke, bis dann!'],
    ['en', 'thanks, see you then!'],
  ] as const)
    expect(decide(text, { language, offered: OFFERED })).toMatchObject({
      kind: 'ask',
      why: 'which_slot',
      slots: OFFERED,
    });
});
