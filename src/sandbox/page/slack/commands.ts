import type { Scene } from '../../wire.ts';

type Command = Scene['commands'][number];

/**
 * Commands that begin like what is typed. At first only whole commands; what a command can be followed by (`/rescue help`)
 * shows once it is typed out. Pure.
 */
export function matching(typed: string, commands: readonly Command[]): readonly Command[] {
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  const begin = typed.toLowerCase().replace(/ +/g, ' ');
  const found = commands.filter((command) => command.name.startsWith(begin));
  const whole = commands.some((command) => command.name === begin.trimEnd());
  return whole ? found : found.filter((command) => command.name.split(' ').length === begin.split(' ').length);
}

/** A typed line as a command; undefined when it is none that is known. */
export function readCommand(
  typed: string,
  commands: readonly Command[],
): { command: string; text: string } | undefined {
  const [, name = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(typed) ?? [];
  const command = commands.find((each) => each.name === name.toLowerCase());
  return command && { command: command.name, text: text.trim() };
}
