import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { KnownError, validationError } from '../../lib/errors.ts';
import { isId, type SettingChangeId } from '../../lib/ids.ts';
import { inTime } from '../../lib/in-time.ts';
import { type CadenceStep, type Playbooks, stepSchema, stepWords, tenantPlaybook } from '../../tenants/index.ts';
import type { ActionPlace, Asked, Feature, Modal } from '../feature.ts';
import { change, modal, show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, context, type ModalView, option, section } from '../views.ts';
import { ANSWER_MS } from './answer.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { answerInput, readStep, STEP, stepView } from './step-form.ts';

const CADENCE = 'settings_cadence';
const ADD = 'settings_step_add';
const PLAYBOOK = 'settings_cadence_playbook';
const FOR_EVERY_LEAD = 'The first step is for every lead: it says who writes. Tick none, or give it a later day.';

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

/** What follows the arrival comes first, then each stage by itself, in order of time. */
const placeOf = ({ day, at, after }: CadenceStep, usual: string) =>
  `${after ?? ''}/${String(day).padStart(3, '0')} ${at ?? (day === 0 ? '' : usual)}`;

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
    await show(asked, place, stepView(playbook, old, { ...carried.parse(state), below: place.viewId ?? '' }));
  }

  const stepModal: Modal = {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { below, key, ...window } = onTop.parse(JSON.parse(metadata));
      const state = await editedIn(asked, window);
      const old = state.steps.find((each) => each.key === key);
      const read = readStep(playbooks.get(state.playbook), values, key, old);
      const others = state.steps.filter((each) => each.key !== key);
      const next = read && key === '' ? { ...read, key: await newKey(asked, state, read.day) } : read;
      const { at: usual } = playbooks.get(state.playbook).cadence;
      const steps = [...others, ...(next ? [next] : [])].sort((a, b) =>
        placeOf(a, usual) < placeOf(b, usual) ? -1 : 1,
      );
      if (steps.length === 0) throw validationError([{ field: 'day', message: 'One step has to stay.' }]);
      const [condition] = Object.entries((next === steps[0] && next?.when) || {});
      if (condition) throw validationError([{ field: answerInput(...condition), message: FOR_EVERY_LEAD }]);
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
