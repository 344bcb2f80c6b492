import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { trialOf, wordingsOf } from '../../cadence/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import { readTrial } from '../../reports/index.ts';
import { type CadenceStep, languageName, type Playbook, type Settings, tenantPlaybook } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { ActionPlace, Answer, Asked, Feature, FormValues, Modal } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { clip, escapeMarkup } from '../text.ts';
import { buttons, context, input, type ModalView, option, plain, section } from '../views.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { atLanguages } from './texts.ts';
import { letter, trialSpan, verdictLines, type Wording, wordingLines } from './trial-words.ts';

/*
 * `/rescue trials`: two or more wordings of a step at the same time, what came of each, and the one that a person chooses.
 * Beginning and ending a trial are changes of the steps like any other: with a diff, approval where asked, and undo.
 */

const TRY = 'settings_trial_try';
const CHOOSE = 'settings_trial_choose';
const FORM = 'settings_trial';
/** Texts and steps that a menu of Slack holds. */
const MOST = 100;
/** Batches of events that are counted before numbers are shown. */
const FRESHEN = 2;
/** Wordings of one step that have a button. */
const CHOICES = 5;
const SHARES = [50, 30, 20, 10];

const carried = z.object({ playbook: z.string(), step: z.string(), base: z.int() });

const dayOf = ({ day, after }: CadenceStep): string =>
  after === undefined ? `day ${day}` : `day ${day} after ${after.replaceAll('_', ' ')}`;

/** A step as a menu names it: with its text where others are of the same day. */
function nameOf({ name, cadence }: Playbook, step: CadenceStep): string {
  const alone = cadence.steps.filter((each) => dayOf(each) === dayOf(step)).length === 1;
  return `${name}, ${dayOf(step)}${alone ? '' : `: ${step.template}`}`;
}

/** The steps of a playbook in settings; those that are as they came are left out, so that they stay so. */
function withSteps(playbook: Playbook, settings: Settings, steps: readonly CadenceStep[]): Pick<Settings, 'cadences'> {
  const { [playbook.key]: _, ...others } = settings.cadences;
  if (isDeepStrictEqual(steps, playbook.source.file.cadence.steps)) return { cadences: others };
  return { cadences: { ...others, [playbook.key]: { steps: [...steps] } } };
}

function stepIn(playbook: Playbook, key: string): CadenceStep {
  const step = playbook.cadence.steps.find((each) => each.key === key);
  if (step) return step;
  throw new KnownError('not_found', 'no such step', 'That step is not there any more.');
}

