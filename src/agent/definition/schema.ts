import { z } from 'zod';
import { INTENTS } from '../../people/index.ts';
import { fileWords as words } from '../../tenants/index.ts';
import { ANSWERS } from './types.ts';

const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _, at most 40');
const phrases = z.array(words(60)).min(1);

const each = <Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) =>
  z.strictObject(Object.fromEntries(keys.map((name) => [name, value])) as Record<Key, Value>);

const rule = z.strictObject({
  answer: z.enum([...ANSWERS, 'none']),
  look_up: z.boolean(),
  next: z.enum(['none', 'times', 'ask', 'hand_over']),
});

/** `<playbook>/agent/agent.yaml` */
export const agentSchema = z.strictObject({
  version: z.int().min(1),
  books: key.describe('What is booked: the kind of the appointment.'),
  subject: key.describe('The field of the lead that the talk is about.'),
  topics: z.array(key).min(1).describe('What customers ask about and facts answer.'),
  slots: z.array(key).describe('What the agent asks about, one at a time, in this order.'),
  first: z
    .array(key)
    .min(1)
    .describe(
      'Topics that are answered before times are offered: whether the business comes there, or does such work at all.',
    )
    .exactOptional(),
  request: z
    .strictObject({
      next: z.enum(['ask', 'hand_over']),
      own_times: z.boolean().describe("Days and hours in it are the work's own, and not an appointment's."),
    })
    .describe('What it does when somebody tells what they need done.')
    .exactOptional(),
  intents: each(INTENTS, rule).describe('What it does about each intent of a message.'),
});
export type AgentFile = z.output<typeof agentSchema>;

/** `<playbook>/agent/<language>.yaml` */
export const agentLanguageSchema = z.strictObject({
  introduction: words(160).describe('Stands before the first answer: says that an assistant of the business writes.'),
  colleague: words(40).describe('Stands for the salesperson where a lead has none.'),
  answers: each(ANSWERS, words(400)),
  slots: z.record(key, z.strictObject({ ask: words(160), values: z.record(key, phrases) })),
  cues: z.strictObject({
    person: phrases.describe('Asks for a person.'),
    identity: phrases.describe('Asks who or what is writing.'),
    language: phrases.describe('Asks, in whatever language, to write in this one.'),
    yes: phrases,
    no: phrases,
  }),
  first: words(160)
    .describe('Asked behind a fact about one of the `first` topics; a yes to it asks for times.')
    .exactOptional(),
  request: z
    .strictObject({ cues: phrases, answer: words(400) })
    .describe('By which words somebody tells what they need done, and what is said to it.')
    .exactOptional(),
  topics: z.record(key, phrases).describe('By which words a question about a topic is known.'),
});
export type AgentLanguageFile = z.output<typeof agentLanguageSchema>;
