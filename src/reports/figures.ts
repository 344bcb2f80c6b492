import { type AnswerClass, medianOf, quickerThan } from './answer-times.ts';
import type { Sum } from './read.ts';
import type { ChannelPrice, Measure } from './types.ts';

/** The numbers of one period. Shares are from 0 to 1, null where there is nothing to take a share of. */
export interface Figures {
  captured: number;
  /** Of the leads logged in the period. */
  contacted: number;
  replied: number;
  /** First replies that came in the period, whenever the lead was logged. */
  replies: number;
  replyRate: number | null;
  won: number;
  lost: number;
  /** Of the leads logged in the period, those that were qualified, or won. */
  qualified: number;
  /** Deals with a value that were won in the period, and what they come to, in the tenant's currency. */
  revenue: { deals: number; total: number };
  /** Won after a reply to a follow-up of day 2 or later. */
  recovered: number;
  /** Of the leads logged in the period, those that were won. */
  winRate: number | null;
  optedOut: number;
  /** Opt-outs after an automated message, per message. */
  optOutRate: number | null;
  /** Automated messages of the follow-up. */
  automated: number;
  /** All messages that left, by channel. */
  sent: Record<string, number>;
  answers: Answers;
  /** How soon leads that were logged in the period heard from us: `asked` is every lead. */
  response: Answers;
  sources: Source[];
  steps: Step[];
  /** Of the leads logged in the period, how many stand where now. */
  stages: Record<string, number>;
}

export interface Answers {
  asked: number;
  answered: number;
  /** Seconds. */
  median: number | null;
  average: number | null;
  /** Answered in less than five minutes, of all that asked. */
  quick: number | null;
  weekend: { asked: number; withinHour: number };
}

/** Where leads came from: those logged in the period, and what came of them. */
export interface Source {
  key: string;
  captured: number;
  contacted: number;
  qualified: number;
  replied: number;
  won: number;
  recovered: number;
  /** Of those that were won with a value, in the tenant's currency. */
  revenue: number;
}

/** One step of the follow-up on one channel. */
export interface Step {
  step: string;
  template: string;
  channel: string;
  sent: number;
  replied: number;
  optedOut: number;
}

export const QUICK_SECONDS = 300;
const HOUR_SECONDS = 3600;

/** The numbers of the period (`current`) or of the one before, from what was counted. Pure. */
export function figuresOf(all: readonly Sum[], current: boolean): Figures {
  const sums = all.filter((sum) => sum.current === current);
  const of = (measure: Measure) => sums.filter((sum) => sum.measure === measure);
  const n = (measure: Measure) => of(measure).reduce((total, sum) => total + sum.n, 0);
  const captured = n('captured');
  const replied = n('cohort_replied');
  const revenue = of('revenue');
  const steps = stepsOf(of('sent'), of('replied_to'), of('opted_out_after'));
  const automated = steps.reduce((total, step) => total + step.sent, 0);
  return {
    captured,
    contacted: n('cohort_contacted'),
    replied,
    replies: n('replies'),
    replyRate: share(replied, captured),
    won: n('won'),
    lost: n('lost'),
    qualified: n('cohort_qualified'),
    revenue: { deals: n('revenue'), total: revenue.reduce((total, sum) => total + sum.total, 0) / 100 },
    recovered: n('recovered'),
    winRate: share(n('cohort_won'), captured),
    optedOut: n('opted_out'),
    optOutRate: share(n('opted_out_after'), automated),
    automated,
    sent: byKey(of('sent'), (sum) => sum.channel),
    answers: answersOf(of('asked'), of('answered')),
    response: answersOf(of('captured'), of('responded')),
    sources: sourcesOf(sums),
    steps,
    stages: byKey(of('stage'), (sum) => sum.key),
  };
}

export const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

function byKey(sums: readonly Sum[], keyOf: (sum: Sum) => string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const sum of sums) found[keyOf(sum)] = (found[keyOf(sum)] ?? 0) + sum.n;
  return found;
}

