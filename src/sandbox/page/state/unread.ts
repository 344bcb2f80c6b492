import type { Channel } from '../../wire.ts';
import type { Entry } from './store.ts';

export interface Unread {
  /** By `person/channel`. */
  places: Readonly<Record<string, number>>;
  /** By person, all their places together. */
  people: Readonly<Record<string, number>>;
}

/** Counts what each person has not seen yet: messages of others where they are members, and what only they see. Pure. */
export function countUnread(
  messages: readonly Entry<'message'>[],
  whispers: readonly Entry<'whisper'>[],
  channels: readonly Channel[],
  seen: Readonly<Record<string, number>>,
): Unread {
  const places: Record<string, number> = {};
  const people: Record<string, number> = {};
  const members = new Map(channels.map((channel) => [channel.id, membersOf(channel)]));
  const note = (person: string, channel: string, arrived: number) => {
    const key = `${person}/${channel}`;
    if (arrived <= (seen[key] ?? 0)) return;
    places[key] = (places[key] ?? 0) + 1;
    people[person] = (people[person] ?? 0) + 1;
  };
  for (const { value, arrived } of messages) {
    if (arrived === 0) continue;
    for (const person of members.get(value.channel) ?? []) {
      if (person !== value.user) note(person, value.channel, arrived);
    }
  }
  for (const { id, value, arrived } of whispers) note(id.split('/')[0] ?? '', value.channel, arrived);
  return { places, people };
}

const membersOf = (channel: Channel) => (channel.kind === 'im' && channel.userId ? [channel.userId] : channel.members);
