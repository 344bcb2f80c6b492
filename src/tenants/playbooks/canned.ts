import { type Finding, when } from './check-playbook.ts';
import { optOutProblems } from './lint.ts';
import { splitBody } from './placeholders.ts';
import type { CannedFile, LanguageFile, PlaybookFile } from './schema.ts';
import type { CannedAnswer } from './types.ts';

/** What staff's own answers may say of themselves, whatever the playbook asks for. */
const STANDING = ['name', 'salesperson', 'business', 'phone'];

/** What is wrong with one language's canned answers; `keys` are those of the first language. */
export function cannedFindings(
  file: PlaybookFile,
  canned: CannedFile,
  keys: readonly string[],
  words: LanguageFile | undefined,
): Finding[] {
  const fields = file.fields.filter((field) => field.type === 'text' && field.required).map((field) => field.key);
  const known = [...STANDING, ...fields];
  const own = Object.keys(canned.answers);
  return [
    ...keys.flatMap((key) => when(!own.includes(key), `answers.${key}`, 'is missing in this language')),
    ...own.flatMap((key) => when(!keys.includes(key), `answers.${key}`, 'is in this language only')),
    ...Object.entries(canned.answers).flatMap(([key, { text }]) => {
      const path = `answers.${key}.text`;
      const { variables, problems } = splitBody(text);
      return [
        ...problems.map((problem) => ({ path, message: `has ${problem}` })),
        ...[...new Set(variables)].flatMap((variable) =>
          when(!known.includes(variable), path, `uses {${variable}}; variables are ${known.join(', ')}`),
        ),
        ...(words ? optOutProblems(text, words.optOut).map((message) => ({ path, message })) : []),
      ];
    }),
  ];
}

/** The answers of a playbook: titles in one language, texts in another, in the order of the file. */
export function cannedAnswers(texts: CannedFile | undefined, titles: CannedFile | undefined): readonly CannedAnswer[] {
  return Object.entries(texts?.answers ?? {}).map(([key, { title, text }]) => ({
    key,
    title: titles?.answers[key]?.title ?? title,
    text,
  }));
}
