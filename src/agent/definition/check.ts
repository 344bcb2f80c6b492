import type { Playbook } from '../../tenants/index.ts';
import { splitBody } from '../../tenants/index.ts';
import { claimFindings, disclosureFindings, foreignFindings } from '../checks/index.ts';
import type { AgentFile, AgentLanguageFile } from './schema.ts';
import { ANSWERS, type AnswerKey, PLACEHOLDERS } from './types.ts';

interface Finding {
  path: string;
  message: string;
}

const when = (wrong: boolean, path: string, message: string): Finding[] => (wrong ? [{ path, message }] : []);

/** What is wrong within `agent.yaml` although each part has the right shape. */
export function agentFindings(file: AgentFile, playbook: Pick<Playbook, 'fields'>): Finding[] {
  const twice = (path: string, keys: readonly string[]) =>
    keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => ({ path, message: `${key} is there twice` }));
  return [
    ...twice('topics', file.topics),
    ...twice('slots', file.slots),
    ...(file.first ?? []).flatMap((topic) =>
      when(!file.topics.includes(topic), 'first', `${topic} is none of the topics`),
    ),
    ...when(
      !playbook.fields.some((field) => field.key === file.subject),
      'subject',
      `${file.subject} is not a field of the playbook`,
    ),
  ];
}

const NEEDED: Partial<Record<AnswerKey, string>> = {
  fact: 'fact',
  offer: 'times',
  offer_one: 'time',
  booked: 'time',
  moved: 'time',
};
/** Answers after which a person goes on: the customer is asked at most when they can be called. */
const ONE_QUESTION = 1;

/**
 * What is wrong in one language's file. A text that would not pass the checks of what the agent says, with no fact to
 * support it, is a mistake here: the definitions never name a price, a time or a promise.
 */
export function wordsFindings(file: AgentFile, words: AgentLanguageFile, language: string): Finding[] {
  const texts: [string, string][] = [
    ['introduction', words.introduction],
    ...ANSWERS.map((key): [string, string] => [`answers.${key}`, words.answers[key]]),
    ...Object.entries(words.slots).map(([slot, { ask }]): [string, string] => [`slots.${slot}.ask`, ask]),
    ...(words.first === undefined ? [] : [['first', words.first] satisfies [string, string]]),
    ...(words.request ? [['request.answer', words.request.answer] satisfies [string, string]] : []),
  ];
  const missing = (path: string, wanted: readonly string[], found: object) => [
    ...wanted.filter((key) => !Object.hasOwn(found, key)).map((key) => ({ path, message: `${key} is missing` })),
    ...Object.keys(found)
      .filter((key) => !wanted.includes(key))
      .map((key) => ({ path, message: `${key} is not declared in agent.yaml` })),
  ];
  return [
    ...missing('slots', file.slots, words.slots),
    ...missing('topics', file.topics, words.topics),
    ...(['first', 'request'] as const).flatMap((part) => [
      ...when(file[part] !== undefined && words[part] === undefined, part, 'is missing'),
      ...when(file[part] === undefined && words[part] !== undefined, part, 'is not declared in agent.yaml'),
    ]),
    ...texts.flatMap(([path, text]) => textFindings(path, text, language)),
    ...Object.entries(NEEDED).flatMap(([key, variable]) =>
      when(
        !splitBody(words.answers[key as AnswerKey]).variables.includes(variable),
        `answers.${key}`,
        `does not use {${variable}}`,
      ),
    ),
    ...disclosureFindings(words.introduction, language).map((message) => ({ path: 'introduction', message })),
    ...disclosureFindings(words.answers.identity, language).map((message) => ({ path: 'answers.identity', message })),
  ];
}

function textFindings(path: string, text: string, language: string): Finding[] {
  const { texts, variables, problems } = splitBody(text);
  const name = path.replace(/^answers\./, '');
  const bare = texts.join(' … ');
  return [
    ...problems.map((problem) => ({ path, message: `has ${problem}` })),
    ...variables.flatMap((variable) => {
      const where = PLACEHOLDERS[variable];
      const allowed = where === '*' || where?.includes(name as AnswerKey);
      return when(!allowed, path, `uses {${variable}}, which cannot be filled here`);
    }),
    ...when((text.match(/[?？]/g) ?? []).length > ONE_QUESTION, path, 'asks more than one thing'),
    ...claimFindings(bare).map(({ words }) => ({ path, message: words })),
    ...foreignFindings(bare, language).map(({ words }) => ({ path, message: words })),
  ];
}
