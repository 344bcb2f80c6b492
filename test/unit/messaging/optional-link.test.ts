import { describe, expect, test } from '@jest/globals';
import { rehearse } from '../../../src/messaging/rehearse/index.ts';
import { segments } from '../../../src/messaging/render.ts';
import { loadPlaybooks, overlayFindings, withoutOptionalLink } from '../../../src/tenants/index.ts';
import { settingsSchema } from '../../../src/tenants/settings.ts';
import { CONVERSATIONS, stageIn } from '../../support/rehearsal.ts';

const playbooks = loadPlaybooks(CONVERSATIONS);
const travel = playbooks.get('corporate-travel');
const PAGE = 'https://leads.example/calculator';

describe('the link to a calculator, which not every business has', () => {
  test.each([
    ['Hi.\nWork it out: {calculator_link}\nBye.', 'Hi.\nBye.'],
    ['Hi.\n\nWork it out: {calculator_link}\n\nBye.', 'Hi.\n\nBye.'],
    ['Work it out: {calculator_link}\n\nHi.', 'Hi.'],
    ['Hi.\nBye.\n{calculator_link}', 'Hi.\nBye.'],
    ['Hi.\n\n\nBye {name}.', 'Hi.\n\n\nBye {name}.'],
  ])('%j is %j without it', (body, bare) => {
    expect(withoutOptionalLink(body)).toBe(bare);
  });

  test.each(travel.languages)(
    'is in both answers to an enquiry in %s, and every form fits its SMS',
    async (language) => {
      const stage = stageIn('Europe/Stockholm', { playbook: travel, language });
      const start = new Date('2026-10-20T08:30:00Z');
      for (const template of ['inquiry_answer', 'inquiry_premium']) {
        const steps = travel.cadence.steps.map((step) => (step.key === 'day_0' ? { ...step, template } : step));
        const playbook = { ...travel, cadence: { ...travel.cadence, steps } };
        const said = async (calculatorUrl: string | null) => {
          const settings = { ...stage.settings, calculatorUrl };
          const { timeline } = await rehearse(
            { ...stage, playbook, settings },
            { zone: 'Europe/Stockholm', language, start },
          );
          const [first] = timeline;
          return first && 'fate' in first && first.fate.kind === 'sent' ? first.fate.body : '';
        };
        const whole = await said(PAGE);
        const bare = await said(null);
        const lines = whole.split('\n');
        expect(lines.filter((line) => line.endsWith(`: ${PAGE}`) || line.endsWith(` ${PAGE}`))).toHaveLength(1);
        expect(bare.split('\n')).toEqual(lines.filter((line) => !line.includes(PAGE)));
        for (const [text, most] of [
          [whole, 4],
          [bare, 3],
        ] as const) {
          expect(segments(text)).toMatchObject({ encoding: 'GSM-7' });
          expect(segments(text).segments).toBeLessThanOrEqual(most);
        }
      }
    },
  );

  test('a made-up business has one', () => {
    expect(stageIn('Europe/Stockholm', { playbook: travel }).settings.calculatorUrl).toBe(PAGE);
    expect(stageIn('Europe/Stockholm').settings.calculatorUrl).toBeNull();
  });
});

describe('a text of a business', () => {
  const problems = (text: string, playbook = travel) =>
    overlayFindings(
      playbook,
      settingsSchema.parse({ languages: ['en'], templates: { [playbook.key]: { own_words: { en: text } } } }),
    ).map(({ path, message }) => `${path}: ${message}`);
  const SOUND = 'Hi {name}, thank you for asking {business} about your trip.\nReply STOP to opt out.';

  test('may have it on a line of its own', () => {
    expect(problems(SOUND)).toEqual([]);
    expect(problems(SOUND.replace('\n', '\nWork it out here: {calculator_link}\n'))).toEqual([]);
  });

  test.each([
    [
      'another variable on its line',
      'Hi, {business} thanks you for asking about your trip.\nWork it out here, dear {name}: {calculator_link} today.\nReply STOP to opt out.',
      'has {name} on the line of {calculator_link}, which is left out where a business has no such page',
    ],
    [
      'the way out on its line',
      'Hi {name}, thank you for asking {business} about your trip.\nReply STOP to opt out, or see {calculator_link} instead.',
      'does not say how to opt out (STOP), once the line of {calculator_link} is left out',
    ],
    [
      'too few words without it',
      'Hi {name}, {business} here.\nWork it out with our calculator on this page here: {calculator_link}\nSTOP: opt out.',
      'has 5 words for its variables; at least 7 are needed, once the line of {calculator_link} is left out',
    ],
  ])('is refused with %s', (_what, text, problem) => {
    expect(problems(text)).toContain(`templates.own_words: ${problem}`);
  });

  test('is refused where it may leave by WhatsApp, whose approved texts cannot leave out a line', () => {
    const text = SOUND.replace('\n', '\nWork it out here: {calculator_link}\n');
    expect(problems(text, playbooks.get('test-drive'))).toContainEqual(
      expect.stringMatching(/^templates\.own_words\.variables: \{calculator_link\} cannot always be filled/),
    );
  });
});
