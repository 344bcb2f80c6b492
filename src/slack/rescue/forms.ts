import { KnownError } from '../../lib/errors.ts';
import type { Form } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { addressOfForm, madeWords } from './form-address.ts';
import { FORM_CHANGE, FORM_NEW, formWindows } from './form-windows.ts';
import { sourceBlocks, sourceLines, sourcesFeature } from './sources.ts';

const USAGE = '[add <name> [playbook]|remove <name>]';

/** `/rescue forms`: every door for leads that an admin opens: forms, their pages and keys, ads and other systems. */
export function formsFeature(deps: RescueDeps): Feature {
  const { forms, playbooks } = deps;

  async function add(asked: Asked, words: string): Promise<Answer> {
    const last = words.split(/\s+/).at(-1) ?? '';
    const named = playbooks.all.find(({ key }) => key === last);
    const name = named ? words.slice(0, -last.length).trim() : words;
    const { form, key } = await forms.make(asked.staff, { name, playbook: (named ?? playbooks.standard).key });
    return { text: madeWords(deps, form, key) };
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
    const sources = await deps.leadSources.list(asked.tenant.id);
    const times = timesOf(asked, deps.clock.now());
    const line = (form: Form) => {
      const used = form.usedAt ? `last used ${times.full(form.usedAt)}` : 'not used yet';
      const page = addressOfForm(deps, form);
      return `*${escapeMarkup(form.name)}* · ${escapeMarkup(form.playbook)} · ${used}${page ? `\n${page}` : ''}`;
    };
    const head = known.length > 0 ? '*Forms*' : '*Forms*: none yet.';
    const how = 'Add one with `/rescue forms add Website`, and remove it with `/rescue forms remove Website`.';
    const lines = known.map(line);
    return {
      text: [head, ...lines.map((each) => `• ${each}`), how, ...sourceLines(sources, times)].join('\n'),
      blocks: [
        section(head),
        ...lines
          .slice(0, 20)
          .map((each, at) =>
            section(each, button({ text: 'Open', actionId: FORM_CHANGE, value: known[at]?.id ?? '' })),
          ),
        ...buttons({ text: 'New form', actionId: FORM_NEW }),
        ...sourceBlocks(sources, times),
      ],
    };
  }

  const windows = formWindows(deps);
  const ofSources = sourcesFeature(deps);
  const commands = [
    {
      name: '/rescue forms',
      summary: 'Forms, ads and other systems whose leads come here.',
      usage: USAGE,
      permission: 'settings.change' as const,
      async run(asked: Asked, text: string) {
        if (text === '') return list(asked);
        const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
        if (/^(?:add|new)$/i.test(word) && rest !== '') return add(asked, rest.trim());
        if (/^(?:remove|delete|off)$/i.test(word) && rest !== '') return remove(asked, rest.trim());
        throw wrong(`Write it like this: /rescue forms ${USAGE}.`);
      },
    },
  ];
  return {
    commands,
    actions: { ...windows.actions, ...ofSources.actions },
    modals: { ...windows.modals, ...ofSources.modals },
  };
}

const wrong = (message: string): KnownError => new KnownError('validation_error', 'forms not understood', message);
