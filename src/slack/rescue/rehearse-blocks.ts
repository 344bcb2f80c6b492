import {
  clockTurns,
  type EndingEntry,
  endingInWords,
  type Finding,
  missInWords,
  notesOf,
  type Rehearsal,
  type Stage,
  type StepEntry,
  type Survey,
  triggerInWords,
  wayInWords,
} from '../../messaging/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import { inline, quoted } from '../card/index.ts';
import { ownName } from '../drive/modal.ts';
import type { Answer } from '../feature.ts';
import { capital, plural, type Times, zoneCity } from '../format.ts';
import { button, context, option, plain, section } from '../views.ts';

/** Everything that the message shows, as a plain value. */
export interface Shown {
  stage: Stage;
  rehearsal: Rehearsal;
  /** What follows each stage that has a sequence. */
  sequences: readonly Rehearsal[];
  survey: Survey;
  /** Writes instants on the customer's clock. */
  times: Times;
  /** Words that rehearse the same in another language, by language. */
  languages: readonly { language: string; words: string }[];
  /** The same with a reply, or without what the customer does. */
  other: { label: string; words: string } | null;
}

/** Slack takes 50 blocks; beyond these, entries and problems are counted. */
const MAX_ENTRIES = 34;
const MAX_SEQUENCES = 5;
const MAX_PROBLEMS = 8;
/** Characters of a message's words: enough to know it by. */
const WORDS = 280;
/** Longest value of a button or option. */
const MAX_VALUE = 75;

/** A rehearsal as a message: what is wrong on top, then the timeline with the words. Pure; fits Slack's limits. */
export function rehearsalAnswer(shown: Shown): Answer {
  const { rehearsal } = shown;
  const entries = rehearsal.failure === null ? rehearsal.timeline.slice(0, MAX_ENTRIES) : [];
  const more = rehearsal.timeline.length - entries.length;
  const lines = entries.map((entry) => lineOf(shown, rehearsal, entry));
  // what cannot be planned at all is told once
  const played = rehearsal.failure === null ? shown.sequences.slice(0, MAX_SEQUENCES) : [];
  const sequences = played.map((each) => sequenceLines(shown, each));
  const rest = entries.length > 0 && more > 0 ? [`… and ${plural(more, 'more')}`] : [];
  const problems = problemLines(shown);
  return {
    text: [
      heading(shown),
      ...problems,
      ...lines.map(({ line }) => line),
      ...rest,
      ...sequences.flat(),
      ...small(shown),
    ].join('\n'),
    blocks: [
      section(heading(shown)),
      ...(problems.length > 0 ? [section(problems.join('\n'))] : []),
      { type: 'divider' },
      ...lines.map(({ line, words, notes }) => section([line, ...words, ...notes].join('\n'))),
      ...rest.map((words) => context(words)),
      ...sequences.map((each) => section(each.join('\n'))),
      context(small(shown).join('\n')),
      ...controls(shown),
    ],
  };
}

function heading({ stage, rehearsal, times }: Shown): string {
  const { name, zone, language } = rehearsal.customer;
  const where = `${inline(name)} in ${zoneCity(zone)}, logged ${times.full(rehearsal.start)}`;
  return `*${inline(stage.playbook.name)}, rehearsed in ${languageName(language)}*\n${where}. Times are the customer's; nothing is sent.`;
}

const languageName = (code: string) => new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;

function problemLines({ stage, survey, times }: Shown): string[] {
  const { findings } = survey;
  if (findings.length === 0) return [];
  const shown = findings.slice(0, MAX_PROBLEMS).map((finding) => {
    const where = finding.example ? ` (for one logged ${times.full(finding.example.start)})` : '';
    return `!  ${subject(finding, stage.playbook)} ${inline(finding.message, 300)}${where}. ${remedy(finding)}`.trimEnd();
  });
  const more = findings.length - shown.length;
  return [`*${plural(findings.length, 'problem')}*`, ...shown, ...(more > 0 ? [`… and ${more} more`] : [])];
}

function subject({ step, language }: Finding, playbook: Playbook): string {
  const name = step === null ? 'The follow-up' : stepName(step, playbook);
  return language ? `*${name}* in ${languageName(language)}` : `*${name}*`;
}

function stepName(key: string, { cadence }: Playbook): string {
  const step = cadence.steps.find((each) => each.key === key);
  return step ? `Day ${step.day}` : capital(inline(key.replaceAll('_', ' ')));
}

