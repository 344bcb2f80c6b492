import { describe, expect, test } from '@jest/globals';
import { placeNote } from '../../../src/sandbox/page/tour/place.ts';
import { begin, newcomer } from '../../../src/sandbox/page/tour/progress.ts';
import { STEPS, stepNow } from '../../../src/sandbox/page/tour/steps.ts';
import type { Sight } from '../../../src/sandbox/page/tour/telling.ts';
import type { Customer, Lead, OpenView, Step, Text } from '../../../src/sandbox/wire.ts';

const NUMBER = '+46701740650';
const NIGHT = Date.parse('2026-11-22T03:20:00Z');

const sight = (changes: Partial<Sight> = {}): Sight => ({
  tour: begin([], []),
  now: NIGHT,
  zone: 'Europe/Stockholm',
  language: 'sv',
  business: 'Nordic Motors',
  me: { id: 'U0SOFIA', name: 'Sofia Lindqvist' },
  channel: 'D0SOFIA',
  modal: undefined,
  lead: undefined,
  customer: undefined,
  texts: [],
  ...changes,
});

const step = (label: string, state: string, at: string): Step => ({
  id: label,
  label,
  direction: 'out',
  channel: 'whatsapp',
  state,
  at,
  words: '',
  attempts: [],
});

const lead = (steps: Step[] = [], state = 'active'): Lead => ({
  id: 'L1',
  name: 'Anna Karlsson',
  number: NUMBER,
  zone: 'Europe/Stockholm',
  car: 'BMW X5',
  owner: 'Sofia Lindqvist',
  stage: 'New',
  state,
  createdAt: '2026-11-22T03:19:00Z',
  steps,
});

const text = (direction: Text['direction'], status: Text['status']): Text => ({
  id: direction + status,
  number: NUMBER,
  channel: 'sms',
  direction,
  body: '',
  at: '2026-11-22T09:00:00Z',
  status,
  errorCode: null,
  automatic: false,
  template: false,
});

const customer = (optedOut: boolean): Customer => ({
  number: NUMBER,
  name: 'Anna Karlsson',
  zone: 'Europe/Stockholm',
  language: 'sv',
  email: null,
  windowUntil: null,
  optedOut,
  mischief: [],
});

const modal = (changes: Partial<OpenView>): OpenView => ({
  id: 'V1',
  kind: 'modal',
  title: '',
  submit: null,
  close: null,
  blocks: [],
  values: {},
  errors: {},
  ...changes,
});

const keyNow = (seen: Sight) => STEPS[stepNow(seen)]?.key;
const toldNow = (seen: Sight) => STEPS[stepNow(seen)]?.tell(seen);

const DAY_0 = '2026-11-22T09:00:00.000Z';
const DAY_2 = '2026-11-24T09:00:00.000Z';

describe('a step ends by itself when it has come true', () => {
  const planned = [step('Day 0', 'scheduled', DAY_0), step('Day 2', 'scheduled', DAY_2)];
  const went = [step('Day 0', 'read', DAY_0), step('Day 2', 'sent', DAY_2)];
  const talked = [text('in', 'read'), text('out', 'received')];
  const answered = [...went, step('Reply by Sofia', 'sent', DAY_2)];
  const late = Date.parse('2026-12-06T09:00:00Z');

  test.each<[string, Sight]>([
    ['log', sight()],
    ['day_0', sight({ lead: lead(planned) })],
    ['day_0', sight({ lead: lead(planned), texts: [text('in', 'failed')] })],
    ['day_2', sight({ lead: lead(planned), texts: [text('in', 'delivered')] })],
    ['reply', sight({ lead: lead(went), texts: [text('in', 'read')] })],
    ['reply', sight({ lead: lead(went), texts: talked })], // it has been written, and not yet heard
    ['answer', sight({ lead: lead(went, 'replied'), texts: talked })],
    ['stop', sight({ lead: lead(answered, 'replied'), texts: talked })],
    ['day_14', sight({ lead: lead(answered, 'replied'), texts: talked, customer: customer(true) })],
    ['why', sight({ lead: lead(answered, 'replied'), texts: talked, customer: customer(true), now: late })],
  ])('%s', (key, seen) => {
    expect(keyNow(seen)).toBe(key);
  });

  test('the end comes when the reasons are on the screen', () => {
    const seen = { lead: lead(answered, 'replied'), texts: talked, customer: customer(true), now: late };
    expect(stepNow(sight({ ...seen, modal: modal({ title: 'Why?' }) }))).toBe(STEPS.length);
  });

  test('who runs ahead is not called back: an early STOP leads to the last steps', () => {
    const cancelled = [step('Day 0', 'read', DAY_0), step('Day 2', 'cancelled', DAY_2)];
    expect(keyNow(sight({ lead: lead(cancelled, 'opted_out'), texts: talked, customer: customer(true) }))).toBe(
      'day_14',
    );
  });

  test('a step that was left stays done', () => {
    expect(keyNow(sight({ tour: { ...begin([], []), step: 2 } }))).toBe('day_2');
  });
});

