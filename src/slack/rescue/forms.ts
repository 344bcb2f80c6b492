import { KnownError } from '../../lib/errors.ts';
import type { Form } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

const USAGE = '[add <name> [playbook]|remove <name>]';
/** What a form is about unless its playbook is named. */
const DEFAULT_PLAYBOOK = 'corporate-travel';

/** `/rescue forms`: forms on websites whose enquiries become leads, and their keys. */
export function formCommands(deps: RescueDeps): Command[] {
  const { forms, playbooks } = deps;

  async function add(asked: Asked, words: string): Promise<Answer> {
    const last = words.split(/\s+/).at(-1) ?? '';
    const named = playbooks.all.find(({ key }) => key === last);
    const name = named ? words.slice(0, -last.length).trim() : words;
    const playbook =
      named?.key ?? playbooks.all.find(({ key }) => key === DEFAULT_PLAYBOOK)?.key ?? playbooks.standard.key;
    const { form, key } = await forms.make(asked.staff, { name, playbook });
    return {
      text: [
        `*${escapeMarkup(form.name)}* is ready: its enquiries become leads of ${escapeMarkup(playbooks.get(form.playbook).name)}.`,
        `Send them with POST as JSON or as a form to \`${deps.publicUrl}/webhooks/form-submission\`, with this header:`,
        `\`\`\`X-Form-Key: ${key}\`\`\``,
        'Copy the key now: only a hash of it is kept, so nobody can show it again.',
      ].join('\n'),
    };
  }

  async function remove(asked: Asked, words: string): Promise<Answer> {
    const known = await forms.list(asked.tenant.id);
    const form = known.find(({ name }) => name.toLowerCase() === words.toLowerCase());
    if (!form)
      throw wrong(
        known.length > 0
          ? `Which form? There are: ${known.map(({ name }) => name).join(', ')}.`
          : 'There are no forms.',
      );
    await forms.revoke(asked.staff, form.id);
    return { text: `*${escapeMarkup(form.name)}* is removed: what it sends from now on is refused. Its leads stay.` };
  }

  async function list(asked: Asked): Promise<Answer> {
    const known = await forms.list(asked.tenant.id);
    const times = timesOf(asked, deps.clock.now());
    const line = (form: Form) =>
      `• *${escapeMarkup(form.name)}* · ${escapeMarkup(form.playbook)} · ${form.usedAt ? `last used ${times.full(form.usedAt)}` : 'not used yet'}`;
    const head = known.length > 0 ? '*Forms*' : '*Forms*: none yet.';
    const how = 'Add one with `/rescue forms add Website`, and remove it with `/rescue forms remove Website`.';
    return { text: [head, ...known.map(line), how].join('\n') };
  }

  return [
    {
      name: '/rescue forms',
      summary: 'Forms on your website whose enquiries become leads, and their keys.',
      usage: USAGE,
      permission: 'settings.change',
      async run(asked, text) {
        if (text === '') return list(asked);
        const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
        if (/^(?:add|new)$/i.test(word) && rest !== '') return add(asked, rest.trim());
        if (/^(?:remove|delete|off)$/i.test(word) && rest !== '') return remove(asked, rest.trim());
        throw wrong(`Write it like this: /rescue forms ${USAGE}.`);
      },
    },
  ];
}

const wrong = (message: string): KnownError => new KnownError('validation_error', 'forms not understood', message);
