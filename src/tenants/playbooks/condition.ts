import type { Cadence, CadenceStep } from './types.ts';

/*
 * The condition of a step: the lead's answers for which it is planned. Several fields must all have one of their values.
 */

type Answers = Readonly<Record<string, string>>;
type Conditional = Pick<CadenceStep, 'when'>;

/** Whether a step is for a lead with these answers. Who has not answered fulfils no condition. Pure. */
export const isMeantFor = ({ when = {} }: Conditional, answers: Answers): boolean =>
  Object.entries(when).every(([field, values]) => values.some((value) => value === answers[field]));

/** Whether the same steps are for a lead with these answers as with those. Pure. */
export const meansTheSame = ({ steps }: Pick<Cadence, 'steps'>, one: Answers, other: Answers): boolean =>
  steps.every((step) => isMeantFor(step, one) === isMeantFor(step, other));

/** Whether no lead can be given both steps: a field of both must have one value here and another there. Pure. */
export const excludeEachOther = ({ when: one = {} }: Conditional, { when: other = {} }: Conditional): boolean =>
  Object.entries(one).some(([field, values]) => other[field]?.every((value) => !values.includes(value)));

/** The least that a lead has to answer for a step: the first value of each field. Pure. */
export const answersFor = ({ when = {} }: Conditional): Record<string, string> =>
  Object.fromEntries(Object.entries(when).map(([field, [value = '']]) => [field, value]));

/** `only for service: events or wedding`, for each field of a condition. */
export const conditionWords = ({ when = {} }: Conditional): string[] =>
  Object.entries(when)
    // what was stored comes back in another order, and says the same
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, values]) => `only for ${plain(field)}: ${values.map(plain).join(' or ')}`);

const plain = (key: string) => key.replaceAll('_', ' ');