/** What is compared now, and what has come of it. */
async function trialsAnswer(deps: SettingsDeps, asked: Asked): Promise<Answer> {
  await deps.counting.keepUp(FRESHEN).catch((error) => asked.log.warn({ err: error }, 'trials are shown as they are'));
  const { settings } = await deps.changes.current(asked.tenant.id);
  const playbooks = deps.playbooks.all.map((playbook) => tenantPlaybook(playbook, settings));
  const steps = playbooks.flatMap((playbook) => playbook.cadence.steps.map((step) => ({ playbook, step })));
  const trials = await deps.db.inTenant(asked.tenant.id, async (tx) => {
    const found: { playbook: Playbook; step: CadenceStep; wordings: Wording[] }[] = [];
    for (const { playbook, step } of steps) {
      const trial = trialOf(playbook, step);
      if (trial === undefined) continue;
      const counts = await readTrial(tx, trial);
      const wordings = (wordingsOf(step) ?? []).map((wording) => ({
        ...wording,
        count: counts.find(({ template }) => template === wording.template),
      }));
      found.push({ playbook, step, wordings });
    }
    return found;
  });
  const times = timesOf(asked, deps.clock.now());
  const day = (date: string) => times.day(new Date(`${date}T12:00:00Z`));
  const parts = trials.map(({ playbook, step, wordings }) => {
    const span = trialSpan(wordings, day);
    const title = `${playbook.name}, ${dayOf(step)}`;
    const head = `*${escapeMarkup(title)}*${span === '' ? '' : ` · ${span}`}`;
    const paragraphs = [head, ...wordingLines(wordings), verdictLines(wordings).join('\n')];
    const choices = wordings.slice(0, CHOICES).map(({ template }, index) => ({
      text: clip(`Use ${letter(index)}: ${template}`, 75),
      actionId: `${CHOOSE}_${index}`,
      value: `${playbook.key}/${step.key}/${template}`,
    }));
    return { text: paragraphs.join('\n\n'), choices };
  });
  const intro =
    parts.length > 0
      ? 'Wordings that are compared. Everybody is given one by chance and keeps it; changing a wording or a share begins anew.'
      : 'No wordings are compared. Choose a step, write another wording, and part of the people get that one.';
  const free = steps.filter(({ step }) => step.variants === undefined);
  const options = free
    .slice(0, MOST)
    .map(({ playbook, step }) => option(clip(nameOf(playbook, step), 75), `${playbook.key}/${step.key}`));
  return {
    text: [intro, ...parts.map(({ text }) => text)].join('\n\n'),
    blocks: [
      section(intro),
      ...parts.flatMap(({ text, choices }) => [section(text), ...buttons(...choices)]),
      ...(options.length > 0
        ? [
            {
              type: 'actions',
              elements: [
                {
                  type: 'static_select',
                  action_id: TRY,
                  placeholder: plain('Try another wording of …', 150),
                  options,
                },
              ],
            },
          ]
        : []),
    ],
  };
}

/** Texts that may be tried against a step's: none that it has, and no notice of the product. */
function otherTexts(playbook: Playbook, step: CadenceStep): string[] {
  const ofSteps = new Set(playbook.cadence.steps.map(({ template }) => template));
  const keys = [...new Set(playbook.templates.map(({ key }) => key))];
  return keys.filter(
    (key) => key !== step.template && (ofSteps.has(key) || !Object.hasOwn(playbook.source.file.templates, key)),
  );
}

function tryView(asked: Asked, playbook: Playbook, step: CadenceStep, base: number): ModalView {
  const rank = (language: string) => (language === asked.tenant.language ? 0 : 1);
  const languages = [...playbook.languages].sort((a, b) => rank(a) - rank(b));
  const shares = SHARES.map((share) => option(`${share} % of people`, String(share)));
  const others = otherTexts(playbook, step).slice(0, MOST);
  return modal({
    id: FORM,
    title: 'Try another wording',
    submit: 'Look at the change',
    close: 'Cancel',
    metadata: JSON.stringify({ playbook: playbook.key, step: step.key, base } satisfies z.infer<typeof carried>),
    blocks: [
      section(`*${escapeMarkup(`${playbook.name}, ${dayOf(step)}`)}*: now \`${step.template}\``),
      input('share', 'Who gets the other wording', {
        type: 'static_select',
        options: shares,
        ...(shares[0] && { initial_option: shares[0] }),
      }),
      ...(others.length > 0
        ? [
            input(
              'existing',
              'A text that you have',
              { type: 'static_select', options: others.map((key) => option(key, key)) },
              { optional: true, hint: 'Left empty: the words below, as a new text.' },
            ),
          ]
        : []),
      context('Change the words where they are to differ. Say who writes and how to opt out, as before.'),
      ...languages.map((language) =>
        input(
          `text_${language}`,
          languageName(language),
          {
            type: 'plain_text_input',
            multiline: true,
            max_length: 1600,
            initial_value: playbook.template(step.template, language).body,
          },
          { optional: true },
        ),
      ),
    ],
  });
}

/** A name that no text of the playbook has: `thanks_b`, `thanks_c` … */
function freshText(playbook: Playbook, template: string): string {
  const taken = new Set(playbook.templates.map(({ key }) => key));
  for (let n = 0; ; n++) {
    const tail = n < 25 ? `_${String.fromCharCode(98 + n)}` : `_${n}`;
    const key = `${template.slice(0, 40 - tail.length)}${tail}`;
    if (!taken.has(key)) return key;
  }
}

