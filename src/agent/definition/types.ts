import type { Intent } from '../../people/index.ts';

/** Texts an agent's definition has in each language. */
export const ANSWERS = [
  'identity',
  'person',
  'language',
  'complaint',
  'unsure',
  'no_fact',
  'price_unknown',
  'fact',
  'callback',
  'thanks',
  'take_time',
  'not_interested',
  'interested',
  'noted',
  'invite',
  'which_day',
  'offer',
  'offer_one',
  'offer_none',
  'taken',
  'booked',
  'moved',
  'has_one',
  'cancelled',
  'time_wish',
] as const;
export type AnswerKey = (typeof ANSWERS)[number];

/** What may stand in braces in those texts, and where it may: `*` anywhere. */
export const PLACEHOLDERS: Readonly<Record<string, readonly (AnswerKey | 'introduction')[] | '*'>> = {
  name: '*',
  business: '*',
  salesperson: '*',
  subject: '*',
  fact: ['fact'],
  times: ['offer'],
  time: ['offer_one', 'booked', 'moved', 'has_one'],
};

export interface IntentRule {
  readonly answer: AnswerKey | 'none';
  /** Whether a fact may answer it. */
  readonly lookUp: boolean;
  readonly next: 'none' | 'times' | 'ask' | 'hand_over';
}

/** How an agent talks in one language. Phrases are folded: lower case, no accents. */
export interface AgentWords {
  readonly language: string;
  readonly introduction: string;
  /** Stands for the salesperson where there is none. */
  readonly colleague: string;
  readonly answers: Readonly<Record<AnswerKey, string>>;
  readonly slots: Readonly<Record<string, { ask: string; values: Readonly<Record<string, readonly string[]>> }>>;
  readonly cues: {
    readonly person: readonly string[];
    readonly identity: readonly string[];
    readonly language: readonly string[];
    readonly yes: readonly string[];
    readonly no: readonly string[];
  };
  /** Asked behind a fact about one of the definition's `first` topics. */
  readonly first?: string;
  /** By which words somebody tells what they need done, and what is said to it. */
  readonly request?: { readonly cues: readonly string[]; readonly answer: string };
  readonly topics: Readonly<Record<string, readonly string[]>>;
}

/** How the agent talks about one playbook. */
export interface AgentDefinition {
  readonly playbook: string;
  /** `1/0f3c…`: declared version and hash of the files. */
  readonly version: string;
  readonly books: string;
  readonly subject: string;
  readonly topics: readonly string[];
  readonly slots: readonly string[];
  /** Topics that are answered before times are offered. */
  readonly first: readonly string[];
  /** `ownTimes`: days and hours in it are the work's own ("a bus on Friday at 8"), and not an appointment's. */
  readonly request?: { readonly next: 'ask' | 'hand_over'; readonly ownTimes: boolean };
  readonly intents: Readonly<Record<Intent, IntentRule>>;
  readonly languages: readonly string[];
  /** The words in the wanted language, else the tenant's, else English. */
  words(language: string, tenantLanguage?: string): AgentWords;
  /** Every language's words: a customer may ask for a person in any of them. */
  readonly all: readonly AgentWords[];
}

export interface AgentDefinitions {
  readonly all: readonly AgentDefinition[];
  /** Undefined where a playbook has no agent. */
  of(playbook: string): AgentDefinition | undefined;
}
