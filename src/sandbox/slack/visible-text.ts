import type { OpenView, SlackMessage } from './types.ts';

/**
 * All words a person can read in a message or a view, one piece a line: titles, texts, labels, buttons, options. A message
 * without blocks is its text; with blocks the text is only the fallback and not shown.
 */
export function visibleText(shown: SlackMessage | OpenView): string {
  if ('view' in shown) {
    const { title, blocks, submit, close } = shown.view;
    return [...wordsIn([title, blocks]), ...Object.values(shown.errors), ...wordsIn([submit, close])].join('\n');
  }
  const blocks = shown.blocks ?? [];
  return blocks.length === 0 ? shown.text : wordsIn(blocks).join('\n');
}

const READABLE = new Set(['text', 'alt_text']);

/** All words in Slack's JSON that a person can read, in order. */
export function wordsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && READABLE.has(key) ? [inner] : wordsIn(inner),
  );
}
