import { createTsMint } from './ids.ts';
import type { Change, Channel, StandInUser, Violation } from './types.ts';

/** Violations kept; a stand-in that runs for weeks must not fill the memory. */
const KEPT_VIOLATIONS = 1000;

export interface Team {
  id: string;
  name: string;
  /** The part before `.slack.com`. */
  domain: string;
}

/** The app's presence in the workspace. */
export interface Bot {
  userId: string;
  botId: string;
  appId: string;
  name: string;
}

/** People, channels and what is known about the app's behaviour. Messages, views and files have their own stores. */
export interface Workspace {
  readonly team: Team;
  readonly bot: Bot;
  readonly users: ReadonlyMap<string, StandInUser>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly violations: Violation[];
  /** Milliseconds by the clock that never turns: triggers, response URLs, acknowledgements. */
  machine(): number;
  /** The time people see on messages. */
  now(): Date;
  mintTs(): string;
  addUser(user: StandInUser): void;
  /** Everybody of the workspace but guests is a member unless told otherwise; the bot is, too. */
  addChannel(name: string, options?: Partial<Pick<Channel, 'kind' | 'extShared' | 'members' | 'id'>>): Channel;
  /** The direct message between the bot and a person, made on first use. */
  directMessage(userId: string): Channel;
  /** By id, `#name`, `name`, or a person's id (their direct message). */
  channelFor(reference: string): Channel | undefined;
  report(where: string, code: string, detail: string): void;
  emit(change: Change): void;
  /** Calls `listener` after each change; the answer ends it. */
  subscribe(listener: (change: Change) => void): () => void;
}

export function createWorkspace(options: {
  team: Team;
  bot: Bot;
  users: readonly StandInUser[];
  machine: () => number;
  now: () => Date;
}): Workspace {
  const { team, bot, machine, now } = options;
  const users = new Map(options.users.map((user) => [user.id, user]));
  users.set(bot.userId, { id: bot.userId, name: bot.name.toLowerCase(), realName: bot.name, tz: 'UTC', bot: true });
  const channels = new Map<string, Channel>();
  const listeners = new Set<(change: Change) => void>();
  const violations: Violation[] = [];

  function emit(change: Change) {
    for (const listener of [...listeners]) listener(change);
  }

  function keep(channel: Channel): Channel {
    channels.set(channel.id, channel);
    emit({ type: 'channel', channel });
    return channel;
  }

  function addChannel(name: string, given: Partial<Pick<Channel, 'kind' | 'extShared' | 'members' | 'id'>> = {}) {
    const everybody = [...users.values()].filter((user) => isFullMember(user, team.id)).map((user) => user.id);
    return keep({
      id: given.id ?? `C0${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`,
      name,
      kind: given.kind ?? 'public',
      members: given.members ?? new Set(everybody),
      extShared: given.extShared ?? false,
      archived: false,
    });
  }

  function directMessage(userId: string): Channel {
    const id = directMessageId(userId);
    const known = channels.get(id);
    if (known !== undefined) return known;
    const members = new Set([userId, bot.userId]);
    return keep({ id, name: 'directmessage', kind: 'im', members, extShared: false, archived: false, userId });
  }

  return {
    team,
    bot,
    users,
    channels,
    violations,
    machine,
    now,
    mintTs: createTsMint(now),
    addUser(user) {
      users.set(user.id, user);
    },
    addChannel,
    directMessage,
    channelFor(reference) {
      const byId = channels.get(reference);
      if (byId !== undefined) return byId;
      const partner = [...users.keys()].find((id) => id === reference || directMessageId(id) === reference);
      if (partner !== undefined) return directMessage(partner);
      const name = reference.replace(/^#/, '');
      return [...channels.values()].find((channel) => channel.kind !== 'im' && channel.name === name);
    },
    report(where, code, detail) {
      const violation = { at: machine(), where, code, detail };
      violations.push(violation);
      if (violations.length > KEPT_VIOLATIONS) violations.shift();
      emit({ type: 'violation', violation });
    },
    emit,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The same after a restart, because the app keeps it in its database. */
function directMessageId(userId: string): string {
  return `D${userId.slice(1)}`;
}

/** Neither guest nor outsider, and still there. */
function isFullMember(user: StandInUser, teamId: string): boolean {
  return !user.restricted && !user.ultraRestricted && !user.deleted && (user.teamId ?? teamId) === teamId;
}
