import type { Field, Playbook, Settings, Tenant } from '../../tenants/index.ts';
import { context, input, type ModalView, option, plain, section } from '../views.ts';
import type { Prefill } from './prefill.ts';

export const LOG_DRIVE = 'log_drive';
/** Chosen instead of a language: the number's country decides. */
export const BY_NUMBER = 'by_number';

/** What Slack lets people choose as a photo; the vault looks at the bytes. */
const PHOTO_TYPES = ['jpg', 'jpeg', 'png', 'webp', 'heic'];

export interface DriveForm {
  playbook: Playbook;
  tenant: Tenant;
  /** Of the person who fills it in. */
  locale: string;
  photo: Settings['licencePhoto'];
  prefill: Prefill;
  /** Where there is more than one line of business to choose from: all of them. */
  kinds?: readonly Pick<Playbook, 'key' | 'name'>[];
}

/** Chooses another line of business; the form is then that one's. */
export const CHOOSE_KIND = 'lead_kind';

/** The form of a playbook: its fields in their order, each under its own key. */
export function driveModal(form: DriveForm): ModalView {
  const { playbook, photo } = form;
  return {
    type: 'modal',
    callback_id: LOG_DRIVE,
    title: plain(form.kinds ? 'Log a lead' : `Log a ${playbook.name.toLowerCase()}`, 24),
    submit: plain(form.kinds ? 'Log lead' : 'Log drive', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ playbook: playbook.key, photo }),
    blocks: [...kindChoice(form), ...playbook.fields.map((field) => block(field, form))],
  };
}

function kindChoice({ kinds = [], playbook }: DriveForm): object[] {
  if (kinds.length < 2) return [];
  const options = kinds.map(({ key, name }) => option(name, key));
  const chosen = options.find(({ value }) => value === playbook.key);
  const select = { type: 'static_select', action_id: CHOOSE_KIND, options, ...(chosen && { initial_option: chosen }) };
  return [section('What is it about?', select)];
}

function block(field: Field, form: DriveForm): object {
  const { prefill, playbook, tenant, locale } = form;
  const initial = prefill[field.key];
  const more = { ...(field.hint && { hint: field.hint }), optional: !field.required };
  const typed = {
    ...(initial && { initial_value: initial }),
    ...(field.max !== undefined && { max_length: field.max }),
  };
  switch (field.type) {
    case 'name':
    case 'text':
    case 'phone':
      return input(field.key, field.label, { type: 'plain_text_input', ...typed }, more);
    case 'long_text':
      return input(field.key, field.label, { type: 'plain_text_input', multiline: true, ...typed }, more);
    case 'email':
      return input(
        field.key,
        field.label,
        { type: 'email_text_input', ...(initial && { initial_value: initial }) },
        more,
      );
    case 'choice': {
      const options = Object.entries(field.options ?? {}).map(([value, label]) => option(label, value));
      const chosen = options.find((each) => each.value === initial);
      return input(
        field.key,
        field.label,
        { type: 'static_select', options, ...(chosen && { initial_option: chosen }) },
        more,
      );
    }
    case 'number':
    case 'money':
      return input(field.key, field.label, { type: 'plain_text_input', ...typed }, more);
    case 'language':
      return input(field.key, field.label, languageSelect(playbook, initial), more);
    case 'photo':
      if (form.photo === 'link') return context(`*${field.label}*: a one-time link for your phone follows by message.`);
      return input(field.key, field.label, { type: 'file_input', filetypes: PHOTO_TYPES, max_files: 1 }, more);
    case 'consent': {
      const { confirm } = playbook.consent(locale, tenant.language);
      return input(field.key, field.label, { type: 'checkboxes', options: [option(confirm, 'yes')] }, more);
    }
  }
}

function languageSelect(playbook: Playbook, initial: string | undefined): object {
  const options = [
    option('As the number suggests', BY_NUMBER),
    ...playbook.languages.map((language) => option(ownName(language), language)),
  ];
  const chosen = options.find((each) => each.value === (initial ?? BY_NUMBER)) ?? options[0];
  return { type: 'static_select', options, initial_option: chosen };
}

const ownNames = new Map<string, string>();

/** `Svenska` for `sv`: as those who speak it write it. Kept, since looking it up takes longer than the rest of the form. */
export function ownName(language: string): string {
  const known = ownNames.get(language);
  if (known) return known;
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  const written = name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1);
  ownNames.set(language, written);
  return written;
}
