import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { KnownError, validationError } from '../../lib/errors.ts';
import { isId, type SettingChangeId } from '../../lib/ids.ts';
import { inTime } from '../../lib/in-time.ts';
import {
  type CadenceStep,
  type Playbook,
  type Playbooks,
  stepSchema,
  stepWords,
  tenantPlaybook,
  textsOfStep,
} from '../../tenants/index.ts';
import type { ActionPlace, Asked, Feature, FormValues, Modal } from '../feature.ts';
import { change, modal, show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, context, input, type ModalView, option, section } from '../views.ts';
import { ANSWER_MS } from './answer.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';

const CADENCE = 'settings_cadence';
const STEP = 'settings_step';
const ADD = 'settings_step_add';
const PLAYBOOK = 'settings_cadence_playbook';
const USUAL = 'usual';
const ARRIVAL = 'arrival';

/**
 * What the window carries: the version that somebody looked at and, once they have edited a step, the sketch with all steps as
 * they would be. Steps themselves are more than Slack carries for us.
 */
const carried = z.object({ playbook: z.string(), base: z.int(), sketch: z.string().optional() });
type Carried = z.infer<typeof carried>;
/** A step on top of the window of all steps. */
const onTop = carried.extend({ below: z.string(), key: z.string() });
type Edited = Carried & { steps: readonly CadenceStep[] };
const sketched = z.object({ steps: z.array(stepSchema) });

/** Opens the steps of a playbook's follow-up. */
export async function openCadence(
  deps: SettingsDeps,
  asked: Asked,
  place: ActionPlace | null,
  key?: string,
): Promise<void> {
  await show(asked, place, cadenceView(deps.playbooks, await standing(deps, asked, key)));
}

async function standing(deps: SettingsDeps, asked: Asked, key?: string): Promise<Edited> {
  const { settings, version } = await deps.changes.current(asked.tenant.id);
  const playbook = key === undefined || key === '' ? deps.playbooks.standard : deps.playbooks.get(key);
  if (!playbook) throw new Error('there is no playbook');
  const { steps } = tenantPlaybook(playbook, settings).cadence;
  return { playbook: playbook.key, base: version, steps: [...steps] };
}

function cadenceView(playbooks: Playbooks, state: Edited): ModalView {
  const playbook = playbooks.get(state.playbook);
  const options = playbooks.all.map(({ key, name }) => option(name, key));
  const initial = options.find(({ value }) => value === state.playbook);
  return modal({
    id: CADENCE,
    title: 'Follow-up steps',
    submit: 'Look at the change',
    close: 'Cancel',
    metadata: JSON.stringify(carried.parse(state)),
    blocks: [
      ...(options.length > 1
        ? [
            {
              type: 'actions',
              elements: [
                { type: 'static_select', action_id: PLAYBOOK, options, ...(initial && { initial_option: initial }) },
              ],
            },
          ]
        : [section(`*${escapeMarkup(playbook.name)}*`)]),
      ...state.steps.map((each) =>
        section(escapeMarkup(stepWords(each)), button({ text: 'Edit', actionId: STEP, value: each.key })),
      ),
      ...buttons({ text: 'Add a step', actionId: ADD }),
      context(
        `Days count from the day the lead is logged, times are the customer's. Without a time a step leaves at ${playbook.cadence.at}; day 0 leaves at once. Steps after a stage count from the day somebody moves the lead there.`,
      ),
    ],
  });
}

function stepView(playbook: Playbook, state: Edited, below: string, old: CadenceStep | undefined): ModalView {
  const texts = [...new Set(playbook.templates.map(({ key }) => key))].filter((key) => isOfCadence(playbook, key));
  const templates = texts.map((key) => option(key, key));
  const channels = [
    option('As usual', USUAL),
    ...playbook.cadence.channels.map((channel) => option(`${CHANNELS[channel]} first`, channel)),
  ];
  const template = templates.find(({ value }) => value === old?.template) ?? templates[0];
  const channel = channels.find(({ value }) => value === (old?.channel ?? USUAL));
  return modal({
    id: STEP,
    title: old ? `Day ${old.day}` : 'A new step',
    submit: 'Done',
    close: 'Back',
    metadata: JSON.stringify({ ...carried.parse(state), below, key: old?.key ?? '' }),
    blocks: [
      input(
        'day',
        'Day',
        { type: 'plain_text_input', ...(old && { initial_value: String(old.day) }) },
        {
          hint: 'Days after the lead was logged: 0 to 365.',
        },
      ),
      input(
        'at',
        'Time',
        { type: 'plain_text_input', ...(old?.at && { initial_value: old.at }) },
        {
          optional: true,
          hint: `Like 18:30. Left empty: ${playbook.cadence.at}, and at once on day 0.`,
        },
      ),
      input(
        'template',
        'Text',
        { type: 'static_select', options: templates, ...(template && { initial_option: template }) },
        {
          hint: 'Other words: /rescue texts.',
        },
      ),
      input('channel', 'Channel', {
        type: 'static_select',
        options: channels,
        ...(channel && { initial_option: channel }),
      }),
      ...triggerInputs(playbook, old),
      ...(old
        ? [
            input(
              'remove',
              'Remove',
              { type: 'checkboxes', options: [option('Take this step out', 'yes')] },
              { optional: true },
            ),
          ]
        : []),
    ],
  });
}

