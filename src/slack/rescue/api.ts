import type { ApiKey } from '../../access/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { KEY_ROLES, type KeyRole } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

const USAGE = '[add <name> <role>|unlock <name>|revoke <name>]';

/** What a key of each role may do, in words. */
const MEANS: Record<KeyRole, string> = {
  dispatcher: 'sees and changes everybody’s leads, and writes to customers',
  manager: 'also captures leads, takes them out as a file, and sees figures and texts',
  admin: 'also makes webhooks',
};

/** `/rescue api`: keys by which other programs of the business come in. */
export function apiCommands(deps: RescueDeps): Command[] {
  const { apiKeys } = deps;

  async function add(asked: Asked, words: string): Promise<Answer> {
    const last = words.split(/\s+/).at(-1)?.toLowerCase() ?? '';
    const role = KEY_ROLES.find((each) => each === last);
    const name = words.slice(0, -last.length).trim();
    if (!role || name === '')
      throw wrong(`End with the key’s role: ${KEY_ROLES.join(', ')}. For example: /rescue api add Website manager.`);
    const { key, words: shown } = await apiKeys.make(asked.staff, { name, role });
    return {
      text: [
        `The key *${escapeMarkup(key.name)}* is ready. As ${role} it ${MEANS[role]}; what it does is done in your name.`,
        `\`\`\`${shown}\`\`\``,
        'Copy it now: only a hash of it is kept, so nobody can show it again.',
        `How to use it: ${deps.publicUrl}/api/v2/docs`,
      ].join('\n'),
    };
  }

  async function named(asked: Asked, words: string): Promise<ApiKey> {
    const known = await apiKeys.list(asked.tenant.id);
    const key = known.find(({ name }) => name.toLowerCase() === words.toLowerCase());
    if (key) return key;
    throw wrong(
      known.length > 0 ? `Which key? There are: ${known.map(({ name }) => name).join(', ')}.` : 'There are no keys.',
    );
  }

  async function revoke(asked: Asked, words: string): Promise<Answer> {
    const key = await named(asked, words);
    await apiKeys.revoke(asked.staff, key.id);
    return { text: `*${escapeMarkup(key.name)}* is revoked: the key and all its tokens open nothing any more.` };
  }

  async function unlock(asked: Asked, words: string): Promise<Answer> {
    const key = await named(asked, words);
    await apiKeys.unlock(asked.staff, key.id);
    return { text: `*${escapeMarkup(key.name)}* is open again.` };
  }

  async function list(asked: Asked): Promise<Answer> {
    const known = await apiKeys.list(asked.tenant.id);
    const times = timesOf(asked, deps.clock.now());
    const line = (key: ApiKey) => {
      const locked = key.lockedUntil !== null && key.lockedUntil.getTime() > deps.clock.machine();
      const used = key.usedAt ? `last sign-in ${times.full(key.usedAt)}` : 'not used yet';
      return `• *${escapeMarkup(key.name)}* · ${key.role} · ${used}${locked ? ' · *locked after wrong secrets*' : ''}`;
    };
    const head = known.length > 0 ? '*Keys to the API*' : '*Keys to the API*: none yet.';
    const how = 'Add one with `/rescue api add Website manager`, and revoke it with `/rescue api revoke Website`.';
    return { text: [head, ...known.map(line), how, `What it can do: ${deps.publicUrl}/api/v2/docs`].join('\n') };
  }

  return [
    {
      name: '/rescue api',
      summary: 'Keys by which other programs of yours come in.',
      usage: USAGE,
      permission: 'api.change',
      async run(asked, text) {
        if (text === '') return list(asked);
        const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
        if (/^(?:add|new)$/i.test(word) && rest !== '') return add(asked, rest.trim());
        if (/^unlock$/i.test(word) && rest !== '') return unlock(asked, rest.trim());
        if (/^(?:revoke|remove|delete)$/i.test(word) && rest !== '') return revoke(asked, rest.trim());
        throw wrong(`Write it like this: /rescue api ${USAGE}.`);
      },
    },
  ];
}

const wrong = (message: string): KnownError => new KnownError('validation_error', 'api not understood', message);
