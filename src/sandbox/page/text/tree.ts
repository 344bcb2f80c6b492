/* What Slack's three ways of writing (mrkdwn, rich text, Markdown) become before they are drawn. */

export type Inline =
  | { is: 'text'; text: string }
  | { is: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'link'; url: string; children: Inline[] }
  | { is: 'user'; id: string }
  | { is: 'channel'; id: string; label: string }
  /** `@here`, `@channel`, a group of people. */
  | { is: 'everybody'; label: string }
  /** `at` in Unix seconds; `fallback` for clients that know no dates. */
  | { is: 'date'; at: number; format: string; url: string | null; fallback: string }
  | { is: 'emoji'; name: string }
  | { is: 'break' };

export type Paragraph =
  | { is: 'words'; children: Inline[] }
  | { is: 'title'; level: number; children: Inline[] }
  | { is: 'quote'; children: Inline[] }
  | { is: 'pre'; text: string }
  | { is: 'list'; ordered: boolean; indent: number; start: number; items: Inline[][] }
  | { is: 'table'; rows: Inline[][][] }
  | { is: 'rule' };

export const text = (words: string): Inline => ({ is: 'text', text: words });

/** Lines with breaks between them. */
export function broken(lines: readonly Inline[][]): Inline[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [{ is: 'break' as const }, ...line]));
}