/** What a step follows, and for which leads it is; where the playbook has stages or scores for that. */
function triggerInputs({ pipeline, score }: Playbook, old: CadenceStep | undefined): object[] {
  const itself = [pipeline.start, pipeline.onSent, pipeline.onReply];
  const stages = pipeline.stages
    .filter(({ key, ends }) => !itself.includes(key) && (ends === undefined || ends === 'replied'))
    .map(({ key, label }) => option(`After: ${label}`, key));
  const triggers = [option('After the lead came', ARRIVAL), ...stages];
  const trigger = triggers.find(({ value }) => value === (old?.after ?? ARRIVAL));
  const bands = (score?.bands ?? []).map(({ key, from }) => option(`${key} (from ${from})`, key));
  const chosen = bands.filter(({ value }) => old?.bands?.includes(value));
  return [
    ...(stages.length > 0
      ? [
          input('after', 'What it follows', {
            type: 'static_select',
            options: triggers,
            ...(trigger && { initial_option: trigger }),
          }),
        ]
      : []),
    ...(bands.length > 0
      ? [
          input(
            'bands',
            'Only for scores',
            { type: 'checkboxes', options: bands, ...(chosen.length > 0 && { initial_options: chosen }) },
            { optional: true, hint: 'None ticked: for every lead.' },
          ),
        ]
      : []),
  ];
}

const CHANNELS = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'E-mail' } as const;

/** Texts that are not notices of the product: those that steps use, and the tenant's own. */
const isOfCadence = (playbook: Playbook, key: string): boolean =>
  playbook.cadence.steps.some((step) => textsOfStep(step).includes(key)) ||
  playbook.source.file.cadence.steps.some((step) => textsOfStep(step).includes(key)) ||
  !Object.hasOwn(playbook.source.file.templates, key);

/** What follows the arrival comes first, then each stage by itself, in order of time. */
const placeOf = ({ day, at, after }: CadenceStep, usual: string) =>
  `${after ?? ''}/${String(day).padStart(3, '0')} ${at ?? (day === 0 ? '' : usual)}`;

/** What was entered for a step; null when it was taken out. */
function readStep(values: FormValues, key: string, old: CadenceStep | undefined): CadenceStep | null {
  if (values.checked('remove').length > 0) return null;
  const day = values.text('day').trim();
  const [, hour = '', minute = '00'] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(values.text('at').trim()) ?? [];
  const empty = values.text('at').trim() === '';
  const good = hour !== '' && Number(hour) < 24 && Number(minute) < 60;
  const problems = [
    ...(/^\d{1,3}$/.test(day) && Number(day) <= 365
      ? []
      : [{ field: 'day', message: 'Write a number from 0 to 365.' }]),
    ...(empty || good ? [] : [{ field: 'at', message: 'Write a time like 18:30.' }]),
  ];
  if (problems.length > 0) throw validationError(problems);
  const channel = values.choice('channel');
  const template = values.choice('template');
  const after = values.choice('after');
  const bands = values.checked('bands');
  const { answers, byBand, variants, when } = old ?? {};
  return {
    key,
    // what this window does not show stays; wordings are compared with the text that the step had
    ...(answers && { answers }),
    ...(byBand && { byBand }),
    ...(when && { when }),
    ...(variants && template === old?.template && { variants }),
    ...(after !== '' && after !== ARRIVAL && { after }),
    ...(bands.length > 0 && { bands }),
    day: Number(day),
    ...(!empty && { at: `${hour.padStart(2, '0')}:${minute}` }),
    template,
    ...((channel === 'whatsapp' || channel === 'sms' || channel === 'email') && { channel }),
  };
}

/** A name that this follow-up never had: whoever got the old step would else not get the new one. */
export function freshKey(day: number, used: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const key = n === 1 ? `day_${day}` : `day_${day}_${n}`;
    if (!used.has(key)) return key;
  }
}

