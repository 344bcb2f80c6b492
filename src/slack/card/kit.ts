import { type Button, plain, button as pressable, context as smallPrint } from '../views.ts';

export interface Confirm {
  title: string;
  text: string;
  yes: string;
}

/** A button that carries an id; with `confirm` Slack asks first. */
export function button(
  actionId: string,
  text: string,
  value: string,
  more: { style?: NonNullable<Button['style']>; confirm?: Confirm } = {},
): object {
  return pressable({ text, actionId, value, ...more });
}

/** A row of buttons; none at all where there is nothing to press. */
export const actions = (each: readonly object[]) => (each.length > 0 ? [{ type: 'actions', elements: each }] : []);

/** Small grey lines, those that have something to say. */
export function context(lines: readonly string[]): object[] {
  const words = lines.filter((line) => line !== '').join('\n');
  return words === '' ? [] : [smallPrint(words)];
}

/** Words shown exactly as they are: no formatting, no emoji names. */
export const literal = (words: string) => ({ type: 'section', text: { ...plain(words), emoji: false } });
