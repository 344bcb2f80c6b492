import { describe, expect, test } from '@jest/globals';
import { afterRefusal, afterSend } from '../../../src/messaging/outcome.ts';
import { judge } from '../../../src/messaging/reconcile.ts';

const silent = { kind: 'not_written', detail: 'ECONNREFUSED' } as const;

describe('what follows from an attempt', () => {
  test.each([
    ['accepted', { kind: 'accepted', gatewayId: 'SM1' }, 'sent'],
    ['no answer after the first byte', { kind: 'uncertain', detail: 'timeout' }, 'uncertain'],
    ['no byte written', { kind: 'not_written', detail: 'refused' }, 'again'],
    ['too fast', { kind: 'refused', reason: 'throttled', code: '20429' }, 'again'],
    ['wrong credentials', { kind: 'refused', reason: 'sender', code: '20003' }, 'again'],
    ['text refused', { kind: 'refused', reason: 'content', code: '21617' }, 'hold'],
    ['blocked by the gateway', { kind: 'refused', reason: 'opted_out', code: '21610' }, 'opted_out'],
    ['not on this channel', { kind: 'refused', reason: 'unreachable', code: '63003' }, 'fallback'],
    ['window closed', { kind: 'refused', reason: 'template_needed', code: '63016' }, 'fallback'],
    ['another refusal', { kind: 'refused', reason: 'unknown', code: '1' }, 'failed'],
  ] as const)('%s', (_name, outcome, next) => {
    expect(afterSend(outcome, 1, 'sms').kind).toBe(next);
  });

  test('only silence leads to uncertainty, and uncertainty is never sent again or elsewhere', () => {
    for (let attempt = 1; attempt < 10; attempt++) {
      expect(afterSend({ kind: 'uncertain', detail: '' }, attempt, 'sms')).toEqual({ kind: 'uncertain' });
    }
  });

  test('without another channel an unreachable address has failed', () => {
    expect(afterRefusal('unreachable', 1, null).kind).toBe('failed');
  });

  test('what keeps failing waits for a person in the end', () => {
    expect(afterRefusal('throttled', 6, null).kind).toBe('hold');
    expect(afterSend({ kind: 'refused', reason: 'sender', code: '' }, 6, null).kind).toBe('hold');
  });

  test('what could not be handed over waits for the gateway and for nobody else, ten minutes at most', () => {
    const waits = Array.from({ length: 9 }, (_, n) => afterSend(silent, n + 1, null));
    expect(waits.map((next) => next.kind === 'again' && next.afterSeconds)).toEqual([
      5, 15, 45, 135, 405, 600, 600, 600, 600,
    ]);
  });

  test('with a sender at another gateway it is tried once more, and then goes there', () => {
    const others = { switchable: true, standby: true };
    expect(afterSend(silent, 1, null, others)).toEqual({ kind: 'again', afterSeconds: 1 });
    expect(afterSend(silent, 2, null, others)).toEqual({ kind: 'elsewhere' });
    // that we were late ourselves says nothing about the gateway
    expect(afterSend({ kind: 'not_written', detail: 'deadline passed' }, 2, null, others).kind).toBe('again');
    // and with others at the same gateway only, there is no haste
    expect(afterSend(silent, 2, null, { switchable: true, standby: false })).toEqual({
      kind: 'again',
      afterSeconds: 15,
    });
  });

  test('a delay asked for by WhatsApp is 24 hours, and one more try (COMPLIANCE T6.3)', () => {
    expect(afterRefusal('delayed', 1, null)).toEqual({ kind: 'again', afterSeconds: 86_400 });
    expect(afterRefusal('delayed', 2, null).kind).toBe('failed');
  });
});

describe('the verdict on an uncertain attempt', () => {
  const found = { gatewayId: 'SM1', body: 'x', status: 'sent', createdAt: new Date() } as const;
  const send = { reported: true, ownerAlive: true, ageSeconds: 20 };

  test('one message at the gateway: it was sent', () => {
    expect(judge(send, [found])).toEqual({ kind: 'sent', gatewayId: 'SM1' });
  });

  test('none, and nothing can come any more: it was not sent', () => {
    expect(judge(send, [])).toEqual({ kind: 'not_sent' });
    expect(judge({ ...send, reported: false, ownerAlive: false }, [])).toEqual({ kind: 'not_sent' });
  });

  test('none, but its worker may only be frozen: asked again, and never called unsent', () => {
    const frozen = { reported: false, ownerAlive: true };
    expect(judge({ ...frozen, ageSeconds: 20 }, []).kind).toBe('ask_again');
    expect(judge({ ...frozen, ageSeconds: 55 }, []).kind).toBe('unconfirmed');
  });

  test('two that fit, or a gateway that does not answer: a person decides', () => {
    expect(judge(send, [found, { ...found, gatewayId: 'SM2' }])).toEqual({
      kind: 'unconfirmed',
      why: 'two_candidates',
    });
    expect(judge(send, null).kind).toBe('ask_again');
    expect(judge({ ...send, ageSeconds: 55 }, null)).toEqual({ kind: 'unconfirmed', why: 'no_answer' });
  });
});
