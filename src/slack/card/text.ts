import { escapeMarkup } from '../text.ts';

/* People's words within the limits of a block. */

/** Direction marks that could turn the words around them, and control characters other than line breaks. */
const UNSEEN = /[\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/gu;

/** Escapes text and keeps the result within `max` characters; what is cut ends in an ellipsis. */
export function escaped(text: string, max: number): string {
  let out = '';
  for (const character of text.replace(/\r\n?/g, '\n').replace(UNSEEN, ' ')) {
    const safe = escapeMarkup(character);
    if (out.length + safe.length >= max) return `${out}…`;
    out += safe;
  }
  return out;
}

/** A name, a car: one line, at most 120 characters. */
export const inline = (text: string, max = 120) => escaped(text.replace(/\s+/g, ' ').trim(), max);

/** One line in bold. A star inside would end it. */
export const bold = (text: string) => `*${inline(text).replaceAll('*', '∗')}*`;

/** A customer's words as a quotation, long ones cut. */
export function quoted(words: string, max = 1200): string {
  const lines = escaped(words.trim(), max).split('\n').slice(0, 20);
  return lines.map((line) => `> ${line}`).join('\n');
}

/** A person in Slack, mentioned; without one their plain name. */
export const mention = (slackUserId: string) => `<@${slackUserId}>`;

/** Joins as many lines as fit into `max` characters; the first ones give way and are counted. */
export function fitted(lines: readonly string[], max: number): string {
  for (let from = 0; from < lines.length; from++) {
    const head = from === 0 ? [] : [`… and ${from} before`];
    const text = [...head, ...lines.slice(from)].join('\n');
    if (text.length <= max) return text;
  }
  return (lines.at(-1) ?? '').slice(0, max);
}
