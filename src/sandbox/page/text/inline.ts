import { EMOJI } from './emoji.ts';
import { type Inline, text } from './tree.ts';

/*
 * One line of mrkdwn (docs.slack.dev, "Formatting message text"). A mark opens after a space or punctuation and closes
 * before one; what does not close is shown as typed.
 */

const MARKS: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' };
const WORDLIKE = /[\p{L}\p{N}]/u;
const ADDRESS = /^https?:\/\/[^\s<>|]+[^\s<>|.,:;!?)\]}'"]/;
const EMOJI_NAME = /^:([a-z0-9_+'-]+):/;

export interface Reading {
  /** Bare addresses become links, as in what people type. */
  autolink?: boolean;
  /** No marks and no angle brackets: plain text, where only emoji names mean something. */
  plain?: boolean;
  emoji?: boolean;
}

export function readInline(line: string, how: Reading = {}): Inline[] {
  const found: Inline[] = [];
  let words = '';
  const flush = () => {
    if (words !== '') found.push(text(how.plain ? words : unescaped(words)));
    words = '';
  };
  let at = 0;
  while (at < line.length) {
    const piece = next(line, at, how);
    if (piece === undefined) {
      words += line[at];
      at += 1;
      continue;
    }
    flush();
    found.push(piece.node);
    at = piece.end;
  }
  flush();
  return found;
}

interface Piece {
  node: Inline;
  end: number;
}

function next(line: string, at: number, how: Reading): Piece | undefined {
  const character = line[at] ?? '';
  if (character === ':' && how.emoji !== false) return emoji(line, at);
  if (how.plain) return undefined;
  if (character === '<') return bracket(line, at);
  if (character === '`') return code(line, at);
  if (character in MARKS) return marked(line, at, character, how);
  if (character === 'h' && how.autolink) return address(line, at);
  return undefined;
}

function emoji(line: string, at: number): Piece | undefined {
  const name = EMOJI_NAME.exec(line.slice(at, at + 50))?.[1];
  if (name === undefined || EMOJI[name] === undefined) return undefined;
  return { node: { is: 'emoji', name }, end: at + name.length + 2 };
}

function code(line: string, at: number): Piece | undefined {
  const close = line.indexOf('`', at + 1);
  if (close <= at + 1) return undefined;
  return { node: { is: 'code', text: unescaped(line.slice(at + 1, close)) }, end: close + 1 };
}

function marked(line: string, at: number, mark: string, how: Reading): Piece | undefined {
  const before = line[at - 1] ?? ' ';
  const after = line[at + 1] ?? ' ';
  if (WORDLIKE.test(before) || before === mark || /\s/.test(after) || after === mark) return undefined;
  for (let close = line.indexOf(mark, at + 2); close > 0; close = line.indexOf(mark, close + 1)) {
    const opens = /\s/.test(line[close - 1] ?? ' ') || WORDLIKE.test(line[close + 1] ?? ' ');
    if (opens) continue;
    const children = readInline(line.slice(at + 1, close), how);
    return { node: { is: MARKS[mark] ?? 'bold', children }, end: close + 1 };
  }
  return undefined;
}

function address(line: string, at: number): Piece | undefined {
  if (at > 0 && WORDLIKE.test(line[at - 1] ?? '')) return undefined;
  const url = ADDRESS.exec(line.slice(at))?.[0];
  if (url === undefined) return undefined;
  return { node: { is: 'link', url: unescaped(url), children: [text(unescaped(url))] }, end: at + url.length };
}

/** `<https://…|label>`, `<@U…>`, `<#C…>`, `<!channel>`, `<!date^…>`. */
function bracket(line: string, at: number): Piece | undefined {
  const close = line.indexOf('>', at);
  if (close < 0) return undefined;
  const inside = line.slice(at + 1, close);
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : unescaped(inside.slice(bar + 1));
  const node = special(target, label);
  return node && { node, end: close + 1 };
}

function special(target: string, label: string): Inline | undefined {
  if (target.startsWith('@')) return { is: 'user', id: target.slice(1) };
  if (target.startsWith('#')) return { is: 'channel', id: target.slice(1), label };
  if (target.startsWith('!date^')) return date(target, label);
  if (target.startsWith('!subteam^')) return { is: 'everybody', label: label || '@group' };
  if (target.startsWith('!')) return { is: 'everybody', label: `@${target.slice(1)}` };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const url = unescaped(target);
  return { is: 'link', url, children: [text(label || url.replace(/^(mailto|tel):/, ''))] };
}

function date(target: string, fallback: string): Inline {
  const [, at = '', format = '', url = null] = target.split('^');
  return { is: 'date', at: Number(at), format, url, fallback };
}

/** Slack escapes these three and no others. */
export const unescaped = (words: string): string =>
  words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
