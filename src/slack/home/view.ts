import { channelName } from '../../messaging/index.ts';
import type { Playbooks, Staff } from '../../tenants/index.ts';
import { actions, bold, button, inline, quoted, settleButton, subjectOf } from '../card/index.ts';
import { grouped, plural, type Times } from '../format.ts';
import { minutesInWords } from '../tell/frame.ts';
import { context, plain, section } from '../views.ts';
import type { Alerts, HomeFacts, OwedLine, PlannedLine } from './read.ts';

/** What the page is written with. */
export interface HomeContext {
  staff: readonly Pick<Staff, 'id' | 'name'>[];
  playbooks: Playbooks;
  times: Times;
  now: Date;
  /** Minutes of opening hours since then. */
  waited(since: Date): number;
}

interface HomeView {
  type: 'home';
  blocks: object[];
}

const header = (words: string) => ({ type: 'header', text: plain(words, 150) });
const DIVIDER = { type: 'divider' };

/** One person's page: what they owe first, then today, then the week; for managers also the team. Pure. */
export function homeView(facts: HomeFacts, page: HomeContext): HomeView {
  const { mine, team, today, week } = facts;
  return {
    type: 'home',
    blocks: [
      header(mine.total > 0 ? `You owe ${plural(mine.total, 'answer')}` : 'Nobody waits for you'),
      ...(mine.total > 0 ? [] : [context(`As of ${page.times.clock(page.now)}. Customers who write appear here.`)]),
      ...mine.owed.flatMap((each) => owedBlocks(each, page, true)),
      ...more(mine.total, mine.owed.length),
      ...(team ? [DIVIDER, ...teamBlocks(team, page)] : []),
      DIVIDER,
      header('Today'),
      ...todayBlocks(today, page),
      context(weekWords(week)),
      context('`/drive` logs a test drive, `/leads` lists your leads, `/rescue help` shows everything.'),
    ],
  };
}

/** For somebody who has no role here. */
export const strangerView = (): HomeView => ({
  type: 'home',
  blocks: [
    section('You have no role in LeadRescue here. Ask one of your admins; guests of a workspace cannot have one.'),
  ],
});

function owedBlocks(each: OwedLine, page: HomeContext, own: boolean): object[] {
  const { times, now, playbooks, staff } = page;
  const subject = subjectOf(each, playbooks.get(each.playbook));
  const owes = staff.find((person) => person.id === (each.takenBy ?? each.ownerId));
  const facts = [
    `since ${times.beside(each.since, now)} (${minutesInWords(page.waited(each.since))} of opening hours)`,
    ...(each.unread > 1 ? [`${grouped(each.unread)} messages`] : []),
    ...(own ? [] : [owes ? inline(owes.name) : 'nobody looks after this lead']),
    ...(each.escalatedAt && !own ? ['managers were told'] : []),
  ];
  const head = `${bold(each.name)}${subject ? ` · ${inline(subject)}` : ''}\n${facts.join(' · ')}`;
  const words = each.words.trim() === '' ? [] : [quoted(each.words, 240)];
  return [
    section([head, ...words].join('\n')),
    ...actions([
      button('lead_reply', 'Reply', each.leadId, own ? { style: 'primary' } : {}),
      button('lead_open', 'Open', each.leadId),
      ...(own ? [settleButton(each.leadId)] : []),
    ]),
  ];
}

function teamBlocks({ owed, total, alerts }: NonNullable<HomeFacts['team']>, page: HomeContext): object[] {
  const head = total > 0 ? `Your team owes ${plural(total, 'answer')}` : 'Your team owes nobody an answer';
  const words = alertWords(alerts);
  return [
    header(head),
    ...owed.flatMap((each) => owedBlocks(each, page, false)),
    ...more(total, owed.length),
    ...(words.length > 0 ? [section(['*Needs somebody:*', ...words.map((line) => `• ${line}`)].join('\n'))] : []),
  ];
}

function alertWords({ unconfirmed, held, drafts, templates, parked }: Alerts): string[] {
  const waits = (count: number, one: string, many: string) => (count > 0 ? [plural(count, one, many)] : []);
  return [
    ...waits(unconfirmed, 'message may have left, and nobody can say', 'messages may have left, and nobody can say'),
    ...waits(held, 'message waits for a person', 'messages wait for a person'),
    ...waits(
      drafts,
      "answer of the assistant's waits for a decision",
      "answers of the assistant's wait for a decision",
    ),
    ...waits(
      templates,
      'WhatsApp template cannot be used: `/rescue templates`',
      'WhatsApp templates cannot be used: `/rescue templates`',
    ),
    ...waits(parked, 'thing keeps failing: `/rescue status`', 'things keep failing: `/rescue status`'),
  ];
}

function todayBlocks({ planned, total }: HomeFacts['today'], page: HomeContext): object[] {
  if (total === 0) return [section('No follow-up of yours leaves today any more.')];
  const lines = planned.map((each) => plannedLine(each, page));
  const rest = total > planned.length ? [`… and ${grouped(total - planned.length)} more`] : [];
  const head = `*${plural(total, 'follow-up')} of yours still ${total === 1 ? 'leaves' : 'leave'} today:*`;
  return [section([head, ...lines, ...rest].join('\n'))];
}

function plannedLine(each: PlannedLine, { playbooks, times }: HomeContext): string {
  const playbook = playbooks.get(each.playbook);
  const day = playbook.cadence.steps.find((step) => step.key === each.stepKey)?.day;
  const subject = subjectOf(each, playbook);
  const what = [
    inline(each.name),
    ...(subject ? [inline(subject)] : []),
    ...(day === undefined ? [] : [`day ${day}`]),
    channelName(each.channel),
  ];
  return `${times.clock(each.dueAt)}  ${what.join(' · ')}`;
}

const weekWords = ({ logged, replied, won }: HomeFacts['week']) =>
  `Your week: ${plural(logged, 'lead')} logged, ${plural(replied, 'customer')} replied, ${grouped(won)} won.`;

const more = (total: number, shown: number) =>
  total > shown ? [context(`… and ${grouped(total - shown)} more, the longest waiting first.`)] : [];
