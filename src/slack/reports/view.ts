import type { Milestone, Report } from '../../reports/index.ts';
import { inline } from '../card/index.ts';
import type { Answer } from '../feature.ts';
import { grouped } from '../format.ts';
import { button, context, option, plain, section } from '../views.ts';
import type { Wanted } from './ask.ts';
import {
  funnelLines,
  type Headline,
  headlines,
  leadsName,
  type Page,
  peopleLines,
  pipelineLine,
  sourceLines,
  stepLines,
} from './lines.ts';

export const PERIOD = 'kpi_period';
export const SHARE = 'kpi_share';
export const CSV = 'kpi_csv';
export const LEADS = 'kpi_leads';
export const WHOSE = 'kpi_whose';
/** The same, beside what it is pressed on. */
export const WHOSE_NEW = 'kpi_open';

/** A picture that Slack keeps, with what it shows in words. */
export interface Shown {
  fileId: string;
  alt: string;
}

const CHOICES: readonly [string, string][] = [
  ['today', 'Today'],
  ['yesterday', 'Yesterday'],
  ['week', 'This week'],
  ['week-1', 'Last week'],
  ['month', 'This month'],
  ['month-1', 'Last month'],
  ['quarter', 'This quarter'],
  ['quarter-1', 'Last quarter'],
];

/** The numbers of a period, with the picture when there is one. Pure. */
export function kpiView(
  report: Report,
  wanted: Wanted,
  page: Page,
  shown: Shown | null,
  place: { own: boolean; posted: boolean },
): Answer {
  const { own } = place;
  const title = `${report.period.title} · ${whose(wanted, page, own)}`;
  const facts = headlines(report, page);
  const parts: [string, string[]][] = [
    ['From drive to deal', funnelLines(report, page)],
    ['Steps of the follow-up', stepLines(report, page)],
    ['Where leads came from', report.now.sources.length > 1 ? sourceLines(report, page) : []],
  ];
  const people: [string, string[]] = [
    'Leaderboard',
    peopleLines(report.people, page, wanted.scope === 'team' ? 25 : 5),
  ];
  if (wanted.scope === 'team') parts.unshift(people);
  else parts.push(people);
  const told = parts.filter(([, lines]) => lines.length > 0);
  const quiet = nothingYet(report, wanted.scope === 'team');
  const pipeline = pipelineLine(report, page);
  return {
    text: [
      `${inline(title)}:`,
      ...quiet,
      ...facts.map(plainFact),
      ...told.flatMap(([name, lines]) => [`${name}:`, ...lines]),
    ].join('\n'),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      context(`${spanWords(report)} · compared with ${report.period.beforeTitle}`),
      ...(quiet.length > 0 ? quiet.map((words) => section(words)) : shown ? [imageBlock(shown)] : []),
      ...factBlocks(facts),
      ...told.map(([name, lines]) => section(`*${name}*\n${lines.join('\n')}`)),
      ...(pipeline === '' ? [] : [context(pipeline)]),
      ...controls(report, wanted, page, place),
    ],
  };
}

/** A week that has just begun shows dashes alone: then the words say so, and where there is more to see. Pure. */
function nothingYet({ now, people, period }: Report, byPerson: boolean): string[] {
  const counted = now.captured + now.replies + now.won + now.automated + now.answers.asked;
  const until = period.open ? ' so far' : '';
  if (counted === 0) return [`Nothing was counted${until} in ${inline(period.title)}. Choose an earlier period below.`];
  return byPerson && people.length === 0
    ? [`Nobody logged or answered anything${until} in ${inline(period.title)}.`]
    : [];
}

export const imageBlock = ({ fileId, alt }: Shown): object => ({
  type: 'image',
  slack_file: { id: fileId },
  alt_text: alt.slice(0, 2000),
});

export const plainFact = ({ label, value, more }: Headline): string =>
  `${label}: ${value}${more === '' ? '' : ` (${more})`}`;

const factField = ({ label, value, more }: Headline) => ({
  type: 'mrkdwn',
  text: `*${label}*\n${value}${more === '' ? '' : `\n${more}`}`,
  verbatim: true,
});

/** A section holds ten. */
const FIELDS = 10;

const factBlocks = (facts: readonly Headline[]): object[] =>
  Array.from({ length: Math.ceil(facts.length / FIELDS) }, (_, index) => ({
    type: 'section',
    fields: facts.slice(index * FIELDS, (index + 1) * FIELDS).map(factField),
  }));

function whose({ scope }: Wanted, page: Page, own: boolean): string {
  if (scope === 'tenant') return page.business;
  if (scope === 'team') return `${page.business}, by person`;
  return own ? 'your numbers' : (page.staff.find(({ id }) => id === scope)?.name ?? 'somebody who has left');
}

/** `Mon 16 Nov to Sun 22 Nov, so far`. */
export function spanWords({ period }: Pick<Report, 'period'>): string {
  const { from, to, open } = period;
  const span = from === to ? dateWords(from) : `${dateWords(from)} to ${dateWords(to)}`;
  return `${span}${open ? ', so far' : ''}`;
}

const dateWords = (day: string): string =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });

/** Where it is posted for others, nobody turns the page for them. */
function controls(
  { now }: Report,
  { scope, value }: Wanted,
  { playbooks }: Page,
  { own, posted }: { own: boolean; posted: boolean },
): object[] {
  const key = value.split('|')[1];
  const choice = CHOICES.map(([period, name]) => option(name, `${scope}|${period}`));
  const initial = choice[CHOICES.findIndex(([period]) => period === key)];
  const found: [Milestone, string, number][] = [
    ['captured', leadsName(playbooks), now.captured],
    ['replies', 'Replied', now.replies],
    ['won', 'Won', now.won],
    ['recovered', 'Recovered', now.recovered],
    ['lost', 'Lost', now.lost],
  ];
  const lists = found.flatMap(([milestone, name, n]) =>
    n > 0 ? option(`${name}: ${grouped(n)}`, `${value}|${milestone}`) : [],
  );
  const select = (actionId: string, placeholder: string, options: object[], chosen?: object) => ({
    type: 'static_select',
    action_id: actionId,
    placeholder: plain(placeholder, 150),
    options,
    ...(chosen && { initial_option: chosen }),
  });
  const other = scope === 'tenant' ? 'team' : 'tenant';
  const team = { text: scope === 'tenant' ? 'Leaderboard' : 'Everybody', actionId: WHOSE, value: `${other}|${key}` };
  return [
    {
      type: 'actions',
      elements: [
        ...(posted ? [] : [select(PERIOD, 'Period', choice, initial)]),
        ...(lists.length > 0 ? [select(LEADS, 'Open leads', lists)] : []),
        ...(own || posted ? [] : [button(team)]),
        button({ text: 'CSV', actionId: CSV, value }),
        ...(posted ? [] : [button({ text: 'Post here', actionId: SHARE, value })]),
      ],
    },
  ];
}
