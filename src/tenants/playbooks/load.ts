import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { buildPlaybook } from './build.ts';
import { cannedFindings } from './canned.ts';
import { languageFindings } from './check-language.ts';
import { type Finding, playbookFindings } from './check-playbook.ts';
import { formFindings } from './form.ts';
import {
  type CannedFile,
  cannedSchema,
  type FormFile,
  formSchema,
  type LanguageFile,
  languageSchema,
  type PlaybookFile,
  playbookSchema,
} from './schema.ts';
import type { PlaybookSource, Playbooks } from './types.ts';

/** Something wrong: the file below the playbooks' folder, where in it, and what to do. */
interface PlaybookProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** `readPlaybooks`, ready for use. */
export const loadPlaybooks = (dir: string): Playbooks => playbooksOf(readPlaybooks(dir));

/**
 * Reads and checks every playbook below `dir` (`<key>/playbook.yaml`, `<key>/templates/<language>.yaml`, and where there
 * are any `<key>/canned/<language>.yaml` and `<key>/form/<language>.yaml`), once, at start. Returns at least one.
 *
 * Throws one `KnownError` (`misconfigured`) with all problems of all files; each problem's `field` is `file path`.
 */
export function readPlaybooks(dir: string): PlaybookSource[] {
  const problems: PlaybookProblem[] = [];
  const report = (file: string, path: string, message: string) => problems.push({ file, path, message });

  const folders = existsSync(dir)
    ? readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  const keys = folders.map((folder) => folder.name).sort();
  if (keys.length === 0) report('.', '', 'there is no playbook; each is a folder with a playbook.yaml');

  const all = keys.map((key) => readPlaybook(dir, key, report)).filter((playbook) => playbook !== undefined);
  const standard = all.map(({ file }) => file).filter((file) => file.standard);
  if (standard.length > 1) report('.', '', `${standard.map(({ key }) => key).join(' and ')} are both standard; one is`);
  if (problems.length > 0) throw refusal(problems);
  return all;
}

/** The playbooks that the rooms use, out of files that were found sound. Throws `Error` when there are none. */
export function playbooksOf(sources: readonly PlaybookSource[]): Playbooks {
  const all = sources.map(({ file, words, canned, forms }) => buildPlaybook(file, words, canned, forms));
  const standard = all.find((playbook) => playbook.standard) ?? all[0];
  if (!standard) throw new Error('no playbook');
  return Object.freeze({
    all: Object.freeze(all),
    standard,
    get(key: string) {
      const playbook = all.find((candidate) => candidate.key === key);
      if (playbook) return playbook;
      throw new KnownError(
        'not_found',
        'no such playbook',
        `There is no playbook "${key}". There are: ${all.map((each) => each.key).join(', ')}.`,
      );
    },
  });
}

type Report = (file: string, path: string, message: string) => void;

/** The playbook's files, or `undefined` when something in them was reported. */
function readPlaybook(dir: string, key: string, report: Report): PlaybookSource | undefined {
  let sound = true;
  const note: Report = (...problem) => {
    sound = false;
    report(...problem);
  };

  const main = `${key}/playbook.yaml`;
  const file = read(dir, main, playbookSchema, note);
  const languages = readLanguages(dir, key, 'templates', languageSchema, note);
  for (const stray of straysOf(dir, key)) note(stray, '', `is read by nobody; ${PLACES}`);
  if (!file) return undefined;

  if (file.key !== key) note(main, 'key', `is ${file.key}, but the folder is called ${key}`);
  for (const { path, message } of playbookFindings(file)) note(main, path, message);
  for (const language of file.languages.filter((code) => !languages.has(code))) {
    note(`${key}/templates/${language}.yaml`, '', `is missing: ${language} is one of the languages`);
  }
  const words = new Map<string, LanguageFile>();
  for (const [language, text] of languages) {
    const path = `${key}/templates/${language}.yaml`;
    if (!file.languages.includes(language)) note(path, '', `${language} is not one of the languages in playbook.yaml`);
    if (!text) continue;
    words.set(language, text);
    for (const finding of languageFindings(file, text)) note(path, finding.path, finding.message);
  }
  const canned = loadCanned(dir, file, words, note);
  const forms = loadForms(dir, file, note);
  return sound ? { file, words, canned, forms } : undefined;
}

