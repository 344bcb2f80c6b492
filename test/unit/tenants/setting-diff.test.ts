import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applied, diff, inverted, rebased } from '../../../src/tenants/changes/diff.ts';
import { unitsOf } from '../../../src/tenants/changes/units.ts';
import { changeLines, exportSettings, importSettings, type Settings } from '../../../src/tenants/index.ts';
import { settingsSchema } from '../../../src/tenants/settings.ts';

const DEFAULTS = settingsSchema.parse({});
const hour = fc.integer({ min: 0, max: 23 }).map((each) => `${String(each).padStart(2, '0')}:00`);
const playbook = fc.constantFrom('test-drive', 'home-services', 'outreach');
const words = fc.constantFrom('x', 'Hej {name}: 09:00 # inte', "it's\n\nyes", '- [a]', 'नमस्ते', '~', 'null', '1e3', '"');
const step = fc.record({
  key: fc.constantFrom('day_0', 'day_2', 'day_9'),
  day: fc.integer({ min: 0, max: 30 }),
  template: fc.constantFrom('drive_thanks', 'drive_follow_up_1'),
});

/** Settings with every kind of unit in them: plain, maps of one and three levels, and a list that is known by its topics. */
const settings: fc.Arbitrary<Settings> = fc
  .record(
    {
      sendHours: fc.record({ start: hour, end: hour }),
      agentTurns: fc.integer({ min: 1, max: 50 }),
      termsUrl: fc.constantFrom(null, 'https://nordic.example/terms', 'https://nordic.example/b?c=d#e'),
      agentModes: fc.dictionary(playbook, fc.constantFrom('off', 'suggest', 'auto')),
      messageCost: fc.dictionary(fc.constantFrom('whatsapp', 'sms'), fc.integer({ min: 0, max: 9 })),
      opening: fc.dictionary(fc.constantFrom('1', '5', '7'), fc.constant([{ from: '09:00', to: '12:00' }])),
      closedDays: fc.array(fc.constantFrom('2026-12-24', '2027-01-01'), { maxLength: 2 }),
      cadences: fc.dictionary(playbook, fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 3 }) })),
      templates: fc.dictionary(
        playbook,
        fc.dictionary(
          fc.constantFrom('drive_thanks', 'help'),
          fc.dictionary(fc.constantFrom('en', 'sv'), words, { minKeys: 1 }),
          {
            minKeys: 1,
          },
        ),
      ),
      facts: fc.uniqueArray(
        fc.record({ topic: fc.constantFrom('price', 'price: BMW X5', 'a/b', 'a/c'), words: fc.record({ en: words }) }),
        { selector: ({ topic }) => topic, maxLength: 4 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((values) => settingsSchema.parse(values));

const RUNS = { numRuns: 40 };
const units = (values: unknown) => Object.fromEntries(unitsOf(settingsSchema.parse(values)));

describe('changes of settings', () => {
  test('what leads from one to the other does, and back again', () => {
    fc.assert(
      fc.property(settings, settings, (before, after) => {
        const changes = diff(before, after);
        expect(units(applied(before, changes))).toEqual(units(after));
        expect(units(applied(after, inverted(changes)))).toEqual(units(before));
        expect(diff(before, before)).toEqual([]);
      }),
      RUNS,
    );
  });

  test('two people who change different units both get what they wanted, in either order', () => {
    fc.assert(
      fc.property(settings, settings, settings, (base, hers, his) => {
        const first = diff(base, hers);
        const taken = new Set(first.map(({ path }) => path));
        const second = diff(base, his).filter(({ path }) => !taken.has(path));
        const one = settingsSchema.parse(applied(base, first));
        const other = settingsSchema.parse(applied(base, second));
        expect(rebased(one, second)).toEqual({ changes: second, clashes: [] });
        expect(units(applied(one, second))).toEqual(units(applied(other, first)));
      }),
      RUNS,
    );
  });

  test('a unit that is neither what it was nor what was wanted clashes, and no other does', () => {
    fc.assert(
      fc.property(settings, settings, settings, (base, wanted, now) => {
        const at = unitsOf(now);
        const { clashes } = rebased(now, diff(base, wanted));
        const [was, to] = [unitsOf(base), unitsOf(wanted)];
        const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
        const expected = [...new Set([...was.keys(), ...to.keys()])].filter(
          (path) =>
            !same(was.get(path), to.get(path)) &&
            !same(at.get(path), was.get(path)) &&
            !same(at.get(path), to.get(path)),
        );
        expect(clashes.map(({ change }) => change.path).sort()).toEqual(expected.sort());
      }),
      RUNS,
    );
  });
});

describe('settings as a file', () => {
  test('what is exported comes back as it was, whatever is set at the other end', () => {
    fc.assert(
      fc.property(settings, settings, (theirs, ours) => {
        const read = importSettings(exportSettings(theirs, ['Settings of Nordic Motors']), ours);
        expect(read).toHaveProperty('patch');
        const patch = 'patch' in read ? read.patch : {};
        expect(units({ ...ours, ...patch })).toEqual(units(theirs));
      }),
      RUNS,
    );
  });

  test('a part changes only what it names', () => {
    expect(importSettings('agentTurns: 9\n', DEFAULTS)).toEqual({ patch: { agentTurns: 9 } });
  });

  test('each problem is told with its path and line', () => {
    const file = [
      '# ours',
      'sla:',
      '  remind: soon',
      '  escalate: 60',
      'opening:',
      '  "1": [{ from: "25:00", to: "18:00" }]',
      'colour: red',
      'facts:',
      '  - { topic: price, words: { en: One } }',
      '  - { topic: price, words: { en: Two } }',
    ].join('\n');
    const read = importSettings(file, DEFAULTS);
    const problems = 'problems' in read ? read.problems : [];
    expect(problems.map(({ field, line }) => [field, line])).toEqual([
      ['sla.remind', 3],
      ['opening.1.0.from', 6],
      ['colour', 7],
      ['facts.1.topic', 10],
    ]);
    expect(importSettings('a: [', DEFAULTS)).toMatchObject({ problems: [{ line: 1 }] });
    expect(importSettings('just words', DEFAULTS)).toMatchObject({ problems: [{ line: 1 }] });
  });
});

test('what waits for a second person is told by the names of the settings, not by their keys', () => {
  const change = { path: 'approval' as const, before: [], after: ['cadence', 'hours'] };
  expect(changeLines([change], [])).toEqual([
    { name: 'Needs a second person', before: 'nothing', after: 'steps of the follow-up, hours' },
  ]);
});
