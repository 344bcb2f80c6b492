import type { Enriched, LeadSummary, Score } from '../../leads/index.ts';
import type { ThreadMessage } from '../../messaging/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import type { Reader } from '../format.ts';
import type { Masthead } from './masthead.ts';
import type { Way } from './ways.ts';

/**
 * Everything a card shows, as a plain value.
 *
 * Glossary: *card* the root of a lead's thread; *owner* the salesperson it belongs to; *reader* whose clock the times
 * are written for; *open* said of a message that has not left and still may.
 */
export interface CardView {
  lead: LeadSummary;
  playbook: Pick<Playbook, 'name' | 'fields' | 'pipeline' | 'cadence' | 'score'>;
  /** Null where leads are not scored. */
  score: Score | null;
  enriched: Enriched;
  /** How far from the base customers may be, in miles; absent: anywhere. */
  serviceMiles?: number | null;
  /** It came in a file, nobody has heard from the person, and nobody has to decide anything: it needs no card yet. */
  quiet?: boolean;
  /** In order of time, planned ones included. */
  messages: readonly ThreadMessage[];
  owner: { slackUserId: string; name: string } | null;
  /** Whether anybody who sees it may give the lead to somebody else: in a channel yes, else whoever alone reads it. */
  mayGive: boolean;
  /** Who stands in for the owner right now. */
  cover: { slackUserId: string; name: string } | null;
  /** Names of those who wrote replies, by staff id. */
  authors: Readonly<Record<string, string>>;
  /** When the lead came to its stage, and when the newest enrolment ended. */
  stageAt: Date;
  endedAt: Date | null;
  photo: Photo;
  /** How each planned step would travel, by message. */
  ways: Readonly<Record<string, Way>>;
  /** Until when WhatsApp takes free text; null when the window is closed. */
  windowUntil: Date | null;
  talk: Talk;
  /** The customer's coming appointment. */
  appointment: { startsAt: Date; staffName: string } | null;
  /** The number turned out to belong to somebody else. */
  wrongNumber: boolean;
  customerZone: string;
  reader: Reader;
  /** Whose card it is, where that has to be said. */
  masthead?: Masthead | null;
}

/** Where the conversation stands. */
export interface Talk {
  /** Since when an answer is owed; null when none is. */
  owedSince: Date | null;
  /** Who of the staff has taken it over. */
  takenBy: { slackUserId: string; name: string } | null;
  /** How much the agent may do here. */
  agent: 'off' | 'suggest' | 'auto';
}

/** The licence photo: where it is, and what became of the original in Slack. */
export type Photo = 'none' | 'coming' | 'failed' | 'link_open' | 'link_expired' | `stored:${string}`;

const OPEN = new Set(['scheduled', 'claimed', 'sending', 'uncertain', 'held']);

/** It has not left for certain, and still may. */
export const isOpen = (message: Pick<ThreadMessage, 'state'>) => OPEN.has(message.state);

/** The planned steps, in order. */
export const stepsOf = (view: Pick<CardView, 'messages'>) =>
  view.messages.filter((message) => message.purpose === 'cadence');

/** What staff, or the agent, wrote to the customer. */
export const repliesOf = (view: Pick<CardView, 'messages'>) =>
  view.messages.filter((message) => message.purpose === 'reply' || message.purpose === 'agent');

/** `Day 2`; the step's key in words where the playbook no longer has it. */
export function stepName(view: Pick<CardView, 'playbook'>, stepKey: string | null): string {
  const day = view.playbook.cadence.steps.find((step) => step.key === stepKey)?.day;
  return day === undefined ? (stepKey ?? 'Message').replaceAll('_', ' ') : `Day ${day}`;
}

/** What the lead is about, in a word or two: the first text the playbook asks for (the car). */
export function subjectOf(lead: Pick<LeadSummary, 'fields'>, playbook: Pick<Playbook, 'fields'>): string {
  const field = playbook.fields.find((each) => each.type === 'text');
  return (field && lead.fields[field.key]) ?? '';
}
