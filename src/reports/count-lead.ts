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
}

/** A lead's story so far. */
interface Story {
  counts: Count[];
  captured: { day: string; source: string } | undefined;
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
    contacted: undefined,
    replied: undefined,
    optedOut: undefined,
    stage: rules.start,
    stageDay: '',
    last: undefined,
    brought: false,
    recovered: false,
    waiting: undefined,
  };
  for (const event of events) tell(story, event, rules);
  return story.captured ? standing(story, story.captured, rules) : [];
}

function tell(story: Story, { type, at, day, data }: Told, rules: Rules): void {
  switch (type) {
    case 'lead.captured':
      story.captured = { day, source: String(data.source) };
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
      break;
    case 'lead.moved':
      story.stage = String(data.to);
      story.stageDay = day;
      story.recovered = rules.won.has(story.stage) && story.brought;
      break;
  }
}

function sent(story: Story, { at, day, data }: Pick<Told, 'at' | 'day' | 'data'>, rules: Rules): void {
  const purpose = String(data.purpose);
  const step = typeof data.step === 'string' ? data.step : purpose;
  const plan = rules.steps.get(step);
  const channel = String(data.channel);
  const template = plan?.template ?? '';
  add(story, day, 'sent', { key: step, template, channel });
  if (purpose === 'cadence') {
    story.contacted ??= day;
    close(story);
    // a step of the tenant's own is called by its day as well
    const followUp = (plan?.day ?? dayOf(step)) >= FOLLOW_UP_DAY;
    story.last = { day, step, template, channel, followUp, replied: false, optedOut: false };
  }
  if ((purpose === 'reply' || purpose === 'agent') && story.waiting) {
    const seconds = Math.max(0, Math.floor((at.getTime() - story.waiting.at.getTime()) / 1000));
    add(story, story.waiting.day, 'asked', {});
    add(story, story.waiting.day, 'answered', { key: purpose, seconds: classOf(seconds), total: seconds });
    story.waiting = undefined;
  }
}

function received(story: Story, at: Date, day: string): void {
  story.replied ??= day;
  story.waiting ??= { at, day };
  if (!story.last) return;
  story.last.replied = true;
  story.brought ||= story.last.followUp;
}

/** What became of the last automated message is known when the next one leaves. */
function close({ counts, last }: Story): void {
  if (!last) return;
  const { day, step: key, template, channel } = last;
  if (last.replied) counts.push(one(day, 'replied_to', { key, template, channel }));
  if (last.optedOut) counts.push(one(day, 'opted_out_after', { key, template, channel }));
}

/** What is so at the end of the story, and may be otherwise later. */
function standing(story: Story, captured: { day: string; source: string }, rules: Rules): Count[] {
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
  return [...now, ...story.counts];
}

function add(story: Story, day: string, measure: Measure, more: Partial<Count>): void {
  story.counts.push(one(day, measure, more));
}

function one(day: string, measure: Measure, more: Partial<Count>): Count {
  return { day, measure, key: '', template: '', channel: '', seconds: 0, n: 1, total: 0, ...more };
}
