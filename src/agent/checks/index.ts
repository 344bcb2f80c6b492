import { bargainFindings } from './bargain.ts';
import { claimsIn } from './claims.ts';
import { deedFindings } from './deeds.ts';
import { disclosureFindings, poseFindings } from './identity.ts';
import { foreignFindings } from './language.ts';
import { plainForm } from './plain.ts';
import { withoutFacts, withoutLiterals, withoutNumber, withoutTimes } from './support.ts';
import type { CheckRules, Finding } from './types.ts';
import { wayOutFindings } from './ways-out.ts';

export { asksForMore, bargainOf, talksMoney } from './bargain.ts';
export { claimFindings } from './claims.ts';
export { disclosureFindings } from './identity.ts';
export { foreignFindings, languageOf } from './language.ts';
export { cleanText } from './plain.ts';
export type { CheckCode, CheckRules, Deed, Finding } from './types.ts';

/**
 * Everything that keeps a text from leaving by itself; empty when it may. Decided in code, whoever wrote the text: what is
 * not literally in the tenant's facts, in the times that were offered or in the names of the lead is not said. Pure.
 */
export function checkText(text: string, rules: CheckRules): Finding[] {
  const plain = plainForm(text);
  if (!/[\p{L}\p{N}]/u.test(plain)) return [{ code: 'empty', found: '', words: 'it says nothing' }];
  const own = unsupported(withoutFacts(plain, rules.facts), rules);
  const length = [...text].length;
  return [
    ...claimsIn(own),
    ...bargainFindings(unsupported(withoutFacts(plain, [...rules.facts, ...rules.phrases]), rules), rules.bargain),
    ...deedFindings(own, rules.deeds),
    ...wayOutFindings(text, own, rules),
    ...poseFindings(plain, rules),
    ...foreignFindings(withoutLiterals(own, namesOf(rules)), rules.language),
    ...(rules.introduce ? introduction(text, plain, rules) : []),
    ...(length > rules.limit
      ? [
          {
            code: 'length' as const,
            found: String(length),
            words: `it has ${length} characters, at most ${rules.limit} fit`,
          },
        ]
      : []),
  ];
}

/** What is left of a text without the times, names and numbers that may be said. */
const unsupported = (plain: string, { times, literals, business }: CheckRules): string =>
  literals.reduce(
    (rest, literal) => withoutNumber(rest, /^\+?[\d\s()/.-]+$/.test(literal) ? literal : undefined),
    withoutLiterals(withoutTimes(plain, times), [...literals, business]),
  );

function introduction(text: string, plain: string, { language, business }: CheckRules): Finding[] {
  const missing = disclosureFindings(text, language);
  if (!plain.includes(plainForm(business))) missing.push('does not name the business');
  return missing.slice(0, 1).map((words) => ({ code: 'disclosure', found: '', words: `it ${words}` }));
}

/** Names say nothing about the language. */
const namesOf = ({ staff }: CheckRules) => staff.flatMap((name) => [name, ...name.split(/\s+/)]);
