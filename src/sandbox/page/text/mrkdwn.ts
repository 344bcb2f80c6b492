import { type Reading, readInline, unescaped } from './inline.ts';
import { broken, type Paragraph } from './tree.ts';

/** Slack's mrkdwn as paragraphs: quotations, preformatted text, and the rest with its line breaks. Pure. */
export function readMrkdwn(words: string, how: Reading = {}): Paragraph[] {
  return words.split('```').flatMap((part, index, parts) => {
    // an odd last fence opens nothing
    if (index % 2 === 1 && index < parts.length - 1) return [{ is: 'pre' as const, text: unescaped(trimmed(part)) }];
    return paragraphs(index % 2 === 1 ? `\`\`\`${part}` : part, how, index > 0, index < parts.length - 1);
  });
}

const QUOTED = /^(?:&gt;|>) ?/;

function paragraphs(words: string, how: Reading, afterFence: boolean, beforeFence: boolean): Paragraph[] {
  let lines = words.split('\n');
  if (afterFence && lines[0] === '') lines = lines.slice(1);
  if (beforeFence && lines.at(-1) === '') lines = lines.slice(0, -1);
  const found: Paragraph[] = [];
  let from = 0;
  while (from < lines.length) {
    const quote = isQuote(lines[from]);
    let to = from + 1;
    while (to < lines.length && isQuote(lines[to]) === quote) to += 1;
    const read = lines.slice(from, to).map((line) => readInline(quote ? line.replace(QUOTED, '') : line, how));
    found.push({ is: quote ? 'quote' : 'words', children: broken(read) });
    from = to;
  }
  return found.filter((paragraph) => paragraph.is !== 'words' || paragraph.children.length > 0);
}

const isQuote = (line: string | undefined) => QUOTED.test(line ?? '');

const trimmed = (words: string) => words.replace(/^\n|\n$/g, '');

/** Plain text: line breaks and emoji, nothing else. */
export function readPlain(words: string, emoji = true): Paragraph[] {
  return [{ is: 'words', children: broken(words.split('\n').map((line) => readInline(line, { plain: true, emoji }))) }];
}
