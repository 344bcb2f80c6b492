import { type DigestKind, type Report, returnsOf } from '../../reports/index.ts';
import { inline } from '../card/index.ts';
import { grouped, plural } from '../format.ts';
import { button, context, plain, section } from '../views.ts';
import { headlines, joined, leadsName, type Page, peopleLines, stepLines } from './lines.ts';
import { CSV, imageBlock, LEADS, type Shown, WHOSE_NEW } from './view.ts';
import { duration, money, percent, trend, trendOfShare } from './words.ts';

/** A digest: picture first, then a few lines, then buttons. Pure. */
export function digestView(report: Report, kind: DigestKind, page: Page, shown: Shown | null) {
  const { period } = report;
  const title = `${period.title} · ${page.business}`;
  const lines = digestLines(report, page);
  const value = `tenant|${period.from}..${period.to}`;
  const leads =
    report.now.captured > 0 ? [button({ text: 'Open leads', actionId: LEADS, value: `${value}|captured` })] : [];
  return {
    text: [`${inline(title)}:`, ...lines].join('\n'),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      ...(shown ? [imageBlock(shown)] : []),
      section(lines.join('\n')),
      ...(kind === 'weekly' ? stepsBlock(report, page) : []),
      context(`Compared with ${period.beforeTitle}. Your own numbers: /kpi · change this: /rescue digest`),
      {
        type: 'actions',
        elements: [
          ...leads,
          button({ text: 'Leaderboard', actionId: WHOSE_NEW, value: `team|${period.from}..${period.to}` }),
          button({ text: 'CSV', actionId: CSV, value }),
        ],
      },
    ],
  };
}

function stepsBlock(report: Report, page: Page): object[] {
  const lines = stepLines(report, page);
  return lines.length > 0 ? [section(lines.join('\n'))] : [];
}

/** Five lines at most: what came in, how quickly it was answered, who was best, who left. */
function digestLines(report: Report, page: Page): string[] {
  const { now, before, owed, people, prices } = report;
  const { answers } = now;
  const currency = page.settings.currency;
  const returns = returnsOf(now, page.settings, prices);
  const worth = returns !== null && now.recovered > 0 ? ` = ${money(returns.recovered, currency)} margin` : '';
  const first = [
    `*${leadsName(page.playbooks)} ${grouped(now.captured)}*${brackets(trend(now.captured, before.captured))}`,
    now.captured > 0 && `*replied ${percent(now.replyRate)}*${brackets(trendOfShare(now.replyRate, before.replyRate))}`,
    `*deals ${grouped(now.won)}*${brackets(trend(now.won, before.won))}`,
    `*recovered ${grouped(now.recovered)}*${worth}`,
    returns !== null &&
      (returns.cost > 0 || returns.without.length === 0) &&
      `cost of messages ${money(returns.cost, currency)}`,
  ];
  const lines = [first.filter((part) => part !== false).join(' · ')];
  if (answers.asked > 0) {
    const weekend =
      headlines(report, page)
        .find(({ label }) => label === 'Under 5 minutes')
        ?.more.split(', ')[1] ?? '';
    const told = joined(`median ${duration(answers.median)}`, `${percent(answers.quick)} under 5 min`, weekend);
    lines.push(
      answers.answered > 0
        ? `*First answer:* ${told}`
        : `*First answer:* none of ${plural(answers.asked, 'question')} answered`,
    );
  }
  // nobody is best at nothing
  const active = people.filter(({ captured, won, recovered, quick }) => captured + won + recovered + quick > 0);
  const [best] = peopleLines(active, page, 1);
  if (best) lines.push(`*Best:* ${best.replace(/^1\. /, '')}`);
  if (owed.n > 0) {
    lines.push(
      `*Owed answers now:* ${grouped(owed.n)}${owed.since ? ` (oldest since ${page.times.full(owed.since)})` : ''}`,
    );
  }
  if (now.automated > 0) {
    lines.push(
      `*Opt-outs* ${percent(now.optOutRate)} of ${plural(now.automated, 'automated message')}${brackets(trendOfShare(now.optOutRate, before.optOutRate))}`,
    );
  }
  return lines;
}

const brackets = (words: string): string => (words === '' ? '' : ` (${words})`);
