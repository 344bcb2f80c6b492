/** Languages the public pages are written in; the first is the fallback. */
export const LANGUAGES = ['en', 'sv', 'de', 'es', 'hi'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The page language for a person's language tag (`sv`, `sv-SE`, `DE_at`); one we do not write in becomes English. */
export function pageLanguage(tag: string): Language {
  const base = tag.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? 'en';
}

/** A language's name as its speakers write it. */
export function nativeName(lang: string): string {
  const name = new Intl.DisplayNames([lang], { type: 'language' }).of(lang) ?? lang;
  return name.charAt(0).toLocaleUpperCase(lang) + name.slice(1);
}
