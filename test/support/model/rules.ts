/**
 * What the product holds to, one by one. A model with one of them broken must show what goes wrong then. Not among them is
 * what something else makes up for: that a claim takes only what is planned, and that a lease which has run out is not
 * begun, since a claim is begun by its holder alone and its deadline comes first; that the reconciler asks whether the owner
 * lives, since it waits longer than the owner may write.
 */
export const RULES = {
  beginLooksAgain: 'the row is looked at once more immediately before the request: a stop has cancelled it',
  beginKnowsClaim: 'a claim is begun once, by the entry that stands for it',
  unheardFirst: 'a worker that did not hear of a begin says so before it begins anything else',
  unheardIsOwn: 'what a worker did not hear of it speaks for its own attempt only',
  deadline: 'nothing is written after the deadline',
  reconcileWaits: 'the gateway is asked when nothing can come any more',
  noAnswerIsNone: 'a list that could not be read is no proof',
  attemptCounts: 'an outcome speaks for its own attempt only',
  stopLooksAtSending: 'a stop looks for requests in flight',
  stopLooksApart: 'it does so in a statement of its own',
  stopCancelsClaimed: 'a stop cancels what is claimed',
  guardReads: 'whoever opted out is found out when the message is read',
  replanWaits: 'what goes back into the plan waits for a stop that is under way',
  replanStops: 'what goes back into the plan is cancelled when the person has stopped meanwhile',
  noticeStops: 'so is a notice',
  replanPauses: 'in a paused follow-up it waits instead',
  reportWhole: 'a reported failure is written down whole or not at all',
  uncertainIsKept: 'silence is never tried again blindly',
} as const;

export type Rule = keyof typeof RULES;

/** True for every rule that holds. */
export type Rules = Readonly<Record<Rule, boolean>>;

/** All rules, but for those that are broken to see whether anybody notices. */
export const rulesWithout = (...broken: readonly Rule[]): Rules =>
  Object.fromEntries(Object.keys(RULES).map((rule) => [rule, !broken.includes(rule as Rule)])) as Rules;
