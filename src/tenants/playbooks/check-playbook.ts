import { scoreFindings } from './check-score.ts';
import { asksAmount, excludeEachOther } from './condition.ts';
import type { Finding } from './finding.ts';
import { OPTIONAL_LINK } from './placeholders.ts';
import type { PlaybookFile } from './schema.ts';
import { textsOfStep } from './types.ts';

export type { Finding };

export const when = (wrong: boolean, path: string, message: string): Finding[] => (wrong ? [{ path, message }] : []);

/** Variables the product itself can fill, whatever the playbook asks for. */
const standing = ['name', 'salesperson', 'business', 'terms_link', 'opt_out_link', 'phone'];
/** An approved text of WhatsApp cannot leave out a line. */
const standingIn = (channels: readonly string[]) =>
  channels.includes('whatsapp') ? standing : [...standing, OPTIONAL_LINK];
/** What the notices of an appointment may say besides. */
const ofBooking = ['day', 'time', 'booking_link'];

/** What is wrong within `playbook.yaml` although each part has the right shape. */
export function playbookFindings(file: PlaybookFile): Finding[] {
  return [
    ...twice('languages', file.languages),
    ...when(!file.languages.includes('en'), 'languages', 'en must be among them: it is the last fallback'),
    ...fieldFindings(file),
    ...pipelineFindings(file),
    ...cadenceFindings(file),
    ...variableFindings(file),
    ...scoreFindings(file),
  ];
}

function twice(path: string, items: readonly string[]): Finding[] {
  const repeated = new Set(items.filter((item, index) => items.indexOf(item) !== index));
  return [...repeated].map((item) => ({ path, message: `${item} is there twice` }));
}

function fieldFindings({ fields, consentRequired, consentVersion }: PlaybookFile): Finding[] {
  const asked = new Set(fields.filter((field) => field.required).map((field) => field.type));
  const types = new Set(fields.map((field) => field.type));
  const path = 'fields';
  return [
    ...twice(
      path,
      fields.map((field) => field.key),
    ),
    ...when(!asked.has('name'), path, 'a required field of type name is needed'),
    ...twice(
      path,
      fields.flatMap((field) => ('means' in field && field.means !== undefined ? [field.means] : [])),
    ),
    ...when(!types.has('phone') && !types.has('email'), path, 'a phone or email is needed to reach the customer'),
    ...when(
      consentRequired && !asked.has('consent'),
      path,
      'consent is required, so a required field of type consent must ask for it',
    ),
    ...when(
      (consentRequired || types.has('consent')) && consentVersion === undefined,
      'consentVersion',
      'is needed, to be kept with each consent',
    ),
  ];
}

function pipelineFindings({ pipeline }: PlaybookFile): Finding[] {
  const known = Object.keys(pipeline.stages);
  const unknown = (path: string, key: string) =>
    when(!known.includes(key), path, `${key} is not a stage; stages are ${known.join(', ')}`);

  const reached = new Set([pipeline.start]);
  for (const key of reached) for (const next of pipeline.stages[key]?.moves ?? []) reached.add(next);

  return [
    ...unknown('pipeline.start', pipeline.start),
    ...(pipeline.onSent === undefined ? [] : unknown('pipeline.onSent', pipeline.onSent)),
    ...(pipeline.onReply === undefined ? [] : unknown('pipeline.onReply', pipeline.onReply)),
    ...(pipeline.qualified === undefined ? [] : unknown('pipeline.qualified', pipeline.qualified)),
    ...twice(
      'pipeline.stages',
      Object.values(pipeline.stages).flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome])),
    ),
    ...Object.entries(pipeline.stages).flatMap(([key, stage]) => {
      const path = `pipeline.stages.${key}`;
      return [
        ...stage.moves.flatMap((next) => unknown(`${path}.moves`, next)),
        ...when(stage.moves.includes(key), `${path}.moves`, 'a stage does not move to itself'),
        ...when(!reached.has(key), path, `cannot be reached from ${pipeline.start}`),
      ];
    }),
  ];
}

