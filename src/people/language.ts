/** The language a number's country suggests; a guess that whoever logs the lead can change. */
const BY_COUNTRY: Record<string, string> = {
  SE: 'sv',
  DE: 'de',
  AT: 'de',
  CH: 'de',
  LI: 'de',
  ES: 'es',
  MX: 'es',
  AR: 'es',
  CL: 'es',
  CO: 'es',
  PE: 'es',
  UY: 'es',
  EC: 'es',
  CR: 'es',
  PA: 'es',
  DO: 'es',
  GT: 'es',
};

/** ISO 639-1; English where no better guess is known (India writes to its dealers in English as often as in Hindi). */
export function languageOfCountry(country: string): string {
  return BY_COUNTRY[country] ?? 'en';
}
