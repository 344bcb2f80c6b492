import type { Action, AppHome, Command, Feature, MessageShortcut, Modal, Shortcut } from './feature.ts';
import { closest } from './text.ts';

/** Everything the features declare, by name. */
export interface Registry {
  commands: ReadonlyMap<string, Command>;
  actions: ReadonlyMap<string, Action>;
  modals: ReadonlyMap<string, Modal>;
  shortcuts: ReadonlyMap<string, Shortcut>;
  messageShortcuts: ReadonlyMap<string, MessageShortcut>;
  home: AppHome | undefined;
}

/** Gathers the features; two that declare the same name are a mistake of ours, told at the start. */
export function register(features: readonly Feature[]): Registry {
  const commands = features.flatMap((feature) => feature.commands ?? []);
  const [home, another] = features.flatMap((feature) => feature.home ?? []);
  if (another) throw new Error('App Home is declared twice');
  return {
    commands: only(commands.map((command) => [command.name, command])),
    actions: only(features.flatMap((feature) => Object.entries(feature.actions ?? {}))),
    modals: only(features.flatMap((feature) => Object.entries(feature.modals ?? {}))),
    shortcuts: only(features.flatMap((feature) => Object.entries(feature.shortcuts ?? {}))),
    messageShortcuts: only(features.flatMap((feature) => Object.entries(feature.messageShortcuts ?? {}))),
    home,
  };
}

function only<T>(entries: (readonly [string, T])[]): ReadonlyMap<string, T> {
  const map = new Map(entries);
  const twice = entries.find(([name, entry]) => map.get(name) !== entry);
  if (twice) throw new Error(`${twice[0]} is declared twice`);
  return map;
}

/** The command somebody meant, and what is left of their words. */
export type Resolved =
  | { kind: 'found'; command: Command; rest: string }
  /** The command takes a word, and there is no such word; `nearest` is the whole command that may be meant. */
  | { kind: 'wrong_word'; name: string; word: string; nearest: string | undefined }
  | { kind: 'unknown' };

/**
 * Finds `/rescue people` from `/rescue` and `people …`: the longest name that is declared wins. A command with words of
 * its own takes no other text; one without (`/lead anna`) takes any. Pure.
 */
export function resolve(commands: ReadonlyMap<string, Command>, name: string, text: string): Resolved {
  const words = text.split(/\s+/).filter(Boolean);
  for (let count = Math.min(words.length, 2); count >= 0; count--) {
    const wanted = [name, ...words.slice(0, count).map((word) => word.toLowerCase())].join(' ');
    const command = commands.get(wanted);
    if (!command) continue;
    const rest = after(text, count);
    const [word] = words.slice(count);
    if (count > 0 || word === undefined) return { kind: 'found', command, rest };
    const known = wordsOf(commands, name);
    if (known.length === 0) return { kind: 'found', command, rest };
    return { kind: 'wrong_word', name, word, nearest: nearestTo(commands, name, word, known) };
  }
  return { kind: 'unknown' };
}

/** `/kpi` for `/rescue kpi`, else the declared word that looks most like what was typed. */
function nearestTo(commands: ReadonlyMap<string, Command>, name: string, word: string, known: readonly string[]) {
  const own = `/${word.toLowerCase()}`;
  if (commands.has(own)) return own;
  const near = closest(word, known);
  return near === undefined ? undefined : `${name} ${near}`;
}

/** The first words that may follow a command. */
function wordsOf(commands: ReadonlyMap<string, Command>, name: string): string[] {
  return [...commands.keys()].flatMap((each) => (each.startsWith(`${name} `) ? (each.split(' ')[1] ?? []) : []));
}

/** The text after so many words, with its own spacing. */
function after(text: string, words: number): string {
  return text.trim().replace(new RegExp(`^(?:\\S+\\s*){${words}}`), '');
}
