import { z } from 'zod';
import type { Option } from './block-parts.ts';
import { type Block, interactives, messageBlock } from './blocks.ts';
import type { Interactive } from './elements.ts';
import { type HomeView, homeView, type ModalView, modalView } from './view-schema.ts';

/** Either what was sent, understood, or why Slack would refuse it: `response_metadata.messages` word for word. */
export type Checked<T> = { ok: true; value: T } | { ok: false; messages: string[] };

const messageBlocks = z.array(messageBlock).max(50);
const anyView = z.discriminatedUnion('type', [modalView, homeView]);

/** Checks the `blocks` of a message. */
export function checkMessageBlocks(sent: unknown): Checked<Block[]> {
  const parsed = messageBlocks.safeParse(sent);
  if (!parsed.success) return refused(parsed.error.issues, ['blocks']);
  return verdict(parsed.data, crossCheck(parsed.data, 'message', '/blocks'));
}

/** Checks the `view` given to views.open, push, update or publish. */
export function checkView(sent: unknown): Checked<ModalView | HomeView> {
  const parsed = anyView.safeParse(sent);
  if (!parsed.success) return refused(parsed.error.issues, ['view']);
  const view = parsed.data;
  const problems = crossCheck(view.blocks, view.type, '/view/blocks');
  const asks = view.blocks.some((block) => block.type === 'input');
  if (view.type === 'modal' && asks && view.submit === undefined) {
    problems.push(error('`submit` is required when a view has an `input` block', '/view'));
  }
  return verdict(view, problems);
}

/** What a schema for one block cannot see: ids that clash, elements in the wrong place, defaults that are no option. */
function crossCheck(blocks: readonly Block[], surface: 'message' | 'modal' | 'home', at: string): string[] {
  const problems: string[] = [];
  const blockIds = new Set<string>();
  let focused = 0;
  for (const [index, block] of blocks.entries()) {
    const here = `${at}/${index}`;
    if (block.block_id !== undefined) {
      if (blockIds.has(block.block_id)) problems.push(error(`block_id already exists: ${block.block_id}`, here));
      blockIds.add(block.block_id);
    }
    const actionIds = new Set<string>();
    for (const element of interactives(block)) {
      const id = element.action_id;
      if (id !== undefined && actionIds.has(id)) problems.push(error(`action_id already exists: ${id}`, here));
      if (id !== undefined) actionIds.add(id);
      if (element.type === 'file_input' && surface !== 'modal') problems.push(error('file_input needs a modal', here));
      if (!defaultsAreOptions(element)) problems.push(error('initial option must match one of the options', here));
      if ('focus_on_load' in element && element.focus_on_load === true) focused += 1;
    }
  }
  if (focused > 1) problems.push(error('only one element may have focus_on_load', at));
  return problems;
}

function defaultsAreOptions(element: Interactive): boolean {
  const options = optionsOf(element).map((option) => JSON.stringify([option.text.text, option.value]));
  const offered = (option: Option) => options.includes(JSON.stringify([option.text.text, option.value]));
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return element.initial_option === undefined || offered(element.initial_option);
    case 'checkboxes':
    case 'multi_static_select':
      return (element.initial_options ?? []).every(offered);
    default:
      return true;
  }
}

/** All options an element offers by itself (those of external selects come from the app on demand). */
export function optionsOf(element: Interactive): readonly Option[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
    case 'checkboxes':
    case 'radio_buttons':
    case 'overflow':
      return element.options;
    default:
      return [];
  }
}

function verdict<T>(value: T, problems: string[]): Checked<T> {
  return problems.length === 0 ? { ok: true, value } : { ok: false, messages: problems };
}

function refused(issues: readonly z.core.$ZodIssue[], root: string[]): { ok: false; messages: string[] } {
  return { ok: false, messages: issues.map((issue) => inSlacksWords(issue, root)) };
}

function inSlacksWords(issue: z.core.$ZodIssue, root: string[]): string {
  const path = [...root, ...issue.path.map(String)];
  const here = `/${path.join('/')}`;
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? error(`no more than ${issue.maximum} items allowed`, here)
        : error(`must be less than ${Number(issue.maximum) + 1} characters`, here);
    case 'too_small':
      return issue.origin === 'array'
        ? error(`must have at least ${issue.minimum} items`, here)
        : error(`must be more than ${Number(issue.minimum) - 1} characters`, here);
    case 'unrecognized_keys':
      return error(`invalid additional property: ${issue.keys.join(', ')}`, here);
    case 'invalid_union':
      return error(`unsupported type: ${path.at(-1) === 'type' ? '' : 'value '}not among the allowed ones`, here);
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? error(`missing required field: ${path.at(-1) ?? ''}`, `/${path.slice(0, -1).join('/')}`)
        : error(`must provide ${issue.expected}`, here);
    default:
      return error(issue.message, here);
  }
}

function error(message: string, pointer: string): string {
  return `[ERROR] ${message} [json-pointer:${pointer}]`;
}
