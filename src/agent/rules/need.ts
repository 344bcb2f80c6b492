import type { TimeTalk, TurnContext } from '../port.ts';
import { foldWords, hasAny } from '../words.ts';

/*
 * Somebody tells what they need done. Where the work has times of its own, those are not taken for an appointment's: whoever
 * writes "a bus on Friday at 8" would be told that they are booked in for it, and mean the bus.
 */

const NEEDS: ReadonlySet<string> = new Set(['book', 'reschedule', 'interested', 'other']);

/** "The roof leaks", "a bus for 40 people". A plain question is none, and whoever complains is not asked for more. Pure. */
export function tellsNeed({ words, definition, understood, unanswered }: TurnContext): boolean {
  if (!definition.request || !words.request || !hasAny(foldWords(unanswered), words.request.cues)) return false;
  const { intent, confidence } = understood;
  return NEEDS.has(intent) || (confidence === 'guess' && (intent === 'complaint' || intent.startsWith('question')));
}

/** Whether the time that a customer names is the work's own, and none that they were offered for an appointment. Pure. */
export function isOfNeed(turn: TurnContext, talk: TimeTalk): boolean {
  if (!turn.definition.request?.ownTimes || !tellsNeed(turn)) return false;
  if (talk.kind !== 'book') return true;
  const startsAt = talk.slot.startsAt.toISOString();
  return !turn.notes.offered.some((offered) => offered.startsAt === startsAt);
}
