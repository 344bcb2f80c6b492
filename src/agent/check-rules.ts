import type { Settings } from '../tenants/index.ts';
import { bargainOf, type CheckRules, claimFindings, type Deed } from './checks/index.ts';
import { ANSWERS, type AnswerKey } from './definition/types.ts';
import type { TurnDeps } from './deps.ts';
import type { Said, TurnContext } from './port.ts';
import { answeredUpTo, unansweredOf } from './read.ts';
import { asksIdentity } from './rules/agent.ts';
import { fill } from './rules/compose.ts';

/* What a turn's text is checked against. */

/** What supports a text of this turn, and what it must keep to. */
export function rulesOf(deps: TurnDeps, turn: TurnContext, settings: Settings, staff: readonly string[]): CheckRules {
  // names come from customers too: one that names a price supports nothing
  const fields = [turn.subject, turn.customer].filter(isName);
  return {
    language: turn.language,
    limit: turn.limit,
    business: turn.business,
    introduce: !turn.introduced || asksIdentity(turn),
    staff,
    facts: turn.facts.flatMap((fact) => Object.values(fact.words)),
    times: turn.appointment ? [turn.appointment.words] : [],
    literals: [...fields, turn.salesperson, turn.contact, settings.termsUrl].filter((each) => each !== null),
    deeds: new Set<Deed>(),
    bargain: 'no',
    phrases: phrasesOf(turn),
    prompt: deps.model?.instructions ?? '',
  };
}

/** What the playbook itself would say: its texts name no price and promise nothing, which the loader checks. */
function phrasesOf(turn: TurnContext): string[] {
  const { introduction, answers, slots } = turn.words;
  const questions = Object.values(slots).map(({ ask }) => ask);
  const sayable = ANSWERS.filter((key) => !AGREEING.has(key)).map((key) => answers[key]);
  return [introduction, ...sayable, ...questions].map((text) => fill(text, turn));
}
const AGREEING: ReadonlySet<AnswerKey> = new Set(['interested', 'noted', 'booked', 'moved', 'cancelled', 'fact']);

/**
 * A name, perhaps of a car, and nothing that would be a claim. Digits are part of it where they stand in a word (`X5`), or
 * as a single one behind a word (`Mazda 3`); who fills in a form would otherwise say which price may be named.
 */
const isName = (value: string): boolean =>
  /\p{L}/u.test(value) &&
  claimFindings(value.replace(/(?<=\p{L}{4} )\d$/u, '').replace(IN_WORDS, ' ')).length === 0 &&
  !/\d{3}/.test(value);
const IN_WORDS = /(?<![\p{L}\p{N}])\p{L}{1,4}\d{1,2}\p{L}{0,2}(?![\p{L}\p{N}])/gu;

/** Whether the customer talks about money now, or did shortly before; what staff have answered since is theirs. */
export function bargaining(history: readonly Said[]) {
  const before = history.slice(history.findLastIndex(({ by }) => by === 'staff') + 1, answeredUpTo(history));
  const own = before.flatMap(({ by, words }) => (by === 'customer' ? [words] : []));
  return bargainOf(unansweredOf(history), own);
}