describe('what a step offers', () => {
  test('first the command, then the consent', () => {
    expect(toldNow(sight())?.action?.act).toMatchObject({ act: 'slash', command: '/drive', user: 'U0SOFIA' });
    const form = modal({ submit: 'Log drive', blocks: [{ type: 'input', block_id: 'consent' }] });
    expect(toldNow(sight({ modal: form }))?.action?.act).toEqual({
      act: 'submit',
      user: 'U0SOFIA',
      view: 'V1',
      values: { consent: true },
    });
  });

  test('at night to turn the clock to the morning, by day only to watch', () => {
    const waits = sight({ lead: lead([step('Day 0', 'scheduled', DAY_0)]) });
    expect(toldNow(waits)?.action).toEqual({
      words: 'Turn the clock to 10:00',
      act: { act: 'turn', to: { until: DAY_0 } },
    });
    expect(toldNow({ ...waits, now: Date.parse(DAY_0) })?.action).toBeUndefined();
  });

  test("the customer's words, by the app they were reached on", () => {
    const seen = sight({
      lead: lead([step('Day 2', 'sent', DAY_2)]),
      texts: [text('in', 'read')],
      customer: customer(false),
    });
    expect(toldNow(seen)?.action?.act).toEqual({
      act: 'write',
      number: NUMBER,
      channel: 'sms',
      body: 'Hej! Finns den fortfarande?',
    });
  });
});

test('the tour plays with somebody the business does not know', () => {
  expect(newcomer([]).name).toBe('Anna Karlsson');
  expect(newcomer([NUMBER]).name).toBe('Lars Olsson');
  expect(newcomer([NUMBER, '+46701740651', '+46701740652'])).toEqual({
    name: 'Eva Lind',
    number: '+46701740653',
    car: 'Audi Q4',
    typed: 'Eva Lind +46 70 174 06 53 Audi Q4',
  });
});

describe('the note', () => {
  const room = { width: 1366, height: 768 };
  const note = { width: 336, height: 220 };

  test.each([
    ['above', { left: 500, top: 600, width: 100, height: 40 }, 'top', { left: 382, top: 364 }],
    ['to the right of a window', { left: 240, top: 60, width: 510, height: 560 }, 'right', { left: 766, top: 230 }],
    ['to the left of the phone', { left: 1000, top: 640, width: 200, height: 30 }, 'left', { left: 648, top: 536 }],
    [
      'below, where there is no room above',
      { left: 10, top: 10, width: 1340, height: 60 },
      'top',
      { left: 512, top: 86 },
    ],
  ] as const)('stands %s', (_where, target, side, place) => {
    expect(placeNote(target, note, room, side)).toEqual(place);
  });

  test('never leaves the window, whatever it points at', () => {
    for (const target of [
      undefined,
      { left: 0, top: 0, width: 1366, height: 768 },
      { left: -50, top: 700, width: 20, height: 90 },
    ]) {
      const { left, top } = placeNote(target, note, room);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + note.width).toBeLessThanOrEqual(room.width);
      expect(top + note.height).toBeLessThanOrEqual(room.height);
    }
  });
});
