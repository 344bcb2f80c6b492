import type { Logger } from '../lib/logger.ts';
import type { Staff, Tenant } from '../tenants/index.ts';
import type { Permission } from '../tenants/index.ts';
import type { SlackClient } from './client.ts';
import type { ModalView } from './views.ts';

/*
 * A feature of the Slack surface is data: which commands, shortcuts, buttons and modals it has, and who may use them.
 * `dispatch.ts` finds the entry, works out who is asking, checks the permission, runs it, and turns errors into words.
 */

/** Who asks, in which workspace, and how to answer. */
export interface Asked {
  tenant: Tenant;
  staff: Staff;
  slack: SlackClient;
  log: Logger;
  /** BCP 47 of the person's Slack, when known. */
  locale: string;
  /** Valid for three seconds and one modal. */
  triggerId: string | null;
  /** The channel it was asked in; null in modals and App Home. */
  channelId: string | null;
  /** Answers only to this person, where they are. */
  whisper(answer: Answer): Promise<void>;
}

/** A message to one person or channel; `text` is the fallback that every client can show. */
export interface Answer {
  text: string;
  blocks?: object[];
}

export interface Command {
  /** `/drive`, or a word after `/rescue`: `/rescue people`. */
  name: string;
  /** One line for help, in plain words. */
  summary: string;
  /** How the words after it are written, for help: `[name] [mobile] [car]`. */
  usage?: string;
  permission: Permission | 'anybody';
  run(asked: Asked, text: string): Promise<Answer | undefined>;
}

/** A button, menu or overflow entry. `value` is what the block carries; ids only. */
export interface Action {
  permission: Permission;
  run(asked: Asked, value: string, place: ActionPlace): Promise<void>;
}

export interface ActionPlace {
  /** The message the button is in. */
  messageTs: string | null;
  threadTs: string | null;
  /** The modal the button is in. */
  viewId: string | null;
  viewHash: string | null;
  /** Values of the modal's inputs so far. */
  values: FormValues;
}

/** What a person entered, by input name (the block id). Empty inputs are empty strings or lists. */
export interface FormValues {
  text(name: string): string;
  choice(name: string): string;
  checked(name: string): string[];
  files(name: string): { id: string; mimetype: string; size: number }[];
}

/** What a submitted modal answers. */
export type Submitted =
  | { kind: 'close' }
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'update'; view: ModalView }
  | { kind: 'push'; view: ModalView };

export interface Modal {
  permission: Permission;
  /** `metadata` is what the view carried; `key` is the same when the same modal is submitted twice. */
  submit(asked: Asked, values: FormValues, metadata: string, key: string): Promise<Submitted>;
}

export interface Shortcut {
  permission: Permission;
  run(asked: Asked): Promise<void>;
}

export interface Feature {
  commands?: readonly Command[];
  /** By action id. */
  actions?: Readonly<Record<string, Action>>;
  /** By callback id. */
  modals?: Readonly<Record<string, Modal>>;
  /** Global shortcuts, by callback id. */
  shortcuts?: Readonly<Record<string, Shortcut>>;
}
