import { getAllCountries, getCountry, getTimezone } from 'countries-and-timezones';
import { validationError } from '../../lib/errors.ts';
import type { Playbooks } from '../../tenants/index.ts';
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

const NAMES: Record<string, string> = { en: 'English', sv: 'Swedish', de: 'German', es: 'Spanish', hi: 'Hindi' };
/** How many zones of a large country are named when one has to be chosen. */
const NAMED = 4;

/** Languages that customers can be written to in. */
export const languagesOf = (playbooks: Playbooks): string[] => [
  ...new Set(playbooks.all.flatMap((playbook) => playbook.languages)),
];

/** The form of a business, filled in where it is known. Pure. */
export function businessForm(
  view: { id: string; title: string; submit: string; languages: readonly string[] },
  known?: Business,
): ModalView {
  const options = view.languages.map((language) => option(NAMES[language] ?? language, language));
  const chosen = options.find(({ value }) => value === known?.language) ?? options[0];
  const text = (initial: string | undefined, max: number) => ({
    type: 'plain_text_input',
    max_length: max,
    ...(initial && { initial_value: initial }),
  });
  return {
    type: 'modal',
    callback_id: view.id,
    title: plain(view.title, 24),
    submit: plain(view.submit, 24),
    close: plain('Cancel', 24),
    blocks: [
      input('name', 'Name', text(known?.name, 80), { hint: 'As customers know it: it stands in their messages.' }),
      input('country', 'Country', text(known && (getCountry(known.country)?.name ?? known.country), 60), {
        hint: 'It decides which law is kept, and how numbers are read that come without a country.',
      }),
      input('zone', 'Time zone', text(known?.zone, 60), {
        optional: true,
        hint: 'For example America/Chicago. Needed only in countries that have several.',
      }),
      input(
        'language',
        'Language',
        { type: 'static_select', options, initial_option: chosen },
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
    const examples = zonesOf(country).slice(0, NAMED).join(', ');
    problems.push({ field: 'zone', message: `Choose the time zone, for example ${examples}.` });
  }
  if (problems.length > 0 || !country || !zone) throw validationError(problems);
  return { name, country, zone, language: values.choice('language') || 'en' };
}

function countryOf(words: string): string | undefined {
  const wanted = words.trim().toLowerCase();
  if (/^[a-z]{2}$/.test(wanted)) return getCountry(wanted.toUpperCase())?.id;
  return Object.values(getAllCountries()).find(({ name }) => name.toLowerCase() === wanted)?.id;
}

/** Zones of a country, without old names and without those it shares with the country they belong to. */
function zonesOf(country: string): readonly string[] {
  const all = (getCountry(country)?.timezones ?? []).filter((zone) => getTimezone(zone)?.aliasOf == null);
  const own = all.filter((zone) => getTimezone(zone)?.countries[0] === country);
  return own.length > 0 ? own : all;
}

/** A zone by its name or its city; where none is given, the only one of the country. */
function zoneOf(words: string, country: string): string | undefined {
  const zones = zonesOf(country);
  if (words === '') return zones.length === 1 ? zones[0] : undefined;
  const wanted = words.toLowerCase().replaceAll(' ', '_');
  const all = getCountry(country)?.timezones ?? [];
  return (
    all.find((zone) => zone.toLowerCase() === wanted) ?? all.find((zone) => zone.toLowerCase().endsWith(`/${wanted}`))
  );
}
