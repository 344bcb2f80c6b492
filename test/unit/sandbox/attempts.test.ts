import { describe, expect, test } from '@jest/globals';
import { type AttemptEvent, attemptsOf, type Send } from '../../../src/sandbox/live/attempts.ts';

const T = Date.parse('2026-11-23T09:30:00Z');
const at = (seconds: number) => new Date(T + seconds * 1000);
const send = (changes: Partial<Send> = {}): Send => ({
  attempt: 1,
  channel: 'whatsapp',
  state: 'accepted',
  code: null,
  status: 'delivered',
  startedAt: at(0),
  ...changes,
});
const event = (attempt: number, seconds: number, next?: string): AttemptEvent => ({
  type: 'message.refused',
  at: at(seconds),
  data: { attempt, ...(next !== undefined && { next }) },
});
const words = (sends: Send[], events: AttemptEvent[] = [], due: Date | null = null) =>
  attemptsOf(sends, events, due, (machine) => machine).map((attempt) => attempt.words);

describe('the attempts on a message, in words', () => {
  test('one that went well says nothing', () => {
    expect(words([send()])).toEqual([]);
    expect(words([send({ state: 'sending', status: null })])).toEqual([]);
  });

  test.each<[string, Partial<Send>, AttemptEvent[], string]>([
    ['on its way', { state: 'sending', status: null, attempt: 2 }, [], 'on its way to the gateway'],
    [
      'no answer',
      { state: 'uncertain', status: null, code: 'other side closed' },
      [],
      'did not answer: asking the gateway whether it took it, and not sending it again meanwhile',
    ],
    [
      'an answer that says nothing',
      { state: 'uncertain', status: null, code: 'unexpected HTTP 502' },
      [],
      'answered 502: asking the gateway whether it took it, and not sending it again meanwhile',
    ],
    ['asked: taken', { code: 'other side closed', status: null }, [], 'did not answer: it had taken it'],
    ['reported: taken', { code: 'other side closed' }, [], 'did not answer: it had taken it (delivered)'],
    [
      'nobody can say',
      { state: 'unconfirmed', status: null, code: 'other side closed' },
      [],
      'did not answer: asked, and it could not say; a person decides',
    ],
    [
      'refused for good',
      { state: 'not_sent', status: null, code: '21211' },
      [event(1, 0, 'failed')],
      'refused (the number does not exist, code 21211): given up',
    ],
    [
      'refused until a person has mended something',
      { state: 'not_sent', status: null, code: '99999' },
      [event(1, 0, 'hold')],
      'refused (gateway error 99999): it waits for a person',
    ],
    [
      'nobody there any more',
      { state: 'not_sent', status: null, code: 'connect ECONNREFUSED 127.0.0.1:9' },
      [event(1, 0, 'hold')],
      'could not be reached: it waits for a person',
    ],
  ])('%s', (_what, changes, events, expected) => {
    expect(words([send(changes), ...(changes.attempt ? [send()] : [])].reverse(), events).at(-1)).toBe(expected);
  });

  test.each([
    [0, 'at once'],
    [5, 'after 5 s'],
    [119, 'after 119 s'],
    [900, 'after 15 min'],
    [86_400, 'after 1 day'],
  ])('how long it was until the next: %d s', (seconds, expected) => {
    const lost = send({ state: 'not_sent', status: null, code: 'ECONNREFUSED' });
    const again = `could not be reached: tried again ${expected}`;
    expect(words([lost], [event(1, 0, 'again')], at(seconds))).toEqual([again]);
    const next = send({ attempt: 2, startedAt: at(seconds) });
    expect(words([lost, next], [event(1, 0, 'again')])).toEqual([again, 'taken: delivered']);
  });

  test('times are business time: of the event log, or of the machine turned as the clock is now', () => {
    const day = 86_400_000;
    const lines = attemptsOf(
      [
        send({ state: 'not_sent', code: '63003', status: 'failed' }),
        send({ attempt: 2, state: 'sending', status: null }),
      ],
      [event(1, 3, 'fallback')],
      null,
      (machine) => new Date(machine.getTime() + day),
    );
    expect(lines.map((line) => line.at)).toEqual([at(3).toISOString(), new Date(T + day).toISOString()]);
    expect(lines[0]?.words).toBe(
      'taken, then reported as not delivered (the number is not on WhatsApp, code 63003): it goes on by the next channel',
    );
  });
});