/** What to do about it, by who can. */
function remedy({ rule, reason }: Finding): string {
  switch (rule) {
    case 'outside_hours':
    case 'no_plan':
      return '`/rescue hours` changes the hours.';
    case 'missing_template':
    case 'missing_translation':
    case 'cannot_be_written':
      return 'Whoever looks after the playbook has to add the words.';
    case 'too_close':
    case 'order':
      return 'Whoever looks after the playbook has to move the steps apart.';
    case 'not_sent':
      if (reason === 'no_opening') return ''; // its words say what to do
      return reason === 'no_sender'
        ? '`/rescue channels` shows what is connected.'
        : '`/rescue templates` has WhatsApp approve the texts.';
    case 'window':
    case 'lost':
      return 'Please tell whoever runs LeadRescue.';
  }
}

/** A sequence in one block: what begins it, then its steps. */
function sequenceLines(shown: Shown, sequence: Rehearsal): string[] {
  const head = `*${inline(triggerInWords(shown.stage, sequence.after ?? ''))}:*`;
  if (sequence.failure !== null) return [head, `!  ${inline(sequence.failure, 300)}`];
  return [
    head,
    ...sequence.timeline.flatMap((entry) => {
      const { line, words, notes } = lineOf(shown, sequence, entry);
      return [line, ...words, ...notes];
    }),
  ];
}

interface Line {
  line: string;
  words: string[];
  notes: string[];
}

function lineOf({ stage, times }: Shown, rehearsal: Rehearsal, entry: Rehearsal['timeline'][number]): Line {
  const at = times.full(entry.at);
  if (!('fate' in entry))
    return { line: `▸  *Day ${entry.day}* · ${at} · ${what(entry, rehearsal)}.`, words: [], notes: [] };
  const name = entry.kind === 'step' ? `Day ${entry.day}` : 'Confirmation';
  const { fate } = entry;
  if (fate.kind !== 'sent') {
    const mark = fate.kind === 'cancelled' ? '–' : '!';
    return { line: `${mark}  *${name}* · ${at} · ${missInWords(fate)}`, words: [], notes: [] };
  }
  const notes = entry.kind === 'step' ? notesOf(stage, rehearsal, entry, times.full) : [];
  return {
    line: `○  *${name}* · ${at} · ${wayInWords(fate)}`,
    words: [quoted(fate.body.replace(/\n+/g, ' '), WORDS)],
    notes: notes.map((note) => `↳ ${inline(note, 300)}`),
  };
}

const what = (entry: EndingEntry, { customer }: Rehearsal) => endingInWords(entry, inline(customer.name));

/** What else is worth knowing, small. */
function small({ rehearsal, survey, times }: Shown): string[] {
  const steps = rehearsal.timeline.filter((entry): entry is StepEntry => entry.kind === 'step');
  const unapproved = steps.some(({ instead }) => instead?.reason === 'template_needed');
  const last = rehearsal.timeline.at(-1)?.at ?? rehearsal.start;
  const turns = clockTurns(rehearsal.start, last, rehearsal.customer.zone).map((day) => times.day(day));
  const others = survey.languages.length > 1 ? ` in ${plural(survey.languages.length, 'language')}` : '';
  const found = survey.findings.length === 0 ? 'No problem found. ' : '';
  return [
    ...(unapproved ? ['`/rescue templates` has WhatsApp approve the texts; until then they go by SMS.'] : []),
    ...(turns.length > 0 ? [`The clock is turned on ${turns.join(' and ')}; messages keep their local time.`] : []),
    `${found}${plural(survey.plans, 'plan')} checked${others}, logged at night, before weekends, changes of the clock and New Year.`,
  ];
}

function controls({ languages, other }: Shown): object[] {
  const options = languages
    .filter(({ words }) => words.length <= MAX_VALUE)
    .slice(0, 100)
    .map(({ language, words }) => option(ownName(language), words));
  const select = {
    type: 'static_select',
    action_id: 'rehearse_language',
    placeholder: plain('Another language', 150),
    options,
  };
  const elements = [
    ...(options.length > 0 ? [select] : []),
    ...(other && other.words.length <= MAX_VALUE
      ? [button({ text: other.label, actionId: 'rehearse_ending', value: other.words })]
      : []),
  ];
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}
