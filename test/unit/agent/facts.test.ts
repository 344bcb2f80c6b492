import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answerByFacts } from '../../../src/agent/facts.ts';
import { loadAgents } from '../../../src/agent/index.ts';
import { NO_NOTES } from '../../../src/agent/notes.ts';
import { permitted } from '../../../src/agent/permitted.ts';
import type { Action, FreeSlot, TimeTalk, TurnContext } from '../../../src/agent/port.ts';
import type { StaffId } from '../../../src/lib/ids.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';

const conversations = path.resolve(import.meta.dirname, '../../../conversations');
const definition = loadAgents(conversations, loadPlaybooks(conversations)).of('test-drive');
if (!definition) throw new Error('the test drive has no agent');
const en = definition.words('en');

const fact = (topic: string, words: string, language = 'en') => ({ topic, words: { [language]: words } });
const ask = (text: string, facts: ReturnType<typeof fact>[], subject = 'BMW X5') =>
  answerByFacts(text, subject, facts, definition, en);

describe('a question is answered by facts', () => {
  const general = fact('price', 'Prices are on the sign.');
  const x5 = fact('price: BMW X5', 'The BMW X5 costs 899,000 kr.');
  const x3 = fact('price: BMW X3', 'The BMW X3 costs 599,000 kr.');

  test('about the car that is meant, before the general one', () => {
    expect(ask('What does it cost?', [general, x5, x3])).toEqual({ words: ['The BMW X5 costs 899,000 kr.'], open: [] });
    expect(ask('What does it cost?', [general, x5], 'Volvo')).toEqual({ words: ['Prices are on the sign.'], open: [] });
  });

  test('and not by one about another car, nor by one of two that could be meant', () => {
    expect(ask('What does it cost?', [x3])).toEqual({ words: [], open: ['price'] });
    expect(ask('What does it cost, the X5 or the BMW X3?', [x5, x3])).toEqual({ words: [], open: ['price'] });
  });

  test('in several parts, some of which may stay open', () => {
    const hours = fact('opening_hours', 'We are open from 9 to 18.');
    expect(ask('Are you open on Sunday, and is there a warranty?', [hours])).toEqual({
      words: ['We are open from 9 to 18.'],
      open: ['warranty'],
    });
  });

  test('only in the language of the conversation', () => {
    expect(ask('What does it cost?', [fact('price', 'Der kostet viel.', 'de')])).toEqual({
      words: [],
      open: ['price'],
    });
  });

  test("filed under the tenant's own words", () => {
    const santa = fact('Santa visit', 'Santa comes on the 12th of December.');
    expect(ask('When is the Santa visit?', [santa]).words).toEqual(['Santa comes on the 12th of December.']);
    expect(ask('When can I visit?', [santa]).words).toEqual([]);
  });

  test('how much a month is answered by what is known of leasing', () => {
    const leasing = fact('financing', 'Leasing starts at 4,990 kr a month.');
    expect(ask('how much is it a month?', [leasing])).toEqual({
      words: ['Leasing starts at 4,990 kr a month.'],
      open: [],
    });
  });
});

describe('an action is permitted by the words of the customer alone', () => {
  const slot = (hour: string): FreeSlot => ({
    startsAt: new Date(`2026-11-28T${hour}:00Z`),
    endsAt: new Date(`2026-11-28T${hour}:45Z`),
    staffId: '01890000-0000-7000-8000-000000000001' as StaffId,
    zone: 'Europe/Stockholm',
    words: '',
  });
  const turn = (unanswered: string, changes: Partial<TurnContext> = {}): TurnContext =>
    ({ unanswered, bookable: true, appointment: null, notes: NO_NOTES, definition, ...changes }) as TurnContext;
  const kinds = (actions: Action[], context: TurnContext, talk: TimeTalk) =>
    permitted(actions, context, talk).map(({ kind }) => kind);
  const nothing: TimeTalk = { kind: 'nothing' };

  test('a booking of exactly the time they chose, once', () => {
    const chose: TimeTalk = { kind: 'book', slot: slot('10') };
    const both: Action[] = ['11', '10', '10', '12'].map((hour) => ({ kind: 'book', slot: slot(hour) }));
    expect(permitted(both, turn('the first'), chose)).toEqual([{ kind: 'book', slot: slot('10') }]);
    expect(kinds(both, turn('book them all'), nothing)).toEqual([]);
    expect(kinds(both, turn('the first', { bookable: false }), chose)).toEqual([]);
  });

  test('a cancellation of an appointment they have and cancel', () => {
    const has = { appointment: { id: 'a', startsAt: new Date(), words: '' } };
    expect(kinds([{ kind: 'cancel' }], turn('cancel it', has), { kind: 'cancel' })).toEqual(['cancel']);
    expect(kinds([{ kind: 'cancel' }], turn('hello', has), nothing)).toEqual([]);
    expect(kinds([{ kind: 'cancel' }], turn('cancel it'), { kind: 'cancel' })).toEqual([]);
  });

  test.each([
    ['Please, no more of this.', 'no more of this', true],
    ['Please, no more of this.', 'NO MORE of this!', true],
    ['Nice car.', 'stop writing', false],
    ['I cannot stop thinking of it', 'stop', false],
    ['enough', 'enough', true],
    ['anything', '', false],
  ])('an opt-out that is quoted: %s / %s', (said, quote, allowed) => {
    expect(kinds([{ kind: 'opt_out', quote }], turn(said), nothing)).toEqual(allowed ? ['opt_out'] : []);
  });
});
