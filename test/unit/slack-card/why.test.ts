import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkView } from '../../../src/sandbox/slack/validate.ts';
import { whyModal } from '../../../src/slack/lead/why.ts';
import type { WhyEvent, WhyFacts } from '../../../src/slack/lead/why-read.ts';
import { aCard, aMessage, aPlan, at, readAtOnce } from './a-card.ts';

const nothing: WhyFacts = { events: [], words: {}, channels: {}, names: {}, seals: new Map() };
const event = (changes: Partial<WhyEvent> & Pick<WhyEvent, 'type'>): WhyEvent => ({
  id: 18402,
  at: at(22, '14:03:07'),
  actor: 'customer',
  messageId: null,
  data: {},
  ...changes,
});
const shown = (view: Parameters<typeof whyModal>[0], facts: WhyFacts) => JSON.stringify(whyModal(view, facts).blocks);

describe('Why?', () => {
  test('names who stopped it, when to the second, in which words, and the event that proves it', () => {
    const said = aMessage({ direction: 'in', purpose: 'inbound', stepKey: null, state: 'received' });
    const stopped = { state: 'cancelled', reason: 'opted_out' } as const;
    const view = aCard({
      lead: { name: 'Lars Olsson', state: 'opted_out', optedOutAt: at(22, '14:03:07') },
      messages: [...aPlan({ day_0: readAtOnce, day_2: stopped, day_7: stopped, day_14: stopped }), said],
    });
    const text = shown(view, {
      ...nothing,
      events: [
        event({ type: 'person.opted_out', messageId: said.id, data: { scope: 'all', by: 'words', cancelled: 3 } }),
      ],
      words: { [said.id]: 'snälla sluta skriva <!here>' },
      channels: { [said.id]: 'whatsapp' },
    });
    expect(text).toContain(
      '*Opted out* Sun 22 Nov 14:03:07 · Lars asked for it by WhatsApp, in their own words\\n> snälla sluta skriva &lt;!here&gt;\\n3 planned messages were cancelled in the same moment. Nothing goes out on any channel. Proof: event 18,402.',
    );
    expect(text).toContain(
      '*Day 2* – not sent: the customer opted out. It was planned for Mon 23 Nov 10:00 by WhatsApp.',
    );
  });

  test('tells who paused and resumed', () => {
    const text = shown(aCard(), {
      ...nothing,
      events: [
        event({ id: 7, type: 'enrolment.paused', actor: 'staff:1', data: { held: 3 } }),
        event({ id: 8, type: 'enrolment.resumed', actor: 'staff:1', data: { moved: 0 } }),
      ],
      names: { '1': 'Maria Nyström' },
    });
    expect(text).toContain(
      '*Paused* Sun 22 Nov 14:03:07 · by Maria Nyström\\n3 planned messages wait. Proof: event 7.',
    );
    expect(text).toContain('*Resumed* Sun 22 Nov 14:03:07 · by Maria Nyström\\nProof: event 8.');
  });

  test('tells that a stage began nothing, and why', () => {
    const text = shown(aCard(), {
      ...nothing,
      events: [
        event({ id: 9, type: 'sequence.passed', actor: 'system', data: { stage: 'won', why: 'other_answers' } }),
        event({ id: 10, type: 'sequence.passed', actor: 'system', data: { stage: 'gone', why: 'no_consent' } }),
      ],
    });
    expect(text).toMatch(
      /\*No follow-up began\* [^·]+ · in Won\\nIts steps are for other answers [^.]+\. Proof: event 9\./,
    );
    expect(text).toMatch(/in gone\\nThere is no agreement of the customer on record\. Proof: event 10\./);
  });

  test('tells how a message found its way', () => {
    const [first] = aPlan({ day_0: { ...readAtOnce, channel: 'sms', attempt: 2, state: 'sent' } });
    if (!first) throw new Error('no plan');
    const text = shown(aCard({ messages: [first] }), {
      ...nothing,
      events: [
        event({ type: 'message.refused', messageId: first.id, data: { attempt: 1, code: '63003', next: 'fallback' } }),
        event({ id: 18403, type: 'message.sent', messageId: first.id, data: { attempt: 2 } }),
      ],
      seals: new Map([[18403, { batch: 97, at: new Date(0) }]]),
    });
    expect(text).toContain(
      'by SMS (attempt 2), not yet reported as delivered. Proof: event 18,403 in sealed batch 97.',
    );
    expect(text).toContain('14:03:07  attempt 1 failed: the number is not on WhatsApp, code 63003; it went on by SMS');
  });

  test('fits a window, however long the story', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.integer({ min: 0, max: 150 }),
        fc.integer({ min: 0, max: 40 }),
        (words, messages, turns) => {
          const said = aMessage({ direction: 'in', purpose: 'inbound', state: 'received', reason: words });
          const facts: WhyFacts = {
            ...nothing,
            events: Array.from({ length: turns }, () =>
              event({ type: 'enrolment.ended', messageId: said.id, data: { state: 'replied', cancelled: 1 } }),
            ),
            words: { [said.id]: words },
          };
          const thread = Array.from({ length: messages }, () =>
            aMessage({ state: 'skipped', reason: words, stepKey: words }),
          );
          const view = whyModal(aCard({ lead: { name: words }, messages: [...thread, said] }), facts);
          expect(checkView(view)).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 40 },
    );
  });
});
