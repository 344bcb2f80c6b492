import { type Finding, when } from './check-playbook.ts';
import type { FormFile, PlaybookFile } from './schema.ts';
import type { FormWords } from './types.ts';

/** What a page asks in its own way: consent and language have a place of their own, photos do not go through forms. */
const APART: readonly string[] = ['consent', 'language', 'photo'];

/** What is wrong with one language's form; `keys` are the fields of the first language. */
export function formFindings(file: PlaybookFile, form: FormFile, keys: readonly string[]): Finding[] {
  const own = Object.keys(form.fields);
  const asked = file.fields.filter(({ type }) => !APART.includes(type));
  const wanted = asked.filter((field) => field.required).map((field) => field.key);
  const ways = asked.filter(({ type }) => type === 'phone' || type === 'email').map((field) => field.key);
  return [
    ...keys.flatMap((key) => when(!own.includes(key), `fields.${key}`, 'is missing in this language')),
    ...own.flatMap((key) => when(!keys.includes(key), `fields.${key}`, 'is in this language only')),
    ...own.flatMap((key) =>
      when(!asked.some((field) => field.key === key), `fields.${key}`, 'is no field that a form asks for'),
    ),
    ...wanted.flatMap((key) => when(!own.includes(key), `fields.${key}`, 'is missing: the field is required')),
    ...when(!ways.some((key) => own.includes(key)), 'fields', `must ask for ${ways.join(' or ')}`),
    ...asked.flatMap((field) => {
      if (field.type !== 'choice' || !own.includes(field.key)) return [];
      const options = Object.keys(form.fields[field.key]?.options ?? {});
      return Object.keys(field.options).flatMap((option) =>
        when(!options.includes(option), `fields.${field.key}.options.${option}`, 'is missing'),
      );
    }),
  ];
}

/** A playbook's form in one language, its fields in the playbook's order. */
export function formWords(file: PlaybookFile, language: string, form: FormFile): FormWords {
  const { title, intro, send } = form;
  return {
    language,
    title,
    ...(intro !== undefined && { intro }),
    send,
    fields: file.fields.flatMap((field) => {
      const words = form.fields[field.key];
      return words ? [{ ...field, ...words, hint: words.hint ?? '' }] : [];
    }),
  };
}
