import { channelName } from '../../messaging/index.ts';
import { compare, LEAST, spanOf, type TrialCount } from '../../reports/index.ts';
import { grouped, plural } from '../format.ts';
import { percent } from '../reports/index.ts';

/** A wording that is tried, with the share of people in percent who read it, and what has come of it. */
export interface Wording {
  template: string;
  share: number;
  count: TrialCount | undefined;
}

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'];
export const letter = (index: number): string => LETTERS[index] ?? String(index + 1);

/**
 * Two lines for each wording, as a paragraph: `*A* \`thanks\`, for 50 % of people`, then
 * `120 sent · *17 answered: 14 %*, really 9 % to 21 % · 2 opted out · 3 booked · 1 won`. Pure.
 */
export function wordingLines(wordings: readonly Wording[]): string[] {
  return wordings.map(({ template, share, count }, index) => {
    const head = `*${letter(index)}* \`${template}\`, for ${share} % of people`;
    if (!count) return `${head}\nnothing sent yet`;
    const { sent, replied, optedOut, booked, won } = count;
    const span = spanOf({ of: sent, hits: replied });
    const really = span ? `, really ${percent(span.low)} to ${percent(span.high)}` : '';
    const parts = [
      `${grouped(sent)} sent`,
      `*${grouped(replied)} answered: ${percent(replied / sent)}*${really}`,
      `${grouped(optedOut)} opted out`,
      `${grouped(booked)} booked`,
      `${grouped(won)} won`,
    ];
    return `${head}\n${parts.join(' · ')}`;
  });
}

/** What may be said about a trial, in plain words, and nothing more. Pure. */
export function verdictLines(wordings: readonly Wording[]): string[] {
  const tallies = (field: 'replied' | 'optedOut') =>
    wordings.map(({ count }) => ({ of: count?.sent ?? 0, hits: count?.[field] ?? 0 }));
  const answers = compare(tallies('replied'));
  const stops = compare(tallies('optedOut'));
  return [
    answerWords(answers, wordings.length),
    ...(stops.kind === 'better'
      ? [`More people opt out after *${letter(stops.best)}*: ${chanceWords(stops.chance)}`]
      : []),
    ...channelNote(wordings),
  ];
}

function answerWords(finding: ReturnType<typeof compare>, wordings: number): string {
  switch (finding.kind) {
    case 'too_few':
      return `Too few to tell: it takes ${LEAST.people} people for each wording and ${LEAST.hits} answers in all.`;
    case 'open': {
      const alike = wordings > 2 ? 'wordings that work alike' : 'two wordings that work alike';
      return `No difference can be told: ${alike} would differ this much in ${Math.max(1, Math.round(finding.chance * 100))} of 100 trials, by chance.`;
    }
    case 'better':
      return `*${letter(finding.best)}* brings more answers: ${chanceWords(finding.chance)}`;
  }
}

/** Rounded down to what a person can picture, so that nothing is made surer than it is. */
function chanceWords(chance: number): string {
  const times = Math.min(10_000, Math.floor(1 / Math.max(chance, 1e-9)));
  const round = 10 ** Math.floor(Math.log10(times));
  return `chance alone makes such a difference in fewer than 1 of ${grouped(Math.floor(times / round) * round)} trials.`;
}

/** How much more often one wording may go by a channel than another before that is said. */
const APART = 0.1;

/** A wording that WhatsApp has not approved goes by SMS; then it is the channel that is compared. */
function channelNote(wordings: readonly Wording[]): string[] {
  const sent = wordings.flatMap(({ count }) => (count && count.sent > 0 ? [count] : []));
  const channels = new Set(sent.flatMap((count) => Object.keys(count.channels)));
  const apart = [...channels].filter((channel) => {
    const shares = sent.map((count) => (count.channels[channel] ?? 0) / count.sent);
    return Math.max(...shares) - Math.min(...shares) > APART;
  });
  if (apart.length === 0) return [];
  const mixes = wordings.flatMap(({ count }, index) => (count ? [`*${letter(index)}* ${mixOf(count)}`] : []));
  return [`They did not go by the same channels (${mixes.join('; ')}), which may be the reason for a difference.`];
}

const mixOf = ({ channels }: TrialCount): string =>
  Object.entries(channels)
    .filter(([, n]) => n > 0)
    .map(([channel, n]) => `${grouped(n)} by ${channelName(channel)}`)
    .join(', ');

/** `3 people, 21 Nov to 24 Nov`: how many were written to, from when to when; `day` writes a date. Pure. */
export function trialSpan(wordings: readonly Wording[], day: (date: string) => string): string {
  const counts = wordings.flatMap(({ count }) => count ?? []);
  const sent = counts.reduce((sum, count) => sum + count.sent, 0);
  if (sent === 0) return '';
  const from = counts.map((count) => count.from).sort()[0] ?? '';
  const to =
    counts
      .map((count) => count.to)
      .sort()
      .at(-1) ?? '';
  return `${plural(sent, 'person', 'people')}, ${from === to ? day(from) : `${day(from)} to ${day(to)}`}`;
}
