import { maxValueLength } from '../playbooks/index.ts';
import type { Entered } from './field.ts';

/* What fields of text and choice have in common. */

export const typed = (text: string): Entered => ({ text: text.trim(), chosen: [] });
export const picked = (...chosen: string[]): Entered => ({ text: '', chosen });

/** A whole number within bounds, as a field reads it. */
export function whole<T>(entered: Entered, min: number, max: number, patch: (value: number) => T): T | string {
  const value = Number(entered.text);
  const fits = /^\d{1,6}$/.test(entered.text) && value >= min && value <= max;
  return fits ? patch(value) : `Write a whole number from ${min} to ${max}.`;
}

/** Whether it is the address of a page, short enough for a message; see `maxValueLength`. */
export const isPageAddress = (text: string): boolean =>
  text.length <= maxValueLength && /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
