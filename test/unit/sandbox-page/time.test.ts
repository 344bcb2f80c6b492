import { describe, expect, test } from '@jest/globals';
import { quoteOf, sentence, trackOf } from '../../../src/sandbox/page/time/track.ts';
import { dayTarget } from '../../../src/sandbox/page/time/turns.ts';
import type { Lead, Step, Text } from '../../../src/sandbox/wire.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');

const step = (label: string, state: string, at: string, direction: Step['direction'] = 'out'): Step => ({
  id: label,
  label,
  direction,
  channel: 'whatsapp',
  state,
  at,
  words: '',
  attempts: [],
});

const lead = (steps: Step[]): Lead => ({
  id: 'L1',
  name: 'Anna Karlsson',
  number: '+46701740650',
  zone: 'Europe/Stockholm',
  car: 'BMW X5',
  owner: 'Sofia',
  stage: 'New',
  state: 'active',
  createdAt: '2026-11-22T03:20:00.000Z',
  steps,
});

describe('the track', () => {
  test('stands in order of time, with now between what happened and what comes', () => {
    const { stops, past, until } = trackOf(
      lead([
        step('Day 7', 'scheduled', '2026-11-29T09:00:00Z'),
        step('Day 0', 'read', '2026-11-22T08:00:00Z'),
        step('Day 2', 'scheduled', '2026-11-24T09:00:00Z'),
        step('Anna wrote', 'received', '2026-11-22T08:30:00Z', 'in'),
      ]),
      NOW,
    );
    expect(stops.map(({ step: { label }, mark }) => [label, mark])).toEqual([
      ['Day 0', 'read'],
      ['Anna wrote', 'wrote'],
      ['Day 2', 'next'],
      ['Day 7', 'later'],
    ]);
    expect([past, until]).toEqual([2, '2 d']);
  });

  test.each([
    ['cancelled', 'dropped', 'cancelled'],
    ['skipped', 'dropped', 'skipped'],
    ['uncertain', 'trouble', 'may have left'],
    ['failed', 'trouble', 'not delivered'],
    ['sending', 'leaving', 'leaving now'],
    ['held', 'waits', 'waits'],
    ['something_new', 'later', 'something new'],
  ])('a step that is %s', (state, mark, word) => {
    const { stops } = trackOf(lead([step('Day 2', state, '2026-11-22T08:00:00Z')]), NOW);
    expect(stops[0]).toMatchObject({ mark, word });
  });

  test('what the customer wrote is quoted from their phone', () => {
    const text = (at: string, body: string): Text => ({
      id: at,
      number: '+46701740650',
      channel: 'whatsapp',
      direction: 'out',
      body,
      at,
      status: 'received',
      errorCode: null,
      automatic: false,
      template: false,
    });
    const texts = [text('2026-11-22T08:29:58.400Z', 'Hej!'), text('2026-11-22T08:40:00Z', 'STOPP')];
    expect(quoteOf(step('Anna wrote', 'received', '2026-11-22T08:29:58.900Z', 'in'), texts)).toBe('Hej!');
    expect(quoteOf(step('Anna wrote', 'received', '2026-11-22T08:35:00Z', 'in'), texts)).toBeUndefined();
    expect(quoteOf(step('Day 0', 'sent', '2026-11-22T08:40:00Z'), texts)).toBeUndefined();
  });

  test("the ledger's words become a sentence", () => {
    expect(sentence('not sent: the customer replied')).toBe('Not sent: the customer replied.');
    expect(sentence('Choose Resend or Leave?')).toBe('Choose Resend or Leave?');
  });
});

describe('a day of a lead', () => {
  const day2 = '2026-11-24T09:00:00.000Z';

  test('is when its message is due, also when that is later than so many days', () => {
    expect(dayTarget(lead([step('Day 2', 'scheduled', day2)]), 2, NOW)).toBe(Date.parse(day2));
  });

  test('is counted from the log when nothing is planned for it', () => {
    const at = Date.parse('2026-11-24T03:20:00.000Z');
    expect(dayTarget(lead([step('Day 2', 'cancelled', day2)]), 2, NOW)).toBe(at);
    expect(dayTarget(lead([]), 2, at)).toBeUndefined();
  });
});
