/* Reading what an app shows in Slack as people do: by words and labels, never by the app's own ids. */

export type Json = Record<string, unknown>;

export const asJson = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const asList = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

const SHOWN = new Set(['text', 'title', 'label', 'hint', 'submit', 'close', 'placeholder', 'description']);

/** Every word that is shown, a line for each piece. */
export function wordsOf(thing: unknown): string {
  const lines: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) walk(each);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && SHOWN.has(key)) lines.push(inner);
      else walk(inner);
    }
  };
  walk(thing);
  return lines.join('\n');
}

export interface Input {
  label: string;
  hint: string;
  blockId: string;
  actionId: string;
  type: string;
  optional: boolean;
  element: Json;
}

/** The inputs of a modal, in order. */
export function inputsOf(view: Json): Input[] {
  return asList(view.blocks)
    .filter((block) => block.type === 'input')
    .map((block) => {
      const element = asJson(block.element);
      return {
        label: asText(asJson(block.label).text),
        hint: asText(asJson(block.hint).text),
        blockId: asText(block.block_id),
        actionId: asText(element.action_id),
        type: asText(element.type),
        optional: block.optional === true,
        element,
      };
    });
}

/** What somebody enters: text, the words of an option, a tick, a person's id, or a file. */
export type Entry = string | boolean | Json;

/** The state Slack sends for an input; `entry` undefined leaves it as the app opened it. */
export function stateOf({ type, element, label }: Input, entry: Entry | undefined): Json {
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
      return { type, value: (entry ?? element.initial_value ?? null) || null };
    case 'static_select': {
      const options = asList(element.options);
      const wanted = options.find(({ text, value }) => asJson(text).text === entry || value === entry);
      if (entry !== undefined && !wanted) throw new Error(`"${label}" has no option ${entry}`);
      return { type, selected_option: wanted ?? element.initial_option ?? null };
    }
    case 'checkboxes':
      return { type, selected_options: entry === true ? element.options : (element.initial_options ?? []) };
    case 'users_select':
      return { type, selected_user: entry ?? element.initial_user ?? null };
    case 'file_input':
      return { type, files: entry === undefined ? [] : [entry] };
    default:
      throw new Error(`"${label}" is a ${type}, which nobody here can fill in`);
  }
}

/** The buttons shown, links included. */
export function buttonsOf(thing: unknown): Json[] {
  const found: Json[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) walk(each);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const json = value as Json;
    if (json.type === 'button') found.push(json);
    else for (const inner of Object.values(json)) walk(inner);
  };
  walk(thing);
  return found;
}

export const labelOf = (button: Json): string => asText(asJson(button.text).text);
