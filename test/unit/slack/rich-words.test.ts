import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { richWords } from '../../../src/slack/rich-words.ts';

const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const rich = (...elements: object[]) => [{ type: 'rich_text', elements }];
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });

describe('the words of a rich text', () => {
  test('are plain: no marks, real emoji, links as they are', () => {
    const blocks = rich(
      section(
        text('Hi '),
        text('Anna', { bold: true }),
        text(' '),
        { type: 'emoji', name: '+1', unicode: '1f44d-1f3fc' },
        text(' see '),
        { type: 'link', url: 'https://x.example' },
        text(' or '),
        { type: 'link', url: 'https://y.example', text: 'our page' },
      ),
    );
    expect(richWords(blocks)).toBe('Hi Anna 👍🏼 see https://x.example or our page (https://y.example)');
  });

  test('keep their lists', () => {
    const list = (style: string) => ({
      type: 'rich_text_list',
      style,
      elements: [section(text('one')), section(text('two'))],
    });
    expect(richWords(rich(section(text('Bring:')), list('bullet')))).toBe('Bring:\n• one\n• two');
    expect(richWords(rich(list('ordered')))).toBe('1. one\n2. two');
  });

  test.each([
    ['a mention, which no customer understands', rich(section(text('ask '), { type: 'user', user_id: 'U1' }))],
    ["an emoji of the workspace's own", rich(section({ type: 'emoji', name: 'party-parrot' }))],
    ['no rich text', [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }]],
    ['nothing', []],
  ])('%s has no plain form', (_what, blocks) => {
    expect(richWords(blocks)).toBeUndefined();
  });

  test('never fails, whatever is sent', () => {
    fc.assert(fc.property(fc.array(fc.anything()), (blocks) => void richWords(blocks)));
    fc.assert(fc.property(fc.anything(), (inner) => void richWords(rich(section(inner as object)))));
  });
});
