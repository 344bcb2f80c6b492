import { channelName } from '../../messaging/index.ts';
import { type Figures, type PersonSum, type Report, type Returns, returnsOf, share } from '../../reports/index.ts';
import type { Playbooks, Settings, Staff } from '../../tenants/index.ts';
import { bold, inline } from '../card/index.ts';
import { capital, grouped, plural, type Times } from '../format.ts';
import { aside, duration, money, percent, trend, trendOfMoney, trendOfShare, trendOfTime } from './words.ts';

/** What numbers are written with. */
export interface Page {
  business: string;
  staff: readonly Pick<Staff, 'id' | 'name'>[];
  playbooks: Playbooks;
  settings: Pick<Settings, 'marginPerDeal' | 'currency' | 'messageCost'>;
  times: Times;
}

/** A headline number: what it is, how much, and how it was before. */
export interface Headline {
  label: string;
  value: string;
  more: string;
}

/** `Drives` where every lead is one, else `Leads`. */
export const leadsName = ({ all }: Playbooks): string =>
  all.every(({ key }) => key === 'test-drive') ? 'Drives' : 'Leads';

/** The headline numbers. Pure. */
export function headlines({ now, before, owed, pipeline, prices }: Report, page: Page): Headline[] {
  const { answers } = now;
  const currency = page.settings.currency;
  const returns = returnsOf(now, page.settings, prices);
  const replied = now.captured > 0 ? `${grouped(now.replied)} of ${grouped(now.captured)}` : '';
  const found: Headline[] = [
    { label: leadsName(page.playbooks), value: grouped(now.captured), more: trend(now.captured, before.captured) },
    {
      label: 'Replied',
      value: percent(now.replyRate),
      more: joined(replied, trendOfShare(now.replyRate, before.replyRate)),
    },
    {
      label: 'Deals',
      value: grouped(now.won),
      more: joined(trend(now.won, before.won), now.lost > 0 && `${now.lost} lost`),
    },
    {
      label: 'Recovered',
      value: grouped(now.recovered),
      more: joined(
        trend(now.recovered, before.recovered),
        returns !== null && now.recovered > 0 && `${money(returns.recovered, currency)} margin`,
      ),
    },
    {
      label: 'First answer',
      value: answers.median === null ? '–' : `median ${duration(answers.median)}`,
      more: joined(
        answers.average !== null && `average ${duration(answers.average)}`,
        trendOfTime(answers.median, before.answers.median),
      ),
    },
    {
      label: 'Under 5 minutes',
      value: percent(answers.quick),
      more: joined(answers.asked > 0 && `of ${plural(answers.asked, 'question')}`, weekend(answers)),
    },
    {
      label: 'First message under 5 minutes',
      value: percent(now.response.quick),
      more: joined(
        now.response.median !== null && `median ${duration(now.response.median)}`,
        now.response.asked > 0 && weekend(now.response),
        now.response.asked > 0 && `aim ${percent(AIMS.quick)}`,
      ),
    },
    {
      label: 'Opt-outs',
      value: percent(now.optOutRate),
      more: joined(
        `${grouped(now.optedOut)} after ${plural(now.automated, 'message')}`,
        trendOfShare(now.optOutRate, before.optOutRate),
      ),
    },
    {
      label: 'Owed answers now',
      value: grouped(owed.n),
      more: owed.since ? `since ${page.times.full(owed.since)}` : '',
    },
  ];
  if (now.revenue.deals > 0 || before.revenue.deals > 0) {
    const { total, deals } = now.revenue;
    found.push({
      label: 'Revenue',
      value: money(total, currency),
      more: joined(
        deals > 0 && `${money(Math.round(total / deals), currency)} a deal`,
        trendOfMoney(total, before.revenue.total, currency),
      ),
    });
  }
  if (pipeline.valued > 0) {
    const expected = now.winRate === null ? null : pipeline.value * now.winRate;
    found.push({
      label: 'Pipeline now',
      value: money(Math.round(pipeline.value), currency),
      more: joined(
        `${grouped(pipeline.valued)} of ${plural(pipeline.open, 'open lead')} say what they are worth`,
        expected !== null &&
          expected > 0 &&
          `about ${money(Math.round(expected), currency)} at ${percent(now.winRate)} won`,
      ),
    });
  }
  if (returns !== null) {
    const cost = `${money(returns.cost, currency)} for messages`;
    found.push({
      label: 'Return',
      value: money(returns.gain, currency),
      more: joined(`${money(returns.recovered, currency)} − ${cost}`, ...costNotes(returns)),
    });
  }
  return found;
}

/** Where the cost of the messages comes from, and what is not in it. */
const costNotes = ({ bySenders, without }: Returns): string[] => [
  ...(bySenders.length > 0 ? [`${bySenders.map(channelName).join(' and ')} at the price of the sender`] : []),
  ...without.map(({ channel, currency }) =>
    currency === null
      ? `${channelName(channel)} not counted: no price is known`
      : `${channelName(channel)} not counted: its price is in ${currency}`,
  ),
];

function weekend({ weekend: days }: Figures['answers']): string {
  if (days.asked === 0) return '';
  if (days.withinHour === days.asked) return 'weekend covered';
  return `weekend ${days.withinHour} of ${days.asked} within the hour`;
}

/**
 * What a business that answers at once reaches: the first message within five minutes, and the way from a lead to a deal,
 * each step as a share of the one before, the last as a share of all. The figures are those of the product's brief.
 */
const AIMS = { quick: 0.95, contacted: 0.8, qualified: 0.5, won: 0.5, overall: 0.25 } as const;

