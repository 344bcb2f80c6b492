/*
 * Some providers put their own id in place of a letter's and report by that one. What they hand back with each report is a
 * header of theirs, which goes to them alone: they take it out of the letter.
 */

const PROVIDERS: readonly { host: RegExp; headers(word: string): Record<string, string> }[] = [
  {
    host: /(^|\.)sendgrid\.net$/i,
    headers: (word) => ({ 'X-SMTPAPI': JSON.stringify({ unique_args: { letter: word } }) }),
  },
  { host: /(^|\.)mailgun\.org$/i, headers: (word) => ({ 'X-Mailgun-Variables': JSON.stringify({ letter: word }) }) },
  {
    host: /(^|\.)postmarkapp\.com$/i,
    headers: (word) => ({ 'X-PM-KeepID': 'true', 'X-PM-Metadata-letter': word }),
  },
];

/** What names an attempt to the provider behind a server for sending; nothing to any other. */
export const namingHeaders = (host: string, word: string): Record<string, string> =>
  PROVIDERS.find((each) => each.host.test(host))?.headers(word) ?? {};