/** The folders of a playbook; how the agent talks is read by the agent. */
const PARTS: readonly string[] = ['templates', 'canned', 'form', 'agent'];
const PLACES = `a playbook is playbook.yaml and <name>.yaml in ${PARTS.join('/, ')}/`;

/** What somebody meant to be read and put where it is not: a folder of another name, `en.yml`. Notes of other kinds may lie about. */
function straysOf(dir: string, key: string): string[] {
  const entries = readdirSync(join(dir, key), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || /\.ya?ml$/i.test(entry.name)))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== `${key}/playbook.yaml`)
    .filter((path) => {
      const [, part = '', file, ...deeper] = path.split('/');
      return !PARTS.includes(part) || deeper.length > 0 || (file !== undefined && !file.endsWith('.yaml'));
    })
    .sort();
}

/** The answers that staff may pick from: in every language or in none, with the same keys. */
function loadCanned(
  dir: string,
  file: PlaybookFile,
  words: ReadonlyMap<string, LanguageFile>,
  note: Report,
): Map<string, CannedFile> {
  return loadParts(dir, file, 'canned', cannedSchema, note, (first, canned, language) =>
    cannedFindings(file, canned, Object.keys(first.answers), words.get(language)),
  );
}

/** The form that customers fill in: in every language or in none, with the same fields. */
function loadForms(dir: string, file: PlaybookFile, note: Report): Map<string, FormFile> {
  return loadParts(dir, file, 'form', formSchema, note, (first, form) =>
    formFindings(file, form, Object.keys(first.fields)),
  );
}

/** A part that a playbook has in every language or in none; `check` compares each with the first, which is English. */
function loadParts<T>(
  dir: string,
  { key, languages }: PlaybookFile,
  part: 'canned' | 'form',
  schema: z.ZodType<T>,
  note: Report,
  check: (first: T, text: T, language: string) => Finding[],
): Map<string, T> {
  const found = readLanguages(dir, key, part, schema, note);
  if (found.size === 0) return new Map();
  const path = (language: string) => `${key}/${part}/${language}.yaml`;
  for (const language of languages) if (!found.has(language)) note(path(language), '', 'is missing: others have one');
  const read = new Map([...found].filter((entry): entry is [string, T & {}] => entry[1] !== undefined));
  const first = read.get('en') ?? [...read.values()][0];
  for (const [language, text] of read) {
    if (!languages.includes(language)) note(path(language), '', `${language} is not one of the languages`);
    if (first === undefined) continue;
    for (const finding of check(first, text, language)) note(path(language), finding.path, finding.message);
  }
  return read;
}

/** By language; `undefined` for a file that could not be read and was reported. */
function readLanguages<T>(
  dir: string,
  key: string,
  part: 'templates' | 'canned' | 'form',
  schema: z.ZodType<T>,
  note: Report,
): Map<string, T | undefined> {
  const folder = join(dir, key, part);
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
    : [];
  return new Map(
    files.map((name) => [name.slice(0, -'.yaml'.length), read(dir, `${key}/${part}/${name}`, schema, note)]),
  );
}

function read<T>(dir: string, file: string, schema: z.ZodType<T>, note: Report): T | undefined {
  const path = join(dir, file);
  if (!existsSync(path)) {
    note(file, '', 'is missing');
    return undefined;
  }
  const document = parseDocument(readFileSync(path, 'utf8'));
  for (const error of document.errors) note(file, `line ${error.linePos?.[0].line ?? 1}`, firstLine(error.message));
  if (document.errors.length > 0) return undefined;

  const result = schema.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (result.success) return result.data;
  for (const issue of result.error.issues) note(file, pathOf(issue.path), issue.message);
  return undefined;
}

const firstLine = (text: string) => text.split('\n')[0]?.replace(/:$/, '') ?? text;

const pathOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );

function refusal(problems: readonly PlaybookProblem[]): KnownError {
  const lines = problems.map(({ file, path, message }) => `${file}${path && ` ${path}`}: ${message}`);
  return new KnownError(
    'misconfigured',
    `${problems.length} problem(s) in the playbooks:\n  ${lines.join('\n  ')}`,
    `The playbooks cannot be used until this is put right:\n${lines.join('\n')}`,
    { problems: problems.map(({ file, path, message }) => ({ field: `${file} ${path}`.trim(), message })) },
  );
}
