import { KnownError } from '../../lib/errors.ts';

/**
 * A body taken apart: `texts[0] variables[0] texts[1] … variables[n-1] texts[n]`, variables by occurrence.
 *
 * The only syntax is `{name}` (lower-case letters, digits, `_`). There is no escape: a brace that is not part of a
 * variable is a problem, so a typing slip (`{name`, `{{name}}`, `{Name}`) is found when the template is loaded and
 * never reaches a customer.
 */
export interface SplitBody {
  readonly texts: readonly string[];
  readonly variables: readonly string[];
  readonly problems: readonly string[];
}

/** Longest value in UTF-16 units: Twilio's Content API takes 255 per variable (error 50541). */
export const maxValueLength = 255;

/** A link that not every business has. It stands on a line without other variables, and where there is none the line goes. */
export const OPTIONAL_LINK = 'calculator_link';

const isOptional = (line: string) => line.includes(`{${OPTIONAL_LINK}}`);

/** A body as it is without the link that not every business has; the same body where it does not speak of one. Pure. */
export function withoutOptionalLink(body: string): string {
  const lines = body.split('\n');
  // of two empty lines around it one goes as well: they parted it from what is before and behind
  const kept = lines.filter((line, at) => !isOptional(line) && !(line === '' && isOptional(lines[at - 1] ?? '')));
  return kept.length === lines.length ? body : kept.join('\n').trim();
}

/** What is wrong with the lines of the optional link, in words. Pure. */
export function optionalLinkProblems(body: string): string[] {
  const others = body
    .split('\n')
    .filter(isOptional)
    .flatMap((line) => splitBody(line).variables.filter((variable) => variable !== OPTIONAL_LINK));
  return [...new Set(others)].map(
    (other) => `has {${other}} on the line of {${OPTIONAL_LINK}}, which is left out where a business has no such page`,
  );
}

const placeholder = /\{([a-z][a-z0-9_]*)\}/;

export function splitBody(body: string): SplitBody {
  const parts = body.split(placeholder);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const variables = parts.filter((_, index) => index % 2 === 1);
  const problems = texts
    .filter((text) => /[{}]/.test(text))
    .map((text) => `a brace that is not part of a variable like {name}, at "${text.replace(/\s+/g, ' ').trim()}"`);
  return { texts, variables, problems };
}

/** Latin text with single spaces and nothing to clean: most values, told by one look. */
const clean = /^[!-z|~\u00a1-\u00ac\u00ae-\u02af]+(?: [!-z|~\u00a1-\u00ac\u00ae-\u02af]+)*$/;
/** Control characters that are not white space, marks that reverse or hide text, halves of surrogate pairs. */
const hidden = /[^\P{Cc}\s]|[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A value as plain text on one line: hidden characters go, white space and line breaks become one space (WhatsApp
 * refuses line breaks, tabs and more than four spaces in a variable, Twilio error 63013), braces become parentheses
 * so that a value can never be read as a variable, here or at a gateway. Empty when nothing visible is left.
 */
export function plainText(value: string): string {
  if (clean.test(value)) return value;
  const text = value
    .replace(hidden, '')
    .replaceAll('{', '(')
    .replaceAll('}', ')')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
  return visible.test(text) ? text : '';
}

const { hasOwn } = Object;

/** Empty when the variable is missing, is no text, or shows nothing. */
function textOf(values: Readonly<Record<string, string>>, variable: string): string {
  const value: unknown = hasOwn(values, variable) ? values[variable] : '';
  return typeof value === 'string' ? plainText(value) : '';
}

/** The value of one variable as plain text; `undefined` when it is missing, empty or too long. */
export function plainValue(values: Readonly<Record<string, string>>, variable: string): string | undefined {
  const text = textOf(values, variable);
  return text === '' || text.length > maxValueLength ? undefined : text;
}

/** The error for values that cannot fill a template; names every variable at fault, never a value. */
export function unusableValues(values: Readonly<Record<string, string>>, variables: readonly string[]): KnownError {
  const problems = [...new Set(variables)]
    .filter((variable) => plainValue(values, variable) === undefined)
    .map((variable) => ({
      field: variable,
      message: textOf(values, variable)
        ? `{${variable}} is longer than ${maxValueLength} characters.`
        : `{${variable}} has no value.`,
    }));
  return new KnownError(
    'validation_error',
    `template variables missing, empty or too long: ${problems.map((problem) => problem.field).join(', ')}`,
    `This message cannot be written yet. ${problems.map((problem) => problem.message).join(' ')}`,
    { problems },
  );
}
