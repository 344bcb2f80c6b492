import type { Notes } from '../notes.ts';
import type { FreeSlot, Tools, TurnContext } from '../port.ts';
import { foldWords, hasAny } from '../words.ts';
import { answer, joined, timesInWords } from './compose.ts';
import type { Turned } from './turned.ts';

/*
 * Agreeing on a time. What words mean for an appointment is decided by the bookings; here it becomes an answer. Nothing is
 * booked that the customer has not chosen.
 */

/** Longest answer that may be a bare yes. */
const SHORT_WORDS = 8;

/** The part of a turn that is about times; undefined when it is about something else. `ask` begins it. */
export async function talkTimes(turn: TurnContext, tools: Tools, ask = false): Promise<Turned | undefined> {
  const { intent, confidence } = turn.understood;
  const { asked } = turn.notes;
  const begins = ask || saysYesToVisit(turn);
  const about = begins || asked === 'time' || asked === 'day' || intent === 'book' || intent === 'reschedule';
  // a question in between is answered first
  if (!ask && intent.startsWith('question') && confidence !== 'guess') return undefined;
  if (!turn.bookable) return about ? wishForPeople(turn, begins) : undefined;

  const talk = await tools.talkTimes();
  switch (talk.kind) {
    case 'book':
      return {
        text: answer(turn, turn.appointment ? 'moved' : 'booked', { time: talk.slot.words }),
        actions: [{ kind: 'book', slot: talk.slot }],
        notes: { asked: null, offered: [] },
      };
    case 'cancel':
      return { text: answer(turn, 'cancelled'), actions: [{ kind: 'cancel' }], notes: { asked: 'day', offered: [] } };
    case 'offer':
      if (
        talk.why === 'no_wish' &&
        turn.appointment &&
        intent !== 'reschedule' &&
        !begins &&
        turn.notes.asked === null
      ) {
        return { text: answer(turn, 'has_one', { time: turn.appointment.words }), notes: { asked: 'visit' } };
      }
      return offer(turn, talk.slots, talk.why === 'taken');
    case 'ask':
      return offer(turn, talk.slots.slice(0, 3), false);
    case 'unclear':
      return {
        text: answer(turn, 'unsure'),
        actions: [{ kind: 'hand_over', reason: 'unsure' }],
        notes: { asked: null },
      };
    case 'later':
    case 'nothing':
      return begins ? offer(turn, await tools.freeSlots(null), false) : undefined;
  }
}

function saysYesToVisit(turn: TurnContext): boolean {
  if (turn.notes.asked !== 'visit') return false;
  const folded = foldWords(turn.unanswered);
  const { yes, no } = turn.words.cues;
  return folded.split(' ').length <= SHORT_WORDS && hasAny(folded, yes) && !hasAny(folded, no);
}

/** Without a calendar a person confirms the time; the agent asks for a day and passes it on. */
function wishForPeople(turn: TurnContext, begins: boolean): Turned {
  if (begins || turn.notes.asked !== 'day') return { text: answer(turn, 'which_day'), notes: { asked: 'day' } };
  return {
    text: answer(turn, 'time_wish'),
    actions: [{ kind: 'hand_over', reason: 'time_wish' }],
    notes: { asked: null, nextSteps: [`wishes a time: ${turn.unanswered.trim().slice(0, 120)}`] },
  };
}

function offer(turn: TurnContext, slots: readonly FreeSlot[], taken: boolean): Turned {
  const [only] = slots;
  if (!only) return { text: answer(turn, taken ? 'offer_none' : 'which_day'), notes: { asked: 'day', offered: [] } };
  const notes: Partial<Notes> = { asked: 'time', offered: slots.map(toNote) };
  const sorry = taken ? answer(turn, 'taken') : null;
  if (slots.length === 1) return { text: joined(sorry, answer(turn, 'offer_one', { time: only.words })), notes };
  const times = timesInWords(
    slots.map((slot) => slot.words),
    turn.words.language,
  );
  return { text: joined(sorry, answer(turn, 'offer', { times })), notes };
}

export const toNote = (slot: FreeSlot): Notes['offered'][number] => ({
  startsAt: slot.startsAt.toISOString(),
  endsAt: slot.endsAt.toISOString(),
  staffId: slot.staffId,
  zone: slot.zone,
  words: slot.words,
});

export const fromNote = (noted: Notes['offered'][number]): FreeSlot => ({
  startsAt: new Date(noted.startsAt),
  endsAt: new Date(noted.endsAt),
  staffId: noted.staffId as FreeSlot['staffId'],
  zone: noted.zone,
  words: noted.words,
});
