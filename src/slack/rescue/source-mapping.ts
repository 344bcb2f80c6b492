import { channelsNamed, isFact } from '../../leads/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import { channelName } from '../../messaging/index.ts';
import type { Field, LeadSource, Playbook, SourceMapping } from '../../tenants/index.ts';
import type { ActionPlace, Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { clip, escapeMarkup } from '../text.ts';
import { context, input, type ModalView, option } from '../views.ts';
import type { RescueDeps } from './deps.ts';

/* What the fields of a source mean: one line for each of ours, filled in only where the names do not say it. */

export const SOURCE_MAP = 'source_map';

type Deps = Pick<RescueDeps, 'leadSources' | 'playbooks'>;

/** Fields that somebody can choose one of theirs for. */
const ours = (playbook: Playbook): Field[] =>
  playbook.fields.filter((field) => isFact(field) || ['name', 'phone', 'email'].includes(field.type));

export function sourceMapping(deps: Deps): Required<Pick<Feature, 'actions' | 'modals'>> {
  return {
    actions: {
      [SOURCE_MAP]: { permission: 'settings.change', run: (asked, id, place) => open(deps, asked, place, id) },
    },
    modals: {
      [SOURCE_MAP]: { permission: 'settings.change', submit: (asked, values, id) => save(deps, asked, values, id) },
    },
  };
}

async function sourceOf(deps: Deps, asked: Asked, id: string): Promise<LeadSource> {
  const source = (await deps.leadSources.list(asked.tenant.id)).find((each) => each.id === id);
  if (source) return source;
  throw new KnownError('not_found', 'no such lead source', 'That lead source does not exist (any more).');
}

async function open(deps: Deps, asked: Asked, place: ActionPlace, id: string): Promise<void> {
  const source = await sourceOf(deps, asked, id);
  await show(asked, place, viewOf(source, deps.playbooks.get(source.playbook)));
}

function viewOf({ id, name, mapping, seen }: LeadSource, playbook: Playbook): ModalView {
  const { consent } = mapping;
  const theirs = seen.length > 0 ? `It sent last: ${escapeMarkup(clip(seen.join(', '), 1500))}.` : 'Nothing came yet.';
  const entry = (value: string, max = 120) => ({
    type: 'plain_text_input',
    max_length: max,
    ...(value !== '' && { initial_value: value }),
  });
  return modal({
    id: SOURCE_MAP,
    title: 'What its fields mean',
    submit: 'Save',
    close: 'Cancel',
    metadata: id,
    blocks: [
      context(
        `*${escapeMarkup(name)}*: ${theirs} Leave a line empty where their name says it. In quotes is what it always is: "BMW X5".`,
      ),
      ...ours(playbook).map(({ key, label }) =>
        input(`of_${key}`, label, entry(written(mapping.fields[key])), { optional: true }),
      ),
      input('consent_from', 'Consent: which field', entry(consent?.from ?? ''), {
        optional: true,
        hint: 'Without it nobody has agreed to anything, and only their enquiry is answered.',
      }),
      input(
        'consent_words',
        'Consent: the words that stand beside it',
        { ...entry(consent?.words ?? '', 1000), multiline: true },
        { optional: true, hint: 'Exactly as customers read them: they are kept as proof.' },
      ),
      input(
        'remove',
        'Remove it',
        { type: 'checkboxes', options: [option('From now on its leads do not come here', 'remove')] },
        { optional: true },
      ),
    ],
  });
}

type By = SourceMapping['fields'][string];

const written = (by: By | undefined): string => (by === undefined ? '' : 'always' in by ? `"${by.always}"` : by.from);

/** `car_make` is a field of theirs, `"BMW X5"` what it always is. */
function read(entered: string): By | undefined {
  const text = entered.trim();
  const [, quoted] = /^["“”'‘’](.+)["“”'‘’]$/s.exec(text) ?? [];
  if (quoted !== undefined && quoted.trim() !== '') return { always: quoted.trim() };
  return text === '' ? undefined : { from: text };
}

async function save(deps: Deps, asked: Asked, values: FormValues, id: string): Promise<Submitted> {
  const source = await sourceOf(deps, asked, id);
  if (values.checked('remove').includes('remove')) {
    await deps.leadSources.remove(asked.staff, id);
    const text = `*${escapeMarkup(source.name)}* is removed. Leads that came stay.`;
    asked.afterwards(() => asked.whisper({ text }));
    return { kind: 'close' };
  }
  const playbook = deps.playbooks.get(source.playbook);
  const fields = Object.fromEntries(
    ours(playbook).flatMap(({ key }): [string, By][] => {
      const by = read(values.text(`of_${key}`));
      return by ? [[key, by]] : [];
    }),
  );
  const mapping = { fields, consent: consentIn(values, playbook) };
  await deps.leadSources.map(asked.staff, id, { mapping, playbook: playbook.key });
  const text = `*${escapeMarkup(source.name)}* is saved. Leads that could not be taken in can be tried again: \`/rescue webhooks\`.`;
  asked.afterwards(() => asked.whisper({ text }));
  return { kind: 'close' };
}

/** A consent counts only with the words that were shown, and they must name every way in which this playbook writes. */
function consentIn(values: FormValues, { cadence }: Playbook): SourceMapping['consent'] {
  const from = values.text('consent_from').trim();
  const words = values.text('consent_words').trim();
  if (from === '' && words === '') return null;
  if (from === '') throw validationError([{ field: 'consent_from', message: 'Which of their fields says yes?' }]);
  const named: readonly string[] = channelsNamed(words);
  const missing = cadence.channels.filter((channel) => !named.includes(channel));
  if (words.length >= 10 && missing.length === 0) return { from, words };
  const ways = missing.map(channelName).join(', ');
  const message =
    words.length < 10
      ? 'Copy the words that customers agree to: without them there is no proof.'
      : `The words must name every way in which we write: ${ways} is missing.`;
  throw validationError([{ field: 'consent_words', message }]);
}
