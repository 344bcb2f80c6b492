/** What may stand inside a template. `false`, `null` and `undefined` leave nothing behind, so `cond && html…` reads well. */
export type Piece = string | number | boolean | null | undefined | Markup | readonly Piece[];

/** HTML that needs no more escaping. Only `html` and `trusted` make it; data that merely looks like it is escaped. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe between tags and inside quoted attributes (attributes are always written with quotes here). */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

function write(piece: Piece): string {
  if (piece === null || piece === undefined || typeof piece === 'boolean') return '';
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'object') return piece.map(write).join('');
  return escapeText(String(piece));
}

/** Tagged template that escapes every value; nested `html` and lists of it stay as they are. */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Markup {
  return new Markup(parts.map((part, i) => part + write(values[i])).join(''));
}

/** Marks text of our own (a stylesheet, a script, an icon) as HTML. Never give it anything a person has typed. */
export function trusted(text: string): Markup {
  return new Markup(text);
}