function answersOf(asked: readonly Sum[], answered: readonly Sum[]): Answers {
  const count = (sums: readonly { n: number }[]) => sums.reduce((total, { n }) => total + n, 0);
  const classes: AnswerClass[] = answered.map(({ seconds, n }) => ({ seconds, n }));
  const seconds = answered.reduce((total, sum) => total + sum.total, 0);
  const weekend = answered.filter((sum) => sum.weekend);
  return {
    asked: count(asked),
    answered: count(answered),
    median: medianOf(classes),
    average: share(seconds, count(answered)),
    quick: share(quickerThan(classes, QUICK_SECONDS), count(asked)),
    weekend: {
      asked: count(asked.filter((sum) => sum.weekend)),
      withinHour: quickerThan(weekend, HOUR_SECONDS),
    },
  };
}

const NOTHING = { captured: 0, contacted: 0, qualified: 0, replied: 0, won: 0, recovered: 0, revenue: 0 };

function sourcesOf(sums: readonly Sum[]): Source[] {
  const sources = new Map<string, Source>();
  const fields = {
    captured: 'captured',
    cohort_contacted: 'contacted',
    cohort_qualified: 'qualified',
    cohort_replied: 'replied',
    cohort_won: 'won',
    cohort_recovered: 'recovered',
    cohort_revenue: 'revenue',
  };
  for (const sum of sums) {
    const field = fields[sum.measure as keyof typeof fields] as Exclude<keyof Source, 'key'> | undefined;
    if (!field) continue;
    const source = sources.get(sum.key) ?? { key: sum.key, ...NOTHING };
    source[field] += field === 'revenue' ? sum.total / 100 : sum.n;
    sources.set(sum.key, source);
  }
  return [...sources.values()].sort((a, b) => b.captured - a.captured || a.key.localeCompare(b.key));
}

/** Steps have a template; replies, the agent's answers and notices have none and nothing is expected of them. */
function stepsOf(sent: readonly Sum[], replied: readonly Sum[], optedOut: readonly Sum[]): Step[] {
  const steps = new Map<string, Step>();
  const put = (sums: readonly Sum[], field: 'sent' | 'replied' | 'optedOut') => {
    for (const { key, template, channel, n } of sums) {
      if (template === '') continue;
      const place = `${key}/${channel}/${template}`;
      const step = steps.get(place) ?? { step: key, template, channel, sent: 0, replied: 0, optedOut: 0 };
      step[field] += n;
      steps.set(place, step);
    }
  };
  put(sent, 'sent');
  put(replied, 'replied');
  put(optedOut, 'optedOut');
  return [...steps.values()].sort((a, b) => dayOf(a.step) - dayOf(b.step) || a.channel.localeCompare(b.channel));
}

/** `day_14` comes after `day_2`. */
export const dayOf = (step: string): number => Number(/\d+/.exec(step)?.[0] ?? 0);

/** What recovered deals are worth to the tenant, and what the messages cost. Amounts in the tenant's currency. */
export interface Returns {
  recovered: number;
  cost: number;
  gain: number;
  /** Channels whose cost follows from the prices of their senders, since nobody has entered one. */
  bySenders: string[];
  /** Channels whose messages are not in the cost: no price is known, or it is in another currency, which is told. */
  without: { channel: string; currency: string | null }[];
}

/**
 * Null while the tenant has not said what a deal is worth. What was entered for a channel counts, else what its senders charge.
 * Pure.
 */
export function returnsOf(
  figures: Pick<Figures, 'recovered' | 'sent'>,
  rates: { marginPerDeal: number | null; currency: string | null; messageCost: Record<string, number | undefined> },
  prices: readonly ChannelPrice[],
): Returns | null {
  if (rates.marginPerDeal === null) return null;
  const recovered = figures.recovered * rates.marginPerDeal;
  const found: Returns = { recovered, cost: 0, gain: recovered, bySenders: [], without: [] };
  for (const [channel, n] of Object.entries(figures.sent)) {
    const entered = rates.messageCost[channel];
    const known = prices.filter((price) => price.channel === channel);
    const priced = known.find(({ currency }) => currency === rates.currency);
    if (entered === undefined && n > 0) {
      if (priced) found.bySenders.push(channel);
      else found.without.push({ channel, currency: known[0]?.currency ?? null });
    }
    found.cost += n * (entered ?? priced?.amount ?? 0);
  }
  return { ...found, gain: recovered - found.cost };
}
