import type { Vocabulary } from '../vocabulary.ts';
import { type Compiled, NAMES } from './compile.ts';
import type { Language } from './concepts.ts';

/** What the lexica know of one spelling. */
export interface Known {
  readonly elements: ReadonlySet<number>;
  /** The elements once more, as a list: they are gone through often. */
  readonly list: readonly number[];
  /** Languages that have the word, and those that have it among their commonest. */
  readonly languages: readonly Language[];
  readonly everyday: readonly Language[];
  /** Concepts the word tells by itself, by language. */
  readonly tells: ReadonlyMap<Language, readonly number[]>;
}

/** Looks words up, once for each spelling of the lexica. */
export class WordBook {
  private readonly kept = new Map<string, Known>();
  private readonly listedName: number;
  private readonly listedNames: ReadonlySet<number>;
  private readonly seemingNames: Known;

  private readonly vocabulary: Vocabulary;
  private readonly languages: readonly Compiled[];

  constructor(vocabulary: Vocabulary, languages: readonly Compiled[]) {
    this.vocabulary = vocabulary;
    this.languages = languages;
    this.listedName = vocabulary.element(NAMES, 'names');
    this.listedNames = new Set(languages.flatMap(({ names }) => [...names]));
    this.seemingNames = this.know(new Set(languages.flatMap((each) => (each.namesByCapital ? [...each.names] : []))));
  }

  /** A folded word; one that no language knows and that is written like a name counts as a name. */
  lookUp(word: string, isCapitalised: boolean): Known {
    const kept = this.kept.get(word);
    if (kept) return kept;
    if (isCapitalised && !this.vocabulary.knows(word)) return this.seemingNames;
    const elements = this.vocabulary.lookUp(word);
    const isName = elements.has(this.listedName);
    const known = this.know(isName ? new Set([...elements, ...this.listedNames]) : elements);
    // others have endless forms
    if (this.vocabulary.holds(word)) this.kept.set(word, known);
    return known;
  }

  private know(elements: ReadonlySet<number>): Known {
    const tells = new Map<Language, number[]>();
    const languages: Language[] = [];
    const everyday: Language[] = [];
    for (const language of this.languages) {
      if (elements.has(language.known)) languages.push(language.code);
      if (elements.has(language.everyday)) everyday.push(language.code);
      const told = [...elements]
        .map((element) => language.telling.get(element) ?? -1)
        .filter((concept) => concept >= 0);
      tells.set(language.code, told);
    }
    return { elements, list: [...elements], languages, everyday, tells };
  }
}
