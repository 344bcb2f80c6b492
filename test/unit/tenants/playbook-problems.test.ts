import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { KnownError } from '../../../src/lib/errors.ts';
import { loadPlaybooks } from '../../../src/tenants/playbooks/index.ts';

const shipped = join(import.meta.dirname, '../../../conversations');

describe('a broken playbook is refused with every problem, its file and its place', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  type Change = (edit: (file: string, from: string | RegExp, to: string) => void, dir: string) => void;

  /** The shipped playbook with a change, loaded; `null` when it loads after all. */
  function loadChanged(change: Change): KnownError | null {
    const dir = mkdtempSync(join(tmpdir(), 'playbooks-'));
    folders.push(dir);
    cpSync(join(shipped, 'test-drive'), join(dir, 'test-drive'), { recursive: true });
    change((file, from, to) => {
      const path = join(dir, 'test-drive', file);
      const before = readFileSync(path, 'utf8');
      const after = before.replace(from, to);
      if (after === before) throw new Error(`nothing to change in ${file}`);
      writeFileSync(path, after);
    }, dir);
    try {
      loadPlaybooks(dir);
      return null;
    } catch (error) {
      if (error instanceof KnownError) return error;
      throw error;
    }
  }

  const main = 'playbook.yaml';
  const sv = 'templates/sv.yaml';
  const cases: [string, Change, string, RegExp][] = [
    [
      'a wrong value',
      (edit) => edit(main, 'consentRequired: true', 'consentRequired: perhaps'),
      'playbook.yaml consentRequired',
      /expected boolean/,
    ],
    [
      'an unknown key',
      (edit) => edit(main, 'name: Test drive', 'name: Test drive\ncolour: red'),
      'playbook.yaml',
      /colour/,
    ],
    ['broken YAML', (edit) => edit(sv, 'optOut:', 'optOut: ['), 'templates/sv.yaml line', /./],
    [
      'a key written twice',
      (edit) => edit(main, 'name: Test drive', 'name: Test drive\nname: Drive'),
      'playbook.yaml line 6',
      /unique/,
    ],
    [
      'another folder than key',
      (edit) => edit(main, 'key: test-drive\n', 'key: boat-trip\n'),
      'playbook.yaml key',
      /folder is called test-drive/,
    ],
    ['no English', (edit) => edit(main, '[en, sv,', '[sv,'), 'playbook.yaml languages', /last fallback/],
    [
      'a missing language',
      (_, dir) => rmSync(join(dir, 'test-drive/templates/de.yaml')),
      'templates/de.yaml',
      /de is one of the languages/,
    ],
    ['an unlisted language', (edit) => edit(main, 'es, hi]', 'es]'), 'templates/hi.yaml', /not one of the languages/],
    [
      'no field for consent',
      (edit) =>
        edit(main, 'type: consent, label: Consent, required: true', 'type: consent, label: Consent, required: false'),
      'playbook.yaml fields',
      /type consent/,
    ],
    [
      'no way to reach the customer',
      (edit) => edit(main, /^ {2}- \{ key: (?:phone|email), .*\n/gm, ''),
      'playbook.yaml fields',
      /phone or email/,
    ],
    [
      'a score that reads a field which is not there',
      (edit) =>
        edit(
          main,
          'cadence:',
          'score: { factors: { car: { label: Car, by: given, field: boat, points: 5 } }, bands: [{ key: all, label: all, from: 10 }] }\ncadence:',
        ),
      'playbook.yaml score.factors.car',
      /boat is not a field/,
    ],
    [
      'a step for a band that is none',
      (edit) => edit(main, 'key: day_2, day: 2,', 'key: day_2, day: 2, bands: [gold],'),
      'playbook.yaml cadence.steps[1]',
      /gold is not a band/,
    ],
    [
      'a step for an answer that nobody can give',
      (edit) => edit(main, 'key: day_2, day: 2,', 'key: day_2, day: 2, when: { boat: [sail] },'),
      'playbook.yaml cadence.steps[1].when.boat',
      /boat is not a field/,
    ],
    [
      'two standard playbooks',
      (edit, dir) => {
        cpSync(join(shipped, 'home-services'), join(dir, 'home-services'), { recursive: true });
        const path = join(dir, 'home-services', main);
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace('key: home-services\n', 'key: home-services\nstandard: true\n'),
        );
        edit(main, 'name: Test drive', 'name: Test  drive');
      },
      '.',
      /home-services and test-drive are both standard/,
    ],
    [
      'no consent version',
      (edit) => edit(main, 'consentVersion: test-drive-1\n', ''),
      'playbook.yaml consentVersion',
      /needed/,
    ],
    [
      'a move to nowhere',
      (edit) => edit(main, 'moves: [lost]', 'moves: [sold]'),
      'playbook.yaml pipeline.stages.won.moves',
      /sold is not a stage/,
    ],
    [
      'an unreachable stage',
      (edit) => edit(main, '    closed: {', '    parked: { label: Parked, moves: [new] }\n    closed: {'),
      'pipeline.stages.parked',
      /cannot be reached/,
    ],
    [
      'a move to itself',
      (edit) => edit(main, 'moves: [lost]', 'moves: [lost, won]'),
      'pipeline.stages.won.moves',
      /itself/,
    ],
    [
      'an unknown template in the cadence',
      (edit) => edit(main, 'day: 2, template: drive_follow_up_1', 'day: 2, template: drive_follow_up_9'),
      'cadence.steps[1].template',
      /drive_follow_up_9/,
    ],
    [
      'steps out of order',
      (edit) => edit(main, 'key: day_7, day: 7', 'key: day_7, day: 2'),
      'cadence.steps[2]',
      /later than day_2/,
    ],
    [
      'a step key used twice',
      (edit) => edit(main, 'key: day_7,', 'key: day_2,'),
      'cadence.steps',
      /day_2 is there twice/,
    ],
    ['a wrong time', (edit) => edit(main, 'at: "10:00"', 'at: "25:00"'), 'cadence.at', /HH:MM/],
    ['a notice left out', (edit) => edit(main, /^ {2}help: .*\n/m, ''), 'playbook.yaml templates.help', /notice/],
    [
      'a variable nobody fills',
      (edit) => edit(main, 'variables: [business, phone] }', 'variables: [business, note] }'),
      'templates.help.variables',
      /\{note\} cannot always be filled/,
    ],
    [
      'a first message without the opt-out link (COMPLIANCE T8.3)',
      (edit) => edit(main, ', opt_out_link] }', '] }'),
      'templates.drive_thanks.variables',
      /first message links/,
    ],
    [
      'a message that does not say who writes',
      (edit) => edit(main, 'variables: [name, salesperson, business, car]', 'variables: [name, salesperson, car]'),
      'templates.drive_follow_up_1.variables',
      /who writes/,
    ],
    [
      'a stop confirmation that says more',
      (edit) =>
        edit(
          main,
          'opt_out_confirmation: { category: UTILITY, variables: [business]',
          'opt_out_confirmation: { category: UTILITY, variables: [business, phone]',
        ),
      'templates.opt_out_confirmation.variables',
      /nothing else/,
    ],
    [
      'a text missing in a language',
      (edit) => edit(sv, / {2}help: >-\n.*\n.*\n/, ''),
      'templates/sv.yaml templates.help',
      /missing in this language/,
    ],
    [
      'a text nobody declared',
      (edit) => edit(sv, '  help: >-', '  hjalp: >-\n    Hej.\n\n  help: >-'),
      'templates/sv.yaml templates.hjalp',
      /not declared/,
    ],
    [
      'a translation that lost a variable',
      (edit) => edit(sv, '{terms_link}', 'på webben'),
      'templates/sv.yaml templates.drive_thanks',
      /does not use \{terms_link\}/,
    ],
    [
      'a translation with a variable of its own',
      (edit) => edit(sv, '{terms_link}', '{terms_url} eller {terms_link}'),
      'templates/sv.yaml templates.drive_thanks',
      /terms_url/,
    ],
    [
      'a slip in a placeholder',
      (edit) => edit(sv, 'Hej {name}!', 'Hej {{name}}!'),
      'templates/sv.yaml templates.drive_thanks',
      /brace/,
    ],
    [
      'a first message without the stop word',
      (edit) => edit(sv, 'Svara STOPP om', 'Svara om'),
      'templates/sv.yaml templates.drive_thanks',
      /does not say how to opt out \(STOPP\)/,
    ],
    [
      'a stop word that means something else',
      (edit) => edit(sv, 'svara här med din fråga', 'svara CANCEL så ringer vi'),
      'templates/sv.yaml templates.drive_follow_up_1',
      /"CANCEL"/,
    ],
    [
      'a full stop behind a link',
      (edit) => edit(sv, '{terms_link}', '{terms_link}.'),
      'templates/sv.yaml templates.drive_thanks',
      /followed by a space/,
    ],
    [
      'a body that starts with a variable',
      (edit) => edit(sv, 'Hej {name}! Tack', '{name}! Tack'),
      'templates/sv.yaml templates.drive_thanks',
      /starts with a variable/,
    ],
    ['a missing sample', (edit) => edit(sv, /^ {2}car: .*\n/m, ''), 'templates/sv.yaml samples', /\{car\}/],
    [
      'a consent that does not name a channel',
      (edit) => edit(sv, 'via WhatsApp, sms och e-post, även', 'via WhatsApp och sms, även'),
      'templates/sv.yaml consent.statement',
      /e-mail/,
    ],
    [
      'a consent that does not name the business',
      (edit) => edit(sv, 'att {business} följer', 'att ni följer'),
      'templates/sv.yaml consent.statement',
      /business/,
    ],
    [
      'a consent without an end',
      (edit) => edit(sv, 'genom att svara STOPP', 'genom ett svar'),
      'templates/sv.yaml consent.statement',
      /opt out/,
    ],
    [
      'a confirmation too long for a tick box',
      (edit) => edit(sv, 'Kunden har sagt ja', 'Kunden har på min fråga sagt ja'),
      'templates/sv.yaml consent.confirm',
      /75/,
    ],
    ['no word about the photo', (edit) => edit(sv, /^photoNote: .*\n/m, ''), 'templates/sv.yaml photoNote', /photo/],
  ];

  test.each(cases)('%s', (_, change, where, what) => {
    const error = loadChanged(change);
    expect(error?.code).toBe('misconfigured');
    expect(error?.problems).toContainEqual({
      field: expect.stringContaining(where),
      message: expect.stringMatching(what),
    });
  });

  test('all at once, in the log and for the person', () => {
    const error = loadChanged((edit) => {
      edit(main, 'at: "10:00"', 'at: noon');
      edit(main, 'name: Test drive', 'name: ""');
      edit(sv, 'words: [STOPP]', 'words: []');
      edit('templates/de.yaml', 'confirm:', 'confrim:');
    });
    expect(error?.problems.map((problem) => problem.field)).toEqual([
      'test-drive/playbook.yaml name',
      'test-drive/playbook.yaml cadence.at',
      'test-drive/templates/de.yaml consent.confirm',
      'test-drive/templates/de.yaml consent',
      'test-drive/templates/sv.yaml optOut.words',
    ]);
    for (const problem of error?.problems ?? []) {
      expect(error?.message).toContain(`${problem.field}: ${problem.message}`);
      expect(error?.userMessage).toContain(problem.field);
    }
  });

  test('an unchanged copy loads with the same versions, a changed word changes only its own', () => {
    const versions = (dir: string) =>
      new Map(
        loadPlaybooks(dir)
          .get('test-drive')
          .templates.map((t) => [`${t.key} ${t.language}`, t.version]),
      );
    let changed = new Map<string, string>();
    const error = loadChanged((edit, dir) => {
      expect(versions(dir)).toEqual(versions(shipped));
      edit(sv, 'Har du frågor?', 'Några frågor?');
      changed = versions(dir);
    });
    expect(error).toBeNull();
    const differing = [...versions(shipped)].filter(([key, version]) => changed.get(key) !== version);
    expect(differing.map(([key]) => key)).toEqual(['drive_thanks sv']);
  });

  test('an empty or missing folder says what a playbook is', () => {
    const dir = mkdtempSync(join(tmpdir(), 'playbooks-'));
    folders.push(dir);
    expect(() => loadPlaybooks(dir)).toThrow('there is no playbook');
    expect(() => loadPlaybooks(join(dir, 'nowhere'))).toThrow('there is no playbook');
  });
});
