import { asksForMore, talksMoney } from '../checks/index.ts';
import type { AnswerKey } from '../definition/types.ts';
import { answerByFacts, topicsAsked } from '../facts.ts';
import type { Agent, Proposal, Tools, TurnContext } from '../port.ts';
import { languageAsked } from '../speech.ts';
import { foldWords, hasAny } from '../words.ts';
import { talkTimes } from './booking.ts';
import { answer, fill, introduced, joined } from './compose.ts';
import { isOfNeed, tellsNeed } from './need.ts';
import type { Turned } from './turned.ts';

/*
 * The agent that works from the definitions alone, without any key: intents, slots, facts, open times. It answers what the
 * tenant's facts answer, asks one thing at a time, and hands over whatever it is not sure of.
 */

export function createRulesAgent(): Agent {
  return {
    async propose(turn, tools) {
      const { text, actions = [], notes = {} } = await decide(turn, tools);
      return {
        agent: 'rules',
        prompt: `${turn.definition.playbook}/${turn.definition.version}`,
        text: text === null ? null : introduced(turn, text),
        actions,
        notes: { ...turn.notes, ...notes },
      } satisfies Proposal;
    },
  };
}

/** Somebody asks who or what is writing, in any of the languages. */
export const asksIdentity = (turn: Pick<TurnContext, 'definition' | 'unanswered'>): boolean =>
  turn.definition.all.some((words) => hasAny(foldWords(turn.unanswered), words.cues.identity));

/** Somebody asks for a person, in any of the languages. */
export const asksForPerson = (turn: Pick<TurnContext, 'definition' | 'unanswered'>): boolean =>
  turn.definition.all.some((words) => hasAny(foldWords(turn.unanswered), words.cues.person));

async function decide(turn: TurnContext, tools: Tools): Promise<Turned> {
  const { intent, confidence } = turn.understood;
  // a thumb up wants no answer; a picture alone does
  if (foldWords(turn.unanswered) === '')
    return turn.unanswered.trim() ? { text: null } : handOver(turn, 'no_words', null);
  if (intent === 'opt_out' || intent === 'wrong_number') return handOver(turn, intent, null);
  // who asks both is told first: the person they asked for has it then
  if (asksForPerson(turn) && !isIdentityOnly(turn)) return handOver(turn, 'asked_for_person', 'person');
  // what is broken is no complaint where the work is to mend it
  if (intent === 'complaint' && !(confidence === 'guess' && tellsNeed(turn)))
    return handOver(turn, 'complaint', 'complaint');
  if (asksIdentity(turn)) return { text: answer(turn, 'identity') };
  if (onlyAsksLanguage(turn)) return { text: answer(turn, 'language') };
  // before any talk of times: an appointment that is confirmed would seem to agree
  if (asksForMore(turn.unanswered)) return onMoney(turn);

  const first = firstThings(turn) ?? (await ownTimes(turn, tools));
  if (first) return first;
  const booking = await talkTimes(turn, tools);
  if (booking) return booking;

  // "no car to trade in" answers what was asked, and asks nothing
  const asksBack = turn.unanswered.includes('?') || (intent.startsWith('question') && confidence === 'sure');
  // who names a sum or a discount: whatever friendly answers that seems to agree
  const bargains = talksMoney(turn.unanswered);
  const slot = asksBack || bargains ? undefined : slotAnswer(turn);
  if (slot) return slot;
  if (bargains) return onMoney(turn);
  const rule = turn.definition.intents[intent];
  const known = rule.lookUp || turn.unanswered.includes('?') ? byFacts(turn) : undefined;
  if (known) return known;
  if (tellsNeed(turn)) return noteNeed(turn);
  if (await putsOff(turn, tools)) return { text: answer(turn, 'take_time') };
  // a guess is not good enough for anything but thanks
  if (confidence === 'guess' && intent !== 'thanks') return handOver(turn, 'unsure', 'unsure');
  if (intent === 'thanks' && saidLast(turn, 'thanks')) return { text: null };
  const words = rule.answer === 'none' ? null : rule.answer;
  switch (rule.next) {
    case 'hand_over':
      return handOver(turn, intent, words ?? 'unsure');
    case 'times':
      return askTimes(turn, tools, words);
    case 'ask':
      return withQuestion(turn, words ? answer(turn, words) : '');
    case 'none':
      return { text: words ? answer(turn, words) : null, notes: { asked: null } };
  }
}

