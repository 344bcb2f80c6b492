import { isKnown, KnownError, validationError } from '../../lib/errors.ts';
import type { Form } from '../../tenants/index.ts';
import type { ActionPlace, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { context, input, type ModalView, noticeView, option, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { addressOfForm, madeWords } from './form-address.ts';
import { playbookChoice } from './playbook-choice.ts';

/* The windows of forms: a new one, and one that is there: its address, its websites, what shows it there. */

export const FORM_NEW = 'form_new';
export const FORM_CHANGE = 'form_change';

type Deps = Pick<RescueDeps, 'forms' | 'playbooks' | 'publicUrl'>;

export function formWindows(deps: Deps): Required<Pick<Feature, 'actions' | 'modals'>> {
  return {
    actions: {
      [FORM_NEW]: {
        permission: 'settings.change',
        run: async (asked, _value, place) => void (await show(asked, place, newView(deps))),
      },
      [FORM_CHANGE]: {
        permission: 'settings.change',
        run: (asked, id, place) => open(deps, asked, place, id),
      },
    },
    modals: {
      [FORM_NEW]: { permission: 'settings.change', submit: (asked, values) => make(deps, asked, values) },
      [FORM_CHANGE]: { permission: 'settings.change', submit: (asked, values, id) => save(deps, asked, values, id) },
    },
  };
}

function newView({ playbooks }: Deps): ModalView {
  return modal({
    id: FORM_NEW,
    title: 'New form',
    submit: 'Make it',
    close: 'Cancel',
    blocks: [
      input('name', 'Name', { type: 'plain_text_input', max_length: 60 }, { hint: 'Where it stands: “Website”.' }),
      input('playbook', 'Its enquiries become leads of', playbookChoice(playbooks)),
    ],
  });
}

async function make(deps: Deps, asked: Asked, values: FormValues): Promise<Submitted> {
  const name = values.text('name');
  const { form, key } = await atName(() => deps.forms.make(asked.staff, { name, playbook: values.choice('playbook') }));
  return { kind: 'update', view: noticeView('The form is ready', madeWords(deps, form, key)) };
}

async function formOf(deps: Deps, asked: Asked, id: string): Promise<Form> {
  const form = (await deps.forms.list(asked.tenant.id)).find((each) => each.id === id);
  if (form) return form;
  throw new KnownError('not_found', 'no such form', 'That form does not exist (any more).');
}

async function open(deps: Deps, asked: Asked, place: ActionPlace, id: string): Promise<void> {
  const form = await formOf(deps, asked, id);
  await show(asked, place, changeView(deps, form));
}

function changeView(deps: Deps, form: Form): ModalView {
  const page = addressOfForm(deps, form);
  const frame = `<iframe src="${page}" title="${form.name.replaceAll('"', '')}" style="width:100%;height:1100px;border:0"></iframe>`;
  const shown = page
    ? [
        section(`Its page: ${page}`),
        input(
          'origins',
          'Websites that may show it',
          {
            type: 'plain_text_input',
            multiline: true,
            ...(form.origins.length > 0 && { initial_value: form.origins.join('\n') }),
          },
          { optional: true, hint: 'One to a line, such as https://www.example.com. Anybody may link to it.' },
        ),
        section(`To show it on one of them, put this where it should stand:\n\`\`\`${escapeMarkup(frame)}\`\`\``),
      ]
    : [context('Customers do not come to this playbook by themselves, so the form has no page: it has a key only.')];
  return modal({
    id: FORM_CHANGE,
    title: 'Form',
    submit: 'Save',
    close: 'Cancel',
    metadata: form.id,
    blocks: [
      input('name', 'Name', { type: 'plain_text_input', max_length: 60, initial_value: form.name }),
      ...shown,
      input(
        'close',
        'Close it',
        { type: 'checkboxes', options: [option('From now on nothing is taken, by the page or by the key', 'close')] },
        { optional: true },
      ),
    ],
  });
}

async function save(deps: Deps, asked: Asked, values: FormValues, id: string): Promise<Submitted> {
  const form = await formOf(deps, asked, id);
  if (values.checked('close').includes('close')) {
    await deps.forms.revoke(asked.staff, form.id);
    const text = `*${escapeMarkup(form.name)}* is closed: what it sends from now on is refused. Its leads stay.`;
    asked.afterwards(() => asked.whisper({ text }));
    return { kind: 'close' };
  }
  const origins = values
    .text('origins')
    .split(/[\s,]+/)
    .filter(Boolean);
  const to = { name: values.text('name'), origins };
  const saved = await atName(() => deps.forms.change(asked.staff, form.id, to));
  asked.afterwards(() => asked.whisper({ text: `*${escapeMarkup(saved.name)}* is saved.` }));
  return { kind: 'close' };
}

/** A name that is taken is told at the name. */
async function atName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKnown(error) || error.code !== 'conflict' || error.problems.length === 0) throw error;
    throw validationError([...error.problems]);
  }
}
