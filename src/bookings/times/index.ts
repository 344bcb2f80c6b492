import { DateTime } from 'luxon';
import { atomsOf } from './atoms.ts';
import { type Lexicon, lexiconOf, withoutShort } from './lexicon.ts';
import { type Reading, read } from './reading.ts';
import type { TimeContext, TimeWords, Understood } from './types.ts';
import { weigh } from './weigh.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';
import { spanish } from './words-es.ts';
import { hindi } from './words-hi.ts';
import { swedish } from './words-sv.ts';

export type { AskWhy, At, Range, TimeContext, Understood } from './types.ts';

const OWN_WORDS: Record<string, Lexicon> = {
  en: lexiconOf(english),
  sv: lexiconOf(swedish),
  de: lexiconOf(german),
  es: lexiconOf(spanish),
  // who writes Hindi mixes in English
  hi: lexiconOf(hindi, english),
};
const FOREIGN_WORDS = Object.fromEntries(
  Object.entries(OWN_WORDS).map(([language, lexicon]) => [language, withoutShort(lexicon)]),
);
/** What the customer's own language finds counts a little more than the same in another. */
const OWN = 0.5;

/**
 * Understands the day and time that a customer writes: an instant, a stretch of time, or what to ask back; null when they
 * name none. Days and times are those of the business's zone; nothing before `now` is ever given, and nothing outside the
 * day that was asked for. English, Swedish, German, Spanish and Hindi (in both scripts); the customer's own language is
 * preferred, another counts where it explains more of the text. Pure; never throws; reads at most 1,000 characters.
 */
export function understandTime(text: string, context: TimeContext): Understood {
  const best = bestReading(text, context.language);
  if (!best) return null;
  const now = DateTime.fromJSDate(context.now, { zone: context.zone });
  return weigh(best.reading.said, {
    now,
    opening: context.opening,
    clock24: best.words.clock24,
    words: best.words,
    english: best.language === 'en' || best.language === 'hi',
    country: context.country ?? (best.language === 'hi' ? 'IN' : undefined),
  });
}

interface Best {
  language: string;
  reading: Reading;
  words: TimeWords;
}

/** The language that explains most of the text. */
function bestReading(text: string, own: string): Best | undefined {
  let best: Best | undefined;
  let most = 0;
  for (const [language, foreign] of Object.entries(FOREIGN_WORDS)) {
    const lexicon = (language === own && OWN_WORDS[own]) || foreign;
    const reading = read(atomsOf(text, lexicon), lexicon.words);
    const size = reading.size + (language === own ? OWN : 0);
    if (size <= most) continue;
    best = { language, reading, words: lexicon.words };
    most = size;
  }
  return best;
}
