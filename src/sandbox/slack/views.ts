import { randomBytes } from 'node:crypto';
import { withIds } from './block-ids.ts';
import { interactives } from './blocks.ts';
import { mintId } from './ids.ts';
import type { AnyView, OpenView, SlackView, StateValues } from './types.ts';
import type { HomeView, ModalView } from './view-schema.ts';
import type { Workspace } from './workspace.ts';

/** A modal holds the view it was opened with and at most two pushed onto it (docs.slack.dev, "Modals"). */
const STACK_MAX = 3;

/** The modals open before people and the App Homes published for them. */
export interface Views {
  /** The views of a person's modal, the visible one last. */
  stack(userId: string): readonly OpenView[];
  /** An open modal's view or a home, by id or external id. */
  find(reference: string): OpenView | undefined;
  hasExternalId(externalId: string, except?: OpenView): boolean;
  /** Opens a modal; one that is already open gives way. */
  open(userId: string, view: ModalView, triggerId: string): OpenView;
  /** Undefined when three views are open already. */
  push(userId: string, view: ModalView, triggerId: string | null): OpenView | undefined;
  /** Replaces what an open view shows. What was typed stays where block and action ids stay. */
  update(open: OpenView, view: AnyView, triggerId: string | null): OpenView;
  /** Takes one view away; the one below shows again. */
  close(open: OpenView): void;
  /** Closes the whole modal. */
  clear(userId: string): void;
  /** Stores what the person typed or which errors they see. */
  note(open: OpenView, changes: Partial<Pick<OpenView, 'typed' | 'errors'>>): OpenView;
  publish(userId: string, view: HomeView): OpenView;
  home(userId: string): OpenView | undefined;
}

export function createViews(workspace: Workspace): Views {
  const stacks = new Map<string, OpenView[]>();
  const homes = new Map<string, OpenView>();

  const stackOf = (userId: string) => stacks.get(userId) ?? [];

  function show(userId: string, stack: OpenView[]) {
    stacks.set(userId, stack);
    workspace.emit({ type: 'views', userId, stack });
  }

  function put(open: OpenView): OpenView {
    if (open.view.type === 'home') {
      homes.set(open.userId, open);
      workspace.emit({ type: 'home', userId: open.userId, view: open.view });
    } else {
      show(
        open.userId,
        stackOf(open.userId).map((other) => (other.view.id === open.view.id ? open : other)),
      );
    }
    return open;
  }

  function stored(sent: AnyView, place: Pick<SlackView, 'id' | 'root_view_id' | 'previous_view_id'>): SlackView {
    const { team, bot } = workspace;
    return {
      ...place,
      team_id: team.id,
      app_id: bot.appId,
      bot_id: bot.botId,
      app_installed_team_id: team.id,
      type: sent.type,
      callback_id: sent.callback_id ?? '',
      private_metadata: sent.private_metadata ?? '',
      external_id: sent.external_id ?? '',
      hash: `${Math.floor(workspace.now().getTime() / 1000)}.${randomBytes(4).toString('hex')}`,
      title: sent.type === 'modal' ? sent.title : null,
      submit: sent.type === 'modal' ? (sent.submit ?? null) : null,
      close: sent.type === 'modal' ? (sent.close ?? null) : null,
      clear_on_close: sent.type === 'modal' && sent.clear_on_close === true,
      notify_on_close: sent.type === 'modal' && sent.notify_on_close === true,
      blocks: withIds(sent.blocks),
    };
  }

  function fresh(userId: string, sent: AnyView, below: OpenView | undefined, triggerId: string | null): OpenView {
    const id = mintId('V');
    const place = { id, root_view_id: below?.view.root_view_id ?? id, previous_view_id: below?.view.id ?? null };
    return { userId, view: stored(sent, place), typed: {}, errors: {}, triggerId };
  }

  function update(open: OpenView, sent: AnyView, triggerId: string | null): OpenView {
    const view = stored(sent, open.view);
    return put({ ...open, view, typed: keptFor(view, open.typed), errors: {}, triggerId });
  }

  function everything(): OpenView[] {
    return [...[...stacks.values()].flat(), ...homes.values()];
  }

  return {
    stack: stackOf,
    find: (reference) =>
      everything().find((open) => open.view.id === reference || (reference && open.view.external_id === reference)),
    hasExternalId: (externalId, except) =>
      everything().some((open) => open.view.external_id === externalId && open.view.id !== except?.view.id),
    open(userId, view, triggerId) {
      const opened = fresh(userId, view, undefined, triggerId);
      show(userId, [opened]);
      return opened;
    },
    push(userId, view, triggerId) {
      const stack = stackOf(userId);
      if (stack.length >= STACK_MAX) return undefined;
      const pushed = fresh(userId, view, stack.at(-1), triggerId);
      show(userId, [...stack, pushed]);
      return pushed;
    },
    update,
    close(open) {
      show(
        open.userId,
        stackOf(open.userId).filter((other) => other.view.id !== open.view.id),
      );
    },
    clear: (userId) => show(userId, []),
    note: (open, changes) => put({ ...open, ...changes }),
    publish(userId, view) {
      const known = homes.get(userId);
      if (known !== undefined) return update(known, view, null);
      return put(fresh(userId, view, undefined, null));
    },
    home: (userId) => homes.get(userId),
  };
}

/** What was typed into fields that are still there. */
function keptFor(view: SlackView, typed: StateValues): StateValues {
  const kept: StateValues = {};
  for (const block of view.blocks) {
    const blockId = block.block_id ?? '';
    for (const element of interactives(block)) {
      const actionId = element.action_id ?? '';
      const value = typed[blockId]?.[actionId];
      if (value !== undefined) kept[blockId] = { ...kept[blockId], [actionId]: value };
    }
  }
  return kept;
}

/** A view as Slack returns and sends it, with the given state. */
export function viewToWire(view: SlackView, values: StateValues = {}) {
  return { ...view, state: { values } };
}
