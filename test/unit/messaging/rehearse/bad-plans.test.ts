import { describe, expect, test } from '@jest/globals';
import {
  type Entry,
  planProblems,
  problemsOf,
  rehearse,
  type Stage,
  type StepEntry,
  survey,
} from '../../../../src/messaging/rehearse/index.ts';
import type { Playbook, Template } from '../../../../src/tenants/index.ts';
import { stageIn, withSteps } from '../../../support/rehearsal.ts';

const ZONE = 'Europe/Stockholm';
const START = new Date('2026-11-24T10:42:00+01:00');
const shipped = withSteps(stageIn(ZONE).playbook.cadence.steps);

/** The shipped playbook with other texts. */
function withTexts(change: (templates: readonly Template[]) => Template[]): Playbook {
  const templates = change(shipped.templates);
  return {
    ...shipped,
    templates,
    template(key, language, tenantLanguage) {
      const found = [language, tenantLanguage, 'en'].flatMap(
        (wanted) => templates.find((each) => each.key === key && each.language === wanted) ?? [],
      )[0];
      return found ?? shipped.template(`${key}?`, language);
    },
  };
}

const scriptOf = (language = 'sv') => ({ zone: ZONE, language, start: START });

async function surveyed(stage: Stage) {
  const script = scriptOf();
  const rehearsal = await rehearse(stage, script);
  return survey({ stage, script, rehearsal }, [ZONE], () => stage);
}

describe('a bad plan is refused in words', () => {
  test('a step at a time that the hours never allow', () => {
    const playbook = withSteps([
      { key: 'day_0', day: 0, template: 'drive_thanks' },
      { key: 'day_2', day: 2, at: '21:30', template: 'drive_follow_up_1' },
    ]);
    expect(planProblems(stageIn(ZONE, { playbook }))).toEqual([
      {
        rule: 'outside_hours',
        step: 'day_2',
        language: null,
        where: 'test-drive/playbook.yaml cadence.steps[1]',
        message: 'asks for 21:30, outside the send hours 09:00-20:00, so it always waits for the next opening',
        reason: null,
      },
    ]);
    expect(planProblems(stageIn(ZONE, { playbook, hours: { start: '09:00', end: '22:00' } }))).toEqual([]);
  });

  test('a text that is missing in one language: who would read what instead', () => {
    const playbook = withTexts((all) =>
      all.filter(({ key, language }) => !(key === 'drive_follow_up_1' && language === 'hi')),
    );
    expect(planProblems(stageIn(ZONE, { playbook }))).toEqual([
      expect.objectContaining({
        rule: 'missing_translation',
        step: 'day_2',
        language: 'hi',
        where: 'test-drive/templates/hi.yaml templates.drive_follow_up_1',
        message: 'has no text in this language; customers would read it in en',
      }),
    ]);
  });

  test('a text that is missing in every language: nothing can be planned, and it is told once', async () => {
    const playbook = withTexts((all) => all.filter(({ key }) => key !== 'drive_follow_up_2'));
    const stage = stageIn(ZONE, { playbook });
    const rehearsal = await rehearse(stage, scriptOf());
    expect(rehearsal.failure).toContain('has no text called drive_follow_up_2');
    expect(rehearsal.timeline.map((entry) => 'fate' in entry && entry.fate.kind)).toEqual(Array(4).fill('unplanned'));
    const { findings } = await surveyed(stage);
    expect(findings.map(({ rule, step, message }) => [rule, step, message])).toEqual([
      ['missing_template', 'day_7', 'has no text: there is no drive_follow_up_2 in any language'],
    ]);
  });

  test('a notice that is missing', () => {
    const playbook = withTexts((all) => all.filter(({ key }) => key !== 'opt_out_confirmation'));
    expect(planProblems(stageIn(ZONE, { playbook })).map(({ rule, step }) => [rule, step])).toEqual([
      ['missing_template', 'opt_out_confirmation'],
    ]);
  });

  test('a variable that nothing fills: step, language and variable are named, once over all plans', async () => {
    const playbook = withTexts((all) =>
      all.map((each) =>
        each.key === 'drive_follow_up_3' && each.language === 'de'
          ? { ...each, body: `${each.body} {colour} da.` }
          : each,
      ),
    );
    const { findings, plans } = await surveyed(stageIn(ZONE, { playbook }));
    expect(plans).toBe(26);
    expect(findings).toEqual([
      {
        rule: 'cannot_be_written',
        step: 'day_14',
        language: 'de',
        where: 'test-drive/templates/de.yaml templates.drive_follow_up_3',
        message: 'does not leave: its text has no value for colour',
        reason: 'cannot_be_written: colour',
        plans: 5,
        example: { start: START, zone: ZONE, language: 'de' },
      },
    ]);
  });

  test('hours of which the law leaves nothing', async () => {
    const stage = stageIn(ZONE, { hours: { start: '05:00', end: '07:00' } });
    const rehearsal = await rehearse(stage, scriptOf());
    const [problem] = problemsOf(stage, rehearsal);
    expect(problem).toMatchObject({
      rule: 'not_sent',
      step: 'day_0',
      where: 'test-drive/playbook.yaml cadence.steps[0]',
    });
    expect(problem?.message).toMatch(/the law leave no time of day/);
  });

  test('no sender at all', async () => {
    const stage = stageIn(ZONE, { routing: { accounts: {}, approved: new Map() } });
    const rehearsal = await rehearse(stage, scriptOf());
    expect(problemsOf(stage, rehearsal).map(({ reason }) => reason)).toEqual(Array(4).fill('no_sender'));
  });

  test('a bug is not a problem of the plan: it is thrown', async () => {
    const playbook = { ...shipped, template: () => Object.freeze({}) as Template };
    await expect(rehearse(stageIn(ZONE, { playbook }), scriptOf())).rejects.toThrow(TypeError);
  });
});

