import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { trialOf, wordingFor, wordingsOf } from '../../../src/cadence/trial.ts';
import { derivedId, type PersonId, type TenantId } from '../../../src/lib/ids.ts';
import type { CadenceStep } from '../../../src/tenants/index.ts';
import { texts } from '../../support/texts.ts';

const TENANT = derivedId<TenantId>('trial', 'tenant');
const person = (n: number) => derivedId<PersonId>('trial', 'person', String(n));
const reader = (n: number, more: object = {}) => ({
  tenantId: TENANT,
  playbook: 'test-drive',
  personId: person(n),
  ...more,
});
const STEP: CadenceStep = { key: 'day_2', day: 2, template: 'drive_follow_up_1', variants: { drive_follow_up_2: 30 } };

describe('who reads which wording', () => {
  test('is always the same, and follows the shares', () => {
    const given = Array.from({ length: 4000 }, (_, n) => wordingFor(STEP, reader(n)));
    expect(Array.from({ length: 50 }, (_, n) => wordingFor(STEP, reader(n)))).toEqual(given.slice(0, 50));
    const other = given.filter((template) => template === 'drive_follow_up_2').length;
    // 1,200 expected; six standard deviations either way
    expect(Math.abs(other - 1200)).toBeLessThan(174);
  });

  test('is independent from step to step', () => {
    const half = (key: string): CadenceStep => ({ ...STEP, key, variants: { drive_follow_up_2: 50 } });
    const both = Array.from({ length: 2000 }, (_, n) => n).filter(
      (n) => wordingFor(half('day_2'), reader(n)) === wordingFor(half('day_7'), reader(n)),
    ).length;
    expect(Math.abs(both - 1000)).toBeLessThan(135);
  });

  test('stays what it was while it is tried, whatever the shares become', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 99 }), (n, share) => {
        const given = wordingFor(STEP, reader(n));
        const before = new Map([['day_2', given]]);
        const now: CadenceStep = { ...STEP, variants: { drive_follow_up_2: share } };
        expect(wordingFor(now, reader(n, { before }))).toBe(given);
        const gone = wordingFor(now, reader(n, { before: new Map([['day_2', 'drive_thanks']]) }));
        expect(['drive_follow_up_1', 'drive_follow_up_2']).toContain(gone);
      }),
    );
  });

  test('without a trial it is the text of the step', () => {
    const { variants: _, ...plain } = STEP;
    expect(wordingFor(plain, reader(1))).toBe('drive_follow_up_1');
    expect(wordingsOf(plain)).toBeUndefined();
    expect(trialOf(texts().playbooks.standard, plain)).toBeUndefined();
  });
});

describe('the name of a trial', () => {
  const playbook = texts().playbooks.standard;
  test('does not depend on the order in which wordings are kept', () => {
    const one = { ...STEP, variants: { drive_follow_up_2: 30, drive_follow_up_3: 20 } };
    const two = { ...STEP, variants: { drive_follow_up_3: 20, drive_follow_up_2: 30 } };
    expect(trialOf(playbook, one)).toBe(trialOf(playbook, two));
    expect(wordingsOf(two)?.map(({ share }) => share)).toEqual([50, 30, 20]);
  });

  test('is another one with another share, another step or another word in any language', () => {
    const changed = {
      ...playbook,
      templates: playbook.templates.map((template) =>
        template.key === 'drive_follow_up_2' && template.language === 'hi'
          ? { ...template, version: 'other' }
          : template,
      ),
    };
    const names = [
      trialOf(playbook, STEP),
      trialOf(playbook, { ...STEP, variants: { drive_follow_up_2: 31 } }),
      trialOf(playbook, { ...STEP, key: 'day_7' }),
      trialOf(changed, STEP),
    ];
    expect(new Set(names).size).toBe(4);
  });
});
