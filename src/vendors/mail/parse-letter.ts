import { type ParsedMail, simpleParser } from 'mailparser';

/**
 * A page is turned into words up to this length; elements in elements take time with the square of their depth, and everybody
 * else waits meanwhile.
 */
const MAX_PAGE = 200_000;
/** Of a letter that cannot be read whole this much is read, in bytes: what was written this time, a STOP, stands at its top. */
const BEGINNING = 200_000;

const OPTIONS = {
  skipImageLinks: true,
  keepDeliveryStatus: true,
  // nobody reads it, and it costs seconds for a few megabytes
  skipTextToHtml: true,
  maxHtmlLengthToParse: MAX_PAGE,
};

/** The parts of a letter as a stranger may have written it, else of its beginning; undefined where not even that can be read. */
export async function parseLetter(raw: Buffer): Promise<ParsedMail | undefined> {
  for (const bytes of raw.length > BEGINNING ? [raw, raw.subarray(0, BEGINNING)] : [raw]) {
    const mail = await simpleParser(bytes, OPTIONS).catch(() => undefined);
    if (mail) return mail;
  }
  return undefined;
}
