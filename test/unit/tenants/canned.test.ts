import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { KnownError } from '../../../src/lib/errors.ts';
import { fillCanned } from '../../../src/messaging/canned.ts';
import { MAX_REPLY, segments } from '../../../src/messaging/index.ts';
import { loadPlaybooks, type Playbooks } from '../../../src/tenants/index.ts';

const shipped = join(import.meta.dirname, '../../../conversations');
const tenant = { name: 'Nordic Motors', language: 'sv' } as Parameters<typeof fillCanned>[2]['tenant'];
const context = (playbooks: Playbooks) => ({
  playbook: playbooks.get('test-drive'),
  tenant,
  settings: { contact: null },
  accounts: {},
});
const anna = { name: 'Anna Karlsson', fields: { car: 'BMW X5' }, language: 'en' };
const sofia = { name: 'Sofia Lindqvist' };

describe('answers that staff may pick', () => {
  const playbooks = loadPlaybooks(shipped);
  const playbook = playbooks.get('test-drive');

  test.each(playbook.languages)(
    'are there in %s, filled, short enough, with titles in the language of the business',
    (language) => {
      const filled = fillCanned({ ...anna, language }, sofia, context(playbooks));
      expect(filled.length).toBeGreaterThanOrEqual(8);
      for (const { title, words } of filled) {
        expect(words).not.toMatch(/[{}]/);
        expect(words).toContain('Anna');
        expect(words.length).toBeLessThan(MAX_REPLY);
        expect(segments(words).encoding).toBe('GSM-7');
        expect(title.length).toBeLessThanOrEqual(60);
      }
      expect(filled.map(({ title }) => title)).toContain('Den finns kvar');
    },
  );

  test("name no price, no discount and no promise: those are the tenant's own", () => {
    for (const language of playbook.languages) {
      for (const { text } of playbook.canned(language, language)) expect(text).not.toMatch(/\d|%|€|\$|£|kr\b|₹/);
    }
  });

  test('that lack a value are left out', () => {
    const filled = fillCanned({ ...anna, fields: {} }, sofia, context(playbooks));
    expect(filled.every(({ words }) => !words.includes('BMW'))).toBe(true);
    expect(filled.length).toBeGreaterThan(0);
  });

  test('never take what a customer is called for a variable', () => {
    const filled = fillCanned({ ...anna, name: '{car}' }, sofia, context(playbooks));
    expect(filled[0]?.words).toContain('(car)');
  });
});

describe('a broken file of answers is refused with its place', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function problemsAfter(change: (dir: string) => void): string {
    const dir = mkdtempSync(join(tmpdir(), 'playbooks-'));
    folders.push(dir);
    cpSync(shipped, dir, { recursive: true });
    change(join(dir, 'test-drive', 'canned'));
    try {
      loadPlaybooks(dir);
      return '';
    } catch (error) {
      if (error instanceof KnownError)
        return error.problems.map(({ field, message }) => `${field}: ${message}`).join('\n');
      throw error;
    }
  }
  const edit = (dir: string, file: string, from: string, to: string) => {
    const before = readFileSync(join(dir, file), 'utf8');
    if (!before.includes(from)) throw new Error(`nothing to change in ${file}`);
    writeFileSync(join(dir, file), before.replace(from, to));
  };

  test.each([
    [
      'a variable that nobody can fill',
      (dir: string) => edit(dir, 'sv.yaml', '{car} finns', '{colour} finns'),
      'canned/sv.yaml answers.available.text: uses {colour}',
    ],
    [
      'an answer that another language lacks',
      (dir: string) => edit(dir, 'de.yaml', '  available:', '  there:'),
      'canned/de.yaml answers.available: is missing',
    ],
    ['a language that is missing', (dir: string) => rmSync(join(dir, 'hi.yaml')), 'canned/hi.yaml: is missing'],
    [
      'a word that is always an opt-out',
      (dir: string) => edit(dir, 'en.yaml', 'Tell me a day', 'Reply CANCEL or tell me a day'),
      'canned/en.yaml answers.available.text: asks for "CANCEL"',
    ],
    ['an unknown key', (dir: string) => edit(dir, 'en.yaml', 'answers:', 'more: 1\nanswers:'), 'canned/en.yaml'],
  ])('%s', (_what, change, problem) => {
    expect(problemsAfter(change)).toContain(problem);
  });

  test('a playbook without any is sound', () => {
    expect(problemsAfter((dir) => rmSync(dir, { recursive: true }))).toBe('');
  });
});
