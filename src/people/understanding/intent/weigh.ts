import { CONCEPTS, type Concept, type Intent, numberOf, type Told } from './concepts.ts';
import { RULES, WHOLE } from './rules.ts';

/** Something a message may mean, why, and how strongly; weights are explained at the rules. */
export interface Evidence {
  readonly intent: Intent;
  readonly rule: string;
  readonly weight: number;
}

interface Rule extends Evidence {
  /** Of each group one must be told. */
  readonly groups: readonly (readonly number[])[];
  readonly absent: readonly number[];
}

/** What is scattered over several sentences counts for a little less than what stands in one. */
const SCATTERED = 1;

const numbersOf = (set: string): number[] => set.split('|').map((concept) => numberOf(concept as Concept));

const rules: readonly Rule[] = Object.entries(RULES).flatMap(([intent, sources]) =>
  sources.map(([rule, weight, when]) => {
    const parts = when.split(' ');
    return {
      intent: intent as Intent,
      rule,
      weight,
      groups: parts.filter((part) => !part.startsWith('!')).map(numbersOf),
      absent: parts.filter((part) => part.startsWith('!')).flatMap((part) => numbersOf(part.slice(1))),
    };
  }),
);

const wholes = WHOLE.map(([intent, rule, weight, all, some]) => ({
  evidence: { intent, rule, weight },
  all: numbersOf(all),
  some: numbersOf(some),
}));

/** The evidence in a message: told by sentence, and word by word for the rules about all words. */
export function weigh(sentences: readonly Told[], words: readonly Told[]): Evidence[] {
  const whole = unite(sentences);
  const found: Evidence[] = [];
  for (const rule of rules) {
    if (!isToldByEach(rule, whole)) continue;
    if (sentences.some((told) => holds(rule, told))) found.push(rule);
    else if (rule.groups.length > 1 && holds(rule, whole)) found.push({ ...rule, weight: rule.weight - SCATTERED });
  }
  for (const { evidence, all, some } of wholes) {
    const isWhole = words.length > 0 && words.every((word) => isAnyTold(all, word));
    if (isWhole && words.some((word) => isAnyTold(some, word))) found.push(evidence);
  }
  return found;
}

function unite(parts: readonly Told[]): Told {
  const whole = new Uint8Array(CONCEPTS.length);
  for (const part of parts) for (let i = 0; i < whole.length; i++) if (part[i]) whole[i] = 1;
  return whole;
}

function holds(rule: Rule, told: Told): boolean {
  return isToldByEach(rule, told) && !isAnyTold(rule.absent, told);
}

function isToldByEach({ groups }: Rule, told: Told): boolean {
  for (const group of groups) if (!isAnyTold(group, told)) return false;
  return true;
}

function isAnyTold(concepts: readonly number[], told: Told): boolean {
  for (const concept of concepts) if (told[concept] === 1) return true;
  return false;
}
