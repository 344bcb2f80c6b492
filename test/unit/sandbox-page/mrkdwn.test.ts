import { describe, expect, test } from '@jest/globals';
import { readInline } from '../../../src/sandbox/page/text/inline.ts';
import { readMrkdwn, readPlain } from '../../../src/sandbox/page/text/mrkdwn.ts';
import type { Inline } from '../../../src/sandbox/page/text/tree.ts';

const text = (words: string): Inline => ({ is: 'text', text: words });

describe('a line of mrkdwn', () => {
  test.each<[string, Inline[]]>([
    [
      '*bold* and _italic_ and ~gone~',
      [
        { is: 'bold', children: [text('bold')] },
        text(' and '),
        { is: 'italic', children: [text('italic')] },
        text(' and '),
        { is: 'strike', children: [text('gone')] },
      ],
    ],
    [
      '*Active · _follow-up_ 1*',
      [{ is: 'bold', children: [text('Active · '), { is: 'italic', children: [text('follow-up')] }, text(' 1')] }],
    ],
    ['`a *b* &lt;c&gt;`', [{ is: 'code', text: 'a *b* <c>' }]],
    [
      'by <@U0SOFIA>, in <#C0DRIVES|drives>',
      [text('by '), { is: 'user', id: 'U0SOFIA' }, text(', in '), { is: 'channel', id: 'C0DRIVES', label: 'drives' }],
    ],
    [
      '<https://a.example/?x=1&amp;y=2|the &lt;page&gt;>',
      [{ is: 'link', url: 'https://a.example/?x=1&y=2', children: [text('the <page>')] }],
    ],
    ['<tel:+46701740650|+46 70>', [{ is: 'link', url: 'tel:+46701740650', children: [text('+46 70')] }]],
    [
      '<!channel> <!subteam^S1|@sales>',
      [{ is: 'everybody', label: '@channel' }, text(' '), { is: 'everybody', label: '@sales' }],
    ],
    [
      '<!date^1795317559^{date} at {time}^https://a.example|then>',
      [{ is: 'date', at: 1795317559, format: '{date} at {time}', url: 'https://a.example', fallback: 'then' }],
    ],
    [':tada: :no_such_thing:', [{ is: 'emoji', name: 'tada' }, text(' :no_such_thing:')]],
  ])('%s', (line, nodes) => {
    expect(readInline(line)).toEqual(nodes);
  });

  test.each([
    '2 * 3 * 4',
    'snake_case_name',
    'a*b*c',
    '*not closed',
    '* spaced *',
    '**',
    '`open',
    '14:03:07',
    'x < y and y > z',
  ])('%s is shown as typed', (line) => {
    expect(readInline(line)).toEqual([text(line)]);
  });

  test('bare addresses become links only where asked, without the full stop behind them', () => {
    const line = 'See https://a.example/b. Yes';
    expect(readInline(line)).toEqual([text(line)]);
    expect(readInline(line, { autolink: true })).toEqual([
      text('See '),
      { is: 'link', url: 'https://a.example/b', children: [text('https://a.example/b')] },
      text('. Yes'),
    ]);
  });
});

describe('paragraphs', () => {
  test('quotations end where their lines end', () => {
    expect(readMrkdwn('Anna wrote:\n> Hej!\n> Finns den?\nEnded.')).toEqual([
      { is: 'words', children: [text('Anna wrote:')] },
      { is: 'quote', children: [text('Hej!'), { is: 'break' }, text('Finns den?')] },
      { is: 'words', children: [text('Ended.')] },
    ]);
  });

  test('what stands between fences is left alone, and an open fence is no fence', () => {
    expect(readMrkdwn('a\n```\n*b* &amp; c\n```\nd')).toEqual([
      { is: 'words', children: [text('a')] },
      { is: 'pre', text: '*b* & c' },
      { is: 'words', children: [text('d')] },
    ]);
    expect(readMrkdwn('```open')).toEqual([{ is: 'words', children: [text('```open')] }]);
  });

  test('plain text knows nothing but line breaks and emoji', () => {
    expect(readPlain('*a* <b>\n:eyes: &amp;')).toEqual([
      { is: 'words', children: [text('*a* <b>'), { is: 'break' }, { is: 'emoji', name: 'eyes' }, text(' &amp;')] },
    ]);
    expect(readPlain(':eyes:', false)).toEqual([{ is: 'words', children: [text(':eyes:')] }]);
  });
});
