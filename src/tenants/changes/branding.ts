import { contrast } from '../../lib/colour.ts';
import type { Branding } from '../settings.ts';
import type { Change } from './diff.ts';
import { languageName } from './entries.ts';
import type { FormField } from './field.ts';

/** Purpose of the links that show a change of the branding before it counts. */
export const BRAND_PREVIEW = 'brand-preview';

/** The branding as changes would make it; undefined when they are about something else. Pure. */
export function brandingAfter(changes: readonly Change[]): Branding | undefined {
  return changes.find(({ path }) => path === 'branding')?.after as Branding | undefined;
}

/** Contrast that text needs on white (WCAG 2.2, 1.4.3, AA). */
const TEXT_CONTRAST = 4.5;

/** What people should know of a colour; undefined when it reads well as it is. Pure. */
export function colourNote(accent: string | null): string | undefined {
  if (accent === null) return undefined;
  const ratio = contrast(accent, '#ffffff');
  if (ratio >= TEXT_CONTRAST) return undefined;
  return `${accent} is too pale for text on white (${ratio.toFixed(1)} to 1, where 4.5 are needed): text and links use a darker shade of it.`;
}

const typed = (text: string | null | undefined) => ({ text: text ?? '', chosen: [] });

const SHOWN = [
  { text: 'On pages and in Slack', value: 'pages' },
  { text: 'On pages, in Slack and above e-mails', value: 'mail' },
  { text: 'Nowhere: take it away', value: 'off' },
];

/** A new logo, and where the one there is is shown. */
const logoFields = (): FormField[] => [
  {
    name: 'brand_logo',
    label: 'Logo',
    kind: 'picture',
    optional: true,
    hint: 'PNG or JPEG, 300 kB at most. Left empty, it stays as it is.',
    shows: () => typed(''),
    reads: ({ picture }, { branding }) => (picture ? { branding: { ...branding, logo: picture } } : {}),
  },
  {
    name: 'brand_logo_shown',
    label: 'The logo is shown',
    kind: 'choice',
    options: SHOWN,
    shows: ({ branding }) => ({ text: '', chosen: [branding.logoInMail ? 'mail' : 'pages'] }),
    reads: ({ chosen: [where] }, { branding }) => {
      const logo = where === 'off' ? null : branding.logo;
      return { branding: { ...branding, logo, logoInMail: where === 'mail' } };
    },
  },
];

/** The form of name, colour, logo, sender and signature; one signature for each of the tenant's languages. */
export function brandingForm(languages: readonly string[]): FormField[] {
  return [
    {
      name: 'brand_name',
      label: 'Name that customers read',
      kind: 'text',
      optional: true,
      hint: 'On pages and e-mails. Left empty, the business is called as it is here. In Slack it keeps the name it has here.',
      shows: ({ branding }) => typed(branding.name),
      reads: ({ text }, { branding }) =>
        text.length <= 80 ? { branding: { ...branding, name: text || null } } : 'Write 80 characters at most.',
    },
    {
      name: 'brand_accent',
      label: 'Colour',
      kind: 'text',
      optional: true,
      hint: 'Like #0f6b5c. Buttons show it; text uses a shade of it that can be read.',
      shows: ({ branding }) => typed(branding.accent),
      reads: ({ text }, { branding }) => {
        const accent = text === '' ? null : text.toLowerCase();
        if (accent !== null && !/^#[0-9a-f]{6}$/.test(accent)) return 'Write the colour as six digits, like #0f6b5c.';
        return { branding: { ...branding, accent } };
      },
    },
    ...logoFields(),
    {
      name: 'brand_sender',
      label: 'Who e-mails come from',
      kind: 'text',
      optional: true,
      shows: ({ branding }) => typed(branding.senderName),
      reads: ({ text }, { branding }) =>
        /^[^\r\n<>"]{0,60}$/.test(text)
          ? { branding: { ...branding, senderName: text || null } }
          : 'Write one line of 60 characters at most, without < > or quotation marks.',
    },
    ...languages.map(
      (language): FormField => ({
        name: `brand_signature_${language}`,
        label: `Signature in ${languageName(language)}`,
        kind: 'text',
        optional: true,
        shows: ({ branding }) => typed(branding.signature[language]),
        reads: ({ text }, { branding }) => {
          if (text.length > 400) return 'Write 400 characters at most.';
          const { [language]: _old, ...others } = branding.signature;
          return { branding: { ...branding, signature: text === '' ? others : { ...others, [language]: text } } };
        },
      }),
    ),
  ];
}
