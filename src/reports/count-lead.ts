import { classOf } from './answer-times.ts';
import { dayOf } from './figures.ts';
import type { Count, Measure, Rules, Told } from './types.ts';

/** Messages that say something; a machine's answer and a word for us (stop, start) want none back. */
const WORDS = new Set(['message', 'help', 'unsure']);
/** A reply to a step of this day or later means that the follow-up brought the customer back. */
const FOLLOW_UP_DAY = 2;

interface Sent {
  day: string;
  step: string;
  template: string;
  channel: string;
  followUp: boolean;
  replied: boolean;
  optedOut: boolean;
  trial: string | undefined;
}

/** What came of the first message of a trial. */
interface Tried {
  day: string;
  template: string;
  channel: string;
  replied: boolean;
  optedOut: boolean;
  booked: boolean;
}

/** A lead's story so far. */
interface Story {
  counts: Count[];
  captured: { at: Date; day: string; source: string } | undefined;
  /** Seconds from the enquiry to our first message. */
  responded: number | undefined;
  contacted: string | undefined;
  replied: string | undefined;
  optedOut: string | undefined;
  stage: string;
  stageDay: string;
  /** The automated message that a reply would be to. */
  last: Sent | undefined;
  /** Somebody answered a follow-up. */
  brought: boolean;
  recovered: boolean;
  qualified: boolean;
  /** What the deal is worth, in hundredths. */
  value: number | undefined;
  trials: Map<string, Tried>;
  waiting: { at: Date; day: string } | undefined;
}

/**
 * What one lead adds to the numbers, from all its events in order. Pure, and a function of the events alone: counted
 * again it is the same. A lead without `lead.captured`, or taken back with its file, adds nothing.
 */
export function countLead(events: readonly Told[], rules: Rules): Count[] {
  const story: Story = {
    counts: [],
    captured: undefined,
    responded: undefined,
    contacted: undefined,
    replied: undefined,
    optedOut: undefined,
    stage: rules.start,
    stageDay: '',
    last: undefined,
    brought: false,
    recovered: false,
    qualified: rules.qualified.has(rules.start),
    value: undefined,
    trials: new Map(),
    waiting: undefined,
  };
  for (const event of events) tell(story, event, rules);
  return story.captured ? standing(story, story.captured, rules) : [];
}

function tell(story: Story, { type, at, day, data }: Told, rules: Rules): void {
  switch (type) {
    case 'lead.captured':
      story.captured = { at, day, source: String(data.source) };
      break;
    case 'lead.withdrawn':
      story.captured = undefined;
      break;
    case 'message.sent':
      sent(story, { at, day, data }, rules);
      break;
    case 'message.received':
      if (WORDS.has(String(data.understood))) received(story, at, day);
      break;
    case 'person.opted_out':
      story.optedOut ??= day;
      story.waiting = undefined; // nobody owes an answer to somebody who asked for silence
      if (story.last) story.last.optedOut = true;
      tried(story, (of) => {
        of.optedOut = true;
      });
      break;
    case 'lead.moved':
      story.stage = String(data.to);
      story.stageDay = day;
      story.recovered = rules.won.has(story.stage) && story.brought;
      story.qualified ||= rules.qualified.has(story.stage);
      story.value = typeof data.value === 'number' ? Math.round(data.value * 100) : undefined;
      break;
    case 'booking.made':
      for (const of of story.trials.values()) of.booked = true;
      break;
  }
}

function sent(story: Story, { at, day, data }: Pick<Told, 'at' | 'day' | 'data'>, rules: Rules): void {
  const purpose = String(data.purpose);
  const step = typeof data.step === 'string' ? data.step : purpose;
  const plan = rules.steps.get(step);
  const channel = String(data.channel);
  const template = typeof data.template === 'string' ? data.template : (plan?.template ?? '');
  add(story, day, 'sent', { key: step, template, channel });
  if (story.captured) story.responded ??= secondsBetween(story.captured.at, at);
  if (purpose === 'cadence') {
    story.contacted ??= day;
    close(story);
    // a step of the tenant's own is called by its day as well
    const followUp = (plan?.day ?? dayOf(step)) >= FOLLOW_UP_DAY;
    const trial = typeof data.trial === 'string' ? data.trial : undefined;
    story.last = { day, step, template, channel, followUp, replied: false, optedOut: false, trial };
    const first = { day, template, channel, replied: false, optedOut: false, booked: false };
    if (trial !== undefined && !story.trials.has(trial)) story.trials.set(trial, first);
  }
  if ((purpose === 'reply' || purpose === 'agent') && story.waiting) {
    const seconds = secondsBetween(story.waiting.at, at);
    add(story, story.waiting.day, 'asked', {});
    add(story, story.waiting.day, 'answered', { key: purpose, seconds: classOf(seconds), total: seconds });
    story.waiting = undefined;
  }
}