/** From a drive to a deal, of the leads logged in the period, with what is aimed at. Pure. */
export function funnelLines({ now }: Pick<Report, 'now'>, { playbooks }: Pick<Page, 'playbooks'>): string[] {
  const won = now.sources.reduce((sum, source) => sum + source.won, 0);
  const { captured, contacted, replied, qualified } = now;
  const of = (whole: number, what: string, n: number, aim: number) =>
    whole > 0 ? `${percent(n / whole)} of those ${what}, aim ${percent(aim)}` : '';
  const steps: [name: string, n: number, more: string][] = [
    [`${leadsName(playbooks)} logged`, captured, ''],
    ['Contacted', contacted, `aim ${percent(AIMS.contacted)}`],
    ['Replied', replied, ''],
    ...(qualified > 0
      ? [
          ['Qualified', qualified, of(contacted, 'contacted', qualified, AIMS.qualified)] satisfies [
            string,
            number,
            string,
          ],
        ]
      : []),
    ['Won', won, joined(`aim ${percent(AIMS.overall)}`, of(qualified, 'qualified', won, AIMS.won))],
  ];
  if (captured === 0) return [];
  return steps.map(([name, n, more]) => {
    const part = n === captured ? '' : percent(n / captured);
    return `${bar(n / captured)} ${name} ${grouped(n)}${aside(joined(part, more))}`;
  });
}

const BAR = 10;
/** Ten places wide; something is never shown as nothing. */
function bar(part: number): string {
  const full = part > 0 ? Math.max(1, Math.round(part * BAR)) : 0;
  return `\`${'█'.repeat(full)}${'░'.repeat(BAR - full)}\``;
}

/** `Day 7`, as the step is planned now in the playbook that the text is of; one that is planned no more by its own name. */
function dayOf(step: string, template: string, { all }: Playbooks): string {
  const about = all.filter(({ templates }) => templates.some(({ key }) => key === template));
  const day = about.flatMap(({ cadence }) => cadence.steps).find(({ key }) => key === step)?.day;
  return day === undefined ? `${capital(step.replaceAll('_', ' '))} as it was` : `Day ${day}`;
}

/** How each step of the follow-up does, by channel. Pure. */
export function stepLines({ now }: Pick<Report, 'now'>, { playbooks }: Pick<Page, 'playbooks'>): string[] {
  return now.steps.map(({ step, template, channel, sent, replied, optedOut }) => {
    const name = dayOf(step, template, playbooks);
    const parts = [
      `${grouped(sent)} sent`,
      `${percent(share(replied, sent))} replied`,
      `${percent(share(optedOut, sent))} opted out`,
    ];
    return `*${name}* ${channelName(channel)} \`${template}\`: ${parts.join(', ')}`;
  });
}

/** Where leads came from, and what came of them. Pure. */
export function sourceLines({ now }: Pick<Report, 'now'>, { settings }: Pick<Page, 'settings'>): string[] {
  return now.sources.map(({ key, captured, replied, won, recovered, revenue }) => {
    const margin = settings.marginPerDeal === null ? '' : money(won * settings.marginPerDeal, settings.currency);
    return `*${inline(key)}* ${joined(
      plural(captured, 'lead'),
      `${percent(share(replied, captured))} replied`,
      plural(won, 'deal'),
      won > 0 && `${percent(share(won, captured))} won`,
      revenue > 0 && `${money(revenue, settings.currency)} revenue`,
      recovered > 0 && `${recovered} recovered`,
      won > 0 && margin !== '' && `${margin} margin`,
    )}`;
  });
}

/** Who did what, most deals first. Pure. */
export function peopleLines(people: readonly PersonSum[], page: Page, most: number): string[] {
  return people.slice(0, most).map((person, index) => {
    const name = page.staff.find(({ id }) => id === person.ownerId)?.name ?? 'Somebody who has left';
    const what = joined(
      plural(person.captured, leadsName(page.playbooks) === 'Drives' ? 'drive' : 'lead'),
      plural(person.won, 'deal'),
      person.recovered > 0 && `${person.recovered} recovered`,
      person.asked > 0 && `${percent(share(person.quick, person.asked))} under 5 min`,
    );
    return `${index + 1}. ${bold(name)} ${what}`;
  });
}

/** What is open now of the leads logged in the period, and what it may bring at this period's rate. Pure. */
export function pipelineLine(
  { now }: Pick<Report, 'now'>,
  { playbooks, settings }: Pick<Page, 'playbooks' | 'settings'>,
): string {
  const stages = playbooks.all.flatMap(({ pipeline }) => pipeline.stages);
  const open = Object.entries(now.stages).filter(([key]) => {
    const ends = stages.find((stage) => stage.key === key)?.ends;
    return ends === undefined || ends === 'replied';
  });
  const count = open.reduce((sum, [, n]) => sum + n, 0);
  if (count === 0) return '';
  const words = open.map(
    ([key, n]) => `${grouped(n)} ${stages.find((stage) => stage.key === key)?.label.toLowerCase() ?? key}`,
  );
  const likely =
    now.winRate === null || settings.marginPerDeal === null ? 0 : count * now.winRate * settings.marginPerDeal;
  const worth =
    likely > 0 ? `, worth about ${money(Math.round(likely), settings.currency)} at ${percent(now.winRate)} won` : '';
  return `${plural(count, 'lead')} of this period still open: ${words.join(', ')}${worth}`;
}

/** Parts that have something to say, with commas. */
export const joined = (...parts: (string | false)[]): string =>
  parts.filter((part) => part !== '' && part !== false).join(', ');
