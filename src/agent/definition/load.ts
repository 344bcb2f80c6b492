import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { Playbook, Playbooks } from '../../tenants/index.ts';
import { foldPhrase } from '../words.ts';
import { agentFindings, wordsFindings } from './check.ts';
import { type AgentFile, type AgentLanguageFile, agentLanguageSchema, agentSchema } from './schema.ts';
import type { AgentDefinition, AgentDefinitions, AgentWords } from './types.ts';

/** Something wrong: the file below the playbooks' folder, where in it, and what to do. */
export interface AgentProblem {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** What an agent's definition is made of: files that were found sound. */
export interface AgentSource {
  readonly playbook: string;
  /** Of the words: another one when any of the files has changed. */
  readonly version: string;
  readonly file: AgentFile;
  readonly words: ReadonlyMap<string, AgentLanguageFile>;
}

/** `readAgents`, ready for use. */
export const loadAgents = (dir: string, playbooks: Playbooks): AgentDefinitions => agentsOf(readAgents(dir, playbooks));

/**
 * Reads and checks how the agent talks (`<playbook>/agent/agent.yaml` and one file a language) of every playbook that has
 * an agent. Throws one `KnownError` (`misconfigured`) with all problems of all files.
 */
export function readAgents(dir: string, playbooks: Playbooks): AgentSource[] {
  const { sources, problems } = read(dir, playbooks);
  if (problems.length > 0) throw refusal(problems);
  return sources;
}

/** The definitions that the agent talks by. */
export function agentsOf(sources: readonly AgentSource[]): AgentDefinitions {
  const definitions = sources.map(build).filter((definition) => definition !== undefined);
  return Object.freeze({
    all: Object.freeze(definitions),
    of: (playbook: string) => definitions.find((each) => each.playbook === playbook),
  });
}

/** Everything that is wrong with the agents' files, for whoever checks playbooks by hand. */
export function checkAgentFiles(dir: string, playbooks: Playbooks): AgentProblem[] {
  return read(dir, playbooks).problems;
}

/** The JSON Schemas of both files, for editors. */
export function agentJsonSchemas(): Record<'agent' | 'agent-language', object> {
  return {
    agent: z.toJSONSchema(agentSchema, { io: 'input' }),
    'agent-language': z.toJSONSchema(agentLanguageSchema, { io: 'input' }),
  };
}

function read(dir: string, playbooks: Playbooks): { sources: AgentSource[]; problems: AgentProblem[] } {
  const problems: AgentProblem[] = [];
  const sources = playbooks.all.flatMap((playbook) => {
    if (!existsSync(join(dir, playbook.key, 'agent'))) return [];
    const before = problems.length;
    const source = readOne(dir, playbook, (file, path, message) => problems.push({ file, path, message }));
    return source && problems.length === before ? [source] : [];
  });
  return { sources, problems };
}

type Report = (file: string, path: string, message: string) => void;

function readOne(dir: string, playbook: Playbook, report: Report): AgentSource | undefined {
  const folder = `${playbook.key}/agent`;
  const main = `${folder}/agent.yaml`;
  const hash = createHash('sha256');
  const file = readFile(dir, main, agentSchema, report, hash);
  const found = readdirSync(join(dir, folder))
    .filter((name) => name.endsWith('.yaml') && name !== 'agent.yaml')
    .sort();
  const byLanguage = new Map<string, AgentLanguageFile>();
  for (const name of found) {
    const language = name.slice(0, -'.yaml'.length);
    const path = `${folder}/${name}`;
    if (!playbook.languages.includes(language)) report(path, '', `${language} is not one of the playbook's languages`);
    const words = readFile(dir, path, agentLanguageSchema, report, hash);
    if (words) byLanguage.set(language, words);
  }
  for (const language of playbook.languages) {
    if (!found.includes(`${language}.yaml`)) report(`${folder}/${language}.yaml`, '', 'is missing in this language');
  }
  if (!file) return undefined;
  for (const finding of agentFindings(file, playbook)) report(main, finding.path, finding.message);
  for (const [language, words] of byLanguage) {
    for (const { path, message } of wordsFindings(file, words, language)) {
      report(`${folder}/${language}.yaml`, path, message);
    }
  }
  const version = `${file.version}/${hash.digest('hex').slice(0, 12)}`;
  return { playbook: playbook.key, version, file, words: byLanguage };
}

function readFile<T>(
  dir: string,
  file: string,
  schema: z.ZodType<T>,
  report: Report,
  hash: { update(text: string): unknown },
): T | undefined {
  const path = join(dir, file);
  if (!existsSync(path)) {
    report(file, '', 'is missing');
    return undefined;
  }
  const text = readFileSync(path, 'utf8');
  hash.update(text);
  const document = parseDocument(text);
  for (const error of document.errors) report(file, `line ${error.linePos?.[0].line ?? 1}`, error.message);
  if (document.errors.length > 0) return undefined;
  const result = schema.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(file, issue.path.map(String).join('.'), issue.message);
  return undefined;
}

/** `undefined` when it knows no language. */
function build({ playbook, version, file, words }: AgentSource): AgentDefinition | undefined {
  const all = [...words].map(([language, each]) => wordsOf(language, each));
  const pick = (wanted: string) => all.find((words) => words.language === wanted.toLowerCase().split(/[-_]/)[0]);
  const last = pick('en') ?? all[0];
  if (!last) return undefined;
  const intents = Object.fromEntries(
    Object.entries(file.intents).map(([intent, { answer, look_up, next }]) => [
      intent,
      { answer, lookUp: look_up, next },
    ]),
  ) as unknown as AgentDefinition['intents'];
  return {
    playbook,
    version,
    books: file.books,
    subject: file.subject,
    topics: file.topics,
    slots: file.slots,
    first: file.first ?? [],
    ...(file.request && { request: { next: file.request.next, ownTimes: file.request.own_times } }),
    intents,
    languages: all.map((words) => words.language),
    all,
    words: (language, tenantLanguage) => pick(language) ?? (tenantLanguage ? pick(tenantLanguage) : undefined) ?? last,
  };
}

function wordsOf(language: string, file: AgentLanguageFile): AgentWords {
  const folded = (phrases: readonly string[]) => phrases.map(foldPhrase);
  const each = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, phrases]) => [name, folded(phrases)]));
  return {
    language,
    introduction: file.introduction,
    colleague: file.colleague,
    answers: file.answers,
    slots: Object.fromEntries(
      Object.entries(file.slots).map(([slot, { ask, values }]) => [slot, { ask, values: each(values) }]),
    ),
    cues: {
      person: folded(file.cues.person),
      identity: folded(file.cues.identity),
      language: folded(file.cues.language),
      yes: folded(file.cues.yes),
      no: folded(file.cues.no),
    },
    ...(file.first !== undefined && { first: file.first }),
    ...(file.request && { request: { cues: folded(file.request.cues), answer: file.request.answer } }),
    topics: each(file.topics),
  };
}

function refusal(problems: readonly AgentProblem[]): KnownError {
  const lines = problems.map(({ file, path, message }) => `${file}${path && ` ${path}`}: ${message}`);
  return new KnownError(
    'misconfigured',
    `${problems.length} problem(s) in how the agent talks:\n  ${lines.join('\n  ')}`,
    `The agent cannot be used until this is put right:\n${lines.join('\n')}`,
    { problems: problems.map(({ file, path, message }) => ({ field: `${file} ${path}`.trim(), message })) },
  );
}