describe('the rules do not trust the planner', () => {
  const sent = { kind: 'sent', channel: 'whatsapp', template: true, body: 'Hej' } as const;
  /** The day-0 and day-2 messages as they should be, with a change. */
  async function tampered(change: (steps: StepEntry[]) => Entry[]) {
    const stage = stageIn(ZONE);
    const rehearsal = await rehearse(stage, scriptOf());
    const steps = rehearsal.timeline.flatMap((entry) => (entry.kind === 'step' ? [entry] : []));
    return problemsOf(stage, { ...rehearsal, timeline: change(steps) }).map(({ rule, step }) => [rule, step]);
  }
  const at = (step: StepEntry | undefined, time: string, fate: StepEntry['fate'] = sent): StepEntry[] =>
    step ? [{ ...step, at: new Date(time), fate }] : [];

  test('a message at night', async () => {
    const found = await tampered(([a, ...rest]) => [...at(a, '2026-11-24T03:00:00+01:00'), ...rest]);
    expect(found).toEqual([['outside_hours', 'day_0']]);
  });

  test('WhatsApp outside the window without a template', async () => {
    const free = { ...sent, template: false };
    const found = await tampered(([a, ...rest]) => [...at(a, '2026-11-24T12:00:00+01:00', free), ...rest]);
    expect(found).toEqual([['window', 'day_0']]);
  });

  test('a step that vanished, one that is there twice', async () => {
    expect(await tampered(([, ...rest]) => rest)).toEqual([['lost', 'day_0']]);
    const twice = await tampered(([a, b, ...rest]) => [
      ...(a && b ? [a, b] : []),
      ...at(b, '2026-11-27T10:00:00+01:00'),
      ...rest,
    ]);
    expect(twice).toEqual([['lost', 'day_2']]);
  });

  test('two steps too close, and in the wrong order', async () => {
    const found = await tampered(([a, b, ...rest]) => [
      ...at(b, '2026-11-24T10:00:00+01:00'),
      ...at(a, '2026-11-24T18:00:00+01:00'),
      ...rest,
    ]);
    expect(found).toEqual([
      ['order', 'day_0'],
      ['too_close', 'day_0'],
    ]);
  });
});
