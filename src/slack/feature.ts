import type { Logger } from '../lib/logger.ts';
import type { Permission, Staff, Tenant } from '../tenants/index.ts';
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
  /** BCP 47 of the person's Slack; the tenant's language until Slack has said it. */
  locale: string;
  /** This very request made the person the tenant's first admin. */
  founded?: true;
  /** Valid for three seconds and one modal. */
  triggerId: string | null;
  /** The channel it was asked in; null in modals and App Home. */
  channelId: string | null;
  /** Answers only to this person, where they are; in modals by direct message. */
  whisper(answer: Answer): Promise<void>;
  /** Does something once the answer is on its way, so that nobody waits for it; an error is whispered like any other. */
  afterwards(work: () => Promise<void>): void;
}

/** A message to one person or channel; `text` is the fallback that every client can show (mrkdwn, people's words escaped). */
export interface Answer {
  text: string;
  blocks?: object[];
  /** Takes the place of the whispered message whose button was pressed. */
  replace?: true;
}

export interface Command {
  /** `/drive`, or a word after `/rescue`: `/rescue people`. */
  name: string;
  /** One line for help, in plain words. */
  summary: string;
  /** How the words after it are written, for help: `[name] [mobile] [car]`. */
  usage?: string;
  permission: Permission | 'anybody';
  /** The first full member of the workspace who uses it becomes the tenant's admin. */
  founds?: true;
  /** `text` is what stands after the command, as it was typed. What is returned is shown to this person only. */
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
  /** The modal the button is in; null in App Home, from which a window opens as from a message. */
  viewId: string | null;
  viewHash: string | null;
  /** It is in App Home, which is written anew afterwards. */
  home: boolean;
  /** What the modal carries; empty elsewhere. */
  metadata: string;
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
  /**
   * `metadata` is what the view carried; `key` is the same when the same modal is submitted twice. A thrown validation
   * error is shown at the inputs it names, any other known error in a modal on top, so that nothing typed is lost.
   */
  submit(asked: Asked, values: FormValues, metadata: string, key: string): Promise<Submitted>;
}

export interface Shortcut {
  permission: Permission;
  run(asked: Asked): Promise<void>;
}

/** The message in whose menu a shortcut was used. */
export interface ShortcutMessage {
  channelId: string;
  ts: string;
  /** Root of the thread it is in, or `ts` itself. */
  threadTs: string;
  /** What its author typed, as plain text. */
  words: string;
  /** It comes from an app, us included. */
  byApp: boolean;
}

export interface MessageShortcut {
  permission: Permission;
  run(asked: Asked, message: ShortcutMessage): Promise<void>;
}

/** App Home: one person's own page. */
export interface AppHome {
  /** Somebody opened it; also people without a role. */
  opened(asked: Asked): Promise<void>;
  /** Somebody has done something, perhaps on it: what it shows may be old. */
  acted(asked: Asked): Promise<void>;
}

export interface Feature {
  commands?: readonly Command[];
  /** By action id. */
  actions?: Readonly<Record<string, Action>>;
  /** By callback id. */
  modals?: Readonly<Record<string, Modal>>;
  /** Global shortcuts, by callback id. */
  shortcuts?: Readonly<Record<string, Shortcut>>;
  /** Shortcuts in a message's menu, by callback id. */
  messageShortcuts?: Readonly<Record<string, MessageShortcut>>;
  home?: AppHome;
}
