import { type Finding, when } from './check-playbook.ts';
import { linkProblems, optOutProblems, sellingProblems, tellsHowToOptOut, whatsAppProblems } from './lint.ts';
import { OPTIONAL_LINK, optionalLinkProblems, splitBody, withoutOptionalLink } from './placeholders.ts';
import type { LanguageFile, PlaybookFile } from './schema.ts';

/** What is wrong in one language's file, given what `playbook.yaml` declares. */
export function languageFindings(file: PlaybookFile, words: LanguageFile): Finding[] {
  const declared = Object.entries(file.templates);
  const wanted = new Set(declared.flatMap(([, template]) => template.variables));
  const asksForPhoto = file.fields.some((field) => field.type === 'photo');
  return [
    ...declared.flatMap(([key, { variables, category }]) => {
      const body = words.templates[key];
      const path = `templates.${key}`;
      if (body === undefined) return [{ path, message: 'is missing in this language' }];
      const selling = category === 'UTILITY' ? sellingProblems(body) : [];
      return [...bodyProblems(key, body, variables, words), ...selling].map((message) => ({ path, message }));
    }),
    ...Object.keys(words.templates).flatMap((key) =>
      when(!Object.hasOwn(file.templates, key), `templates.${key}`, 'is not declared in playbook.yaml'),
    ),
    ...subjectFindings(file, words),
    ...[...wanted].flatMap((variable) =>
      when(!Object.hasOwn(words.samples, variable), 'samples', `a sample for {${variable}} is missing`),
    ),
    ...when(file.consentVersion !== undefined && !words.consent, 'consent', 'is missing in this language'),
    ...statementProblems(words).map((message) => ({ path: 'consent.statement', message })),
    ...when(asksForPhoto && words.photoNote === undefined, 'photoNote', 'is missing: a photo is asked for'),
  ];
}

/** The subject of an e-mail says nothing that its text does not. A text without one goes under the business's name. */
function subjectFindings({ templates }: PlaybookFile, { subjects = {} }: LanguageFile): Finding[] {
  return Object.entries(subjects).flatMap(([key, subject]) => {
    const path = `subjects.${key}`;
    const declared = templates[key]?.variables;
    if (!declared) return [{ path, message: 'is not declared in playbook.yaml' }];
    const { variables, problems } = splitBody(subject);
    return [
      ...problems.map((problem) => ({ path, message: `has ${problem}` })),
      ...when(subject.includes('\n'), path, 'has more than one line'),
      ...variables.flatMap((variable) =>
        when(!declared.includes(variable), path, `uses {${variable}}, which is not declared for it`),
      ),
      ...when(variables.includes(OPTIONAL_LINK), path, `uses {${OPTIONAL_LINK}}, which not every business has`),
    ];
  });
}

const say = (wrong: boolean, message: string): string[] => (wrong ? [message] : []);

/** Both forms of a body have to be sound: with the link that not every business has, and without its line. */
function bodyProblems(key: string, body: string, declared: readonly string[], words: LanguageFile): string[] {
  const whole = formProblems(key, body, declared, words);
  const bare = withoutOptionalLink(body);
  if (bare === body) return whole;
  const needed = declared.filter((variable) => variable !== OPTIONAL_LINK);
  const less = formProblems(key, bare, needed, words).filter((problem) => !whole.includes(problem));
  return [
    ...whole,
    ...optionalLinkProblems(body),
    ...less.map((problem) => `${problem}, once the line of {${OPTIONAL_LINK}} is left out`),
  ];
}

function formProblems(key: string, body: string, declared: readonly string[], { optOut }: LanguageFile): string[] {
  const { variables, problems } = splitBody(body);
  const confirmsStop = key === 'opt_out_confirmation';
  return [
    ...problems.map((problem) => `has ${problem}`),
    ...declared
      .filter((variable) => variable !== OPTIONAL_LINK)
      .flatMap((variable) => say(!variables.includes(variable), `does not use {${variable}}`)),
    ...[...new Set(variables)].flatMap((variable) =>
      say(!declared.includes(variable), `uses {${variable}}, which is not declared for it`),
    ),
    ...whatsAppProblems(body),
    ...linkProblems(body),
    ...optOutProblems(body, optOut),
    ...say(
      !confirmsStop && !tellsHowToOptOut(body, optOut),
      `does not say how to opt out (${optOut.words.join(', ')})`,
    ),
  ];
}

const channels: readonly [RegExp, string][] = [
  [/WhatsApp/i, 'WhatsApp'],
  [/SMS/i, 'SMS'],
  [/e-?mail|e-?post|correo/i, 'e-mail'],
];

/** Consent is worth nothing unless it names who may write, by which channels, and how it ends. */
function statementProblems({ consent, optOut }: LanguageFile): string[] {
  if (!consent) return [];
  const { statement } = consent;
  const { variables, problems } = splitBody(statement);
  return [
    ...problems.map((problem) => `has ${problem}`),
    ...say(variables.join() !== 'business', 'must name {business} once and have no other variable'),
    ...channels.flatMap(([pattern, channel]) => say(!pattern.test(statement), `does not name ${channel}`)),
    ...optOutProblems(statement, optOut),
    ...say(!tellsHowToOptOut(statement, optOut), `does not say how to opt out (${optOut.words.join(', ')})`),
  ];
}
