import { z } from 'zod';

/*
 * What somebody typed into Slack, from the rich text it keeps (docs.slack.dev, "Rich text block"): the `text` beside it has
 * marks for bold and names for emoji, which no customer should read.
 */

const element = z.looseObject({ type: z.string() });
const typed = {
  text: z.object({ type: z.literal('text'), text: z.string() }),
  link: z.object({ type: z.literal('link'), url: z.string(), text: z.string().optional() }),
  emoji: z.object({ type: z.literal('emoji'), name: z.string(), unicode: z.string().optional() }),
};
const part = z.looseObject({ type: z.string(), style: z.string().optional(), elements: z.array(z.unknown()) });
const rich = z.object({ type: z.literal('rich_text'), elements: z.array(part) });

/** The words as plain text; undefined when there is no rich text, or something in it that has no plain form. Pure. */
export function richWords(blocks: readonly unknown[]): string | undefined {
  const parts = blocks.flatMap((block) => {
    const parsed = rich.safeParse(block);
    return parsed.success ? parsed.data.elements : [];
  });
  if (parts.length === 0) return undefined;
  const lines: string[] = [];
  for (const { type, style, elements } of parts) {
    const words = type === 'rich_text_list' ? listWords(style, elements) : inlineWords(elements);
    if (words === undefined) return undefined;
    lines.push(words);
  }
  return lines.join('\n').trim();
}

function listWords(style: string | undefined, items: readonly unknown[]): string | undefined {
  const lines = items.map((item, index) => {
    const parsed = part.safeParse(item);
    const words = parsed.success ? inlineWords(parsed.data.elements) : undefined;
    return words === undefined ? undefined : `${style === 'ordered' ? `${index + 1}.` : '•'} ${words}`;
  });
  return lines.includes(undefined) ? undefined : lines.join('\n');
}

function inlineWords(elements: readonly unknown[]): string | undefined {
  let words = '';
  for (const each of elements) {
    const one = wordsOf(each);
    if (one === undefined) return undefined;
    words += one;
  }
  return words;
}

/** Mentions of people and channels mean nothing to a customer: they have no plain form. */
function wordsOf(each: unknown): string | undefined {
  switch (element.safeParse(each).data?.type) {
    case 'text':
      return typed.text.safeParse(each).data?.text;
    case 'link': {
      const link = typed.link.safeParse(each).data;
      return link && (link.text === undefined || link.text === link.url ? link.url : `${link.text} (${link.url})`);
    }
    case 'emoji':
      return emojiWords(each);
    default:
      return undefined;
  }
}

/** Slack names the code points of a usual emoji (`1f44d-1f3fc`); one of the workspace's own has none. */
function emojiWords(each: unknown): string | undefined {
  const emoji = typed.emoji.safeParse(each).data;
  if (!emoji?.unicode || !/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(emoji.unicode)) return undefined;
  const points = emoji.unicode.split('-').map((point) => Number.parseInt(point, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