export function cadenceFeature(deps: SettingsDeps): Feature {
  const { changes, playbooks } = deps;

  /** The steps that a window shows. */
  async function editedIn(asked: Asked, { playbook: key, base, sketch }: Carried): Promise<Edited> {
    if (sketch === undefined) {
      const { settings, version } = await changes.current(asked.tenant.id);
      const seen = version === base ? settings : await deps.tenants.at(asked.tenant.id, base);
      return { playbook: key, base, steps: tenantPlaybook(playbooks.get(key), seen).cadence.steps };
    }
    if (!isId(sketch)) throw new KnownError('not_found', 'a window without a sketch', 'Open the steps again.');
    const [kept] = await changes.sketched(asked.staff, sketch as SettingChangeId);
    return { playbook: key, base, sketch, ...sketched.parse(kept?.after) };
  }

  async function openStep(asked: Asked, place: ActionPlace, key: string): Promise<void> {
    const state = await editedIn(asked, carried.parse(JSON.parse(place.metadata)));
    const { settings } = await changes.current(asked.tenant.id);
    const playbook = tenantPlaybook(playbooks.get(state.playbook), settings);
    const old = state.steps.find((each) => each.key === key);
    if (key !== '' && !old) throw new KnownError('not_found', 'no such step', 'That step is not there any more.');
    await show(asked, place, stepView(playbook, state, place.viewId ?? '', old));
  }

  const stepModal: Modal = {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { below, key, ...window } = onTop.parse(JSON.parse(metadata));
      const state = await editedIn(asked, window);
      const old = state.steps.find((each) => each.key === key);
      const read = readStep(values, key, old);
      const others = state.steps.filter((each) => each.key !== key);
      const next = read && key === '' ? { ...read, key: await newKey(asked, state, read.day) } : read;
      const { at: usual } = playbooks.get(state.playbook).cadence;
      const steps = [...others, ...(next ? [next] : [])].sort((a, b) =>
        placeOf(a, usual) < placeOf(b, usual) ? -1 : 1,
      );
      if (steps.length === 0) throw validationError([{ field: 'day', message: 'One step has to stay.' }]);
      const sketch = await changes.sketch(asked.staff, [{ path: `cadences/${state.playbook}`, after: { steps } }]);
      // before this window closes: whoever looks at the change next looks at what the one below carries
      await inTime(change(asked, below, cadenceView(playbooks, { ...state, sketch, steps })), ANSWER_MS, () =>
        validationError([{ field: 'day', message: 'Slack is slow just now. Press Done again.' }]),
      );
      return { kind: 'close' };
    },
  };

  async function newKey(asked: Asked, { playbook, steps }: Edited, day: number): Promise<string> {
    const used = await changes.usedStepKeys(asked.tenant.id, playbook);
    const standard = playbooks.get(playbook).source.file.cadence.steps;
    return freshKey(day, new Set([...used, ...[...standard, ...steps].map(({ key }) => key)]));
  }

  const allSteps: Modal = {
    permission: 'settings.change',
    async submit(asked, _values, metadata) {
      const { playbook: key, base, steps } = await editedIn(asked, carried.parse(JSON.parse(metadata)));
      const standard = playbooks.get(key).source.file.cadence.steps;
      const same = isDeepStrictEqual(steps, standard);
      const draft = await changes.draft(asked.staff, {
        base,
        patch: ({ cadences: { [key]: _old, ...others } }) => ({
          cadences: same ? others : { ...others, [key]: { steps: [...steps] } },
        }),
      });
      if (draft.changes.length === 0) {
        throw new KnownError('validation_error', 'no change', 'Nothing is different from how it is now.');
      }
      return toConfirm(confirmView(deps, draft), draft, '');
    },
  };

  return {
    commands: [
      {
        name: '/rescue cadence',
        summary: 'The steps of the follow-up: add, move, take out, other times, channels and texts.',
        usage: '[playbook]',
        permission: 'settings.change',
        async run(asked, text) {
          await openCadence(deps, asked, null, text.toLowerCase());
          return undefined;
        },
      },
    ],
    actions: {
      [STEP]: { permission: 'settings.change', run: (asked, key, place) => openStep(asked, place, key) },
      [ADD]: { permission: 'settings.change', run: (asked, _value, place) => openStep(asked, place, '') },
      [PLAYBOOK]: {
        permission: 'settings.change',
        async run(asked, key, place) {
          if (place.viewId) await change(asked, place.viewId, cadenceView(playbooks, await standing(deps, asked, key)));
        },
      },
    },
    modals: { [CADENCE]: allSteps, [STEP]: stepModal },
  };
}