/** Whether the business comes there, or does such work at all, is answered before anybody is offered a time for it. */
function firstThings(turn: TurnContext): Turned | undefined {
  const { definition, words, understood, unanswered: text } = turn;
  const asks = text.includes('?') || understood.intent.startsWith('question');
  // who has an appointment and wants to change something speaks of that
  const ofIt = turn.appointment !== null && understood.intent === 'reschedule';
  if (!asks || ofIt || topicsAsked(text, { topics: definition.first }, words).length === 0) return undefined;
  const found = answerByFacts(text, turn.subject, turn.facts, definition, words);
  if (found.open.length > 0) return unanswered(turn, found.words, found.open);
  const said = found.words.map((fact) => answer(turn, 'fact', { fact }));
  // how a booking is changed is all that somebody asks
  if (turn.appointment || !words.first || understood.intent === 'reschedule')
    return { text: joined(...said), notes: { asked: null } };
  return { text: joined(...said, fill(words.first, turn)), notes: { asked: 'visit' } };
}

/** "A bus on Friday at 8" is for people to plan: nobody is given an appointment at the time of the trip. */
async function ownTimes(turn: TurnContext, tools: Tools): Promise<Turned | undefined> {
  if (!turn.definition.request?.ownTimes) return undefined; // what was said of times is looked up only then
  return isOfNeed(turn, await tools.talkTimes()) ? noteNeed(turn) : undefined;
}

function noteNeed(turn: TurnContext): Turned {
  const said = fill(turn.words.request?.answer ?? '', turn);
  if (turn.definition.request?.next === 'ask') return withQuestion(turn, said);
  return { ...handOver(turn, 'request', null), text: said };
}

/** "I'll check with my wife first": all of it says so, and nobody needs to read it. */
async function putsOff(turn: TurnContext, tools: Tools): Promise<boolean> {
  const { intent, confidence } = turn.understood;
  const thinks = (intent === 'other' || intent === 'interested') && confidence !== 'guess';
  return thinks && turn.bookable && (await tools.talkTimes()).kind === 'later';
}

/** "Can we speak English?": asked together with something else, that is answered, in this language. */
function onlyAsksLanguage({ definition, words, unanswered, understood: { intent } }: TurnContext): boolean {
  if (languageAsked(definition, unanswered) === null || intent === 'book' || intent === 'reschedule') return false;
  return topicsAsked(unanswered, definition, words).length === 0;
}

/** What they ask of money is in the facts, or for a person. */
const onMoney = (turn: TurnContext): Turned => byFacts(turn) ?? unanswered(turn, [], ['price']);

function byFacts(turn: TurnContext): Turned | undefined {
  const found = answerByFacts(turn.unanswered, turn.subject, turn.facts, turn.definition, turn.words);
  if (found.open.length > 0) return unanswered(turn, found.words, found.open);
  return found.words.length > 0 ? answered(turn, found.words) : undefined;
}

/** "Are you a person?" asks who writes; "a person please" asks for one. */
const isIdentityOnly = (turn: TurnContext): boolean =>
  asksIdentity(turn) && !turn.definition.all.some((words) => hasAny(withoutIdentity(turn), words.cues.person));

function withoutIdentity(turn: TurnContext): string {
  const cues = turn.definition.all.flatMap((words) => words.cues.identity).sort((a, b) => b.length - a.length);
  return cues.reduce((rest, cue) => ` ${rest} `.replaceAll(` ${cue} `, '  ').trim(), foldWords(turn.unanswered));
}

