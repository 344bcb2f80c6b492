import type { Entry, Upload } from '../../wire.ts';
import { type Json, numberOf, objectOf, objectsOf, textOf, textsOf, wordsOf } from './json.ts';

/* What stands in a field, and how it travels. Pure. */

export interface Option {
  value: string;
  text: string;
  description?: string;
}

/** A file just chosen, or the name of one that the server has already. */
export type Chosen = Upload | { name: string };

export type Value =
  | { is: 'text'; text: string }
  | { is: 'options'; options: Option[] }
  | { is: 'files'; files: Chosen[] };

export const optionOf = (option: Json): Option => ({
  value: textOf(option.value),
  text: wordsOf(option.text),
  ...(option.description !== undefined && { description: wordsOf(option.description) }),
});

/** All options of an element, in order, with the group each belongs to. */
export function optionsOf(element: Json): { group: string; option: Option; raw: Json }[] {
  const flat = objectsOf(element.options).map((raw) => ({ group: '', option: optionOf(raw), raw }));
  const grouped = objectsOf(element.option_groups).flatMap((group) =>
    objectsOf(group.options).map((raw) => ({ group: wordsOf(group.label), option: optionOf(raw), raw })),
  );
  return [...flat, ...grouped];
}

const byId = (id: string): Option => ({ value: id, text: id });

/** Names under which `state.values` and elements keep what was chosen (docs.slack.dev, "view.state.values"). */
const KEYS: Record<string, { state: string; initial: string }> = {
  static_select: { state: 'selected_option', initial: 'initial_option' },
  external_select: { state: 'selected_option', initial: 'initial_option' },
  radio_buttons: { state: 'selected_option', initial: 'initial_option' },
  checkboxes: { state: 'selected_options', initial: 'initial_options' },
  multi_static_select: { state: 'selected_options', initial: 'initial_options' },
  multi_external_select: { state: 'selected_options', initial: 'initial_options' },
  users_select: { state: 'selected_user', initial: 'initial_user' },
  multi_users_select: { state: 'selected_users', initial: 'initial_users' },
  conversations_select: { state: 'selected_conversation', initial: 'initial_conversation' },
  multi_conversations_select: { state: 'selected_conversations', initial: 'initial_conversations' },
  channels_select: { state: 'selected_channel', initial: 'initial_channel' },
  multi_channels_select: { state: 'selected_channels', initial: 'initial_channels' },
  datepicker: { state: 'selected_date', initial: 'initial_date' },
  timepicker: { state: 'selected_time', initial: 'initial_time' },
  datetimepicker: { state: 'selected_date_time', initial: 'initial_date_time' },
  rich_text_input: { state: 'rich_text_value', initial: 'initial_value' },
  file_input: { state: 'files', initial: '' },
};
const TEXT = { state: 'value', initial: 'initial_value' };

/** Kinds whose value is a text of their own: dates, times, and everything typed. */
const PLAIN = new Set(['datepicker', 'timepicker', 'datetimepicker']);

/** What a field holds: as the server keeps it, else as the app set it at first. */
export function heldIn(element: Json, state: Json | undefined): Value {
  const type = textOf(element.type);
  const keys = KEYS[type] ?? TEXT;
  const kept = state?.[keys.state];
  return read(type, kept === undefined ? element[keys.initial] : kept);
}

function read(type: string, kept: unknown): Value {
  if (type === 'file_input')
    return { is: 'files', files: objectsOf(kept).map((file) => ({ name: textOf(file.name) })) };
  if (type === 'rich_text_input') return { is: 'text', text: richWords(objectOf(kept)) };
  if (PLAIN.has(type) || !(type in KEYS)) return { is: 'text', text: textOf(kept) || String(numberOf(kept) ?? '') };
  const many = Array.isArray(kept) ? kept : kept === null || kept === undefined ? [] : [kept];
  const ids = textsOf(many).filter(Boolean).map(byId);
  return { is: 'options', options: [...ids, ...objectsOf(many).map(optionOf)] };
}

const richWords = (node: Json): string =>
  textOf(node.text) || [...objectsOf(node.elements)].map(richWords).join(node.type === 'rich_text' ? '\n' : '');

/** Kinds that hold several at once. */
export const holdsMany = (type: string): boolean => type === 'checkboxes' || type.startsWith('multi_');

/** The value as it is sent to the server. */
export function entryOf(element: Json, value: Value): Entry {
  const type = textOf(element.type);
  switch (value.is) {
    case 'text':
      if (value.text === '') return null;
      return type === 'datetimepicker' ? Number(value.text) : value.text;
    case 'files':
      return value.files.filter((file) => 'bytes' in file);
    case 'options': {
      const values = value.options.map((option) => option.value);
      return holdsMany(type) ? values : (values[0] ?? null);
    }
  }
}
