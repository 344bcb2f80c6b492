import { z } from 'zod';
import { acknowledgedJson } from './answers.ts';
import { type Option, plainOption } from './block-parts.ts';
import { type Block, interactives } from './blocks.ts';
import type { Interactive } from './elements.ts';
import { entered, type FieldValue } from './entering.ts';
import { type Field, fieldNamed, fieldsOf, onlyOne, optionNamed, plain, stateOf } from './fields.ts';
import { blockActionsPayload, type Scene, suggestionPayload } from './payloads.ts';
import type { Acted, Stage } from './stage.ts';
import type { JsonObject, OpenView, SlackMessage } from './types.ts';
import { optionsOf } from './validate.ts';

/** Where a person acts: on a message (ephemeral or not), or in a modal or App Home. */
type Place = { message: SlackMessage } | { view: OpenView };

/** A button by its action id or text, or narrowed by `value` where several share one; an overflow menu's entry by its text. */
type Wanted = string | { actionId?: string; text?: string; value?: string };

export interface BlockActs {
  /** Presses a button, or chooses an entry of an overflow menu by its text. */
  click(userId: string, place: Place, wanted: Wanted): Promise<Acted>;
  /**
   * Chooses in a select, date picker and the like, named by label, block id or action id. Tells the app where Slack would
   * (outside input blocks, or with dispatch_action); null when it stays between the person and the form.
   */
  select(userId: string, place: Place, field: string, value: FieldValue): Promise<Acted | null>;
  /** Types into an external select and shows what the app suggests. */
  suggest(userId: string, place: Place, field: string, typed: string): Promise<readonly Option[]>;
}

const suggestions = z.object({
  options: z.array(plainOption).max(100).optional(),
  option_groups: z.array(z.object({ options: z.array(plainOption).max(100) })).optional(),
});

export function createBlockActs(stage: Stage): BlockActs {
  const { desk } = stage;

  async function act(userId: string, place: Place, action: JsonObject): Promise<Acted> {
    const current = currentOf(place);
    const fromModal = 'view' in current && current.view.view.type === 'modal';
    const triggerId = desk.tickets.mintTrigger({ userId, fromModal });
    const payload = blockActionsPayload(desk, stage.person(userId), scene(userId, current), action, triggerId);
    return stage.acted(await stage.interact(payload), triggerId, userId);
  }

  /** The place as it is now; what a person still has on a stale screen when it is gone. */
  function currentOf(place: Place): Place {
    if ('view' in place) return { view: desk.views.find(place.view.view.id) ?? place.view };
    const { message } = place;
    const now =
      message.ephemeral_to === undefined
        ? desk.messages.find(message.channel, message.ts)
        : desk.messages.ephemeralsOf(message.ephemeral_to).find((other) => other.ts === message.ts);
    return { message: now ?? message };
  }

  function scene(userId: string, place: Place): Scene {
    if ('view' in place) {
      return { kind: 'view', view: place.view.view, values: stateOf(place.view.view.blocks, place.view.typed) };
    }
    const { message } = place;
    const responseUrl = stage.responseUrl('actions', userId, message.channel, message);
    return { kind: 'message', message, values: stateOf(message.blocks ?? [], {}), responseUrl };
  }

  function fieldIn(place: Place, name: string): Field {
    return fieldNamed(fieldsOf(blocksOf(currentOf(place))), name);
  }

  async function suggest(userId: string, place: Place, name: string, typed: string): Promise<readonly Option[]> {
    const field = fieldIn(place, name);
    const given = { actionId: field.actionId, blockId: field.blockId, value: typed };
    const asked = suggestionPayload(desk, stage.person(userId), scene(userId, currentOf(place)), given);
    const answer = suggestions.safeParse(acknowledgedJson(await stage.interact(asked)));
    if (!answer.success) {
      desk.workspace.report('block_suggestion', 'bad_ack', z.prettifyError(answer.error));
      return [];
    }
    return answer.data.options ?? (answer.data.option_groups ?? []).flatMap((group) => group.options);
  }

  return {
    async click(userId, place, wanted) {
      const current = blocksOf(currentOf(place));
      const pressed = findAction(current, wanted) ?? findAction(blocksOf(place), wanted);
      if (pressed === undefined) {
        throw new Error(`no button ${JSON.stringify(wanted)}; there are ${buttonTexts(current).join(', ') || 'none'}`);
      }
      return act(userId, place, pressed);
    },
    async select(userId, place, name, value) {
      const field = fieldIn(place, name);
      const external = field.element.type === 'external_select' || field.element.type === 'multi_external_select';
      const options = external
        ? await suggest(userId, place, name, Array.isArray(value) ? '' : String(value ?? ''))
        : optionsOf(field.element);
      const state = entered(field, value, {
        options,
        person: stage.personNamed,
        channel: (name) => stage.channel(name, userId).id,
        upload: (file) => stage.upload(userId, file),
      });
      const current = currentOf(place);
      if ('view' in current) {
        const { typed } = current.view;
        const block = { ...typed[field.blockId], [field.actionId]: state };
        desk.views.note(current.view, { typed: { ...typed, [field.blockId]: block } });
      }
      if (!field.dispatches) return null;
      return act(userId, place, { ...state, action_id: field.actionId, block_id: field.blockId });
    },
    suggest,
  };
}

function blocksOf(place: Place): readonly Block[] {
  return 'view' in place ? place.view.view.blocks : (place.message.blocks ?? []);
}

interface Candidate {
  words: string;
  actionId: string;
  value: string | undefined;
  action: JsonObject;
}

/** The wire form of the action a person means: by action id, by the words on it, or by part of the words if clear. */
function findAction(blocks: readonly Block[], wanted: Wanted): JsonObject | undefined {
  const all = blocks.flatMap((block) => interactives(block).flatMap((element) => candidates(block, element)));
  if (typeof wanted === 'object') {
    return all.find(
      (one) =>
        (wanted.actionId === undefined || [one.actionId, one.action.action_id].includes(wanted.actionId)) &&
        (wanted.text === undefined || plain(one.words) === plain(wanted.text)) &&
        (wanted.value === undefined || one.value === wanted.value),
    )?.action;
  }
  const words = plain(wanted);
  const found =
    all.find((one) => one.actionId === wanted) ??
    all.find((one) => one.words === wanted) ??
    all.find((one) => plain(one.words) === words) ??
    onlyOne(words === '' ? [] : all.filter((one) => plain(one.words).includes(words)));
  return found?.action;
}

function candidates(block: Block, element: Interactive): Candidate[] {
  const actionId = element.action_id ?? '';
  const ids = { action_id: actionId, block_id: block.block_id ?? '' };
  if (element.type === 'button') {
    const { type, text, value, url } = element;
    const action = { type, text, ...(value === undefined ? {} : { value }), ...(url === undefined ? {} : { url }) };
    return [{ words: text.text, actionId, value, action: { ...action, ...ids } }];
  }
  if (element.type !== 'overflow') return [];
  return element.options.map((option) => ({
    words: option.text.text,
    actionId: `${actionId}:${option.value}`,
    value: option.value,
    action: { type: 'overflow', selected_option: optionNamed(element.options, option.value), ...ids },
  }));
}

function buttonTexts(blocks: readonly Block[]): string[] {
  const all = blocks.flatMap((block) => interactives(block).flatMap((element) => candidates(block, element)));
  return all.map((one) => `"${one.words}" (${one.actionId})`);
}