function cadenceFindings(file: PlaybookFile): Finding[] {
  const { cadence, templates } = file;
  const { steps, channels } = cadence;
  const due = (step: (typeof steps)[number]) =>
    `${String(step.day).padStart(3, '0')} ${step.at ?? (step.day === 0 ? '00:00' : cadence.at)}`;
  return [
    ...twice('cadence.channels', channels),
    ...twice(
      'cadence.steps',
      steps.map((step) => step.key),
    ),
    ...when(steps[0]?.after !== undefined, 'cadence.steps', 'the first one follows the arrival of a lead, not a stage'),
    ...when(
      steps[0]?.when !== undefined,
      'cadence.steps[0].when',
      'the first one is for every lead: it says who writes',
    ),
    ...steps.flatMap((step, index) => {
      const path = `cadence.steps[${index}]`;
      const before = steps
        .slice(0, index)
        .filter(({ after }) => after === step.after)
        // two that are for different leads may share their time
        .findLast((each) => due(each) > due(step) || (due(each) === due(step) && !excludeEachOther(each, step)));
      return [
        ...textsOfStep(step).flatMap((template) =>
          when(!Object.hasOwn(templates, template), `${path}.template`, `${template} is not a declared template`),
        ),
        ...when(before !== undefined, path, `is not later than ${before?.key}; steps go in order of time`),
        ...when(
          step.channel !== undefined && !channels.includes(step.channel),
          `${path}.channel`,
          `${step.channel} is not one of the cadence's channels: ${channels.join(', ')}`,
        ),
        ...variantFindings(step, path),
        ...conditionFindings(file, step, path),
        ...triggerFindings(file, step, path, steps[index - 1]),
      ];
    }),
  ];
}

type StepFile = PlaybookFile['cadence']['steps'][number];

function variantFindings({ template, variants = {} }: StepFile, path: string): Finding[] {
  const shares = Object.values(variants).reduce((sum, share) => sum + share, 0);
  return [
    ...when(shares >= 100, `${path}.variants`, `the shares come to ${shares} %; ${template} needs some as well`),
    ...when(Object.hasOwn(variants, template), `${path}.variants`, `${template} is the step's own text`),
  ];
}

/** A condition asks for what a lead can have answered: choices, and amounts of numbers. */
function conditionFindings({ fields }: PlaybookFile, step: StepFile, path: string): Finding[] {
  return Object.entries(step.when ?? {}).flatMap(([key, values]) => {
    const place = `${path}.when.${key}`;
    const field = fields.find((each) => each.key === key);
    if (!field) return [{ path: place, message: `${key} is not a field of the playbook` }];
    if (asksAmount(values)) {
      if (!('most' in field)) {
        return [
          { path: place, message: `${key} is of type ${field.type}; only a number or money is at least or at most` },
        ];
      }
      return when((values.atLeast ?? 0) > field.most, place, `${key} is never more than ${field.most}`);
    }
    if (field.type !== 'choice') {
      return [{ path: place, message: `${key} is of type ${field.type}; a condition names values of a choice` }];
    }
    const options = Object.keys(field.options);
    return [
      ...twice(place, values),
      ...values.flatMap((value) =>
        when(!options.includes(value), place, `${value} is not an option of ${key}; options are ${options.join(', ')}`),
      ),
    ];
  });
}

/** A stage that people move a lead to, and in which its way goes on. */
function triggerFindings({ pipeline }: PlaybookFile, step: StepFile, path: string, before?: StepFile): Finding[] {
  const { after } = step;
  if (after === undefined) {
    return when(before?.after !== undefined, path, 'stands behind steps of a stage; those of the arrival come first');
  }
  const stage = pipeline.stages[after];
  if (!stage) return [{ path: `${path}.after`, message: `${after} is not a stage` }];
  const itself = [pipeline.start, pipeline.onSent, pipeline.onReply].includes(after);
  return [
    ...when(
      itself,
      `${path}.after`,
      `leads come to ${after} by themselves; a sequence follows a stage that people choose`,
    ),
    ...when(
      stage.ends === 'converted' || stage.ends === 'closed',
      `${path}.after`,
      `${after} ends the follow-up for good: nothing follows it`,
    ),
    ...when(step.answers !== undefined, `${path}.answers`, 'only a step that follows the arrival answers an enquiry'),
  ];
}

function variableFindings({ templates, fields, cadence }: PlaybookFile): Finding[] {
  const fromFields = fields.filter((field) => field.type === 'text' && field.required).map((field) => field.key);
  const [opening] = cadence.steps;
  const first = opening ? textsOfStep(opening) : [];
  return Object.entries(templates).flatMap(([key, { variables }]) => {
    const path = `templates.${key}.variables`;
    const has = (variable: string) => variables.includes(variable);
    const known = [...standingIn(cadence.channels), ...fromFields, ...(key.startsWith('booking_') ? ofBooking : [])];
    return [
      ...twice(path, variables),
      ...variables.flatMap((variable) =>
        when(
          !known.includes(variable),
          path,
          `{${variable}} cannot always be filled; variables are ${known.join(', ')}`,
        ),
      ),
      ...when(!has('business'), path, '{business} is missing: a message says who writes'),
      ...when(
        first.includes(key) && !has('opt_out_link'),
        path,
        '{opt_out_link} is missing: the first message links to the opt-out page',
      ),
      ...when(
        key === 'opt_out_confirmation' && variables.some((variable) => variable !== 'business'),
        path,
        'a confirmation of an opt-out names the business and nothing else',
      ),
    ];
  });
}
