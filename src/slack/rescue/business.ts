import { validationError } from '../../lib/errors.ts';
import { countryOf, languageName, type Playbooks, zoneHelp, zoneOf } from '../../tenants/index.ts';
import type { FormValues } from '../feature.ts';
import { input, type ModalView, option, plain } from '../views.ts';

/** What a business is known by. */
export interface Business {
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** IANA. */
  zone: string;
  language: string;
}

/** Languages that customers can be written to in. */
export const languagesOf = (playbooks: Playbooks): string[] => [
  ...new Set(playbooks.all.flatMap((playbook) => playbook.languages)),
];

/** The form of a further business. Pure. */
export function businessForm(view: {
  id: string;
  title: string;
  submit: string;
  languages: readonly string[];
}): ModalView {
  const options = view.languages.map((language) => option(languageName(language), language));
  const text = (max: number) => ({ type: 'plain_text_input', max_length: max });
  return {
    type: 'modal',
    callback_id: view.id,
    title: plain(view.title, 24),
    submit: plain(view.submit, 24),
    close: plain('Cancel', 24),
    blocks: [
      input('name', 'Name', text(80), { hint: 'As customers know it: it stands in their messages.' }),
      input('country', 'Country', text(60), {
        hint: 'It decides which law is kept, and how numbers are read that come without a country.',
      }),
      input('zone', 'Time zone', text(60), {
        optional: true,
        hint: 'For example America/Chicago. Needed only in countries that have several.',
      }),
      input(
        'language',
        'Language',
        { type: 'static_select', options, initial_option: options[0] },
        {
          hint: 'For customers whose own language is not known.',
        },
      ),
    ],
  };
}

/** What was entered. Throws a validation error at each field that is wrong. */
export function readBusiness(values: FormValues): Business {
  const name = values.text('name').replace(/\s+/g, ' ').trim();
  const country = countryOf(values.text('country'));
  const problems = [];
  if (name === '') problems.push({ field: 'name', message: 'Write the name of the business.' });
  if (!country)
    problems.push({ field: 'country', message: 'Write the country by its English name, or as two letters.' });
  const zone = country ? zoneOf(values.text('zone').trim(), country) : '';
  if (country && !zone) {
    problems.push({ field: 'zone', message: zoneHelp(country) });
  }
  if (problems.length > 0 || !country || !zone) throw validationError(problems);
  return { name, country, zone, language: values.choice('language') || 'en' };
}
