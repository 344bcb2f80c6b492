import type { Act, Customer, Lead, Step as LeadStep, OpenView, Text, TextChannel } from '../../wire.ts';
import { quickReplies } from '../phones/quick.ts';
import { firstName } from '../state/people.ts';
import type { Side } from './place.ts';
import type { Tour } from './progress.ts';

/* What the steps of the tour are made of. Pure. */

/** What the tour can see. */
export interface Sight {
  tour: Tour;
  /** Business time, ms, and its zone and language. */
  now: number;
  zone: string;
  language: string;
  business: string;
  /** Who logs the drive, and where they type. */
  me: { id: string; name: string };
  channel: string;
  /** The window open before them. */
  modal: OpenView | undefined;
  lead: Lead | undefined;
  customer: Customer | undefined;
  /** On the customer's phone. */
  texts: readonly Text[];
}

export interface Told {
  title: string;
  /** What has just come true; empty when there is nothing to look back at. */
  recap: string;
  words: string;
  /** CSS selectors, the first that is there is pointed at. */
  targets: string[];
  pane: 'slack' | 'phones' | 'time';
  /** Where the note stands, if there is room. */
  side: Side;
  /** One press does it for you. */
  action?: { words: string; act: Act };
}

export interface Step {
  key: string;
  done(sight: Sight): boolean;
  tell(sight: Sight): Told;
}

/** States in which a message has left. */
export const ARRIVED: ReadonlySet<string> = new Set(['sent', 'delivered', 'read', 'received']);
const ANSWERS: Record<string, string> = {
  sv: 'Hej! Ja, den finns kvar. Vill du prova den igen på torsdag?',
  de: 'Hallo! Ja, er ist noch da. Möchten Sie ihn am Donnerstag noch einmal fahren?',
  en: 'Hi! Yes, it is still here. Would you like to drive it again on Thursday?',
};

/** What the customer and the salesperson are called. */
export const first = (sight: Sight) => firstName(sight.lead?.name ?? sight.tour.who.name);
export const seller = (sight: Sight) => firstName(sight.me.name);
/** The first step of the follow-up with such a label. */
export const stepOf = (sight: Sight, label: RegExp): LeadStep | undefined =>
  sight.lead?.steps.find((step) => label.test(step.label));
export const stopped = (sight: Sight) => sight.customer?.optedOut === true;
/** Writes as the customer, where they were written to. */
export const write = (sight: Sight, body: string): Act => {
  const channel: TextChannel = sight.texts.findLast(({ direction }) => direction === 'in')?.channel ?? 'whatsapp';
  return { act: 'write', number: sight.lead?.number ?? sight.tour.who.number, channel, body };
};
/** A quick reply of the phone, by what it tries. */
export const quick = (sight: Sight, tries: string) =>
  quickReplies([sight.customer?.language ?? null, sight.language], false).find((each) => each.tries === tries)?.words ??
  '';

/** An answer a salesperson could give, in the customer's language. */
export const exampleAnswer = (sight: Sight): string =>
  ANSWERS[sight.customer?.language?.slice(0, 2) ?? sight.language] ?? ANSWERS.en ?? '';
