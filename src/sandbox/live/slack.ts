import { type Change, type OpenView, type SlackMessage, type SlackStandIn, stateOf } from '../slack/index.ts';
import type * as wire from '../wire.ts';
import type { Store } from './store.ts';

/** Messages shown of one channel, and whispers to one person. */
const SHOWN_MESSAGES = 300;
const SHOWN_WHISPERS = 30;

/** Shows the stand-in's people, channels, messages and views, and follows them. The answer ends it. */
export function showSlack(store: Store, slack: SlackStandIn): () => void {
  const { channels, users } = slack;
  for (const channel of channels()) {
    showChannel(channel.id);
    for (const message of slack.messages(channel.id).slice(-SHOWN_MESSAGES)) showMessage(message);
  }
  for (const { id } of users()) {
    for (const whisper of slack.ephemerals(id).slice(-SHOWN_WHISPERS)) showWhisper(whisper);
    showStack(id);
    showHome(id);
  }

  function showChannel(id: string): void {
    const { name, kind, members, extShared, userId } = slack.channel(id);
    const channel: wire.Channel = { id, name, kind, members: [...members], shared: extShared, userId: userId ?? null };
    store.put(`channel/${id}`, channel);
  }

  function showMessage(message: SlackMessage): void {
    store.put(`message/${message.channel}/${message.ts}`, messageOf(message));
  }

  function showWhisper(message: SlackMessage): void {
    store.put(`whisper/${message.ephemeral_to}/${message.ts}`, messageOf(message));
  }

  function messageOf(message: SlackMessage): wire.Message {
    const { channel, ts, user, text } = message;
    return {
      channel,
      ts,
      threadTs: message.thread_ts ?? null,
      user,
      text,
      blocks: [...(message.blocks ?? [])],
      files: (message.files ?? []).map(fileOf),
      reactions: (message.reactions ?? []).map(({ name, count }) => ({ name, count })),
      edited: message.edited !== undefined,
    };
  }

  function fileOf({ id, name, mimetype }: wire.Json): wire.Message['files'][number] {
    const deleted = slack.files().find((file) => file.id === id)?.deleted ?? true;
    return { id: String(id), name: String(name ?? ''), mimetype: String(mimetype ?? ''), deleted };
  }

  function showStack(userId: string): void {
    const stack = slack.stack(userId).map(viewOf);
    store.put(`modal/${userId}`, stack.length > 0 ? stack : null);
  }

  function showHome(userId: string): void {
    const home = slack.home(userId);
    store.put(`home/${userId}`, home ? viewOf(home) : null);
  }

  /** A message that has become too old to be shown makes room for the newest. */
  function forgetOldest({ channel, ephemeral_to: reader }: SlackMessage): void {
    const message = slack.messages(channel).at(-SHOWN_MESSAGES - 1);
    if (message) store.put(`message/${channel}/${message.ts}`, null);
    const whisper = reader === undefined ? undefined : slack.ephemerals(reader).at(-SHOWN_WHISPERS - 1);
    if (whisper) store.put(`whisper/${reader}/${whisper.ts}`, null);
  }

  /** Whatever shows this file shows what became of it. */
  function showCarriers(fileId: string, channelIds: readonly string[]): void {
    for (const message of channelIds.flatMap((id) => slack.messages(id))) {
      if (message.files?.some((file) => file.id === fileId)) showMessage(message);
    }
  }

  function follow(change: Change): void {
    switch (change.type) {
      case 'message':
        forgetOldest(change.message);
        showMessage(change.message);
        break;
      case 'message_changed':
        showMessage(change.message);
        break;
      case 'message_deleted':
        store.put(`message/${change.message.channel}/${change.message.ts}`, null);
        break;
      case 'ephemeral':
        forgetOldest(change.message);
        showWhisper(change.message);
        break;
      case 'ephemeral_changed':
        showWhisper(change.message);
        break;
      case 'ephemeral_deleted':
        store.put(`whisper/${change.message.ephemeral_to}/${change.message.ts}`, null);
        break;
      case 'views':
        showStack(change.userId);
        break;
      case 'home':
        showHome(change.userId);
        break;
      case 'channel':
        showChannel(change.channel.id);
        break;
      case 'file':
        showCarriers(change.file.id, change.file.channels);
        break;
    }
  }

  return slack.subscribe(follow);
}

function viewOf({ view, typed, errors }: OpenView): wire.OpenView {
  return {
    id: view.id,
    kind: view.type,
    title: view.title?.text ?? '',
    submit: view.submit?.text ?? null,
    close: view.close?.text ?? null,
    blocks: [...view.blocks],
    values: stateOf(view.blocks, typed),
    errors,
  };
}

/** People as the page shows them. `roles`: of the business, by person; a full member without one will be a salesperson. */
export function slackUsers(slack: SlackStandIn, roles: ReadonlyMap<string, wire.User['role']>): Map<string, wire.User> {
  return new Map(
    slack.users().map((user) => {
      const { id, name, realName, tz } = user;
      const kind = kindOf(user, slack.team.id);
      const role = kind === 'member' ? (roles.has(id) ? (roles.get(id) ?? null) : 'salesperson') : null;
      return [`user/${id}`, { id, name, realName, zone: tz, role, kind }];
    }),
  );
}

function kindOf(user: ReturnType<SlackStandIn['users']>[number], teamId: string): wire.User['kind'] {
  if (user.bot) return 'bot';
  if (user.stranger || (user.teamId ?? teamId) !== teamId) return 'outsider';
  return user.restricted || user.ultraRestricted ? 'guest' : 'member';
}
