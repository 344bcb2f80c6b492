import { type Json, objectOf, objectsOf, textOf } from './json.ts';

/** A place where a person enters something. */
export interface Field {
  /** How the server finds it: `block/action`. */
  name: string;
  blockId: string;
  actionId: string;
  element: Json;
  /** In an input block: it is handed in with the form. */
  input: boolean;
  /** Acting on it tells the app at once. */
  dispatches: boolean;
}

const SILENT = new Set(['button', 'overflow', 'image', '']);

/** Whether an element keeps a value. */
export const keepsValue = (element: Json): boolean => !SILENT.has(textOf(element.type));

export function fieldOf(block: Json, element: Json): Field {
  const blockId = textOf(block.block_id);
  const actionId = textOf(element.action_id);
  const input = block.type === 'input';
  return {
    name: `${blockId}/${actionId}`,
    blockId,
    actionId,
    element,
    input,
    dispatches: !input || block.dispatch_action === true,
  };
}

/** All fields of some blocks, in order. */
export function fieldsOf(blocks: readonly Json[]): Field[] {
  return blocks.flatMap((block) => {
    const elements =
      block.type === 'actions'
        ? objectsOf(block.elements)
        : [objectOf(block.type === 'input' ? block.element : block.accessory)];
    return elements.filter(keepsValue).map((element) => fieldOf(block, element));
  });
}