/** The words entered for every language; a language left empty keeps those it has. Throws where all are as they were. */
function otherWords(values: FormValues, playbook: Playbook, template: string): Record<string, string> {
  const words = playbook.languages.map((language) => {
    const now = playbook.template(template, language).body;
    const text = values.text(`text_${language}`).replaceAll('\r\n', '\n').trim().normalize('NFC');
    return { language, now, text: text === '' ? now : text };
  });
  if (words.every(({ now, text }) => now === text)) {
    const field = `text_${playbook.languages[0]}`;
    throw validationError([{ field, message: 'These are the words as they are. Write them differently.' }]);
  }
  return Object.fromEntries(words.map(({ language, text }) => [language, text]));
}

export function trialsFeature(deps: SettingsDeps): Feature {
  const { changes, playbooks } = deps;

  async function openTry(asked: Asked, place: ActionPlace, value: string): Promise<void> {
    const [name = '', key = ''] = value.split('/');
    const { settings, version } = await changes.current(asked.tenant.id);
    const playbook = tenantPlaybook(playbooks.get(name), settings);
    await show(asked, place, tryView(asked, playbook, stepIn(playbook, key), version));
  }

  /** The chosen wording becomes the step's own, and the others are not given to anybody any more. */
  async function choose(asked: Asked, place: ActionPlace, value: string): Promise<void> {
    const [name = '', key = '', template = ''] = value.split('/');
    const draft = await changes.draft(asked.staff, {
      patch: (seen) => {
        const playbook = tenantPlaybook(playbooks.get(name), seen);
        const { variants, ...step } = stepIn(playbook, key);
        if (variants === undefined || (template !== step.template && !Object.hasOwn(variants, template))) {
          throw new KnownError('conflict', 'no such trial', 'These wordings are not compared any more.');
        }
        const steps = playbook.cadence.steps.map((each) => (each.key === key ? { ...step, template } : each));
        return withSteps(playbook, seen, steps);
      },
    });
    await show(asked, place, confirmView(deps, draft));
  }

  const form: Modal = {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { playbook: name, step: key, base } = carried.parse(JSON.parse(metadata));
      const { settings } = await changes.current(asked.tenant.id);
      const playbook = tenantPlaybook(playbooks.get(name), settings);
      const step = stepIn(playbook, key);
      const existing = values.choice('existing');
      const text = existing === '' ? freshText(playbook, step.template) : existing;
      const words = existing === '' ? otherWords(values, playbook, step.template) : undefined;
      const variants = { [text]: Number(values.choice('share')) };
      const draft = await changes
        .draft(asked.staff, {
          base,
          patch: (seen) => ({
            ...withSteps(
              playbook,
              seen,
              playbook.cadence.steps.map((each) => (each.key === key ? { ...each, variants } : each)),
            ),
            ...(words && {
              templates: { ...seen.templates, [name]: { ...seen.templates[name], [text]: words } },
            }),
          }),
        })
        .catch((error: unknown) => {
          throw atLanguages(error, `templates.${name}.${text}`);
        });
      return toConfirm(confirmView(deps, draft), draft, 'share');
    },
  };

  return {
    commands: [
      {
        name: '/rescue trials',
        summary: 'Two wordings of a step at the same time: what came of each, and which one to keep.',
        permission: 'settings.see',
        run: (asked) => trialsAnswer(deps, asked),
      },
    ],
    actions: {
      [TRY]: { permission: 'settings.change', run: (asked, value, place) => openTry(asked, place, value) },
      ...Object.fromEntries(
        Array.from({ length: CHOICES }, (_, index) => [
          `${CHOOSE}_${index}`,
          {
            permission: 'settings.change' as const,
            run: (asked: Asked, value: string, place: ActionPlace) => choose(asked, place, value),
          },
        ]),
      ),
    },
    modals: { [FORM]: form },
  };
}
