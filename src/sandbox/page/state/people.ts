import type { Channel, User } from '../../wire.ts';

const ROLES = ['salesperson', 'manager', 'admin'];

/** Those who work here first, by what they may; guests and outsiders after them. The bot is nobody to be. */
export function inOrder(users: readonly User[]): { staff: User[]; others: User[] } {
  const rank = (user: User) => ROLES.indexOf(user.role ?? '');
  const people = users.filter((user) => user.kind !== 'bot');
  return {
    staff: people.filter((user) => user.role !== null).sort((a, b) => rank(a) - rank(b)),
    others: people.filter((user) => user.role === null),
  };
}

/** What a person is, in a word. */
export function roleWords(user: User): string {
  if (user.role) return user.role;
  return user.kind === 'guest' ? 'guest' : user.kind === 'outsider' ? 'another company' : 'app';
}

/** Channels a person sees: those they are in, their direct message with the bot apart. */
export function channelsOf(
  channels: readonly Channel[],
  person: string,
): { rooms: Channel[]; direct: Channel | undefined } {
  const rooms = channels
    .filter((channel) => channel.kind !== 'im' && channel.members.includes(person))
    .sort((a, b) => a.name.localeCompare(b.name));
  return { rooms, direct: channels.find((channel) => channel.kind === 'im' && channel.userId === person) };
}

export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}
