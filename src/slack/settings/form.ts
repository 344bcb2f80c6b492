import { z } from 'zod';
import { type FieldProblem, KnownError, validationError } from '../../lib/errors.ts';
import { type FormField, type Group, groupNamed, type Settings, type Versioned } from '../../tenants/index.ts';
import type { FormValues, Modal } from '../feature.ts';
import { modal } from '../lead/modals.ts';
import { input, type ModalView, option } from '../views.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { type Found, lookUp } from './found.ts';
import { pictureBlocks } from './pictures.ts';
import { previewBlocks } from './preview.ts';

export const FORM = 'settings_form';

const carried = z.object({ group: z.string(), base: z.int(), below: z.string().optional() });

/** The form of a group, as its fields describe it; `below` is the checklist that it lies on, if it does. Pure. */
export function formView(
  deps: Pick<SettingsDeps, 'playbooks'>,
  group: Group,
  { settings, version }: Versioned,
  below: string | null = null,
): ModalView {
  const fields = group.form?.(deps) ?? [];
  return modal({
    id: FORM,
    title: group.label,
    submit: 'Look at the change',
    close: 'Cancel',
    metadata: JSON.stringify({ group: group.key, base: version, ...(below && { below }) }),
    blocks: fields.flatMap((field) => fieldBlocks(field, settings)),
  });
}

function fieldBlocks(field: FormField, settings: Settings): object[] {
  const { text, chosen } = field.shows(settings);
  const options = (field.options ?? []).map((each) => option(each.text, each.value));
  const initial = options.filter(({ value }) => chosen.includes(value));
  const more = { ...(field.hint && { hint: field.hint }), ...(field.optional && { optional: true }) };
  switch (field.kind) {
    case 'text':
    case 'place':
      return [input(field.name, field.label, { type: 'plain_text_input', ...(text && { initial_value: text }) }, more)];
    case 'choice': {
      const element = { type: 'static_select', options, ...(initial[0] && { initial_option: initial[0] }) };
      return [input(field.name, field.label, element, more)];
    }
    case 'choices': {
      const element = { type: 'multi_static_select', options, ...(initial.length > 0 && { initial_options: initial }) };
      return [input(field.name, field.label, element, more)];
    }
    case 'channel': {
      const filter = {
        include: ['public', 'private'],
        exclude_external_shared_channels: true,
        exclude_bot_users: true,
      };
      const [now] = chosen;
      const element = { type: 'conversations_select', filter, ...(now && { initial_conversation: now }) };
      return [input(field.name, field.label, element, more)];
    }
    case 'picture':
      return pictureBlocks(field.name, field.label, more);
  }
}

/** Kinds of field of which one thing is chosen. */
const CHOSEN: ReadonlySet<FormField['kind']> = new Set(['choice', 'channel'] as const);

/** Reads the fields one after the other, each on top of those before it. */
function readForm(
  fields: readonly FormField[],
  values: FormValues,
  found: Found,
  settings: Settings,
): Partial<Settings> {
  const problems: FieldProblem[] = [];
  const patch: Partial<Settings> = {};
  for (const field of fields) {
    const one = CHOSEN.has(field.kind) ? [values.choice(field.name)] : values.checked(field.name);
    const entered = {
      text: values.text(field.name).trim(),
      chosen: one.filter((each) => each !== ''),
      ...found.get(field.name),
    };
    const read = field.reads(entered, { ...settings, ...patch });
    if (typeof read === 'string') problems.push({ field: field.name, message: read });
    else Object.assign(patch, read);
  }
  if (problems.length > 0) throw validationError(problems);
  return patch;
}

/** What was entered becomes a draft, and the window shows what it would change. */
export function formModal(deps: SettingsDeps): Modal {
  return {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { group: key, base, below } = carried.parse(JSON.parse(metadata));
      const fields = groupNamed(key)?.form?.(deps);
      const [first] = fields ?? [];
      if (!fields || !first)
        throw new KnownError('not_found', 'no such group', 'These settings have no form (any more).');
      const { settings } = await deps.changes.current(asked.tenant.id);
      const found = await lookUp(deps, asked, fields, values, settings);
      const draft = await deps.changes.draft(asked.staff, {
        patch: (seen) => readForm(fields, values, found, seen),
        base,
      });
      const view = confirmView(deps, draft, {
        blocks: previewBlocks(deps, draft),
        ...(below && { below: { view: below } }),
      });
      return toConfirm(view, draft, first.name);
    },
  };
}
