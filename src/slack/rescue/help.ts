import { may, meansOf, type Permission, ROLES, type Role, whoMay } from '../../tenants/index.ts';
import type { Answer, Command } from '../feature.ts';
import { section } from '../views.ts';

/** What belongs together in help, by the command or its first word, in the order in which people need it. */
const TOPICS: readonly { title: string; words: readonly string[] }[] = [
  { title: 'Every day', words: ['/drive', '/leads', '/lead', '/kpi', 'bookings', 'away', '/rescue', 'help'] },
  {
    title: 'Looking after it',
    words: ['status', 'alerts', 'approvals', 'people', 'import', 'webhooks', 'audit', 'tenant'],
  },
  { title: 'Follow-ups', words: ['rehearse', 'cadence', 'texts', 'trials', 'templates', 'hours', 'agent', 'facts'] },
  {
    title: 'Settings',
    words: [
      'setup',
      'settings',
      'branding',
      'terms',
      'calculator',
      'contact',
      'photo',
      'mail-tracking',
      'base',
      'feed',
      'cards',
    ],
  },
  { title: 'Numbers', words: ['digest', 'margin', 'cost'] },
  { title: 'Connections', words: ['channels', 'phone', 'forms', 'api'] },
  { title: 'Privacy', words: ['privacy'] },
];

/** `status` of `/rescue status`, and the command itself where it has no word. */
const topicWord = ({ name }: Command): string => name.split(' ')[1] ?? name;

/** Commands by topic, in the topics' order; what has none yet comes last. Pure. */
export function byTopic(commands: readonly Command[]): { title: string; commands: Command[] }[] {
  const placed = TOPICS.map(({ title, words }) => ({
    title,
    commands: words.flatMap((word) => commands.filter((command) => topicWord(command) === word)),
  }));
  const known = new Set(placed.flatMap((topic) => topic.commands));
  const rest = { title: 'More', commands: commands.filter((command) => !known.has(command)) };
  return [...placed, rest].filter((topic) => topic.commands.length > 0);
}

/** How the commands that a word names are written, `/rescue help kpi`; undefined when there is none. Pure. */
export function helpAbout(commands: readonly Command[], role: Role | null, word: string): Answer | undefined {
  const wanted = word
    .toLowerCase()
    .replace(/^\/rescue\s+/, '')
    .replace(/^\//, '');
  const found = commands.filter(
    (command) => command.name === `/${wanted}` || command.name === `/rescue ${wanted}` || topicWord(command) === wanted,
  );
  if (found.length === 0) return undefined;
  const lines = found.map(
    (command) =>
      `${usageLine(command)}${allowed(command, role) ? '' : ` _Only ${whoMay(command.permission as Permission)}._`}`,
  );
  return { text: lines.join('\n') };
}

/** Everything there is, from the declarations: first what this person may do, then who may do the rest. Pure. */
export function helpFor(commands: readonly Command[], role: Role | null): Answer {
  const topics = byTopic(commands.filter((command) => allowed(command, role)));
  const mine = topics.map((topic) => `*${topic.title}*\n${topic.commands.map(line).join('\n')}`);
  const others = new Map<string, string[]>();
  for (const command of commands) {
    if (allowed(command, role)) continue;
    const who = whoMay(command.permission as Permission);
    others.set(who, [...(others.get(who) ?? []), `\`${command.name}\``]);
  }
  const closed = [...others].map(([who, names]) => `Only ${who}: ${names.join(', ')}`);
  const parts = [...mine, ...(closed.length > 0 ? [closed.join('\n')] : []), HOW];
  // all of it would be longer than what Slack takes as a text
  const text = `What you may do: ${topics.map(({ title }) => title.toLowerCase()).join(', ')}.`;
  return { text, blocks: parts.map((part) => section(part)) };
}

function allowed(command: Command, role: Role | null): boolean {
  return command.permission === 'anybody' || may(role, command.permission);
}

const HOW = 'How one of them is written: `/rescue help kpi`.';

const line = ({ name, summary }: Command): string => `\`${name}\`  ${summary}`;
const usageLine = ({ name, usage, summary }: Command): string => `\`${usage ? `${name} ${usage}` : name}\`  ${summary}`;

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
