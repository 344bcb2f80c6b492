import { type Change, type ChangeLine, changeLines, type Playbook, type Touched } from '../../tenants/index.ts';
import { plural } from '../format.ts';
import { clip, escapeMarkup, escapeWords } from '../text.ts';
import { section } from '../views.ts';

/** A window takes 100 blocks. */
const MOST = 90;
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

/** As many lines, and as much of a text, as a message takes beside other things; the rest is in a window. */
const SHORTLY = { lines: 8, text: 300 };

/** The same for a message; `more` when something is left out or cut. Pure. */
export function shortDiff(
  changes: readonly Change[],
  playbooks: readonly Playbook[],
): { blocks: object[]; more: boolean } {
  const lines = changeLines(changes, playbooks);
  const shown = lines.slice(0, SHORTLY.lines);
  const left = lines.length - shown.length;
  const cut = shown.some(({ before, after }) => Math.max(before.length, after.length) > SHORTLY.text);
  return {
    blocks: [
      ...shown.map((line) => section(lineText(line, SHORTLY.text))),
      ...(left > 0 ? [section(`… and ${plural(left, 'more change')}.`)] : []),
    ],
    more: left > 0 || cut,
  };
}

/** The same as text, for messages without blocks and for notifications. Pure. */
export const diffText = (changes: readonly Change[], playbooks: readonly Playbook[], most = MOST): string => {
  const lines = changeLines(changes, playbooks);
  const shown = lines.slice(0, most).map((line) => `• ${inOneLine(line)}`);
  return [...shown, ...(lines.length > most ? [`• … and ${lines.length - most} more`] : [])].join('\n');
};

function lineText(line: ChangeLine, most = LONG): string {
  const { name, before, after } = line;
  if (before.length <= SHORT && after.length <= SHORT && !`${before}${after}`.includes('\n')) {
    return `*${escapeMarkup(name)}*\n${escapeWords(before)} → *${escapeWords(after)}*`;
  }
  return `*${escapeMarkup(name)}*\n${quoted(before, most)}\n_becomes_\n${quoted(after, most)}`;
}

const inOneLine = ({ name, before, after }: ChangeLine): string =>
  `${escapeMarkup(name)}: ${escapeWords(flat(before))} → ${escapeWords(flat(after))}`;

const flat = (text: string) => clip(text.replaceAll(/\s+/g, ' '), SHORT);

const quoted = (text: string, most: number): string =>
  escapeMarkup(clip(text, most))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

/** How much of what runs a change touches. Pure. */
export function touchedWords({ messages, followUps, running }: Touched): string {
  if (messages === 0) return `${plural(running, 'follow-up runs', 'follow-ups run')} by the plan as it is now.`;
  return `This affects ${plural(messages, 'planned message')} in ${plural(followUps, 'running follow-up')}.`;
}

/** What new send hours do to what is planned, as a sentence without its capital; empty when the hours stay. Pure. */
export function hoursWords(touched: Touched | null): string {
  const { postponed } = touched ?? {};
  if (postponed === undefined) return '';
  if (postponed === 0) return 'no planned message falls outside the new send hours.';
  const fall = `${plural(postponed, 'planned message')} ${postponed === 1 ? 'falls' : 'fall'} outside the new send hours`;
  if (touched && touched.running > 0) return `${fall}; what keeps its time waits for the next opening.`;
  return `${fall} and ${postponed === 1 ? 'waits' : 'wait'} for the next opening.`;
}

/**
 * What becomes of messages that are planned already: they keep their plan, or move, change and go with it. `done` tells of it as
 * something that has happened. Pure.
 */
export function plannedWords(touched: Touched, plan: 'keep' | 'move', done: boolean): string {
  const { messages, followUps, replanned, reworded, dropped, running } = touched;
  if (running === 0) return 'no planned message changes.';
  const runs = plural(running, 'running follow-up');
  if (plan === 'keep') {
    const stay =
      messages > 0 ? `; ${plural(messages, 'planned message')} in ${followUps} of them would be another` : '';
    return `${runs} ${done ? 'kept' : running === 1 ? 'keeps' : 'keep'} the plan as it was${stay}. Only new leads follow the change.`;
  }
  const would = done ? '' : 'would be ';
  const parts = [
    { count: replanned, words: `${would}moved to the new plan` },
    { count: reworded, words: done ? 'got other words' : 'would get other words' },
    { count: dropped, words: `${would}taken out` },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0)
    return `no planned message changes; ${runs} ${done ? 'were' : 'would be'} moved to the new plan.`;
  const said = parts.map(({ count, words }, at) => `${at === 0 ? plural(count, 'planned message') : count} ${words}`);
  return `in ${plural(followUps, 'running follow-up')}, ${said.join(', ')}.`;
}
