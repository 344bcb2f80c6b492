import type { Option } from './block-parts.ts';
import { type Field, optionNamed } from './fields.ts';
import type { JsonObject, StateValues, UploadInput } from './types.ts';

/**
 * What a person enters: text, the text or value of an option (several for check boxes and multi-selects; `true` ticks all,
 * `false` none), a date (`2026-01-31`), an id, a number of seconds, files; null empties the field.
 */
export type FieldValue = string | number | boolean | null | UploadInput | readonly (string | UploadInput)[];

/** How entering reaches beyond the field itself. */
export interface Surroundings {
  /** The options on offer; for external selects those the app just suggested. */
  options: readonly Option[];
  /** The id of a person, given by id, handle or name. */
  person(name: string): string;
  /** The id of a channel, given by id or name. */
  channel(name: string): string;
  /** Uploads a file and tells how the payload describes it. */
  upload(file: UploadInput): JsonObject;
}

/** A field's value in the shape of `state.values`. @throws Error when the field cannot hold such a value */
export function entered(field: Field, value: FieldValue, around: Surroundings): JsonObject {
  const { type } = field.element;
  const texts = () => listOf(value).filter((item) => typeof item === 'string');
  const one = () => (value === null || value === '' ? null : String(value));
  const oneAs = (lookUp: (name: string) => string) => {
    const name = one();
    return name === null ? null : lookUp(name);
  };
  const option = () => {
    const name = one();
    return name === null ? null : optionNamed(around.options, name);
  };
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: one() };
    case 'rich_text_input':
      return { type, rich_text_value: richText(one() ?? '') };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: option() };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      if (typeof value === 'boolean') return { type, selected_options: value ? [...around.options] : [] };
      return { type, selected_options: texts().map((name) => optionNamed(around.options, name)) };
    case 'users_select':
      return { type, selected_user: oneAs(around.person) };
    case 'multi_users_select':
      return { type, selected_users: texts().map(around.person) };
    case 'conversations_select':
      return { type, selected_conversation: oneAs(around.channel) };
    case 'multi_conversations_select':
      return { type, selected_conversations: texts().map(around.channel) };
    case 'channels_select':
      return { type, selected_channel: oneAs(around.channel) };
    case 'multi_channels_select':
      return { type, selected_channels: texts().map(around.channel) };
    case 'datepicker':
      return { type, selected_date: one() };
    case 'timepicker':
      return { type, selected_time: one() };
    case 'datetimepicker':
      return { type, selected_date_time: value === null ? null : Number(value) };
    case 'file_input':
      return { type, files: listOf(value).map((file) => around.upload(asUpload(file, field.label))) };
    case 'button':
    case 'overflow':
      throw new Error(`a ${type} holds no value`);
  }
}

function listOf(value: FieldValue): readonly (string | UploadInput)[] {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return [];
  return typeof value === 'string' || 'bytes' in value ? [value] : value;
}

function asUpload(value: string | UploadInput, label: string): UploadInput {
  if (typeof value === 'string') throw new Error(`"${label}" takes files: { name, mimetype, bytes }`);
  return value;
}

/** Rich text as Slack's composer makes it. */
export function richText(text: string): JsonObject {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

/** What Slack itself refuses before the app hears of a submission, by block id. */
export function slacksOwnErrors(fields: readonly Field[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const problem = ownError(field, values[field.blockId]?.[field.actionId] ?? {});
    if (problem !== undefined) errors[field.blockId] = problem;
  }
  return errors;
}

function ownError({ element, required }: Field, state: JsonObject): string | undefined {
  const { type: _type, ...rest } = state;
  const value: unknown = Object.values(rest)[0];
  const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) return required ? 'Please complete this required field.' : undefined;
  switch (element.type) {
    case 'plain_text_input': {
      const length = String(value).length;
      if (length > (element.max_length ?? 3000)) return `Must be at most ${element.max_length ?? 3000} characters.`;
      return length < (element.min_length ?? 0) ? `Must be at least ${element.min_length} characters.` : undefined;
    }
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value)) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(String(value)) ? undefined : 'Please enter a valid URL.';
    case 'number_input': {
      const number = Number(value);
      const whole = element.is_decimal_allowed || Number.isInteger(number);
      const low = Number(element.min_value ?? Number.NEGATIVE_INFINITY);
      const high = Number(element.max_value ?? Number.POSITIVE_INFINITY);
      return Number.isFinite(number) && whole && number >= low && number <= high
        ? undefined
        : 'Please enter a valid number.';
    }
    case 'file_input':
      return fileError(element, Array.isArray(value) ? value : []);
    default:
      return undefined;
  }
}

function fileError(limits: { max_files?: number | undefined; filetypes?: string[] | undefined }, files: unknown[]) {
  if (files.length > (limits.max_files ?? 10)) return `Please add at most ${limits.max_files ?? 10} files.`;
  const kinds = limits.filetypes?.map((kind) => kind.toLowerCase().replace('jpeg', 'jpg'));
  const foreign = files.some((file) => {
    const kind = typeof file === 'object' && file !== null && 'filetype' in file ? String(file.filetype) : undefined;
    return kind !== undefined && kinds !== undefined && !kinds.includes(kind);
  });
  return foreign ? `Please add files of these kinds: ${kinds?.join(', ')}.` : undefined;
}
