/**
 * What is wrong with a text that an agent would send. `found` quotes the text (for people, never for a log), `words` say
 * what is wrong.
 */
export interface Finding {
  code: CheckCode;
  found: string;
  words: string;
}

export type CheckCode =
  | 'price'
  | 'percent'
  | 'number'
  | 'discount'
  | 'agreement'
  | 'availability'
  | 'finance'
  | 'delivery'
  | 'promise'
  | 'deed'
  | 'obfuscated'
  | 'language'
  | 'disclosure'
  | 'length'
  | 'link'
  | 'contact'
  | 'impersonation'
  | 'others'
  | 'markup'
  | 'keyword'
  | 'empty'
  /** Not of the words: the agent has had its turns; the customer's language has no texts. */
  | 'turns'
  | 'translation';

/** Something that a text may say has been done. */
export type Deed = 'booked' | 'changed' | 'done' | 'opted_out';

/** Whether a customer talks of money or of a promise: in what is to be answered now, or shortly before. */
export type Bargain = 'now' | 'earlier' | 'no';

/** What supports a text, and what it must keep to. */
export interface CheckRules {
  language: string;
  /** Longest text, in characters. */
  limit: number;
  business: string;
  /** The customer has to be told who writes: the first message, or they asked. */
  introduce: boolean;
  /** Everybody of the business: the agent is none of them. */
  staff: readonly string[];
  /** The tenant's facts in every language; may be said word for word. */
  facts: readonly string[];
  /** Times that were offered or booked, in the words they were offered in. */
  times: readonly string[];
  /** What may stand anywhere: the business, the car, the tenant's number and page. */
  literals: readonly string[];
  /** What really is done, or happens with the text. */
  deeds: ReadonlySet<Deed>;
  /** Whether the customer talks about money, so that a yes could be taken for a yes to that. */
  bargain: Bargain;
  /** Whole sentences of the playbook's own, which agree to nothing. */
  phrases: readonly string[];
  /** The agent's instructions, which are not for customers. */
  prompt: string;
}
