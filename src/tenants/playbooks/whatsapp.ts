import { plainValue, splitBody, unusableValues } from './placeholders.ts';

/** A template's body as the Content API wants it, and which of our variables each number stands for. */
export interface WhatsAppBody {
  /** With `{{1}}`, `{{2}}` … in order of appearance; a variable used twice has two numbers. */
  readonly body: string;
  /** `order[0]` fills `{{1}}`. */
  readonly order: readonly string[];
}

/** Pure. Numbers follow each other without gaps, as the Content API asks (Twilio error 63028). */
export function toWhatsAppBody(template: { readonly body: string }): WhatsAppBody {
  const { texts, variables } = splitBody(template.body);
  const body = texts.map((text, index) => (index === 0 ? text : `{{${index}}}${text}`)).join('');
  return { body, order: variables };
}

/**
 * The `ContentVariables` for one send, cleaned as in `render`, so what is recorded is what the customer reads.
 * Throws `KnownError` (`validation_error`) naming the variables without a usable value: an empty one would be refused.
 */
export function whatsAppVariables(
  order: readonly string[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const numbered: Record<string, string> = {};
  order.forEach((variable, index) => {
    const value = plainValue(values, variable);
    if (value === undefined) throw unusableValues(values, order);
    numbered[String(index + 1)] = value;
  });
  return numbered;
}
