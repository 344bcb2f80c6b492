import type { Block, ViewBlock } from './blocks.ts';
import type { HomeView, ModalView } from './view-schema.ts';

/*
 * Glossary. Workspace: one Slack team with its people and channels. App: the product under test or on show. Bot: the
 * app's user in the workspace. Trigger: the right to open one modal within 3 seconds. Ephemeral: a message that one person
 * sees. View: a modal or App Home. Violation: something the app did that Slack would refuse, time out on or show badly.
 */

export type JsonObject = { [key: string]: unknown };

/** A person (or bot) that the app can meet. Full member of the workspace unless a flag says otherwise. */
export interface StandInUser {
  id: string;
  /** The handle, without @. */
  name: string;
  realName: string;
  /** IANA zone, e.g. `Europe/Stockholm`. */
  tz: string;
  /** As Slack writes it, e.g. `en-US`. */
  locale?: string;
  email?: string;
  phone?: string;
  admin?: boolean;
  owner?: boolean;
  /** Multi-channel guest. */
  restricted?: boolean;
  /** Single-channel guest. */
  ultraRestricted?: boolean;
  bot?: boolean;
  deleted?: boolean;
  /** The person's own workspace when it is another one (Slack Connect). */
  teamId?: string;
  /** Of another workspace and in no channel shared with the app's. */
  stranger?: boolean;
}

export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  members: Set<string>;
  /** Shared with another workspace (Slack Connect). */
  extShared: boolean;
  archived: boolean;
  /** The person a direct message is with. */
  userId?: string;
}

/** What a person uploads: in a file input, or into a channel. */
export interface UploadInput {
  name: string;
  mimetype: string;
  bytes: Uint8Array;
}

export interface StoredFile extends UploadInput {
  id: string;
  userId: string;
  title: string;
  /** Unix seconds. */
  created: number;
  channels: string[];
  deleted: boolean;
}

/** A message in Slack's own field names; `channel` and `ephemeral_to` are ours and never leave the stand-in. */
export interface SlackMessage {
  channel: string;
  ephemeral_to?: string | undefined;
  type: 'message';
  subtype?: string | undefined;
  ts: string;
  thread_ts?: string | undefined;
  parent_user_id?: string | undefined;
  user: string;
  bot_id?: string | undefined;
  app_id?: string | undefined;
  team: string;
  text: string;
  blocks?: Block[] | undefined;
  metadata?: JsonObject | undefined;
  files?: JsonObject[] | undefined;
  edited?: { user: string; ts: string } | undefined;
  reactions?: { name: string; users: string[]; count: number }[] | undefined;
  client_msg_id?: string | undefined;
}

/** A view as Slack stores and returns it. */
export interface SlackView {
  id: string;
  team_id: string;
  app_id: string;
  bot_id: string;
  app_installed_team_id: string;
  type: 'modal' | 'home';
  callback_id: string;
  private_metadata: string;
  external_id: string;
  hash: string;
  title: ModalView['title'] | null;
  submit: ModalView['submit'] | null;
  close: ModalView['close'] | null;
  clear_on_close: boolean;
  notify_on_close: boolean;
  root_view_id: string;
  previous_view_id: string | null;
  blocks: ViewBlock[];
}

/** `state.values`: block id, then action id, then what the person entered. */
export type StateValues = Record<string, Record<string, JsonObject>>;

/** A view before a person's eyes: what they typed so far and the errors shown at its fields, by block id. */
export interface OpenView {
  userId: string;
  view: SlackView;
  typed: StateValues;
  errors: Record<string, string>;
  /** The trigger it was opened, pushed or last updated with, if any. */
  triggerId: string | null;
}

export interface Violation {
  /** When, by the machine's clock, in ms since the epoch. */
  at: number;
  /** The Web API method, or the kind of payload the app answered. */
  where: string;
  /** Slack's error code, or ours: `late_ack`, `failed_ack`, `bad_ack`, `missing_text`, `unknown_error_block`. */
  code: string;
  detail: string;
}

/** Something changed in the workspace; what a page or a waiting test listens to. */
export type Change =
  | { type: 'message' | 'message_changed' | 'message_deleted'; message: SlackMessage }
  | { type: 'ephemeral' | 'ephemeral_changed' | 'ephemeral_deleted'; message: SlackMessage }
  | { type: 'views'; userId: string; stack: readonly OpenView[] }
  | { type: 'home'; userId: string; view: SlackView }
  | { type: 'file'; file: StoredFile }
  | { type: 'channel'; channel: Channel }
  | { type: 'call'; call: ApiCall }
  | { type: 'violation'; violation: Violation };

/** One Web API call of the app and how it was answered. */
export interface ApiCall {
  method: string;
  args: JsonObject;
  answer: JsonObject;
}

export type AnyView = ModalView | HomeView;
