/** What a customer's message is about, most pressing first: of two equally likely ones the earlier is meant. */
export const INTENTS = [
  'opt_out',
  'wrong_number',
  'complaint',
  'reschedule',
  'callback',
  'question_price',
  'book',
  'help',
  'not_interested',
  'interested',
  'question_general',
  'thanks',
  'other',
] as const;

export type Intent = (typeof INTENTS)[number];

/** ISO 639-1. Hindi is read in Devanagari and in Latin letters. */
export const LANGUAGES = ['en', 'sv', 'es', 'de', 'hi'] as const;

export type Language = (typeof LANGUAGES)[number];

/**
 * What rules speak of, the same in all languages. A lexicon says by which words and phrases each is told; a concept a
 * language does not need is left out of its lexicon.
 */
export const CONCEPTS = [
  // when
  'DAY', // a day or date: "Saturday", "tomorrow"
  'CLOCK', // a time of the day: "at 5", "noon"
  // meeting
  'APPT', // what is booked: "viewing", "test drive"
  'BOOK', // asking for it: "put me down"
  'COME', // one comes to the other, or looks at the thing
  'WORKS', // "suits", "is fine"
  'FREE', // "any slots", "when can I come"
  'MOVE', // "another day instead"
  'CANCEL',
  'CANTCOME', // "won't make it"
  'LATE', // "running late"
  // calling
  'CALL',
  'CALLME', // "ring me"
  'ICALL', // "I'll ring you"
  // money
  'PRICE',
  'FINANCE', // deposits, instalments, taxes: maybe a question for the price
  'HOWMUCH', // a question for the price as such
  'DISCOUNT',
  'MONEY', // an amount with a currency
  // asking
  'ASK', // a question by form or mark
  'INFO', // "where is", "do you have"
  'HOURS', // "open", "closed"
  'TOPIC', // address, warranty and what else people ask about
  'IF',
  'CAN',
  'WANT',
  'NEG',
  // liking
  'YES',
  'AGREE', // "of course", "why not"
  'INTEREST', // "interested"; with NEG its opposite
  'KEEN', // "sounds good", "tell me more"
  'TAKE', // "I'll take it"
  'LIKE', // "gorgeous"
  'THING', // what is on offer: "car", "flat"
  // not liking
  'NO',
  'NOINTEREST', // "not for us"
  'HAVE', // "already bought one"
  'NOTNOW',
  'DEAR', // "over budget"
  // anger
  'ANGRY',
  'UNHEARD', // "nobody called back"
  'PROMISE', // "you said Tuesday"
  'WAITED', // "still waiting"
  'BROKEN', // "leaking again"
  'GRUMBLE', // "excuses", "again": maybe angry
  'REFUND', // "money back", "your manager"
  // trouble with a site, a code, a link
  'TECH',
  'SITE', // a site may be broken, or what is for sale
  'TROUBLE',
  'HELPME', // "who can help me"
  // the rest
  'WRONG', // "wrong number"
  'STRANGER', // "I'm not Kevin", "never asked about a car": maybe a wrong number
  'WHO', // "who is this"
  'MISSENT', // "sent that to the wrong person, sorry"
  'TONGUE', // "can we speak English" asks for no call
  'THANKS',
  'OK',
  'BUSY', // "driving", "in a meeting"
  'WISH', // "have a nice weekend"
  'LEAVE', // "I'll let you know", "no worries"
  'POLITE', // greetings and padding
  'NAME', // somebody's name
  'NUMBER',
  // found by place or sign, not by a lexicon
  'FIRST_YES', // the message starts with a yes
  'FIRST_NO',
] as const;

export type Concept = (typeof CONCEPTS)[number];

/** What is told of a stretch of text: one flag per concept, in the order of CONCEPTS. */
export type Told = Uint8Array;

/** Where a concept stands in CONCEPTS. Throws if it is none. */
export function numberOf(concept: Concept): number {
  const at = CONCEPTS.indexOf(concept);
  if (at < 0) throw new Error(`no concept ${concept}`);
  return at;
}

/** How one language says the concepts. Written like the lexica of opting out; see ../language.ts and ../pattern.ts. */
export interface Lexicon {
  readonly code: Language;
  /** Categories by white space; those named as concepts are told by a single word. `numtoken` stands for any number. */
  readonly words: Readonly<Record<string, string>>;
  /** Concepts told by several words in a row. */
  readonly phrases: Readonly<Partial<Record<Concept, readonly string[]>>>;
  /** Uses of words that tell nothing ("no complaints"): they count for nothing afterwards. */
  readonly idle: readonly string[];
  /** The commonest words of the language, by which it is recognised; they need not mean anything here. */
  readonly everyday: string;
  /** Whether a capital inside a sentence marks a name; in German it marks any noun. */
  readonly namesByCapital: boolean;
  /** Padding taken out before phrases are looked for. */
  readonly fillers: string;
  /** Words at which a clause may end and the next start. */
  readonly openers: string;
  /** Several words read as one. */
  readonly rewrites: Readonly<Record<string, string>>;
  /** Long words whose misspellings are read too. */
  readonly misspelt: string;
}
