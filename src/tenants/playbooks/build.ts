import { createHash } from 'node:crypto';
import { KnownError } from '../../lib/errors.ts';
import { cannedAnswers } from './canned.ts';
import { formWords } from './form.ts';
import { splitBody } from './placeholders.ts';
import type { CannedFile, FormFile, LanguageFile, PlaybookFile } from './schema.ts';
import type { ConsentText, FormWords, Playbook, PlaybookSource, Template } from './types.ts';

const hash = (parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);

/** Freezes what came from the files, so that no room changes what another reads. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/**
 * Makes the playbook the rooms use out of checked files. `words` holds every language of the playbook; `source` is given
 * where the files are not what they were read as.
 */
export function buildPlaybook(
  file: PlaybookFile,
  words: ReadonlyMap<string, LanguageFile>,
  canned: ReadonlyMap<string, CannedFile>,
  forms: ReadonlyMap<string, FormFile>,
  source: PlaybookSource = { file, words, canned, forms },
): Playbook {
  const { key, name, standard, languages, consentRequired, cadence } = file;
  const keepDays = file.fields.find((field) => field.type === 'photo')?.keepDays;
  const withDays = (text: string) => text.replaceAll('{days}', String(keepDays ?? ''));

  const consents = new Map<string, ConsentText>();
  const photoNotes = new Map<string, string>();
  const templates = new Map<string, Map<string, Template>>();
  for (const language of languages) {
    const text = words.get(language);
    if (!text) continue;
    templates.set(language, templatesOf(file, language, text));
    if (text.photoNote !== undefined) photoNotes.set(language, withDays(text.photoNote));
    if (text.consent !== undefined) {
      const { confirm, statement } = text.consent;
      const version = `${file.consentVersion ?? key}/${language}/${hash([confirm, statement])}`;
      consents.set(language, frozen({ language, version, confirm, statement }));
    }
  }

  const formsOf = new Map<string, FormWords>();
  for (const language of languages) {
    const form = forms.get(language);
    if (form) formsOf.set(language, frozen(formWords(file, language, form)));
  }

  return frozen<Playbook>({
    key,
    name,
    standard,
    languages,
    consentRequired,
    cadence,
    fields: file.fields.map((field) => ({ ...field, ...(field.hint && { hint: withDays(field.hint) }) })),
    pipeline: {
      ...file.pipeline,
      stages: Object.entries(file.pipeline.stages).map(([stage, rest]) => ({ key: stage, ...rest })),
    },
    ...(file.score && { score: { ...file.score, bands: [...file.score.bands].sort((a, b) => b.from - a.from) } }),
    templates: [...templates.values()].flatMap((byKey) => [...byKey.values()]),
    template(wanted, language, tenantLanguage) {
      const found = inLanguage(templates, language, tenantLanguage)?.get(wanted);
      if (found) return found;
      throw new KnownError(
        'misconfigured',
        `playbook ${key} has no template ${wanted}`,
        `"${name}" has no text called ${wanted}.`,
      );
    },
    consent(language, tenantLanguage) {
      const found = inLanguage(consents, language, tenantLanguage);
      if (found) return found;
      throw new KnownError('misconfigured', `playbook ${key} has no consent text`, `"${name}" has no consent text.`);
    },
    photoNote: (language, tenantLanguage) => inLanguage(photoNotes, language, tenantLanguage),
    canned: (language, tenantLanguage) =>
      cannedAnswers(inLanguage(canned, language, tenantLanguage), inLanguage(canned, tenantLanguage)),
    form: (language, tenantLanguage) => inLanguage(formsOf, language, tenantLanguage),
    source,
  });
}

function templatesOf(file: PlaybookFile, language: string, text: LanguageFile): Map<string, Template> {
  return new Map(
    Object.entries(file.templates).map(([key, { category }]) => {
      const body = text.templates[key] ?? '';
      const variables = [...new Set(splitBody(body).variables)];
      const samples = Object.fromEntries(variables.map((variable) => [variable, text.samples[variable] ?? '']));
      const version = hash([key, language, category, body]);
      const subject = text.subjects?.[key];
      const template = { key, language, category, body, ...(subject && { subject }), variables, samples, version };
      return [key, frozen<Template>(template)];
    }),
  );
}

/** The entry for the first of: the wanted language, the tenant's, `en`. A region (`sv-SE`, `pt_BR`) is left aside. */
function inLanguage<T>(byLanguage: ReadonlyMap<string, T>, wanted: string, tenantLanguage?: string): T | undefined {
  const candidates = [wanted, tenantLanguage ?? '', 'en'].map((tag) => tag.toLowerCase().split(/[-_]/)[0] ?? '');
  const language = candidates.find((candidate) => byLanguage.has(candidate));
  return language === undefined ? undefined : byLanguage.get(language);
}
