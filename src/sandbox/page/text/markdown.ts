import { type Inline, type Paragraph, text } from './tree.ts';

/* A Markdown block (docs.slack.dev, "Markdown block"): what people use of it, line by line. Pure. */

const LIST = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const ROW = /^\s*\|(.+)\|\s*$/;
const ALIGNMENT = /^\s*\|?[\s:|-]+\|?\s*$/;

export function readMarkdown(words: string): Paragraph[] {
  const lines = words.replace(/\r\n?/g, '\n').split('\n');
  const found: Paragraph[] = [];
  let at = 0;
  while (at < lines.length) {
    const [paragraph, end] = paragraphAt(lines, at);
    if (paragraph) found.push(paragraph);
    at = end;
  }
  return found;
}

type Read = [paragraph: Paragraph | undefined, end: number];

function paragraphAt(lines: string[], at: number): Read {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [undefined, at + 1];
  const title = /^(#{1,6})\s+(.*)$/.exec(line);
  if (title) return [{ is: 'title', level: title[1]?.length ?? 1, children: inline(title[2] ?? '') }, at + 1];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [{ is: 'rule' }, at + 1];
  if (line.trimStart().startsWith('```')) return fence(lines, at);
  if (line.startsWith('>')) {
    return run(
      lines,
      at,
      (each) => each.startsWith('>'),
      (some) => ({
        is: 'quote',
        children: joined(some.map((each) => each.replace(/^>\s?/, ''))),
      }),
    );
  }
  if (LIST.test(line)) return list(lines, at);
  if (ROW.test(line) && ALIGNMENT.test(lines[at + 1] ?? '')) return table(lines, at);
  return run(lines, at, isWords, (some) => ({ is: 'words', children: joined(some) }));
}

const isWords = (line: string) =>
  line.trim() !== '' && !/^(#{1,6}\s|>|\s*```)/.test(line) && !LIST.test(line) && !ROW.test(line);

function run(lines: string[], at: number, holds: (line: string) => boolean, make: (some: string[]) => Paragraph): Read {
  let end = at + 1;
  while (end < lines.length && holds(lines[end] ?? '')) end += 1;
  return [make(lines.slice(at, end)), end];
}

function fence(lines: string[], at: number): Read {
  const close = lines.findIndex((line, index) => index > at && line.trim() === '```');
  const end = close < 0 ? lines.length : close;
  return [{ is: 'pre', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

/** Lines of one list: the same kind, equally far in. */
function list(lines: string[], at: number): Read {
  const first = LIST.exec(lines[at] ?? '');
  const same = (line: string) => {
    const item = LIST.exec(line);
    return item !== null && item[1] === first?.[1] && (item[2] === undefined) === (first?.[2] === undefined);
  };
  return run(lines, at, same, (some) => ({
    is: 'list',
    ordered: first?.[2] !== undefined,
    indent: Math.floor((first?.[1]?.length ?? 0) / 2),
    start: Number(first?.[2] ?? 1),
    items: some.map((line) => inline(LIST.exec(line)?.[3] ?? '')),
  }));
}

function table(lines: string[], at: number): Read {
  return run(
    lines,
    at,
    (line) => ROW.test(line),
    (some) => ({
      is: 'table',
      rows: some
        .filter((line) => !ALIGNMENT.test(line))
        .map((line) => (ROW.exec(line)?.[1] ?? '').split('|').map((cell) => inline(cell.trim()))),
    }),
  );
}

const joined = (lines: string[]): Inline[] =>
  lines.flatMap((line, index) => (index === 0 ? inline(line) : [{ is: 'break' as const }, ...inline(line)]));

/** Links, code, then bold before italic, since `**` begins with `*`. */
const PATTERN = /\[([^\]]+)\]\((\S+?)\)|`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*(.+?)\*|\b_(.+?)_\b/;

function inline(words: string): Inline[] {
  const match = PATTERN.exec(words);
  if (!match) return words === '' ? [] : [text(words)];
  const [whole, label, url, code, bold, strong, strike, star, low] = match;
  const after = inline(words.slice(match.index + whole.length));
  return [...inline(words.slice(0, match.index)), node(), ...after];

  function node(): Inline {
    if (url !== undefined) return { is: 'link', url, children: inline(label ?? url) };
    if (code !== undefined) return { is: 'code', text: code };
    if (bold ?? strong) return { is: 'bold', children: inline(bold ?? strong ?? '') };
    if (strike) return { is: 'strike', children: inline(strike) };
    return { is: 'italic', children: inline(star ?? low ?? '') };
  }
}
