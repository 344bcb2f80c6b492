import type { AnswerKey } from '../definition/types.ts';
import type { TurnContext } from '../port.ts';

/** Fills a text of the definition. What stands at the start of a sentence gets a capital letter. */
export function fill(text: string, turn: TurnContext, more: Readonly<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    name: turn.customer,
    business: turn.business,
    salesperson: turn.salesperson ?? turn.words.colleague,
    subject: turn.subject,
    ...more,
  };
  const filled = text.replace(/\{([a-z_]+)\}/g, (_all, name: string) => values[name] ?? '');
  return filled.replace(
    /(^|[.!?]\s+)(\p{Ll})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** One of the definition's answers. */
export const answer = (turn: TurnContext, key: AnswerKey, more?: Readonly<Record<string, string>>): string =>
  fill(turn.words.answers[key], turn, more);

/** The introduction, once: then an answer begins with itself. */
export const introduced = (turn: TurnContext, text: string): string =>
  turn.introduced || text.includes(answer(turn, 'identity')) ? text : `${fill(turn.words.introduction, turn)} ${text}`;

/** Parts of an answer as one text; the question comes last. */
export const joined = (...parts: (string | null | undefined)[]): string => parts.filter(Boolean).join(' ');

/** Times as a list in the language's own way: `a, b or c`. */
export function timesInWords(times: readonly string[], language: string): string {
  const plain = times.map((time) => time.replaceAll(',', ''));
  // CLDR writes "yaa", nobody else does
  if (language === 'hi') return plain.join(', ').replace(/, (?=[^,]*$)/, ' ya ');
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(plain);
}
