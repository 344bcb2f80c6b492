import { expect, test } from '@jest/globals';
import { dateWords } from '../../../src/sandbox/page/text/dates.ts';
import { readMarkdown } from '../../../src/sandbox/page/text/markdown.ts';
import { readRich } from '../../../src/sandbox/page/text/rich.ts';

const text = (words: string) => ({ is: 'text', text: words });

test('rich text keeps lists, styles and mentions', () => {
  const block = {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Both\n', style: { bold: true, italic: true } },
          { type: 'user', user_id: 'U1' },
          { type: 'emoji', name: 'eyes' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        indent: 1,
        offset: 2,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'third' }] }],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a\nb' }] },
      { type: 'rich_text_quote', elements: [{ type: 'hologram', text: 'shown all the same' }] },
    ],
  };
  expect(readRich(block)).toEqual([
    {
      is: 'words',
      children: [
        { is: 'bold', children: [{ is: 'italic', children: [text('Both'), { is: 'break' }] }] },
        { is: 'user', id: 'U1' },
        { is: 'emoji', name: 'eyes' },
      ],
    },
    { is: 'list', ordered: true, indent: 1, start: 3, items: [[text('third')]] },
    { is: 'pre', text: 'a\nb' },
    { is: 'quote', children: [text('shown all the same')] },
  ]);
});

test('Markdown is read line by line', () => {
  const words = [
    '# Week 47',
    'Drives **41**, _replies_ `63 %`',
    '',
    '- [open](https://a.example)',
    '- ~~closed~~',
    '',
    '2. second',
    '> so they say',
    '| Who | Deals |',
    '|---|--:|',
    '| Sofia | 3 |',
    '---',
    '```',
    'as *is*',
    '```',
  ].join('\n');
  expect(readMarkdown(words)).toEqual([
    { is: 'title', level: 1, children: [text('Week 47')] },
    {
      is: 'words',
      children: [
        text('Drives '),
        { is: 'bold', children: [text('41')] },
        text(', '),
        { is: 'italic', children: [text('replies')] },
        text(' '),
        { is: 'code', text: '63 %' },
      ],
    },
    {
      is: 'list',
      ordered: false,
      indent: 0,
      start: 1,
      items: [
        [{ is: 'link', url: 'https://a.example', children: [text('open')] }],
        [{ is: 'strike', children: [text('closed')] }],
      ],
    },
    { is: 'list', ordered: true, indent: 0, start: 2, items: [[text('second')]] },
    { is: 'quote', children: [text('so they say')] },
    {
      is: 'table',
      rows: [
        [[text('Who')], [text('Deals')]],
        [[text('Sofia')], [text('3')]],
      ],
    },
    { is: 'rule' },
    { is: 'pre', text: 'as *is*' },
  ]);
});

test("Slack's date tokens are written for the reader's zone", () => {
  const at = Date.parse('2026-11-21T23:30:05Z');
  const now = Date.parse('2026-11-22T09:00:00Z');
  expect(dateWords('{date_num} {time}', at, 'Europe/Stockholm', now)).toBe('2026-11-22 00:30');
  expect(dateWords('{date_short_pretty} at {time_secs}', at, 'Europe/Stockholm', now)).toBe('today at 00:30:05');
  expect(dateWords('{date_long_pretty}', at, 'America/New_York', now)).toBe('yesterday');
  expect(dateWords('{ago}, {no_token}', at, 'UTC', now)).toBe('9 h 29 min ago, {no_token}');
});
