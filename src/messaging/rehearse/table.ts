import { DateTime } from 'luxon';
import { channelName, reasonInWords } from '../ledger.ts';
import { segments } from '../render.ts';
import type { Finding, Survey } from './survey.ts';
import type { Entry, Rehearsal, Stage } from './types.ts';
import { endingInWords, missInWords, notesOf, triggerInWords, UNREGISTERED } from './words.ts';

/* A rehearsal for a terminal. Pure. */

/** Characters of a message's words in the table; whole in the JSON. */
const WORDS = 72;

const HEAD = ['Day', 'Local time', '', 'Channel', 'Sent as', 'Words'];

/** A rehearsal with what the survey around it found. */
export interface Report {
  stage: Stage;
  rehearsal: Rehearsal;
  survey: Survey;
  /** What follows each stage that has a sequence, where it is shown as well. */
  sequences?: readonly Rehearsal[];
}

const local = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).setLocale('en');
const time = (at: Date, zone: string) => local(at, zone).toFormat('ccc d LLL yyyy HH:mm');

/** `Swedish (sv)`. */
const languageName = (code: string) =>
  `${new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code} (${code})`;

/** The timeline as a table, what was checked, and every problem in words. */
export function toTable(report: Report): string {
  const { stage, rehearsal } = report;
  const { customer, start, failure } = rehearsal;
  const who = `${customer.name} in ${customer.zone}, in ${languageName(customer.language)}`;
  const offset = local(start, customer.zone).toFormat('ZZ');
  const sequences = (report.sequences ?? []).flatMap((sequence) => [
    `${triggerInWords(stage, sequence.after ?? '')}:`,
    '',
    ...(sequence.failure === null ? tableOf(stage, sequence) : [`nothing: ${sequence.failure}`]),
    '',
  ]);
  return [
    `${stage.playbook.name}, rehearsed for ${who}, logged ${time(start, customer.zone)} ${offset}`,
    '',
    ...(failure === null ? [...tableOf(stage, rehearsal), ''] : []),
    ...(failure === null ? sequences : []),
    ...verdict(report),
    '',
  ].join('\n');
}

function tableOf(stage: Stage, rehearsal: Rehearsal): string[] {
  const rows = [HEAD, ...rehearsal.timeline.flatMap((entry) => rowsOf(stage, rehearsal, entry))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(column < 5 ? (widths[column] ?? 0) : 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function rowsOf(stage: Stage, rehearsal: Rehearsal, entry: Entry): string[][] {
  const { zone, name } = rehearsal.customer;
  const when = [time(entry.at, zone), local(entry.at, zone).toFormat('ZZ')];
  const day = 'day' in entry ? String(entry.day) : '';
  if (!('fate' in entry)) return [[day, ...when, '', '', `${endingInWords(entry, name)}.`]];
  const { fate } = entry;
  if (fate.kind !== 'sent') return [[day, ...when, '', '', missInWords(fate)]];
  const notes = entry.kind === 'step' ? notesOf(stage, rehearsal, entry, (at) => time(at, zone)) : [];
  return [
    [day, ...when, channelName(fate.channel), sentAs(fate), shortened(fate.body)],
    ...notes.map((note) => ['', '', '', '', '', `(${note})`]),
  ];
}

function sentAs({ channel, template, body }: { channel: string; template: boolean; body: string }): string {
  if (channel === 'whatsapp') return template ? 'template' : 'free text';
  const parts = channel === 'sms' ? segments(body).segments : 1;
  return parts > 1 ? `text, ${parts} parts` : 'text';
}

/** On one line, cut between letters as people count them. */
function shortened(words: string): string {
  const letters = [...new Intl.Segmenter().segment(words.replace(/\s+/g, ' '))].map(({ segment }) => segment);
  return letters.length <= WORDS
    ? letters.join('')
    : `${letters
        .slice(0, WORDS - 1)
        .join('')
        .trimEnd()}…`;
}

function verdict({ survey }: Report): string[] {
  const { findings, unreached, plans, languages, zones } = survey;
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
  const checked = `${many(plans, 'plan')} checked: ${many(languages.length, 'language')} (${languages.join(', ')}), ${many(zones.length, 'zone')}, start times around nights, weekends, changes of the clock and New Year.`;
  const limits = unreached.length > 0 ? [notReached(unreached)] : [];
  if (findings.length === 0) return [`No problem. ${checked}`, ...limits];
  const problems = findings.map((finding) => `  ${line(finding)}`);
  return [`${many(findings.length, 'problem')}:`, ...problems, '', checked, ...limits];
}

const notReached = (zones: readonly string[]): string =>
  `Not reached in ${zones.join(' and ')}: whoever gives a number alone. ${reasonInWords(UNREGISTERED)} (\`cadence.channels\`, or a required field for an address).`;

function line({ where, step, language, message, example, plans }: Finding): string {
  const subject = [step ?? 'the plan', ...(language ? [`(${language})`] : [])].join(' ');
  const seen = example
    ? ` (in ${plans === 1 ? '1 plan' : `${plans} plans`}, such as one logged ${time(example.start, example.zone)} in ${example.zone}, ${example.language})`
    : '';
  return `${where}: ${subject} ${message}${seen}`;
}
