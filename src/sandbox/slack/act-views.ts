import { z } from 'zod';
import type { BlockActs } from './act-blocks.ts';
import { acknowledgedJson } from './answers.ts';
import { checkedModal, claimExternalId } from './api-views.ts';
import type { AppAnswer } from './app-client.ts';
import { type FieldValue, slacksOwnErrors } from './entering.ts';
import { fieldNamed, fieldsOf, stateOf } from './fields.ts';
import { closedPayload, submissionPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { acknowledged, type Stage } from './stage.ts';
import type { JsonObject, OpenView, StateValues } from './types.ts';

/** What came of a submission. */
export interface Submitted extends AppAnswer {
  triggerId: string;
  /** Who kept the form open: Slack itself (a required field is empty), the app (field errors), or nobody. */
  refusedBy: 'slack' | 'app' | null;
  /** Errors at the fields, by block id. */
  errors: Record<string, string>;
  /** The same by label. */
  labelledErrors: Record<string, string>;
  /** The view the person sees now: the same with errors, an updated or pushed one, the one below, or none. */
  view: OpenView | null;
  /** The submitted view is closed. */
  closed: boolean;
  /** Slack shows "We had some trouble connecting. Try again?" */
  trouble: boolean;
}

export interface ViewActs {
  /** Enters values without submitting, as `submit` does. */
  fill(userId: string, open: OpenView, values: Record<string, FieldValue>): Promise<OpenView>;
  /**
   * Fills and submits a modal. Values go by label, block id or action id. `unchecked` skips Slack's own checks (required
   * fields, lengths), as a client other than Slack's might.
   */
  submit(
    userId: string,
    open: OpenView,
    values?: Record<string, FieldValue>,
    options?: { unchecked?: boolean },
  ): Promise<Submitted>;
  /** Cancels the visible view (`everything`: the cross, which closes the whole modal). Null when the app is not told. */
  closeView(userId: string, options?: { everything?: boolean }): Promise<AppAnswer | null>;
}

const response = z.discriminatedUnion('response_action', [
  z.strictObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.strictObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('clear') }),
]);

