import type { DraftView } from '../../agent/index.ts';

/* Why the agent hands over, and why a draft did not leave by itself, in words. Pure. */

const HANDED_OVER: Record<string, string> = {
  asked_for_person: 'they asked for a person',
  complaint: 'they complain',
  unsure: 'it is not sure what they mean',
  callback: 'they want to be called',
  no_words: 'there are no words in the message',
  wrong_number: 'it may be the wrong number',
  opt_out: 'they may want no more messages',
  slot_taken: 'the time they chose was taken meanwhile, twice',
  time_wish: 'they wish for a time that somebody has to confirm',
  off_topic: 'it is about something else',
  help: 'they need help with something',
  other: 'it is not sure what they mean',
};

/** Why a person takes over; the topics that no fact answers are named. */
export function handOverWords(reason: string): string {
  const [kind = '', topics] = reason.split(':');
  if (kind === 'no_fact') {
    const what = topics
      ? ` about ${topics
          .split('+')
          .map((topic) => topic.replaceAll('_', ' '))
          .join(', ')}`
      : '';
    return `your facts say nothing${what}`;
  }
  return HANDED_OVER[kind] ?? kind.replaceAll('_', ' ');
}

/** `Held back: …`, with what was found; undefined where nothing was held back. */
export function heldWords({ detail }: Pick<DraftView, 'detail'>): { why: string; found: string } | undefined {
  return detail.held === undefined ? undefined : { why: detail.held, found: detail.found ?? '' };
}
