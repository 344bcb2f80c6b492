import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clip, closest, escapeMarkup, typedWords } from '../../../src/slack/text.ts';

describe("people's words in mrkdwn", () => {
  test.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U0SOFIA> & co.', '&lt;@U0SOFIA&gt; &amp; co.'],
    ['&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
    ['<https://evil.example|our terms>', '&lt;https://evil.example|our terms&gt;'],
  ])('%s is shown, not meant', (words, shown) => {
    expect(escapeMarkup(words)).toBe(shown);
  });

  test('nothing that Slack would act on is left, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (words) => {
        const shown = escapeMarkup(words);
        expect(shown).not.toMatch(/[<>]/);
        expect(shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(words);
      }),
    );
  });
});

describe('what somebody typed', () => {
  test.each([
    ['Anna &amp; Bo &lt;3', 'Anna & Bo <3'],
    ['call <tel:+46701234567|070-123 45 67>', 'call 070-123 45 67'],
    ['<mailto:anna@example.com|anna@example.com>', 'anna@example.com'],
    ['<https://nordic.example/terms>', 'https://nordic.example/terms'],
    ['<http://bmw.se|bmw.se> X5', 'bmw.se X5'],
    ['<@U0SOFIA|sofia> in <#C0DRIVES|drives>', '@sofia in #drives'],
    ['<@U0SOFIA>', '@U0SOFIA'],
    ['&amp;lt;', '&lt;'],
    ['5 < 6', '5 < 6'],
  ])('%s was typed as %s', (sent, typed) => {
    expect(typedWords(sent)).toBe(typed);
  });

  test('comes back from how Slack escapes it', () => {
    fc.assert(fc.property(fc.string(), (words) => expect(typedWords(escapeMarkup(words))).toBe(words)));
  });
});

describe('cutting', () => {
  test('keeps what fits, marks what was cut, and parts no character', () => {
    expect(clip('BMW X5', 6)).toBe('BMW X5');
    expect(clip('BMW X5 M', 6)).toBe('BMW X…');
    expect(clip('ab🚗cd', 4)).toBe('ab…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (words, max) => {
        expect(clip(words, max).length).toBeLessThanOrEqual(max);
        expect(clip(words, max)).not.toMatch(/\p{Surrogate}/u); // none without its other half
      }),
    );
  });
});

describe('the word that was probably meant', () => {
  const known = ['people', 'templates', 'hours', 'feed', 'help', 'status'];
  test.each([
    ['peple', 'people'],
    ['poeple', 'people'],
    ['Template', 'templates'],
    ['hlep', 'help'],
    ['feeds', 'feed'],
    ['xyzzy', undefined],
    ['', undefined],
  ])('%s: %s', (word, meant) => {
    expect(closest(word, known)).toBe(meant);
  });
});
