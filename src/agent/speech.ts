import { languageOf } from './checks/index.ts';
import type { AgentDefinition, AgentWords } from './definition/types.ts';
import type { Said, Understood } from './port.ts';
import { foldWords, hasAny } from './words.ts';

/** Words that a message has at least, for its language to count for more than the lead's. */
const TELLING_WORDS = 4;

/**
 * The language to answer in: the lead's, unless the customer asks for another one or clearly writes it. `wanted` is the customer's where
 * the definition has no words in it, so that people see that the answer fell back. Pure.
 */
export function speechOf(
  definition: AgentDefinition,
  person: { language: string; tenantLanguage: string },
  understood: Understood,
  said: readonly Said[],
): { words: AgentWords; wanted: string | null } {
  const known = definition.languages.includes(person.language.toLowerCase().split(/[-_]/)[0] ?? '');
  // whoever is known to write another language is only believed to write one of ours on plain evidence
  const written =
    languageAsked(definition, wordsOf(said).at(-1) ?? '') ?? writtenIn(known ? understood.language : null, said);
  const wanted = (written ?? person.language).toLowerCase().split(/[-_]/)[0] ?? person.language;
  const words = definition.words(wanted, person.tenantLanguage);
  return { words, wanted: words.language === wanted ? null : wanted };
}

/** The one of our languages that somebody asks to write in, in whichever they ask; null when they do not. */
export function languageAsked(definition: AgentDefinition, words: string): string | null {
  const folded = foldWords(words);
  return definition.all.find(({ cues }) => hasAny(folded, cues.language))?.language ?? null;
}

const wordsOf = (said: readonly Said[]): string[] =>
  said
    .filter(({ by }) => by === 'customer')
    .slice(-4)
    .map(({ words }) => words);

function writtenIn(guess: string | null, said: readonly Said[]): string | null {
  const own = wordsOf(said);
  const latest = own.at(-1) ?? '';
  const telling = foldWords(latest).split(' ').length >= TELLING_WORDS;
  return (telling ? (languageOf(latest) ?? guess) : null) ?? languageOf(own.join('\n'));
}
