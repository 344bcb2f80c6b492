import { may, meansOf, type Permission, ROLES, type Role, whoMay } from '../../tenants/index.ts';
import type { Answer, Command } from '../feature.ts';
import { section } from '../views.ts';

/** Everything there is, from the declarations: first what this person may do, then who may do the rest. Pure. */
export function helpFor(commands: readonly Command[], role: Role | null): Answer {
  const mine = commands.filter((command) => allowed(command, role)).map(line);
  const others = new Map<string, string[]>();
  for (const command of commands) {
    if (allowed(command, role)) continue;
    const who = whoMay(command.permission as Permission);
    others.set(who, [...(others.get(who) ?? []), `\`${command.name}\``]);
  }
  const closed = [...others].map(([who, names]) => `Only ${who}: ${names.join(', ')}`);
  const text = [...mine, ...(closed.length > 0 ? ['', ...closed] : [])].join('\n');
  const blocks = [section(mine.join('\n')), ...(closed.length > 0 ? [section(closed.join('\n'))] : [])];
  return { text, blocks };
}

function allowed(command: Command, role: Role | null): boolean {
  return command.permission === 'anybody' || may(role, command.permission);
}

function line({ name, usage, summary }: Command): string {
  return `\`${usage ? `${name} ${usage}` : name}\`  ${summary}`;
}

const HEADS: Record<Role, string> = {
  salesperson: '*Salespeople* may',
  manager: '*Managers* may do all that, and',
  admin: '*Admins* may do all that, and',
};

/** Who may do what: the one table that commands, buttons, windows and App Home are checked against. Pure. */
export function rolesHelp(role: Role | null): Answer {
  const parts = ROLES.map(
    (each) =>
      `${HEADS[each]}\n${meansOf(each)
        .map((what) => `• ${what}`)
        .join('\n')}`,
  );
  const mine =
    role === null ? 'You have no role here.' : `You are ${role}. Admins change roles with \`/rescue people\`.`;
  return { text: [...parts, mine].join('\n'), blocks: [...parts, mine].map((part) => section(part)) };
}
