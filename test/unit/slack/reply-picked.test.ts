import { describe, expect, test } from '@jest/globals';
import { withPicked } from '../../../src/slack/lead/reply.ts';
import { packed, unpacked } from '../../../src/slack/lead/reply-views.ts';

const canned = [
  { key: 'a', title: 'A', words: 'Hi Anna, yes.' },
  { key: 'b', title: 'B', words: 'Hi Anna, no.' },
];

describe('an answer that was picked', () => {
  test.each([
    ['fills an empty text', '', 'a', 'Hi Anna, yes.'],
    ['takes the place of another that was picked', 'Hi Anna, yes.', 'b', 'Hi Anna, no.'],
    ['leaves what somebody typed, and comes after it', 'Typed', 'a', 'Typed\n\nHi Anna, yes.'],
    ['that is gone changes nothing', 'Typed', 'gone', 'Typed'],
  ])('%s', (_what, typed, key, words) => {
    expect(withPicked(typed, key, canned)).toBe(words);
  });

  test('travels between the windows whole, lines included', () => {
    const draft = { leadId: 'l', channel: 'sms', seen: '', filled: 2, words: 'one\n\ntwo\n' };
    expect(unpacked(packed(draft))).toEqual(draft);
  });
});
