import { amountOf } from '../../lib/amounts.ts';
import { validationError } from '../../lib/errors.ts';
import {
  type Amounts,
  asksAmount,
  type CadenceStep,
  type Condition,
  type Field,
  type Playbook,
  textsOfStep,
} from '../../tenants/index.ts';
import type { FormValues } from '../feature.ts';
import { modal } from '../lead/modals.ts';
import { input, type ModalView, option } from '../views.ts';

/* The window of one step: when, in what text, and for which leads. */

export const STEP = 'settings_step';
const USUAL = 'usual';
const ARRIVAL = 'arrival';
/** Most boxes that Slack shows in one input. */
const MOST_BOXES = 10;

/** The window; `metadata` is what it carries. */
export function stepView(playbook: Playbook, old: CadenceStep | undefined, metadata: object): ModalView {
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
    metadata: JSON.stringify({ ...metadata, key: old?.key ?? '' }),
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
      ...answerInputs(playbook, old),
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

/** The input of a field by whose answers a step is for some leads only; of an amount, that of its first bound. */
export const answerInput = (field: string, asked: Condition) =>
  asksAmount(asked) ? boundInput(field, asked.atLeast === undefined ? 'atMost' : 'atLeast') : choiceInput(field);
const choiceInput = (field: string) => `when_${field}`;
/** A field's key holds no point. */
const boundInput = (field: string, bound: Bound) => `when_${field}.${bound}`;

type Bound = keyof Amounts;
const BOUNDS: Readonly<Record<Bound, string>> = { atLeast: 'at least', atMost: 'at most' };
const NOT_ANSWERED = 'Else who has not answered does not get this step.';

/** For whose answers a step is: boxes for each field that has answers to choose from, two bounds for each amount. */
function answerInputs(playbook: Playbook, old: CadenceStep | undefined): object[] {
  return playbook.fields.flatMap((field) => {
    const asked = old?.when?.[field.key];
    if (field.type === 'choice') return [choiceInputOf(field, asked && !asksAmount(asked) ? asked : [])];
    return isAmount(field) ? boundInputsOf(field, asked && asksAmount(asked) ? asked : {}) : [];
  });
}

const isAmount = ({ type }: Field) => type === 'number' || type === 'money';

function choiceInputOf({ key, label, options: labels = {} }: Field, ticked: readonly string[]): object {
  const options = Object.entries(labels).map(([value, text]) => option(text, value));
  const chosen = options.filter(({ value }) => ticked.includes(value));
  const type = options.length > MOST_BOXES ? 'multi_static_select' : 'checkboxes';
  return input(
    choiceInput(key),
    `Only for ${label}`,
    { type, options, ...(chosen.length > 0 && { initial_options: chosen }) },
    { optional: true, hint: `None ticked: for every lead. ${NOT_ANSWERED}` },
  );
}

const boundInputsOf = ({ key, label }: Field, asked: Amounts): object[] =>
  (['atLeast', 'atMost'] as const).map((bound) => {
    const amount = asked[bound];
    return input(
      boundInput(key, bound),
      `Only for ${label}: ${BOUNDS[bound]}`,
      { type: 'plain_text_input', ...(amount !== undefined && { initial_value: String(amount) }) },
      { optional: true, ...(bound === 'atMost' && { hint: `Both left empty: for every lead. ${NOT_ANSWERED}` }) },
    );
  });

/** What was entered for answers, by field. Throws a validation error at what is no amount. */
function readAnswers({ fields }: Playbook, values: FormValues): Record<string, Condition> {
  const read = fields.map((field): [string, Condition | undefined] => {
    if (field.type === 'choice') {
      const ticked = values.checked(choiceInput(field.key));
      const wanted = Object.keys(field.options ?? {}).filter((value) => ticked.includes(value));
      return [field.key, wanted.length > 0 ? wanted : undefined];
    }
    return [field.key, isAmount(field) ? readBounds(field, values) : undefined];
  });
  return Object.fromEntries(read.flatMap(([key, asked]) => (asked === undefined ? [] : [[key, asked]])));
}

function readBounds({ key, most = Number.POSITIVE_INFINITY }: Field, values: FormValues): Amounts | undefined {
  const at = (bound: Bound) => {
    const text = values.text(boundInput(key, bound)).trim();
    const amount = amountOf(text);
    if (text === '' || (amount !== undefined && amount <= most)) return amount;
    const message = amount === undefined ? 'Write an amount, for example 5000.' : `At most ${most}.`;
    throw validationError([{ field: boundInput(key, bound), message }]);
  };
  const [atLeast, atMost] = [at('atLeast'), at('atMost')];
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
    throw validationError([
      { field: boundInput(key, 'atMost'), message: `Less than ${atLeast}: nobody gets this step.` },
    ]);
  }
  if (atLeast === undefined && atMost === undefined) return undefined;
  return { ...(atLeast !== undefined && { atLeast }), ...(atMost !== undefined && { atMost }) };
}

const CHANNELS = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'E-mail' } as const;

/** Texts that are not notices of the product: those that steps use, and the tenant's own. */
const isOfCadence = (playbook: Playbook, key: string): boolean =>
  playbook.cadence.steps.some((step) => textsOfStep(step).includes(key)) ||
  playbook.source.file.cadence.steps.some((step) => textsOfStep(step).includes(key)) ||
  !Object.hasOwn(playbook.source.file.templates, key);

/** What was entered for a step; null when it was taken out. */
export function readStep(
  playbook: Playbook,
  values: FormValues,
  key: string,
  old: CadenceStep | undefined,
): CadenceStep | null {
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
  const when = readAnswers(playbook, values);
  const { answers, byBand, variants } = old ?? {};
  return {
    key,
    // what this window does not show stays; wordings are compared with the text that the step had
    ...(answers && { answers }),
    ...(byBand && { byBand }),
    ...(variants && template === old?.template && { variants }),
    ...(after !== '' && after !== ARRIVAL && { after }),
    ...(bands.length > 0 && { bands }),
    ...(Object.keys(when).length > 0 && { when }),
    day: Number(day),
    ...(!empty && { at: `${hour.padStart(2, '0')}:${minute}` }),
    template,
    ...((channel === 'whatsapp' || channel === 'sms' || channel === 'email') && { channel }),
  };
}