function handOver(turn: TurnContext, reason: string, key: AnswerKey | null): Turned {
  return {
    text: key ? answer(turn, key) : null,
    actions: [{ kind: 'hand_over', reason }],
    notes: { asked: null, nextSteps: turn.notes.nextSteps },
  };
}

/** Facts answer all of it. */
function answered(turn: TurnContext, facts: readonly string[]): Turned {
  return withQuestion(turn, facts.map((fact) => answer(turn, 'fact', { fact })).join(' '));
}

/** Facts answer a part of it, or nothing: a person has the rest. */
function unanswered(turn: TurnContext, facts: readonly string[], open: readonly string[]): Turned {
  const money = turn.understood.intent === 'question_price' || open.some((topic) => MONEY.has(topic));
  const key = money ? 'price_unknown' : 'no_fact';
  const said = facts.map((fact) => answer(turn, 'fact', { fact }));
  return {
    text: joined(...said, answer(turn, key)),
    actions: [{ kind: 'hand_over', reason: `no_fact:${open.join('+')}`.slice(0, 100) }],
    notes: { asked: null },
  };
}
const MONEY = new Set(['price', 'financing', 'discount']);

/** Adds the next thing worth asking, if the customer is not about to come anyway. */
function withQuestion(turn: TurnContext, said: string): Turned {
  const slot = turn.definition.slots.find((key) => turn.notes.slots[key] === undefined && turn.notes.asked !== key);
  const unanswering = turn.notes.asked !== null && turn.definition.slots.includes(turn.notes.asked);
  if (slot && !unanswering && !turn.appointment) {
    return { text: joined(said, turn.words.slots[slot]?.ask), notes: { asked: slot } };
  }
  if (turn.appointment || turn.notes.asked === 'visit') return { text: said || null, notes: { asked: null } };
  return { text: joined(said, answer(turn, 'invite')), notes: { asked: 'visit' } };
}

/** The customer answers what was asked: it is noted in their words, and the next thing asked. */
function slotAnswer(turn: TurnContext): Turned | undefined {
  const slot = turn.notes.asked;
  if (!slot || !turn.words.slots[slot]) return undefined;
  if (meaningOf(turn, slot, turn.unanswered) === undefined) return undefined;
  const slots = { ...turn.notes.slots, [slot]: turn.unanswered.trim().slice(0, 160) };
  const { slots: asked } = turn.definition;
  // whoever has answered everything, and does not only look around
  const ready = asked.every((key) => slots[key] !== undefined && meaningOf(turn, key, slots[key]) !== 'later');
  const next = withQuestion({ ...turn, notes: { ...turn.notes, slots, asked: null } }, answer(turn, 'noted'));
  const timeline = slot === 'timeline' ? { timeline: slots[slot] ?? null } : {};
  return { ...next, notes: { ...next.notes, slots, ...timeline, ...(ready && { qualified: true }) } };
}

/** Which of a slot's declared answers words are; undefined: none. */
function meaningOf(turn: TurnContext, slot: string, words: string): string | undefined {
  const values = Object.entries(turn.words.slots[slot]?.values ?? {});
  return values.find(([, phrases]) => hasAny(foldWords(words), phrases))?.[0];
}

/** Offers times, behind a friendly word where there is one. */
async function askTimes(turn: TurnContext, tools: Tools, key: AnswerKey | null): Promise<Turned> {
  // whoever has an appointment and says that all is well wants no other one
  if (turn.appointment) {
    const asks = turn.unanswered.includes('?');
    return asks
      ? { text: answer(turn, 'has_one', { time: turn.appointment.words }), notes: { asked: 'visit' } }
      : { text: null };
  }
  const offered = await talkTimes(turn, tools, true);
  const words = key ? answer(turn, key) : '';
  if (!offered) return withQuestion(turn, words);
  return { ...offered, text: joined(words, offered.text) };
}

function saidLast(turn: TurnContext, key: AnswerKey): boolean {
  const last = turn.history.findLast(({ by }) => by !== 'customer');
  return last?.words.endsWith(answer(turn, key)) ?? false;
}
