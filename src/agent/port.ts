import type { LeadId, StaffId } from '../lib/ids.ts';
import type { Intent } from '../people/index.ts';
import type { AgentDefinition, AgentWords } from './definition/types.ts';
import type { Notes } from './notes.ts';

/**
 * What an agent is asked and what it may answer. An agent never acts: it proposes, and code decides.
 *
 * Glossary: *turn* one answer to what a customer wrote last; *proposal* what the agent would say and do; *fact* something
 * the business says about itself, the only source of prices, offers and promises; *slot* one time that an appointment could
 * have, also (in a definition) one thing the agent asks the customer about; *check* a rule a proposal has to pass.
 */

export interface Understood {
  intent: Intent;
  confidence: 'sure' | 'likely' | 'guess';
  /** The language of the words; null where they are too few to tell. */
  language: string | null;
}

/** Classifies the customer's words; `language` is the one we believe they write. */
export type Classify = (text: string, hints: { language?: string }) => Understood;

export interface Fact {
  topic: string;
  /** By language. */
  words: Readonly<Record<string, string>>;
}

/** A time that can be booked. */
export interface FreeSlot {
  startsAt: Date;
  endsAt: Date;
  staffId: StaffId;
  /** Zone in which it is offered, and the words for it in the language of the conversation. */
  zone: string;
  words: string;
}

/**
 * What the customer's words mean for their appointment, as the bookings decide it.
 * - `book` they chose this time; it moves the appointment they have
 * - `offer` they are to be offered these; none: nothing is open. `taken`: what they named is not; `no_wish`: they named
 *   no time
 * - `ask` several times could be meant
 * - `later` they want to think, or to ask somebody, before they decide
 * - `unclear` they speak of cancelling, and perhaps not of cancelling this: a person reads it
 */
export type TimeTalk =
  | { kind: 'book'; slot: FreeSlot }
  | { kind: 'cancel' }
  | { kind: 'unclear' }
  | { kind: 'offer'; slots: readonly FreeSlot[]; why: 'wish' | 'taken' | 'no_wish' }
  | { kind: 'ask'; slots: readonly FreeSlot[] }
  | { kind: 'later' }
  | { kind: 'nothing' };

/** An appointment the customer has. */
export interface Appointment {
  id: string;
  startsAt: Date;
  words: string;
}

export interface Said {
  by: 'customer' | 'agent' | 'staff' | 'product';
  words: string;
  /** A turn has dealt with it, in words or by an appointment. */
  handled?: true;
}

/** A turn as the agent sees it: plain values, read before it begins to think. */
export interface TurnContext {
  leadId: LeadId;
  now: Date;
  /** The business's zone (IANA). */
  zone: string;
  /** The language to answer in; `wanted` is the customer's where the playbook has no words in it. */
  language: string;
  wanted: string | null;
  channel: 'whatsapp' | 'sms';
  /** Longest answer, in characters. */
  limit: number;
  business: string;
  /** First names. */
  customer: string;
  salesperson: string | null;
  /** The number a customer may call. */
  contact: string | null;
  /** What the lead is about, for example the car. */
  subject: string;
  /** Oldest first, what is unanswered included. */
  history: readonly Said[];
  /** The customer's words that nobody has answered. */
  unanswered: string;
  understood: Understood;
  notes: Notes;
  /** The customer has been told that an assistant writes. */
  introduced: boolean;
  facts: readonly Fact[];
  appointment: Appointment | null;
  definition: AgentDefinition;
  words: AgentWords;
  /** False where the tenant cannot be booked by the agent. */
  bookable: boolean;
}

/** What an agent may look up while it thinks. */
export interface Tools {
  /** What the unanswered words mean for the appointment. */
  talkTimes(): Promise<TimeTalk>;
  /** Up to three times that are open, near what the words name, in order of time. */
  freeSlots(words: string | null): Promise<readonly FreeSlot[]>;
}

/** What should happen beside the words. None of it names another person than the one who writes. */
export type Action =
  | { kind: 'book'; slot: FreeSlot }
  | { kind: 'cancel' }
  | { kind: 'hand_over'; reason: string }
  | { kind: 'opt_out'; quote: string };

export interface Proposal {
  /** `rules`, or the model's name. */
  agent: string;
  /** Id and version of the prompt; null for rules. */
  prompt: string | null;
  /** What the customer would read; null when nothing should be said. */
  text: string | null;
  actions: readonly Action[];
  notes: Notes;
}

export interface Agent {
  /** Thinks about one turn. Throws when it cannot (a model that is away); never longer than `signal` allows. */
  propose(turn: TurnContext, tools: Tools, signal: AbortSignal): Promise<Proposal>;
}
