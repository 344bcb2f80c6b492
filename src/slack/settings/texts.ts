import { z } from 'zod';
import { isKnown, validationError } from '../../lib/errors.ts';
import { newestLead, previewText } from '../../messaging/index.ts';
import {
  type Draft,
  languageName,
  type Playbook,
  type Settings,
  templateKey,
  tenantPlaybook,
} from '../../tenants/index.ts';
import type { ActionPlace, Asked, Feature, FormValues, Modal, Submitted } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { clip, escapeMarkup } from '../text.ts';
import { button, buttons, context, input, type ModalView, option, section } from '../views.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';

const TEXT = 'settings_text';
const NEW = 'settings_text_new';
const OPEN = 'settings_texts_of';
const LIST = 'settings_texts';

const carried = z.object({ playbook: z.string(), base: z.int(), key: z.string(), below: z.string() });

/** Opens the texts of a playbook. */
export async function openTexts(
  deps: SettingsDeps,
  asked: Asked,
  place: ActionPlace | null,
  key?: string,
): Promise<void> {
  await show(asked, place, await textsView(deps, asked, key));
}

/** All texts of a playbook as they stand, in the business's own language. */
export async function textsView(deps: SettingsDeps, asked: Asked, key?: string): Promise<ModalView> {
  const { settings } = await deps.changes.current(asked.tenant.id);
  const standard = key === undefined || key === '' ? deps.playbooks.standard : deps.playbooks.get(key);
  if (!standard) throw new Error('there is no playbook');
  const playbook = tenantPlaybook(standard, settings);
  const own = settings.templates[playbook.key] ?? {};
  const keys = [...new Set(playbook.templates.map((template) => template.key))];
  const others = deps.playbooks.all.filter((each) => each.key !== playbook.key);
  return modal({
    id: LIST,
    title: 'Words of messages',
    blocks: [
      section(`*${escapeMarkup(playbook.name)}*`),
      ...keys.slice(0, 80).map((template) => {
        const { body } = playbook.template(template, asked.tenant.language);
        const mark = own[template] ? ' · your own words' : '';
        const text = `*${template}*${mark}\n${escapeMarkup(clip(body.replaceAll(/\s+/g, ' '), 140))}`;
        return section(text, button({ text: 'Edit', actionId: TEXT, value: `${playbook.key}/${template}` }));
      }),
      context('Two wordings of a step can be compared: /rescue trials.'),
      ...buttons(
        { text: 'Write a new text', actionId: NEW, value: playbook.key },
        ...others.slice(0, 4).map((each) => ({ text: each.name, actionId: `${OPEN}:${each.key}`, value: each.key })),
      ),
    ],
  });
}

/** One text in every language, one input each. */
function textView(
  asked: Asked,
  playbook: Playbook,
  own: Settings['templates'][string],
  state: z.infer<typeof carried>,
): ModalView {
  const { key } = state;
  const variables = playbook.templates.find((template) => template.key === key)?.variables ?? [];
  const known = key !== '';
  const rank = (language: string) => (language === asked.tenant.language ? 0 : 1);
  const languages = [...playbook.languages].sort((a, b) => rank(a) - rank(b));
  const hint = variables.length > 0 ? `Variables: ${variables.map((each) => `{${each}}`).join(' ')}.` : VARIABLES;
  return modal({
    id: TEXT,
    title: known ? 'Edit a text' : 'A new text',
    submit: 'Look at the change',
    close: 'Back',
    metadata: JSON.stringify(state),
    blocks: [
      ...(known
        ? [section(`*${key}*`)]
        : [
            input(
              'name',
              'Name',
              { type: 'plain_text_input', max_length: 40 },
              {
                hint: 'For you and WhatsApp: small letters, digits and _, like drive_reminder.',
              },
            ),
          ]),
      context(`${hint} Say who writes and how to opt out.`),
      ...languages.map((language) => {
        const body = known ? playbook.template(key, language).body : '';
        const element = { type: 'plain_text_input', multiline: true, max_length: 1600 };
        return input(`text_${language}`, languageName(language), { ...element, ...(body && { initial_value: body }) });
      }),
      ...(own[key]
        ? [input('reset', 'Back', { type: 'checkboxes', options: [option(BACK, 'yes')] }, { optional: true })]
        : []),
    ],
  });
}

const VARIABLES = 'Variables like {name}, {business} and {salesperson} are filled in.';
const BACK = 'Take the words back that came with it';

/** The words entered, where they are not those that came with the playbook. */
function ownWords(values: FormValues, playbook: Playbook, key: string): Record<string, string> {
  return Object.fromEntries(
    playbook.languages.flatMap((language) => {
      const text = values.text(`text_${language}`).replaceAll('\r\n', '\n').trim().normalize('NFC');
      const standard = playbook.source.words.get(language)?.templates[key];
      return text === '' || text === standard ? [] : [[language, text]];
    }),
  );
}

