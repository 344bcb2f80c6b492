import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { agentJsonSchemas } from '../../src/agent/index.ts';
import { answer, readConversations } from '../../src/rehearse-command.ts';
import { playbookJsonSchemas } from '../../src/tenants/index.ts';
import { CONVERSATIONS } from '../support/rehearsal.ts';

const schemas = { ...playbookJsonSchemas(), ...agentJsonSchemas() };
const files = readdirSync(CONVERSATIONS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const scratch = mkdtempSync(path.join(tmpdir(), 'conversations-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('editors', () => {
  const validators = new Map(
    Object.entries(schemas).map(([name, schema]) => [`${name}.schema.json`, z.fromJSONSchema(plain(schema))]),
  );

  test.each(Object.entries(schemas))('find an up-to-date JSON Schema: %s', (name, schema) => {
    const file = readFileSync(path.join(CONVERSATIONS, `${name}.schema.json`), 'utf8');
    expect(JSON.parse(file)).toEqual(plain(schema));
  });

  test.each(files)('are told which one by the first line of %s, and it finds nothing wrong', (name) => {
    const file = path.join(CONVERSATIONS, name);
    const text = readFileSync(file, 'utf8');
    const [, ref = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(path.dirname(path.resolve(path.dirname(file), ref))).toBe(CONVERSATIONS);
    expect(validators.get(path.basename(ref))?.safeParse(parse(text))).toMatchObject({ success: true });
  });

  test.each([
    ['playbook', 'a day that is no number', (file: string) => file.replace('day: 2,', 'day: two,')],
    ['playbook', 'a word that means nothing', (file: string) => `${file}\nplanet: Mars\n`],
    ['templates', 'a text that is too long', (file: string) => `${file}\n  late: "${'a'.repeat(101)}"\n`],
    ['form', 'no words on the button', (file: string) => file.replace(/^send: .*$/m, 'send: ""')],
    ['canned', 'an answer without a title', (file: string) => file.replace(/^ {4}title: .*$/m, '')],
  ])('see by the schema of the %s: %s', (name, _what, change) => {
    const from = name === 'playbook' ? 'test-drive/playbook.yaml' : `test-drive/${name}/en.yaml`;
    const changed = change(readFileSync(path.join(CONVERSATIONS, from), 'utf8'));
    expect(validators.get(`${name}.schema.json`)?.safeParse(parse(changed))).toMatchObject({ success: false });
  });
});

describe('npm run rehearse', () => {
  async function rehearsed(change: (dir: string) => void): Promise<{ code: number; out: string }> {
    const copy = mkdtempSync(path.join(scratch, 'c'));
    cpSync(CONVERSATIONS, copy, { recursive: true });
    change(copy);
    return answer(['test-drive', '--dir', copy], new Date('2026-10-20T08:30:00Z'), copy);
  }
  const edit = (file: string, from: string, to: string) => (dir: string) => {
    const place = path.join(dir, file);
    const text = readFileSync(place, 'utf8');
    expect(text).toContain(from);
    writeFileSync(place, text.replace(from, to));
  };

  test.each([
    [
      'a plan of another playbook than the one that is rehearsed',
      edit('home-services/playbook.yaml', 'channels: [sms, email]', 'channels: [sms, fax]'),
      /^ {2}home-services\/playbook\.yaml cadence\.channels\[1\]: .*"email"/m,
    ],
    [
      'a text',
      edit('corporate-travel/templates/hi.yaml', '{day}', '{dya}'),
      /^ {2}corporate-travel\/templates\/hi\.yaml \S+: .*\{dya\}/m,
    ],
    [
      'a form',
      edit('home-services/form/es.yaml', 'timeline:', 'timelines:'),
      /^ {2}home-services\/form\/es\.yaml fields\.timeline: is missing in this language/m,
    ],
    [
      'an answer of staff',
      edit('test-drive/canned/de.yaml', 'available:', 'avaliable:'),
      /^ {2}test-drive\/canned\/de\.yaml answers\.available: is missing in this language/m,
    ],
    [
      'how the agent talks',
      edit('home-services/agent/sv.yaml', 'answers:\n', 'answers:\n  joke: "Ha"\n'),
      /^ {2}home-services\/agent\/sv\.yaml answers: .*joke/m,
    ],
    [
      'a file that nobody reads for its ending',
      (dir: string) =>
        renameSync(path.join(dir, 'home-services/form/sv.yaml'), path.join(dir, 'home-services/form/sv.yml')),
      /^ {2}home-services\/form\/sv\.yml: is read by nobody/m,
    ],
    [
      'a folder that nobody reads for its name',
      (dir: string) => mkdirSync(path.join(dir, 'test-drive/template')),
      /^ {2}test-drive\/template: is read by nobody/m,
    ],
  ])('finds a mistake in %s, and names the file', async (_what, change, words) => {
    const { code, out } = await rehearsed(change);
    expect(out).toMatch(words);
    expect(code).toBe(1);
  });

  test('leaves notes that lie beside them alone', () => {
    const copy = mkdtempSync(path.join(scratch, 'c'));
    cpSync(CONVERSATIONS, copy, { recursive: true });
    writeFileSync(path.join(copy, 'test-drive/NOTES.md'), 'mine\n');
    expect(readConversations(copy).all).toHaveLength(3);
  });
});

function plain(schema: object): z.core.JSONSchema.JSONSchema {
  return JSON.parse(JSON.stringify(schema));
}
