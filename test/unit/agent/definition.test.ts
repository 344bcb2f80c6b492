import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkAgentFiles, loadAgents, loadPrompts } from '../../../src/agent/index.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const conversations = path.join(root, 'conversations');
const playbooks = loadPlaybooks(conversations);
const testDrive = { ...playbooks, all: playbooks.all.filter(({ key }) => key === 'test-drive') };
const scratch = mkdtempSync(path.join(tmpdir(), 'agent-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let copies = 0;
/** The test drive's files with one of them changed; what is wrong with them then. */
function problemsWith(file: string, change: (text: string) => string): string[] {
  const copy = path.join(scratch, String(copies++));
  cpSync(conversations, copy, { recursive: true });
  const changed = path.join(copy, 'test-drive/agent', file);
  writeFileSync(changed, change(readFileSync(changed, 'utf8')));
  return checkAgentFiles(copy, testDrive).map((problem) => `${problem.file} ${problem.path} ${problem.message}`);
}

describe('the files that ship', () => {
  test('load, with every language of the playbook', () => {
    const agent = loadAgents(conversations, playbooks).of('test-drive');
    expect(agent?.languages.toSorted()).toEqual(['de', 'en', 'es', 'hi', 'sv']);
    expect(agent?.version).toMatch(/^1\/[0-9a-f]{12}$/);
  });

  test('fall back to the language of the tenant, then to English', () => {
    const agent = loadAgents(conversations, playbooks).of('test-drive');
    expect(agent?.words('sv-SE').language).toBe('sv');
    expect(agent?.words('fi', 'sv').language).toBe('sv');
    expect(agent?.words('fi', 'nl').language).toBe('en');
  });
});

describe('a mistake in them is found at start', () => {
  test.each([
    [
      'a price',
      (text: string) => text.replace('Lovely to hear, {name}!', 'Lovely, it is only 4,990 kr!'),
      /price or an amount/,
    ],
    [
      'a promise',
      (text: string) => text.replace('Thank you, noted.', 'We will deliver it tomorrow.'),
      /promises|delivery/,
    ],
    [
      'another language',
      (text: string) => text.replace('Thank you, noted.', 'Tack, då har jag antecknat det.'),
      /language/,
    ],
    [
      'two questions',
      (text: string) => text.replace('Which day would suit you?"', 'Which day? Which hour?"'),
      /more than one thing/,
    ],
    [
      'a placeholder that cannot be filled',
      (text: string) => text.replace('Thank you, noted.', 'Thank you, {time}.'),
      /cannot be filled/,
    ],
    [
      'an introduction that does not say who writes',
      (text: string) => text.replace('the digital assistant at', 'Kim at'),
      /digital assistant/,
    ],
    [
      'a topic that is not declared',
      (text: string) => text.replace('  towing:', '  moonshine:'),
      /moonshine is not declared/,
    ],
    [
      'words for what its agent.yaml does not speak of',
      (text: string) => `${text}\nfirst: "Does that fit?"\nrequest: { cues: [bus], answer: "Thank you." }\n`,
      /first is not declared in agent\.yaml\n.*request is not declared/,
    ],
    ['an answer that is missing', (text: string) => text.replace(/ {2}noted: .*\n/, ''), /answers.noted/],
  ])('%s', (_what, change, message) => {
    expect(problemsWith('en.yaml', change).join('\n')).toMatch(message);
  });

  test('a subject that is no field of the playbook', () => {
    const found = problemsWith('agent.yaml', (text) => text.replace('subject: car', 'subject: boat'));
    expect(found.join()).toContain('boat is not a field of the playbook');
  });

  test('a topic to be answered first that is none, and no words for it', () => {
    const found = problemsWith('agent.yaml', (text) => `${text}\nfirst: [moon]\n`);
    expect(found).toContain('test-drive/agent/agent.yaml first moon is none of the topics');
    expect(found).toContain('test-drive/agent/hi.yaml first is missing');
  });
});

describe('prompts', () => {
  const write = (text: string) => {
    const dir = path.join(scratch, `prompts-${copies++}`);
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'greet.md'), text);
    return dir;
  };
  const GOOD = `---
id: greet
version: 3
model: { max_tokens: 50 }
inputs: [name]
output: { type: object }
---
Greet {{name}}.
`;

  test('that ship load, and know their version', () => {
    const prompts = loadPrompts(path.join(root, 'prompts'));
    expect(prompts.get('agent-turn').name).toMatch(/^agent-turn@\d+$/);
    expect(prompts.get('translate').name).toMatch(/^translate@\d+$/);
  });

  test('are filled once, so that a value is never read as an input', () => {
    expect(loadPrompts(write(GOOD)).get('greet').fill({ name: '{{name}} $&' })).toBe('Greet {{name}} $&.');
    expect(() => loadPrompts(write(GOOD)).get('greet').fill({})).toThrow('was given no name');
  });

  test.each([
    ['no front matter', 'Greet {{name}}.', 'front matter'],
    ['another id than its file', GOOD.replace('id: greet', 'id: meet'), 'the file is called greet'],
    ['an input that is not declared', GOOD.replace('Greet', '{{time}} Greet'), 'not among its inputs'],
    ['an input that is not used', GOOD.replace('[name]', '[name, time]'), 'is not used'],
    ['no limit of tokens', GOOD.replace('{ max_tokens: 50 }', '{}'), 'max_tokens'],
  ])('with %s are refused', (_what, text, message) => {
    expect(() => loadPrompts(write(text))).toThrow(message);
  });
});
