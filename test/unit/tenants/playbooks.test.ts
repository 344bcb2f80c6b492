import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { KnownError } from '../../../src/lib/errors.ts';
import { loadPlaybooks, mayMove } from '../../../src/tenants/playbooks/index.ts';

const shipped = join(import.meta.dirname, '../../../conversations');
const playbook = loadPlaybooks(shipped).get('test-drive');

describe('the test-drive playbook', () => {
  test('asks for consent, names the fields of a drive and follows up on day 0, 2, 7 and 14', () => {
    expect(playbook.consentRequired).toBe(true);
    expect(playbook.fields.map((field) => field.key)).toEqual([
      'name',
      'phone',
      'car',
      'email',
      'language',
      'licence_photo',
      'consent',
      'note',
    ]);
    expect(playbook.cadence.key).toBe('test-drive-14');
    expect(playbook.cadence.channels).toEqual(['whatsapp', 'sms', 'email']);
    expect(playbook.cadence.at).toBe('10:00');
    expect(playbook.cadence.steps.map((step) => [step.key, step.day])).toEqual([
      ['day_0', 0],
      ['day_2', 2],
      ['day_7', 7],
      ['day_14', 14],
    ]);
  });

  test('has every text in every language, so nobody silently gets another one', () => {
    const expected = playbook.languages.length * 12;
    expect(playbook.templates).toHaveLength(expected);
    expect(new Set(playbook.templates.map((template) => template.version)).size).toBe(expected);
  });

  test('keeps the photo note and the field hint in step with the days a photo is kept', () => {
    const photo = playbook.fields.find((field) => field.type === 'photo');
    expect(photo?.keepDays).toBe(30);
    expect(photo?.hint).toContain('30 days');
    expect(playbook.photoNote('sv')).toContain('30 dagar');
  });

  test('gives each consent a version that says which words were agreed to', () => {
    const consent = playbook.consent('sv');
    expect(consent.version).toMatch(/^test-drive-1\/sv\/[0-9a-f]{12}$/);
    expect(consent.statement).toContain('{business}');
    expect(consent.version).not.toBe(playbook.consent('en').version);
  });

  test('is frozen through and through', () => {
    expect(() => Object.assign(playbook.cadence.steps[0] ?? {}, { day: 1 })).toThrow(TypeError);
    expect(() => Object.assign(playbook.template('help', 'en'), { body: '' })).toThrow(TypeError);
  });
});

describe('choosing a language', () => {
  test.each([
    ['sv', undefined, 'sv'],
    ['sv-SE', undefined, 'sv'],
    ['DE_at', undefined, 'de'],
    ['fi', 'sv', 'sv'],
    ['fil', undefined, 'en'],
    ['fi', 'pl', 'en'],
  ])('%s with the tenant speaking %s gives %s', (wanted, tenants, used) => {
    expect(playbook.template('drive_thanks', wanted, tenants).language).toBe(used);
    expect(playbook.consent(wanted, tenants).language).toBe(used);
  });

  test('a text or a playbook that does not exist is a known error', () => {
    expect(() => playbook.template('drive_thank', 'en')).toThrow(KnownError);
    expect(() => loadPlaybooks(shipped).get('boat-trip')).toThrow('no such playbook');
  });
});

describe('the pipeline', () => {
  test.each([
    ['new', 'contacted', true],
    ['contacted', 'replied', true],
    ['replied', 'contacted', false],
    ['won', 'lost', true],
    ['won', 'replied', false],
    ['lost', 'replied', true],
    ['new', 'new', false],
    ['new', 'sold', false],
    ['sold', 'new', false],
  ])('%s to %s: %s', (from, to, allowed) => {
    expect(mayMove(playbook, from, to)).toBe(allowed);
  });

  test('says which stages end the follow-up, and how', () => {
    const ends = playbook.pipeline.stages.filter((stage) => stage.ends).map((stage) => [stage.key, stage.ends]);
    expect(ends).toEqual([
      ['replied', 'replied'],
      ['won', 'converted'],
      ['lost', 'closed'],
      ['closed', 'closed'],
    ]);
  });
});