export function textsFeature(deps: SettingsDeps): Feature {
  const { changes, playbooks } = deps;

  async function openText(asked: Asked, place: ActionPlace, name: string, key: string): Promise<void> {
    const { settings, version } = await changes.current(asked.tenant.id);
    const playbook = tenantPlaybook(playbooks.get(name), settings);
    const state = { playbook: name, base: version, key, below: place.viewId ?? '' };
    await show(asked, place, textView(asked, playbook, settings.templates[name] ?? {}, state));
  }

  const textModal: Modal = {
    permission: 'settings.change',
    async submit(asked, values, metadata): Promise<Submitted> {
      const { playbook: name, base, key: old, below } = carried.parse(JSON.parse(metadata));
      const key = old === '' ? values.text('name').trim() : old;
      const { settings } = await changes.current(asked.tenant.id);
      const playbook = tenantPlaybook(playbooks.get(name), settings);
      const isNew = old === '';
      if (isNew && !/^[a-z][a-z0-9_]{0,39}$/.test(key)) {
        throw validationError([{ field: 'name', message: 'Small letters, digits and _, beginning with a letter.' }]);
      }
      if (isNew && playbook.templates.some((template) => template.key === key)) {
        throw validationError([{ field: 'name', message: 'There is a text of this name. Edit that one.' }]);
      }
      const words = values.checked('reset').length > 0 ? {} : ownWords(values, playbook, key);
      const draft = await changes
        .draft(asked.staff, { base, patch: (seen) => ({ templates: withWords(seen.templates, name, key, words) }) })
        .catch((error: unknown) => {
          throw atLanguages(error, `templates.${name}.${key}`);
        });
      const blocks = draft.changes.length > 0 ? await previews(asked, draft, name, key) : [];
      const view = confirmView(deps, draft, { blocks, below: { view: below, playbook: name } });
      return toConfirm(view, draft, `text_${playbook.languages[0]}`);
    },
  };

  /** The text as the newest lead would read it, language by language, and how it travels. */
  async function previews(asked: Asked, draft: Draft, name: string, key: string): Promise<object[]> {
    const { tenant } = asked;
    const { settings } = draft;
    const { accounts, approved } = await deps.routing.of(tenant.id);
    const lead = await deps.db.inTenant(tenant.id, (tx) => newestLead(tx, name));
    const playbook = tenantPlaybook(playbooks.get(name), settings);
    const templates = playbook.templates.filter((template) => template.key === key);
    const open = templates.filter((template) => !approved.has(templateKey(template)));
    const who = lead ? `${lead.name}, your newest lead,` : 'a customer';
    return [
      ...(templates.length > 0 ? [section(`*As ${escapeMarkup(who)} would read it*`)] : []),
      ...templates.map((template) => {
        const text = previewText(template, lead, { tenant, settings, accounts });
        return section(`*${languageName(template.language)}*\n${escapeMarkup(text).replaceAll(/^/gm, '> ')}`);
      }),
      ...(accounts.whatsapp && open.length > 0
        ? [
            context(
              `WhatsApp has to approve new words first (${open.map(({ language }) => languageName(language)).join(', ')}): submit them with /rescue templates. Until then this text goes by SMS.`,
            ),
          ]
        : []),
    ];
  }

  return {
    commands: [
      {
        name: '/rescue texts',
        summary: 'The words of every message in each language, with a preview before they change.',
        usage: '[playbook]',
        permission: 'settings.change',
        async run(asked, text) {
          await openTexts(deps, asked, null, text.toLowerCase());
          return undefined;
        },
      },
    ],
    actions: {
      [TEXT]: {
        permission: 'settings.change',
        run(asked, value, place) {
          const [name = '', key = ''] = value.split('/');
          return openText(asked, place, name, key);
        },
      },
      [NEW]: { permission: 'settings.change', run: (asked, name, place) => openText(asked, place, name, '') },
      ...Object.fromEntries(
        playbooks.all.map(({ key }) => [
          `${OPEN}:${key}`,
          {
            permission: 'settings.change' as const,
            run: (asked: Asked, _: string, place: ActionPlace) => openTexts(deps, asked, place, key),
          },
        ]),
      ),
    },
    modals: { [TEXT]: textModal },
  };
}

function withWords(
  templates: Settings['templates'],
  playbook: string,
  key: string,
  words: Record<string, string>,
): Settings['templates'] {
  const { [key]: _old, ...others } = templates[playbook] ?? {};
  return { ...templates, [playbook]: Object.keys(words).length > 0 ? { ...others, [key]: words } : others };
}

/** Problems of a text at the input of its language. */
export function atLanguages(error: unknown, path: string): unknown {
  if (!isKnown(error)) return error;
  const problems = error.problems.map(({ field, message }) =>
    field.startsWith(`${path}.`) ? { field: `text_${field.slice(path.length + 1)}`, message } : { field, message },
  );
  return problems.length > 0 ? validationError(problems) : error;
}
