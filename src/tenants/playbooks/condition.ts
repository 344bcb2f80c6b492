import type { Amounts, Cadence, CadenceStep, Condition } from './types.ts';

/*
 * The condition of a step: the lead's answers for which it is planned. Several fields must all have one of their values, or an
 * amount within their bounds.
 */

type Answers = Readonly<Record<string, string>>;
type Conditional = Pick<CadenceStep, 'when'>;

/** Whether a condition asks for amounts, not for one of some values. */
export const asksAmount = (condition: Condition): condition is Amounts => !Array.isArray(condition);

/** Whether a step is for a lead with these answers. Who has not answered fulfils no condition. Pure. */
export const isMeantFor = ({ when = {} }: Conditional, answers: Answers): boolean =>
  Object.entries(when).every(([field, condition]) => fulfils(condition, answers[field]));

function fulfils(condition: Condition, answer = ''): boolean {
  if (answer === '') return false;
  if (!asksAmount(condition)) return condition.includes(answer);
  const [least, most] = boundsOf(condition);
  return Number(answer) >= least && Number(answer) <= most;
}

const boundsOf = ({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Amounts) =>
  [atLeast, atMost] as const;

/** Whether the same steps are for a lead with these answers as with those. Pure. */
export const meansTheSame = ({ steps }: Pick<Cadence, 'steps'>, one: Answers, other: Answers): boolean =>
  steps.every((step) => isMeantFor(step, one) === isMeantFor(step, other));

/** Whether no lead can be given both steps: no answer to a field of both fulfils what each asks for. Pure. */
export const excludeEachOther = ({ when: one = {} }: Conditional, { when: other = {} }: Conditional): boolean =>
  Object.entries(one).some(([field, condition]) => {
    const against = other[field];
    return against !== undefined && areApart(condition, against);
  });

function areApart(one: Condition, other: Condition): boolean {
  if (!asksAmount(one)) return !one.some((value) => fulfils(other, value));
  if (!asksAmount(other)) return areApart(other, one);
  const [[least, most], [otherLeast, otherMost]] = [boundsOf(one), boundsOf(other)];
  return most < otherLeast || otherMost < least;
}

/** The least that a lead has to answer for a step: the first value of each field, the lower bound of an amount. Pure. */
export const answersFor = ({ when = {} }: Conditional): Record<string, string> =>
  Object.fromEntries(
    Object.entries(when).map(([field, condition]) => [
      field,
      asksAmount(condition) ? String(condition.atLeast ?? condition.atMost) : (condition[0] ?? ''),
    ]),
  );

/** `only for service: events or wedding`, `only for value: at least 5,000`, for each field of a condition. */
export const conditionWords = ({ when = {} }: Conditional): string[] =>
  Object.entries(when)
    // what was stored comes back in another order, and says the same
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, condition]) => {
      const asked = asksAmount(condition) ? amountsInWords(condition) : condition.map(plain).join(' or ');
      return `only for ${plain(field)}: ${asked}`;
    });

function amountsInWords({ atLeast, atMost }: Amounts): string {
  if (atLeast === undefined) return `at most ${grouped(atMost)}`;
  return atMost === undefined ? `at least ${grouped(atLeast)}` : `${grouped(atLeast)} to ${grouped(atMost)}`;
}

const grouped = (amount = 0) => amount.toLocaleString('en-US');
const plain = (key: string) => key.replaceAll('_', ' ');
