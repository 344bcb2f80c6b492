import { describe, expect, test } from '@jest/globals';
import { feedLines, feedPost } from '../../../src/slack/feed/lines.ts';
import type { FeedEvent } from '../../../src/slack/feed/read.ts';
import { timesFor } from '../../../src/slack/format.ts';
import { at, playbooks } from './a-card.ts';

let id = 0;
const event = (
  type: FeedEvent['type'],
  data: Record<string, unknown>,
  changes: Partial<FeedEvent> = {},
): FeedEvent => ({
  id: ++id,
  type,
  at: at(22, '11:09:00'),
  data,
  name: 'Anna Karlsson',
  erased: false,
  fields: { car: 'BMW X5' },
  playbook: 'test-drive',
  owner: 'Sofia Lindqvist',
  colleague: null,
  step: null,
  ...changes,
});
const words = (...events: FeedEvent[]) => feedLines(events, playbooks).map((line) => line.words);
const sent = (step: string, changes: Partial<FeedEvent> = {}) =>
  event('message.sent', { channel: 'whatsapp', attempt: 1, step, purpose: 'cadence' }, changes);

describe('the activity feed', () => {
  test('does not tell as an opt-out what was done to forget somebody, and says approvals of WhatsApp in one line', () => {
    const approved = (language: string) =>
      event('template.changed', { template: 'drive_thanks', language, state: 'approved' }, { name: null });
    expect(
      words(
        event('person.opted_out', { scope: 'all', by: 'staff' }, { name: null, erased: true }),
        approved('sv'),
        approved('en'),
      ),
    ).toEqual(['2 WhatsApp templates approved']);
  });

  test('tells that a stage began no follow-up, many of them in one line', () => {
    const passed = () => event('sequence.passed', { stage: 'won', why: 'other_scores' });
    expect(words(passed())).toEqual([
      'Won, no follow-up began for Anna Karlsson (BMW X5): its steps are for leads with other scores',
    ]);
    expect(words(...Array.from({ length: 12 }, passed))).toEqual([
      'Won, no follow-up began for 12 leads: its steps are for leads with other scores',
    ]);
  });

  test('tells what happened in plain words', () => {
    expect(
      words(
        event(
          'lead.captured',
          { playbook: 'test-drive' },
          { fields: { car: 'Volvo XC60' }, colleague: 'Sofia Lindqvist' },
        ),
        sent('day_0'),
        sent('day_2'),
        event(
          'message.received',
          { understood: 'message' },
          { fields: { car: 'Mercedes E-Class' }, owner: 'Erik Holm' },
        ),
        event('message.sent', { purpose: 'reply' }, { colleague: 'Sofia Lindqvist' }),
        event('person.opted_out', { scope: 'all', by: 'link' }, { name: 'Lars Olsson' }),
        event('person.opted_out', { scope: 'all', by: 'keyword' }, { name: 'Lars Olsson' }),
        event('person.unsure', {}),
        event('lead.moved', { from: 'replied', to: 'won' }, { colleague: 'Sofia Lindqvist' }),
        event('enrolment.ended', { state: 'completed' }),
        event('message.failed', { code: '30007', next: 'failed' }, { step: 'day_2' }),
        event('message.reconciled', { verdict: 'unconfirmed' }, { step: 'day_7' }),
        event('template.changed', { template: 'drive_thanks', language: 'sv', state: 'approved' }),
      ),
    ).toEqual([
      'New test drive logged by Sofia (Volvo XC60)',
      'First message sent to Anna Karlsson (BMW X5)',
      'Day-2 follow-up sent to Anna Karlsson (BMW X5)',
      "Customer reply received for Erik's lead (Mercedes E-Class)",
      'Sofia answered Anna Karlsson (BMW X5)',
      'Opt-out clicked: sequence stopped for Lars Olsson',
      'Opt-out: sequence stopped for Lars Olsson',
      'Anna Karlsson may have asked to stop: everything waits until Sofia has looked',
      'Won: Anna Karlsson (BMW X5), by Sofia',
      'Follow-up complete without a reply: Anna Karlsson (BMW X5)',
      'Day-2 follow-up to Anna Karlsson (BMW X5) was not delivered: the carrier filtered it, code 30007',
      'Day-7 follow-up to Anna Karlsson (BMW X5) may have left, and nobody can say: its card asks what to do',
      'WhatsApp template drive_thanks (sv) approved',
    ]);
  });

  test('leaves out what is no news', () => {
    expect(
      words(
        event('message.received', { understood: 'opt_out' }),
        event('message.received', { understood: 'auto_reply' }),
        event('lead.moved', { from: 'new', to: 'contacted' }),
        event('message.failed', { code: '63003', next: 'fallback' }),
        event('message.delivered', { attempt: 1 }),
        event('consent.given', {}),
        event('settings.changed', { version: 1, keys: [] }),
        event('enrolment.ended', { state: 'replied' }),
        event('message.sent', { purpose: 'notice' }),
      ),
    ).toEqual([]);
  });

  test('counts a burst of one kind and keeps the others apart', () => {
    const burst = Array.from({ length: 9 }, () => sent('day_2'));
    const few = Array.from({ length: 3 }, () => sent('day_7'));
    expect(words(...burst, ...few)).toEqual([
      '9 messages sent: Day-2 follow-up',
      'Day-7 follow-up sent to Anna Karlsson (BMW X5)',
      'Day-7 follow-up sent to Anna Karlsson (BMW X5)',
      'Day-7 follow-up sent to Anna Karlsson (BMW X5)',
    ]);
  });

  test("shows people's words as words", () => {
    expect(words(sent('day_2', { name: '<!here>', fields: { car: '<@U1>' } }))).toEqual([
      'Day-2 follow-up sent to &lt;!here&gt; (&lt;@U1&gt;)',
    ]);
  });

  test('is one message with the times of the place, and says of which day when it is not today', () => {
    const now = at(22, '12:00:00');
    const times = timesFor({ zone: 'Europe/Stockholm', country: 'SE', now });
    const lines = feedLines([sent('day_2', { at: at(21, '18:00:00') }), sent('day_2')], playbooks);
    expect(feedPost(lines, times, now)).toEqual({
      text: 'Sat 21 Nov 18:00  Day-2 follow-up sent to Anna Karlsson (BMW X5) … and 1 more',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            verbatim: true,
            text: 'Sat 21 Nov 18:00  Day-2 follow-up sent to Anna Karlsson (BMW X5)\n11:09  Day-2 follow-up sent to Anna Karlsson (BMW X5)',
          },
        },
      ],
    });
    expect(feedPost([], times, now)).toBeUndefined();
  });
});
