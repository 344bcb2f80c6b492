import type { Option } from './block-parts.ts';
import { type Block, interactives } from './blocks.ts';
import type { Interactive } from './elements.ts';
import type { JsonObject, OpenView, StateValues } from './types.ts';

/** A place where a person enters something, as they know it: by its label. */
export interface Field {
  blockId: string;
  actionId: string;
  label: string;
  element: Interactive;
  /** In an input block that must be filled. */
  required: boolean;
  /** Acting on it tells the app at once. */
  dispatches: boolean;
}

/** All elements that keep a value, in order; buttons and overflow menus do not. */
export function fieldsOf(blocks: readonly Block[]): Field[] {
  return blocks.flatMap((block) =>
    interactives(block)
      .filter((element) => element.type !== 'button' && element.type !== 'overflow')
      .map((element) => ({
        blockId: block.block_id ?? '',
        actionId: element.action_id ?? '',
        label: labelOf(block, element),
        element,
        required: block.type === 'input' && block.optional !== true,
        dispatches: block.type !== 'input' || block.dispatch_action === true,
      })),
  );
}

function labelOf(block: Block, element: Interactive): string {
  if (block.type === 'input') return block.label.text;
  if (block.type === 'section' && block.text !== undefined) return block.text.text;
  return 'placeholder' in element ? (element.placeholder?.text ?? '') : '';
}

/**
 * The field a person means: by block id, block and action id (`block/action`), action id or label (case and a trailing colon do not matter), else the only one
 * whose label contains the words.
 * @throws Error naming the fields there are
 */
export function fieldNamed(fields: readonly Field[], name: string): Field {
  const wanted = plain(name);
  const found =
    fields.find((field) => field.blockId === name || `${field.blockId}/${field.actionId}` === name) ??
    fields.find((field) => field.actionId === name) ??
    fields.find((field) => plain(field.label) === wanted) ??
    onlyOne(fields.filter((field) => plain(field.label).includes(wanted)));
  if (found !== undefined) return found;
  const known = fields.map((field) => `"${field.label}" (${field.blockId}/${field.actionId})`);
  throw new Error(`no field "${name}"; there are ${known.join(', ') || 'none'}`);
}

/** Text as people compare it: without case, emoji names, pictures or punctuation at the ends. */
export function plain(text: string): string {
  return text
    .replace(/:[a-z0-9_+-]+:/g, '')
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

export function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** `state.values`: what was typed, else what the app set at first. */
export function stateOf(blocks: readonly Block[], typed: StateValues): StateValues {
  const values: StateValues = {};
  for (const { blockId, actionId, element } of fieldsOf(blocks)) {
    const value = typed[blockId]?.[actionId] ?? initialValue(element);
    values[blockId] = { ...values[blockId], [actionId]: value };
  }
  return values;
}

/** An element's value before anybody touched it, in the shape of `state.values`. */
function initialValue(element: Interactive): JsonObject {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: element.initial_value ?? null };
    case 'rich_text_input':
      return element.initial_value === undefined ? { type } : { type, rich_text_value: element.initial_value };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'multi_conversations_select':
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: element.initial_channels ?? [] };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    case 'file_input':
      return { type, files: [] };
    case 'button':
    case 'overflow':
      return { type };
  }
}

/** What a person sees entered in a view, by label: text, the texts of what is chosen, or names of files. */
export function shownValues(open: OpenView): Record<string, string | string[]> {
  const values = stateOf(open.view.blocks, open.typed);
  const shown: Record<string, string | string[]> = {};
  for (const { blockId, actionId, label } of fieldsOf(open.view.blocks)) {
    const { type: _type, ...value } = values[blockId]?.[actionId] ?? {};
    shown[label] = inWords(Object.values(value)[0]);
  }
  return shown;
}

function inWords(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map((item) => String(inWords(item)));
  if (typeof value !== 'object' || value === null) return value === null || value === undefined ? '' : String(value);
  if ('text' in value) return inWords(value.text);
  return 'name' in value ? String(value.name) : JSON.stringify(value);
}

/** The option a person means: by its text or its value, else the only one whose text contains the words. */
export function optionNamed(options: readonly Option[], name: string): Option {
  const wanted = plain(name);
  const found =
    options.find((option) => option.value === name || option.text.text === name) ??
    options.find((option) => plain(option.text.text) === wanted) ??
    onlyOne(options.filter((option) => plain(option.text.text).includes(wanted)));
  if (found !== undefined) return found;
  throw new Error(`no option "${name}"; there are ${options.map((o) => `"${o.text.text}"`).join(', ') || 'none'}`);
}