export function createViewActs(stage: Stage, blockActs: BlockActs): ViewActs {
  const { desk } = stage;

  /** @throws Error when the modal is not open before this person any more */
  function current(userId: string, open: OpenView): OpenView {
    const found = desk.views.stack(userId).find((other) => other.view.id === open.view.id);
    if (found === undefined) throw new Error(`view ${open.view.id} is not open before ${userId}`);
    return found;
  }

  async function fill(userId: string, open: OpenView, values: Record<string, FieldValue>): Promise<OpenView> {
    for (const [name, value] of Object.entries(values)) {
      await blockActs.select(userId, { view: current(userId, open) }, name, value);
    }
    return current(userId, open);
  }

  /** Response URLs of `conversations_select` and `channels_select` that ask for one. */
  function responseUrls(userId: string, open: OpenView, values: StateValues): JsonObject[] {
    return fieldsOf(open.view.blocks).flatMap(({ blockId: block_id, actionId: action_id, element }) => {
      if (!('response_url_enabled' in element) || element.response_url_enabled !== true) return [];
      const state = values[block_id]?.[action_id] ?? {};
      const channel_id = String(state.selected_conversation ?? state.selected_channel ?? '');
      if (channel_id === '') return [];
      return [{ block_id, action_id, channel_id, response_url: stage.responseUrl('actions', userId, channel_id) }];
    });
  }

  function outcome(open: OpenView, answer: AppAnswer, triggerId: string, errors: Record<string, string>): Submitted {
    const view = desk.views.stack(open.userId).at(-1) ?? null;
    const closed = !desk.views.stack(open.userId).some((other) => other.view.id === open.view.id);
    const refusedBy = Object.keys(errors).length > 0 ? 'app' : null;
    const labelledErrors = labelled(open, errors);
    return { ...answer, triggerId, refusedBy, errors, labelledErrors, view, closed, trouble: false };
  }

  /** Applies the answer to the person's modal; gives the errors to show. @throws Refusal for a view Slack would refuse */
  function apply(open: OpenView, answer: AppAnswer, triggerId: string): Record<string, string> {
    if (answer.body.trim() === '') {
      desk.views.close(open);
      return {};
    }
    const sent = response.safeParse(acknowledgedJson(answer));
    if (!sent.success) throw new Refusal('bad_ack', [z.prettifyError(sent.error)]);
    switch (sent.data.response_action) {
      case 'clear':
        desk.views.clear(open.userId);
        return {};
      case 'update': {
        const view = checkedModal(sent.data.view);
        claimExternalId(view, desk, open);
        desk.views.update(open, view, triggerId);
        return {};
      }
      case 'push': {
        const view = checkedModal(sent.data.view);
        claimExternalId(view, desk);
        if (desk.views.push(open.userId, view, triggerId) === undefined) throw new Refusal('push_limit_reached');
        return {};
      }
      case 'errors':
        return shownErrors(open, sent.data.errors);
    }
  }

  function shownErrors(open: OpenView, errors: Record<string, string>): Record<string, string> {
    const inputs = new Set(open.view.blocks.flatMap((block) => (block.type === 'input' ? [block.block_id ?? ''] : [])));
    for (const blockId of Object.keys(errors)) {
      if (inputs.has(blockId)) continue;
      desk.workspace.report('view_submission', 'unknown_error_block', `no input block "${blockId}" in the view`);
    }
    const shown = Object.fromEntries(Object.entries(errors).filter(([blockId]) => inputs.has(blockId)));
    desk.views.note(open, { errors: shown });
    return shown;
  }

  return {
    fill,
    async submit(userId, given, values = {}, options = {}) {
      const filled = await fill(userId, given, values);
      if (filled.view.submit === null) throw new Error('this modal has no submit button');
      const fields = fieldsOf(filled.view.blocks);
      const state = stateOf(filled.view.blocks, filled.typed);
      const own = options.unchecked === true ? {} : slacksOwnErrors(fields, state);
      const open = desk.views.note(filled, { errors: own });
      const triggerId = desk.tickets.mintTrigger({ userId, fromModal: true });
      if (Object.keys(own).length > 0) return { ...outcome(open, UNASKED, triggerId, own), refusedBy: 'slack' };

      const sent = { values: state, triggerId, responseUrls: responseUrls(userId, open, state) };
      const answer = await stage.interact(submissionPayload(desk, stage.person(userId), open.view, sent));
      if (!acknowledged(answer)) return { ...outcome(open, answer, triggerId, {}), trouble: true };
      try {
        const errors = apply(open, answer, triggerId);
        return outcome(open, answer, triggerId, errors);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        desk.workspace.report('view_submission', error.code, error.messages.join('; '));
        return { ...outcome(open, answer, triggerId, {}), trouble: true };
      }
    },
    async closeView(userId, options = {}) {
      const stack = desk.views.stack(userId);
      const open = stack.at(-1);
      if (open === undefined) throw new Error(`no modal is open before ${userId}`);
      const cleared = options.everything === true || open.view.clear_on_close;
      if (cleared) desk.views.clear(userId);
      else desk.views.close(open);
      if (!open.view.notify_on_close) return null;
      const values = stateOf(open.view.blocks, open.typed);
      return stage.interact(closedPayload(desk, stage.person(userId), open.view, values, cleared));
    },
  };
}

/** Slack refused by itself; the app was not asked. */
const UNASKED: AppAnswer = { status: 0, body: '', contentType: '', ms: 0, late: false };

function labelled(open: OpenView, errors: Record<string, string>): Record<string, string> {
  const fields = fieldsOf(open.view.blocks);
  return Object.fromEntries(
    Object.entries(errors).map(([blockId, message]) => [fieldNamed(fields, blockId).label, message]),
  );
}
