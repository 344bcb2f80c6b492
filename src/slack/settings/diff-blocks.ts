import { type Change, type ChangeLine, changeLines, type Playbook, type Touched } from '../../tenants/index.ts';
import { plural } from '../format.ts';
import { clip, escapeMarkup, escapeWords } from '../text.ts';
import { section } from '../views.ts';

/** A window or message holds no more lines than people read on a phone. */
const MOST = 30;
const SHORT = 60;
const LONG = 900;

/** A change in words, one block for each thing that changes. Pure. */
export function diffBlocks(changes: readonly Change[], playbooks: readonly Playbook[]): object[] {
  const lines = changeLines(changes, playbooks);
  const more = lines.length - MOST;
  return [
    ...lines.slice(0, MOST).map((line) => section(lineText(line))),
    ...(more > 0 ? [section(`… and ${plural(more, 'more change')}.`)] : []),
  ];
}

/** The same as text, for messages without blocks and for notifications. Pure. */
export const diffText = (changes: readonly Change[], playbooks: readonly Playbook[], most = MOST): string => {
  const lines = changeLines(changes, playbooks);
  const shown = lines.slice(0, most).map((line) => `• ${inOneLine(line)}`);
  return [...shown, ...(lines.length > most ? [`• … and ${lines.length - most} more`] : [])].join('\n');
};

function lineText(line: ChangeLine): string {
  const { name, before, after } = line;
  if (before.length <= SHORT && after.length <= SHORT && !`${before}${after}`.includes('\n')) {
    return `*${escapeMarkup(name)}*\n${escapeWords(before)} → *${escapeWords(after)}*`;
  }
  return `*${escapeMarkup(name)}*\n${quoted(before)}\n_becomes_\n${quoted(after)}`;
}

const inOneLine = ({ name, before, after }: ChangeLine): string =>
  `${escapeMarkup(name)}: ${escapeWords(flat(before))} → ${escapeWords(flat(after))}`;

const flat = (text: string) => clip(text.replaceAll(/\s+/g, ' '), SHORT);

const quoted = (text: string): string =>
  escapeMarkup(clip(text, LONG))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** How much of what runs a change touches; empty when it is nothing. Pure. */
export function touchedWords(touched: Touched | null): string {
  if (!touched) return '';
  const { messages, followUps, running } = touched;
  if (messages === 0) return `${plural(running, 'follow-up runs', 'follow-ups run')} by the plan as it is now.`;
  return `This affects ${plural(messages, 'planned message')} in ${plural(followUps, 'running follow-up')}.`;
}
