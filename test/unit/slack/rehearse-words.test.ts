import { describe, expect, test } from '@jest/globals';
import { isKnown } from '../../../src/lib/errors.ts';
import { inWords, readWords } from '../../../src/slack/rescue/rehearse-words.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';

const playbooks = loadPlaybooks(CONVERSATIONS);
const standing = {
  playbooks,
  zone: 'Europe/Stockholm',
  language: 'sv',
  now: new Date('2026-10-20T08:30:12.345Z'),
};
const read = (text: string) => {
  const { playbook, zone, language, start, ending } = readWords(text, standing);
  return { playbook: playbook.key, zone, language, start: start.toISOString(), ending };
};
const plain = {
  playbook: 'test-drive',
  zone: 'Europe/Stockholm',
  language: 'sv',
  start: '2026-10-20T08:30:00.000Z',
  ending: null,
};
const friday = '2026-10-23T15:50:00.000Z';

describe('the words after /rescue rehearse', () => {
  test.each([
    ['', plain],
    ['sv 2026-10-23T17:50 reply-on 5', { ...plain, start: friday, ending: { kind: 'reply', day: 5 } }],
    [
      'reply-on 5 2026-10-23 17:50 English',
      { ...plain, language: 'en', start: friday, ending: { kind: 'reply', day: 5 } },
    ],
    ['in Swedish', plain],
    ['svenska', plain],
    ['de-AT', { ...plain, language: 'de' }],
    ['test-drive hi', { ...plain, language: 'hi' }],
    ['--lang en --reply-on=3', { ...plain, language: 'en', ending: { kind: 'reply', day: 3 } }],
    ['replies on day 2', { ...plain, ending: { kind: 'reply', day: 2 } }],
    ['opt-out-on 4', { ...plain, ending: { kind: 'opt_out', day: 4 } }],
    ['stop 0', { ...plain, ending: { kind: 'opt_out', day: 0 } }],
    ['optout 9', { ...plain, ending: { kind: 'opt_out', day: 9 } }],
    ['17:50', { ...plain, start: '2026-10-20T15:50:00.000Z' }],
    ['new york 2026-10-23T17:50', { ...plain, zone: 'America/New_York', start: '2026-10-23T21:50:00.000Z' }],
    ['Europe/London', { ...plain, zone: 'Europe/London' }],
    ['  en,   london ', { ...plain, language: 'en', zone: 'Europe/London' }],
  ])('"%s"', (text, wanted) => expect(read(text)).toEqual(wanted));

  test.each([
    ['klingon', /“klingon” is neither a language \(en, sv, de, es, hi\) nor a place/],
    ['stokholm', /such as Europe\/Stockholm/],
    ['fr', /“fr” is neither a language/],
    ['en sv', /One language at a time, not en and sv/],
    ['2026-02-30', /2026-02-30 is no date and time/],
    ['2026-10-23 2026-10-24', /One start at a time/],
    ['reply-on', /Say on which day, from 0 to 365/],
    ['reply-on 400', /Say on which day/],
    ['reply-on 3 stop 5', /once: choose one/],
    ['<!channel>', /neither a language/],
  ])('"%s" is answered with what to write', (text, words) => {
    let said = '';
    try {
      read(text);
    } catch (error) {
      said = isKnown(error) ? error.userMessage : String(error);
    }
    expect(said).toMatch(words);
    expect(said).toContain('/rescue rehearse sv 2026-10-23T17:50 reply-on 5');
  });

  test('a tenant whose language the playbook does not speak leaves it to the number', () => {
    expect(readWords('', { ...standing, language: 'fr' }).language).toBeNull();
  });

  test.each(['', 'en 2026-10-23T17:50 reply-on 5', 'hi new york opt-out-on 12'])(
    '"%s" written again means the same',
    (text) => {
      const wanted = readWords(text, standing);
      expect(readWords(inWords(wanted, standing), standing)).toEqual(wanted);
    },
  );
});
