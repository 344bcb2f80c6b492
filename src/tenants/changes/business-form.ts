import { countryName, countryOf, zoneHelp, zoneOf } from '../country.ts';
import type { Business, Settings } from '../settings.ts';
import { picked, typed } from './entered.ts';
import { languageName } from './entries.ts';
import type { About, FormField } from './field.ts';

const known = ({ business }: Settings, now: Business): Partial<Settings> => ({ business: { ...business, ...now } });

/** What a business is known by, and where it is. The zone is one of the country entered above it. */
export const business = ({ playbooks }: About): FormField[] => [
  {
    name: 'name',
    label: 'Name',
    hint: 'As customers know it: it stands in their messages.',
    kind: 'text',
    shows: (settings) => typed(settings.business.name ?? ''),
    reads: ({ text }, so) => {
      const name = text.replace(/\s+/g, ' ').trim();
      return name === '' || name.length > 80 ? 'Write a name of 80 characters at most.' : known(so, { name });
    },
  },
  {
    name: 'country',
    label: 'Country',
    hint: 'It decides which law is kept, where photos may be stored, and how numbers are read that come without a country.',
    kind: 'text',
    shows: (settings) => typed(countryName(settings.business.country ?? '')),
    reads: ({ text }, so) => {
      const country = countryOf(text);
      return country ? known(so, { country }) : 'Write the country by its English name, or as two letters.';
    },
  },
  {
    name: 'zone',
    label: 'Time zone',
    hint: 'For example America/Chicago. Needed only in countries that have several.',
    kind: 'text',
    optional: true,
    shows: (settings) => typed(settings.business.zone ?? ''),
    reads: ({ text }, so) => {
      const { country = '' } = so.business;
      const zone = zoneOf(text, country);
      return zone ? known(so, { zone }) : zoneHelp(country);
    },
  },
  {
    name: 'language',
    label: 'Language',
    hint: 'For customers whose own language is not known.',
    kind: 'choice',
    options: [...new Set(playbooks.all.flatMap(({ languages }) => languages))].map((code) => ({
      text: languageName(code),
      value: code,
    })),
    shows: (settings) => picked(...(settings.business.language ? [settings.business.language] : [])),
    reads: ({ chosen: [language] }, so) => (language ? known(so, { language }) : 'Choose a language.'),
  },
];
