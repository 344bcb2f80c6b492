import type { AgentDefinition, AgentWords } from './definition/types.ts';
import type { Fact } from './port.ts';
import { foldWords, hasAny, hasPhrase } from './words.ts';

/*
 * Which of the tenant's facts answers a question. A fact's topic is one of the playbook's (`price`), with what it is
 * limited to behind a colon (`price: BMW X5`), or the tenant's own words (`Christmas hours`).
 */

export interface Answered {
  /** Words of the facts in the language of the conversation, in the order of the topics. */
  words: string[];
  /** Topics that were asked about and that no fact answers, or more than one could. */
  open: string[];
}

/** The topic a fact is filed under, and what it is limited to. */
export function topicOf(fact: Pick<Fact, 'topic'>): { key: string; about: string } {
  const [key = '', ...about] = fact.topic.split(':');
  return { key: key.trim(), about: about.join(':').trim() };
}

/** "How much a month" asks for the price, and the fact about leasing answers it. */
const BROAD: Readonly<Record<string, readonly string[]>> = { price: ['financing', 'discount', 'service', 'insurance'] };

/** The topics a text asks about. */
export function topicsAsked(text: string, { topics }: Pick<AgentDefinition, 'topics'>, words: AgentWords): string[] {
  const folded = foldWords(text);
  return topics.filter((topic) => hasAny(folded, words.topics[topic] ?? []));
}

/** Answers a question by facts, word for word; says which parts of it stay open. Pure. */
export function answerByFacts(
  text: string,
  subject: string,
  facts: readonly Fact[],
  definition: Pick<AgentDefinition, 'topics'>,
  words: AgentWords,
): Answered {
  const folded = foldWords(text);
  const own = facts.filter((fact) => !definition.topics.includes(topicOf(fact).key) && isNamed(folded, fact.topic));
  const asked = topicsAsked(text, definition, words);
  const found = asked.map((topic) => ({ topic, fact: factAbout(topic, `${folded} ${foldWords(subject)}`, facts) }));
  const said = [...own, ...found.flatMap(({ fact }) => (fact ? [fact] : []))].map((fact) => fact.words[words.language]);
  const isOpen = ({ fact }: (typeof found)[number]) => fact?.words[words.language] === undefined;
  const answered = found.filter((each) => !isOpen(each)).map(({ topic }) => topic);
  return {
    words: [...new Set(said.filter((line) => line !== undefined))],
    open: found
      .filter(isOpen)
      .map(({ topic }) => topic)
      .filter((topic) => !(BROAD[topic] ?? []).some((narrower) => answered.includes(narrower))),
  };
}

/** The one fact of a topic that fits: what is limited to something counts only where that is meant, and goes first. */
export function factAbout(topic: string, folded: string, facts: readonly Fact[]): Fact | undefined {
  const filed = facts.filter((fact) => topicOf(fact).key === topic);
  const limited = filed.filter((fact) => topicOf(fact).about !== '' && isNamed(folded, topicOf(fact).about));
  const general = filed.filter((fact) => topicOf(fact).about === '');
  const [first, another] = limited.length > 0 ? limited : general;
  return another ? undefined : first;
}

const isNamed = (folded: string, name: string) => {
  const words = foldWords(name).split(' ').filter(Boolean);
  return words.length > 0 && words.every((word) => hasPhrase(folded, word));
};
