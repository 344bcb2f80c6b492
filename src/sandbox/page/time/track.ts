import type { Lead, Step, Text } from '../../wire.ts';
import { spanWords } from '../words/time.ts';

/* A lead's steps as a track: what has happened, where now is, what comes. Pure. */

export type Mark = 'done' | 'read' | 'wrote' | 'leaving' | 'next' | 'later' | 'trouble' | 'waits' | 'dropped';

export interface Stop {
  step: Step;
  mark: Mark;
  /** Its state in a word or two. */
  word: string;
}

export interface Track {
  stops: Stop[];
  /** Stops before now. */
  past: number;
  /** How long until what comes next; empty when nothing does. */
  until: string;
}

export function trackOf(lead: Lead, now: number): Track {
  const steps = [...lead.steps].sort((a, b) => a.at.localeCompare(b.at));
  const next = steps.find(isPlanned);
  const stops = steps.map((step) => ({ step, ...markOf(step, step === next) }));
  const past = steps.filter((step) => !isPlanned(step) && Date.parse(step.at) <= now).length;
  const until = next ? Date.parse(next.at) - now : 0;
  return { stops, past, until: until > 0 ? spanWords(until) : '' };
}

const isPlanned = (step: Step) => step.state === 'scheduled' || step.state === 'held';

function markOf(step: Step, isNext: boolean): { mark: Mark; word: string } {
  if (step.direction === 'in') return { mark: 'wrote', word: '' };
  switch (step.state) {
    case 'scheduled':
      return isNext ? { mark: 'next', word: 'next' } : { mark: 'later', word: 'planned' };
    case 'claimed':
    case 'sending':
      return { mark: 'leaving', word: 'leaving now' };
    case 'sent':
      return { mark: 'done', word: 'sent' };
    case 'delivered':
      return { mark: 'done', word: 'delivered' };
    case 'read':
      return { mark: 'read', word: 'read' };
    case 'held':
      return { mark: 'waits', word: 'waits' };
    case 'uncertain':
      return { mark: 'trouble', word: 'may have left' };
    case 'unconfirmed':
      return { mark: 'trouble', word: 'nobody can say' };
    case 'failed':
      return { mark: 'trouble', word: 'not delivered' };
    case 'cancelled':
      return { mark: 'dropped', word: 'cancelled' };
    case 'skipped':
      return { mark: 'dropped', word: 'skipped' };
    default:
      return { mark: 'later', word: step.state.replaceAll('_', ' ') };
  }
}

const STATES: Record<string, string> = {
  active: 'Being followed up',
  paused: 'Paused',
  replied: 'Replied, follow-up stopped',
  opted_out: 'Opted out, stopped for good',
  converted: 'Won, follow-up ended',
  closed: 'Closed, follow-up ended',
  completed: 'Follow-up complete',
  none: 'Not followed up',
};

/** Apart by no more than this, a step and a text on the phone are the same thing: both tell when it was received. */
const SAME_MS = 3000;

/** What the customer wrote in a step, as it stands on their phone. */
export function quoteOf(step: Step, texts: readonly Text[]): string | undefined {
  if (step.direction !== 'in') return undefined;
  const apart = (text: Text) => Math.abs(Date.parse(text.at) - Date.parse(step.at));
  return texts
    .filter((text) => text.direction === 'out' && text.channel === step.channel && apart(text) < SAME_MS)
    .sort((a, b) => apart(a) - apart(b))[0]?.body;
}

/** Where a lead stands, for people. */
export const stateWords = (state: string): string => STATES[state] ?? state.replaceAll('_', ' ');

/** How it feels: nothing to do, good news, a stop, a wait. */
export function stateTone(state: string): 'good' | 'alarm' | 'warn' | 'calm' {
  if (state === 'replied' || state === 'converted') return 'good';
  if (state === 'opted_out') return 'alarm';
  return state === 'paused' ? 'warn' : 'calm';
}

/** A sentence begins with a capital and ends with a full stop. */
export function sentence(words: string): string {
  const start = words.slice(0, 1).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}
