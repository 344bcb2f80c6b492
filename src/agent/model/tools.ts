import { z } from 'zod';
import { factAbout, topicOf } from '../facts.ts';
import { type Notes, notesSchema } from '../notes.ts';
import type { Action, FreeSlot, Tools, TurnContext } from '../port.ts';
import { fromNote, toNote } from '../rules/booking.ts';
import { foldWords } from '../words.ts';
import type { ToolCall, ToolSpec } from './port.ts';

/*
 * The model's tools, carried out by our code. Arguments are checked; nothing here changes anything: what a tool wants is
 * noted, judged (see `permitted.ts`) and done only when the turn is committed.
 */

const words = (max: number) => z.string().trim().min(1).max(max);
const some = z.array(words(160)).max(8).nullable();

const ARGUMENTS = {
  update_state: z.strictObject({
    qualified: z.boolean().nullable(),
    budget: words(160).nullable(),
    timeline: words(160).nullable(),
    stage: z.enum(['asking', 'comparing', 'deciding', 'decided']).nullable(),
    pain_points: some,
    objections: some,
    next_steps: some,
  }),
  offer_slots: z.strictObject({ wish: words(120).nullable() }),
  book: z.strictObject({ slot: words(20) }),
  look_up_fact: z.strictObject({ topic: words(60) }),
  hand_over: z.strictObject({
    reason: z.enum(['asked_for_person', 'complaint', 'no_fact', 'unsure', 'callback', 'off_topic']),
  }),
  opt_out: z.strictObject({ quote: words(400) }),
} as const;

type ToolName = keyof typeof ARGUMENTS;

const ABOUT: Record<ToolName, string> = {
  update_state: 'Notes what you have understood of the customer; null for what is not known. It changes nothing else.',
  offer_slots: 'Times that are open for an appointment, near what the customer wished for in their words, or any.',
  book: 'Books one of the times from offer_slots (its id) that the customer has just chosen; moves an appointment they have.',
  look_up_fact: 'What the business says about a topic. Quote it as [[fact:topic]].',
  hand_over: 'A person takes over.',
  opt_out: 'The customer may want no more messages: quote the words that say so.',
};

export const TOOLS: readonly ToolSpec[] = (Object.keys(ARGUMENTS) as ToolName[]).map((name) => ({
  name,
  description: ABOUT[name],
  parameters: withoutDialect(z.toJSONSchema(ARGUMENTS[name])),
}));

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): object {
  return schema;
}

/** The tools of one turn, and what was asked of them. */
export interface Toolbox {
  /** Carries out a call; what went wrong is told to the model in words. */
  run(call: ToolCall): Promise<string>;
  actions(): readonly Action[];
  notes(): Notes;
  /** Puts facts in for `[[fact:…]]`. */
  quoteFacts(text: string): string;
}

export function createToolbox(turn: TurnContext, tools: Tools): Toolbox {
  const actions: Action[] = [];
  let notes = turn.notes;
  const slots = new Map<string, FreeSlot>(turn.notes.offered.map((noted, at) => [`t${at + 1}`, fromNote(noted)]));

  const fact = (topic: string) => {
    const folded = `${foldWords(turn.unanswered)} ${foldWords(turn.subject)} ${foldWords(topic)}`;
    const found =
      factAbout(topicOf({ topic }).key, folded, turn.facts) ??
      turn.facts.find((each) => foldWords(each.topic) === foldWords(topic));
    return found?.words[turn.language];
  };

  const handlers: { [Name in ToolName]: (input: z.output<(typeof ARGUMENTS)[Name]>) => Promise<string> | string } = {
    update_state(input) {
      const next = notesSchema.safeParse({
        ...notes,
        qualified: input.qualified ?? notes.qualified,
        budget: input.budget ?? notes.budget,
        timeline: input.timeline ?? notes.timeline,
        stage: input.stage ?? notes.stage,
        painPoints: input.pain_points ?? notes.painPoints,
        objections: input.objections ?? notes.objections,
        nextSteps: input.next_steps ?? notes.nextSteps,
      });
      if (next.success) notes = next.data;
      return 'Noted.';
    },
    async offer_slots({ wish }) {
      if (!turn.bookable) return 'Appointments cannot be booked here. Ask which day suits them, then hand over.';
      const found = await tools.freeSlots(wish ?? turn.unanswered);
      if (found.length === 0) return 'Nothing is open then.';
      for (const [at, slot] of found.entries()) slots.set(`s${at + 1}`, slot);
      notes = { ...notes, asked: 'time', offered: found.map(toNote) };
      return JSON.stringify(found.map((slot, at) => ({ slot: `s${at + 1}`, time: slot.words })));
    },
    book({ slot: id }) {
      const slot = slots.get(id);
      if (!slot) return 'There is no such time. Use an id from offer_slots.';
      actions.push({ kind: 'book', slot });
      return 'It is booked if the customer chose exactly this time and it is still open; they get a confirmation by themselves.';
    },
    look_up_fact({ topic }) {
      return fact(topic) ?? 'The business has said nothing about this. Do not guess; hand over.';
    },
    hand_over({ reason }) {
      actions.push({ kind: 'hand_over', reason });
      return 'A person takes over after your reply.';
    },
    opt_out({ quote }) {
      actions.push({ kind: 'opt_out', quote });
      return 'A person looks at it. Say nothing more.';
    },
  };

  return {
    async run({ name, arguments: given }) {
      if (!Object.hasOwn(ARGUMENTS, name)) return `There is no tool ${name.slice(0, 40)}.`;
      const tool = name as ToolName;
      const parsed = ARGUMENTS[tool].safeParse(json(given));
      if (!parsed.success) return `The arguments are wrong: ${parsed.error.issues[0]?.path.join('.') ?? ''}`;
      return (handlers[tool] as (input: unknown) => Promise<string> | string)(parsed.data);
    },
    actions: () => actions,
    notes: () => notes,
    quoteFacts: (text) =>
      text.replace(/\[\[fact:([^\]]{1,60})\]\]/g, (all, topic: string) => fact(topic.trim()) ?? all),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
