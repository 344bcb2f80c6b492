import type { StaffId } from '../../lib/ids.ts';
import { channelName } from '../../messaging/index.ts';
import type { Report } from '../../reports/index.ts';
import type { Playbooks, Staff } from '../../tenants/index.ts';
import { actions, bold, button, inline, quoted, settleButton, subjectOf } from '../card/index.ts';
import { LEADS_NEWEST, LEADS_UNOWNED } from '../commands/index.ts';
import { unownedRow } from '../commands/list.ts';
import { OPEN_DRIVE } from '../drive/index.ts';
import { grouped, plural, type Times } from '../format.ts';
import { WHOSE_NEW } from '../reports/view.ts';
import { minutesInWords } from '../tell/frame.ts';
import { context, plain, button as pressable, section } from '../views.ts';
import { type AdminContext, type AdminFacts, adminRows, unfinishedRows } from './admin.ts';
import { alertRows, decisionRows, pipelineRows, teamRows } from './manage.ts';
import { type HomeFacts, MAX_UNOWNED, type OwedLine, type PlannedLine } from './read.ts';

/** What the page is written with. */
export interface HomeContext {
  me: StaffId;
  staff: readonly Pick<Staff, 'id' | 'name'>[];
  playbooks: Playbooks;
  times: Times;
  now: Date;
  /** Minutes of opening hours since then. */
  waited(since: Date): number;
  /** The numbers of everybody, for managers. */
  report: Report | null;
  /** For admins. */
  admin: { facts: AdminFacts; page: AdminContext } | null;
  /** Whose page it is, where the workspace has several businesses. */
  business: string | null;
}

interface HomeView {
  type: 'home';
  blocks: object[];
}

const header = (words: string) => ({ type: 'header', text: plain(words, 150) });
const DIVIDER = { type: 'divider' };

/** Slack takes no more. */
const MOST_BLOCKS = 100;

/**
 * One person's page: what they owe first, then today, then their week; for managers also alerts, decisions, the team and
 * the pipeline; for admins the set-up, the channels, the settings and the log. Pure.
 */
export function homeView(facts: HomeFacts, page: HomeContext): HomeView {
  const { mine, team, today, week } = facts;
  const { admin, report, staff, playbooks, business } = page;
  const alerts = team ? alertRows(team.alerts, staff) : [];
  const blocks = [
    ...(business ? [context(`${bold(business)} · \`/rescue tenant\` leads to your other businesses`)] : []),
    ...(admin ? unfinishedRows(admin.page) : []),
    ...shortcuts(page.me, team !== null),
    ...(alerts.length > 0 ? [header(plural(alerts.length, 'open alert')), ...alerts, DIVIDER] : []),
    header(mine.total > 0 ? `You owe ${plural(mine.total, 'answer')}` : 'Nobody waits for you'),
    ...(mine.total > 0 ? [] : [context(`As of ${page.times.clock(page.now)}. Customers who write appear here.`)]),
    ...mine.owed.flatMap((each) => owedBlocks(each, page, true)),
    ...more(mine.total, mine.owed.length),
    ...unownedBlocks(facts.unowned, page),
    ...(team ? [DIVIDER, ...teamBlocks(team, page)] : []),
    DIVIDER,
    header('Today'),
    ...todayBlocks(today, page),
    ...weekBlocks(week),
    ...(report ? [DIVIDER, header('Numbers'), ...pipelineRows(report, playbooks), ...teamRows(report, staff)] : []),
    ...(admin ? [DIVIDER, header('Looking after LeadRescue'), ...adminRows(admin.facts, admin.page)] : []),
    context('The same by command: `/drive`, `/leads`, `/kpi`. `/rescue help` shows everything.'),
  ];
  return { type: 'home', blocks: blocks.slice(0, MOST_BLOCKS) };
}

/** For somebody who has no role here. */
export const strangerView = (): HomeView => ({
  type: 'home',
  blocks: [
    section('You have no role in LeadRescue here. Ask one of your admins; guests of a workspace cannot have one.'),
  ],
});

/** What is done most, without a command: thumbs do not like to type. Answers come as direct messages. */
function shortcuts(me: StaffId, manages: boolean): object[] {
  return actions([
    pressable({ text: 'Log a test drive', actionId: OPEN_DRIVE, style: 'primary' }),
    pressable({ text: manages ? 'Leads' : 'My leads', actionId: LEADS_NEWEST }),
    pressable({ text: 'Numbers', actionId: WHOSE_NEW, value: `${manages ? 'tenant' : me}|week` }),
  ]);
}

function owedBlocks(each: OwedLine, page: HomeContext, own: boolean): object[] {
  const { times, now, playbooks, staff } = page;
  const subject = subjectOf(each, playbooks.get(each.playbook));
  const owes = staff.find((person) => person.id === each.owesId);
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

/** What anybody may take. */
function unownedBlocks(leads: HomeFacts['unowned'], page: HomeContext): object[] {
  if (leads.length === 0) return [];
  const rest = leads.length > MAX_UNOWNED ? actions([pressable({ text: 'Show more', actionId: LEADS_UNOWNED })]) : [];
  return [
    DIVIDER,
    header('Nobody looks after these leads'),
    ...leads.slice(0, MAX_UNOWNED).map((lead) => unownedRow(lead, page)),
    ...rest,
  ];
}

function teamBlocks({ owed, total, decisions }: NonNullable<HomeFacts['team']>, page: HomeContext): object[] {
  const head = total > 0 ? `Your team owes ${plural(total, 'answer')}` : 'Your team owes nobody an answer';
  return [
    header(head),
    ...owed.flatMap((each) => owedBlocks(each, page, false)),
    ...more(total, owed.length),
    ...decisionRows(decisions),
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

function weekBlocks({ logged, replied, won }: HomeFacts['week']): object[] {
  const figures = [
    `*${grouped(logged)}* ${logged === 1 ? 'lead' : 'leads'} logged`,
    `*${grouped(replied)}* ${replied === 1 ? 'customer' : 'customers'} replied`,
    `*${grouped(won)}* won`,
  ];
  return [section(`*Your week*\n${figures.join('  ·  ')}`)];
}

const more = (total: number, shown: number) =>
  total > shown ? [context(`… and ${grouped(total - shown)} more, the longest waiting first.`)] : [];
