/** Languages the public pages are written in; the first is the fallback. */
export const LANGUAGES = ['en', 'sv', 'de', 'es', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The page language for a person's language tag (`sv`, `sv-SE`, `DE_at`); one we do not write in becomes English. */
export function pageLanguage(tag: string): Language {
  const base = tag.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? 'en';
}
