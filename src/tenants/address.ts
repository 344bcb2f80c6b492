import type { Settings } from './settings.ts';

/** What a business says of its address, among its facts. */
const ADDRESS = /^(?:our )?(?:address|adress|anschrift|direcci[oó]n|location|where|hitta|pata|पता)/i;

/** The business's address in a language, as it stands among its facts; null while nobody has said it. */
export function addressOf({ facts }: Pick<Settings, 'facts'>, language: string): string | null {
  const fact = facts.find(({ topic }) => ADDRESS.test(topic));
  return fact ? (fact.words[language] ?? Object.values(fact.words)[0] ?? null) : null;
}
