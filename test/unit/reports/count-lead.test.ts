import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classOf, medianOf, quickerThan } from '../../../src/reports/answer-times.ts';
import { countLead } from '../../../src/reports/count-lead.ts';
import type { Rules, Told } from '../../../src/reports/types.ts';

const RULES: Rules = {
  start: 'new',
  won: new Set(['won']),
  lost: new Set(['lost']),
  qualified: new Set(['qualified', 'won']),
  steps: new Map([
    ['day_0', { day: 0, template: 'thanks' }],
    ['day_2', { day: 2, template: 'follow_up' }],
  ]),
};

/** `2026-11-23 10:00 sent day_2`: what happened, with its day in UTC. */
function story(...lines: string[]): Told[] {
  return lines.map((line) => {
    const [day = '', time = '', what = '', detail = ''] = line.split(' ');
    const made: Record<string, [string, object]> = {
      captured: ['lead.captured', { source: detail, playbook: 'test-drive' }],
      sent: ['message.sent', { channel: 'sms', step: detail, purpose: 'cadence' }],
      answered: ['message.sent', { channel: 'sms', purpose: detail || 'reply' }],
      wrote: ['message.received', { channel: 'sms', understood: detail || 'message' }],
      moved: ['lead.moved', { to: detail }],
      opted_out: ['person.opted_out', {}],
    };
    const [type, data] = made[what] ?? ['', {}];
    return { type, at: new Date(`${day}T${time}:00Z`), day, data: data as Record<string, unknown> };
  });
}

/** `won 2026-11-25`, with the key and more where there are some. */
const counted = (...lines: string[]) =>
  countLead(story(...lines), RULES).map(({ day, measure, key, seconds }) =>
    [measure, day, key, seconds || ''].filter(Boolean).join(' '),
  );

const LOGGED = '2026-11-20 10:00 captured slack';

describe('a lead adds to the numbers', () => {
  test('when it is logged, with its source and where it stands', () => {
    expect(counted(LOGGED)).toEqual(['captured 2026-11-20 slack', 'stage 2026-11-20 new']);
  });

  test('nothing when its beginning is not in the log', () => {
    expect(counted('2026-11-20 10:00 sent day_0')).toEqual([]);
  });

  test('a reply belongs to the message before it, on the day that left', () => {
    const counts = counted(
      LOGGED,
      '2026-11-20 10:01 sent day_0',
      '2026-11-22 10:00 sent day_2',
      '2026-11-24 08:00 wrote',
    );
    expect(counts).toContain('replied_to 2026-11-22 day_2');
    expect(counts.filter((line) => line.startsWith('replied_to'))).toHaveLength(1);
    expect(counts).toContain('replies 2026-11-24');
    expect(counts).toContain('cohort_replied 2026-11-20 slack');
  });

  test('a stop is no reply, and nobody owes an answer to it', () => {
    const counts = counted(
      LOGGED,
      '2026-11-20 10:01 sent day_0',
      '2026-11-21 09:00 wrote opt_out',
      '2026-11-21 09:00 opted_out',
    );
    expect(counts).toContain('opted_out 2026-11-21');
    expect(counts).toContain('opted_out_after 2026-11-20 day_0');
    expect(counts.some((line) => /replie|asked/.test(line))).toBe(false);
  });

  test('a deal is recovered when a follow-up had brought the customer back', () => {
    const before = [LOGGED, '2026-11-20 10:01 sent day_0'];
    const late = ['2026-11-22 10:00 sent day_2', '2026-11-22 12:00 wrote', '2026-11-25 12:00 moved won'];
    expect(counted(...before, ...late)).toContain('recovered 2026-11-25');
    const early = ['2026-11-20 12:00 wrote', '2026-11-25 12:00 moved won'];
    expect(counted(...before, ...early)).toContain('won 2026-11-25');
    expect(counted(...before, ...early)).not.toContain('recovered 2026-11-25');
  });

  test('a deal that falls through is a deal no more', () => {
    const counts = counted(LOGGED, '2026-11-21 10:00 moved won', '2026-11-24 10:00 moved lost');
    expect(counts).toContain('lost 2026-11-24');
    expect(counts.some((line) => line.includes('won'))).toBe(false);
  });

  test('the first of several unanswered messages starts the clock', () => {
    const counts = counted(LOGGED, '2026-11-21 10:00 wrote', '2026-11-21 10:03 wrote', '2026-11-21 10:04 answered');
    expect(counts).toContain('answered 2026-11-21 reply 240');
    expect(counts.filter((line) => line.startsWith('asked'))).toEqual(['asked 2026-11-21']);
  });
});

describe('answer times', () => {
  test.each([
    [0, 0],
    [299, 290],
    [300, 300],
    [359, 300],
    [3599, 3540],
    [3600, 3600],
    [90_000, 86_400],
  ])('%i s is in the class of %i s', (seconds, lower) => {
    expect(classOf(seconds)).toBe(lower);
  });

  test('the median is within a class of the true one, for any answers', () => {
    const times = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, (seconds) => {
        const sorted = seconds.toSorted((a, b) => a - b);
        const middle = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
        const found = medianOf(seconds.map((each) => ({ seconds: classOf(each), n: 1 }))) ?? -1;
        expect(found).toBeGreaterThanOrEqual(classOf(middle));
        expect(classOf(Math.max(0, found - 0.001))).toBe(classOf(middle));
      }),
    );
  });

  test('there is no median of nothing', () => {
    expect(medianOf([])).toBeNull();
    expect(medianOf([{ seconds: 10, n: 0 }])).toBeNull();
  });

  test('five minutes sharp is not under five minutes', () => {
    const classes = [299, 300, 301].map((seconds) => ({ seconds: classOf(seconds), n: 1 }));
    expect(quickerThan(classes, 300)).toBe(1);
  });
});
