import { KnownError } from '../lib/errors.ts';
import { plainValue, splitBody, unusableValues } from '../tenants/index.ts';

/** A template taken apart once; the caller keeps it, rendering is then a handful of concatenations. */
export interface CompiledTemplate {
  /** Each variable once, in order of first appearance. */
  readonly variables: readonly string[];
  /**
   * Fills the template in one pass, so a value is never looked at for variables. Values become plain text on one line.
   * Throws `KnownError` (`validation_error`) naming every variable that is missing, empty or longer than 255.
   */
  render(values: Readonly<Record<string, string>>): string;
}

/** Throws `KnownError` (`misconfigured`) when the body has a brace that is not part of a `{variable}`. */
export function compileTemplate(body: string): CompiledTemplate {
  const { texts, variables, problems } = splitBody(body);
  if (problems.length > 0) {
    const words = problems.join('; ');
    throw new KnownError('misconfigured', `template cannot be read: ${words}`, `This template has ${words}.`);
  }
  const [opening = '', ...rest] = texts;
  const pieces = rest.map((text, index) => ({ variable: variables[index] ?? '', text }));

  return {
    variables: [...new Set(variables)],
    render(values) {
      let out = opening;
      for (const piece of pieces) {
        const value = plainValue(values, piece.variable);
        if (value === undefined) throw unusableValues(values, variables);
        out += value + piece.text;
      }
      return out;
    },
  };
}

// GSM 03.38 (3GPP TS 23.038): the basic alphabet costs one unit a character, the extension two, anything else makes the
// whole text UCS-2.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');
/** What ASCII and the basic alphabet share. */
const PLAIN = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]*$/;
const plainSegments = (units: number) => (units <= 160 ? Math.min(units, 1) : Math.ceil(units / 153));

export interface SmsSize {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  readonly units: number;
  readonly segments: number;
}

/**
 * What a text costs as SMS: 160 GSM-7 or 70 UCS-2 units alone, 153 or 67 a segment when joined. A character of two
 * units is never split over two segments. An empty text has no segment.
 */
export function segments(text: string): SmsSize {
  // nearly every text is so: each character is one unit, wherever it is cut
  if (PLAIN.test(text)) return { encoding: 'GSM-7', units: text.length, segments: plainSegments(text.length) };
  const characters = [...text];
  const gsm = characters.every((character) => basic.has(character) || extension.has(character));
  const sizes = characters.map((character) => (gsm ? (basic.has(character) ? 1 : 2) : character.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  const encoding = gsm ? 'GSM-7' : 'UCS-2';
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1 };

  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments: count };
}
