import { isOpen } from '../../cadence/index.ts';
import { type CadenceStep, isMeantFor, type NoticeKey, type Playbook } from '../../tenants/index.ts';
import { MIN_GAP_MS, WINDOW_MS } from '../guard.ts';
import { reasonInWords } from '../ledger.ts';
import { askedTime } from './times.ts';
import { type Entry, isStep, type Problem, type Rehearsal, type Stage, type StepEntry } from './types.ts';

/*
 * The rules of a plan, looked at from outside: what the planner and the guard have decided is not taken for granted.
 */

/** The one notice that a rehearsal itself needs. */
const CONFIRMATION: NoticeKey = 'opt_out_confirmation';

/** What is wrong whoever the customer is: times that the hours never allow, texts that are not there. Pure. */
export function planProblems(stage: Pick<Stage, 'playbook' | 'settings'>): Problem[] {
  const { playbook, settings } = stage;
  const { start, end } = settings.sendHours;
  const times = playbook.cadence.steps.flatMap((step) => {
    const time = askedTime(step, playbook, settings);
    if (time === undefined || (time >= start && time < end)) return [];
    const message = `asks for ${time}, outside the send hours ${start}-${end}, so it always waits for the next opening`;
    return [problem(stage, 'outside_hours', step.key, message)];
  });
  return [...times, ...textProblems(playbook)];
}

function textProblems(playbook: Playbook): Problem[] {
  const { steps } = playbook.cadence;
  const others = new Set<string>([CONFIRMATION, ...playbook.templates.map(({ key }) => key)]);
  for (const step of steps) others.delete(step.template);
  const wanted = [
    ...steps.map((step) => ({ name: step.key, text: step.template })),
    ...[...others].map((text) => ({ name: text, text })),
  ];
  return wanted.flatMap(({ name, text }): Problem[] => {
    const there = new Set(playbook.templates.filter(({ key }) => key === text).map(({ language }) => language));
    const base = { step: name, reason: null };
    if (there.size === 0) {
      const where = `${playbook.key}/playbook.yaml templates.${text}`;
      const message = `has no text: there is no ${text} in any language`;
      return [{ ...base, rule: 'missing_template', language: null, where, message }];
    }
    return playbook.languages
      .filter((language) => !there.has(language))
      .map((language) => {
        const where = `${playbook.key}/templates/${language}.yaml templates.${text}`;
        const message = `has no text in this language; customers would read it in ${there.has('en') ? 'en' : [...there].join(' or ')}`;
        return { ...base, rule: 'missing_translation' as const, language, where, message };
      });
  });
}

/** What breaks a rule in one rehearsal. Pure. */
export function problemsOf(stage: Stage, rehearsal: Rehearsal): Problem[] {
  const steps = rehearsal.timeline.filter(isStep);
  if (rehearsal.failure !== null) {
    const message = `cannot be planned: ${rehearsal.failure}`;
    return textProblems(stage.playbook).some(({ rule }) => rule === 'missing_template')
      ? []
      : [problem(stage, 'no_plan', null, message)];
  }
  return [
    ...accounted(stage, rehearsal, steps),
    ...rehearsal.timeline.flatMap((entry) => fateProblems(stage, rehearsal, entry)),
    ...distances(stage, steps),
  ];
}

/** Each step that follows the lead's arrival, or the stage that was played, and is for this lead has exactly one fate. */
function accounted(stage: Stage, { after, answers }: Rehearsal, steps: readonly StepEntry[]): Problem[] {
  const wanted = stage.playbook.cadence.steps.filter(
    (step) => (step.after ?? null) === after && isMeantFor(step, answers),
  );
  return wanted.flatMap(({ key }) => {
    const times = steps.filter(({ step }) => step === key).length;
    return times === 1 ? [] : [problem(stage, 'lost', key, `is planned ${times} times instead of once`)];
  });
}

function fateProblems(stage: Stage, rehearsal: Rehearsal, entry: Entry): Problem[] {
  if (!('fate' in entry)) return [];
  const name = entry.kind === 'step' ? entry.step : entry.template;
  const { fate, language } = entry;
  switch (fate.kind) {
    case 'held':
    case 'skipped':
      return [notSent(stage, name, language, fate.reason)];
    case 'cancelled':
    case 'unplanned':
      return [];
    case 'sent': {
      if (entry.kind === 'notice') return [];
      const { place } = rehearsal.customer;
      return [
        ...(isOpen(entry.at, place, stage.settings.sendHours)
          ? []
          : [problem(stage, 'outside_hours', name, 'leaves at a time when nothing may leave there')]),
        ...(fate.channel === 'whatsapp' && !fate.template && !wroteBefore(rehearsal, entry.at)
          ? [problem(stage, 'window', name, 'leaves by WhatsApp as free text outside the 24-hour window')]
          : []),
      ];
    }
  }
}

function notSent(stage: Stage, name: string, language: string | null, reason: string): Problem {
  const message = `does not leave: ${reasonInWords(reason)}`;
  if (!reason.startsWith('cannot_be_written')) return { ...problem(stage, 'not_sent', name, message), reason };
  const key = stage.playbook.cadence.steps.find((step) => step.key === name)?.template ?? name;
  const where = `${stage.playbook.key}/templates/${language}.yaml templates.${key}`;
  return { rule: 'cannot_be_written', step: name, language, where, message, reason };
}

/** The customer's own message opens the window for a day. */
function wroteBefore({ timeline }: Rehearsal, at: Date): boolean {
  return timeline.some(
    (entry) =>
      (entry.kind === 'reply' || entry.kind === 'opt_out') &&
      entry.at <= at &&
      at.getTime() - entry.at.getTime() < WINDOW_MS,
  );
}

/** Steps leave in their order, and far enough from each other. */
function distances(stage: Stage, steps: readonly StepEntry[]): Problem[] {
  const order = inOrder(stage);
  const sent = steps.filter(({ fate }) => fate.kind === 'sent');
  return sent.flatMap((entry, index) => {
    const before = sent[index - 1];
    const found: Problem[] = [];
    if (before && order.indexOf(before.step) > order.indexOf(entry.step)) {
      found.push(problem(stage, 'order', entry.step, `leaves after ${before.step}, which is planned behind it`));
    }
    const near = before && entry.at.getTime() - before.at.getTime() < MIN_GAP_MS;
    if (near || entry.waited.includes('too_soon')) {
      const other = before ? `${before.step}` : 'the step before';
      const message = `is less than ${MIN_GAP_MS / 3_600_000} hours after ${other}, so it leaves later than planned`;
      found.push(problem(stage, 'too_close', entry.step, message));
    }
    return found;
  });
}

/** Keys in the order of the plan. */
function inOrder({ playbook, settings }: Stage): string[] {
  const time = (step: CadenceStep) => askedTime(step, playbook, settings) ?? '';
  return [...playbook.cadence.steps]
    .sort((a, b) => a.day - b.day || time(a).localeCompare(time(b)))
    .map(({ key }) => key);
}

function problem(stage: Pick<Stage, 'playbook'>, rule: Problem['rule'], step: string | null, message: string): Problem {
  const { playbook } = stage;
  const index = playbook.cadence.steps.findIndex(({ key }) => key === step);
  const place = index < 0 ? 'cadence' : `cadence.steps[${index}]`;
  return { rule, step, language: null, where: `${playbook.key}/playbook.yaml ${place}`, message, reason: null };
}