const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

function received(story: Story, at: Date, day: string): void {
  story.replied ??= day;
  story.waiting ??= { at, day };
  if (!story.last) return;
  story.last.replied = true;
  tried(story, (of) => {
    of.replied = true;
  });
  story.brought ||= story.last.followUp;
}

/** Tells the trial of the last automated message what came of it. */
function tried({ last, trials }: Story, tell: (of: Tried) => void): void {
  const of = last?.trial === undefined ? undefined : trials.get(last.trial);
  if (of) tell(of);
}

/** A deal counts for every trial of the lead, each of which was drawn by itself. */
function countTrials(story: Story, won: boolean): void {
  for (const [key, { day, template, channel, ...came }] of story.trials) {
    const of = { key, template, channel };
    add(story, day, 'trial_sent', of);
    if (came.replied) add(story, day, 'trial_replied', of);
    if (came.optedOut) add(story, day, 'trial_opted_out', of);
    if (came.booked) add(story, day, 'trial_booked', of);
    if (won) add(story, day, 'trial_won', of);
  }
}

/** What became of the last automated message is known when the next one leaves. */
function close({ counts, last }: Story): void {
  if (!last) return;
  const { day, step: key, template, channel } = last;
  if (last.replied) counts.push(one(day, 'replied_to', { key, template, channel }));
  if (last.optedOut) counts.push(one(day, 'opted_out_after', { key, template, channel }));
}

/** What is so at the end of the story, and may be otherwise later. */
function standing(story: Story, captured: NonNullable<Story['captured']>, rules: Rules): Count[] {
  close(story);
  const { contacted, replied, optedOut, waiting, stage, stageDay, recovered } = story;
  const won = rules.won.has(stage);
  const lost = rules.lost.has(stage);
  const key = captured.source;
  const now: Count[] = [one(captured.day, 'captured', { key }), one(captured.day, 'stage', { key: stage })];
  const when = (day: string | undefined, measure: Measure) => day !== undefined && now.push(one(day, measure, {}));
  const cohort = (is: boolean, measure: Measure) => is && now.push(one(captured.day, measure, { key }));
  when(contacted, 'contacted');
  when(replied, 'replies');
  when(optedOut, 'opted_out');
  when(waiting?.day, 'asked');
  when(won ? stageDay : undefined, 'won');
  when(lost ? stageDay : undefined, 'lost');
  when(recovered ? stageDay : undefined, 'recovered');
  cohort(contacted !== undefined, 'cohort_contacted');
  cohort(replied !== undefined, 'cohort_replied');
  cohort(won, 'cohort_won');
  cohort(lost, 'cohort_lost');
  cohort(recovered, 'cohort_recovered');
  cohort(story.qualified, 'cohort_qualified');
  if (won && story.value !== undefined) {
    now.push(one(stageDay, 'revenue', { key, total: story.value }));
    now.push(one(captured.day, 'cohort_revenue', { key, total: story.value }));
  }
  const { responded } = story;
  if (responded !== undefined) {
    now.push(one(captured.day, 'responded', { seconds: classOf(responded), total: responded }));
  }
  countTrials(story, won);
  return [...now, ...story.counts];
}

function add(story: Story, day: string, measure: Measure, more: Partial<Count>): void {
  story.counts.push(one(day, measure, more));
}

function one(day: string, measure: Measure, more: Partial<Count>): Count {
  return { day, measure, key: '', template: '', channel: '', seconds: 0, n: 1, total: 0, ...more };
}
