import type { TextChannel } from '../../wire.ts';
import { readInline } from '../text/inline.ts';
import { broken, type Inline, type Paragraph, text } from '../text/tree.ts';

const ADDRESS = /https?:\/\/[^\s<>]+[^\s<>.,:;!?)\]}'"]/g;

/** What a phone makes of a text: links can be pressed, and WhatsApp knows bold, italic and strike. Pure. */
export function readText(body: string, channel: TextChannel): Paragraph[] {
  const lines = body.split('\n').map((line) => (channel === 'whatsapp' ? whatsApp(line) : links(line)));
  return [{ is: 'words', children: broken(lines) }];
}

/** WhatsApp's marks are those of Slack; angle brackets and ampersands mean nothing. */
function whatsApp(line: string): Inline[] {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return readInline(escaped, { autolink: true, emoji: false });
}

function links(line: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(ADDRESS)) {
    if (match.index > from) found.push(text(line.slice(from, match.index)));
    found.push({ is: 'link', url: match[0], children: [text(match[0])] });
    from = match.index + match[0].length;
  }
  if (from < line.length) found.push(text(line.slice(from)));
  return found;
}
