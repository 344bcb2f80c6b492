import { fold } from './normalise.ts';

const NOTHING: ReadonlySet<number> = new Set();

/** Shortest and longest stem, in letters; bounds the look-ups per word. */
const SHORTEST_STEM = 3;
const LONGEST_STEM = 14;
/** Letters of an ending ("*ing"), and how long a word must be to have one. */
const ENDING = 3;
const SHORTEST_WITH_ENDING = 5;
/** Misspellings are read in words of at least this many letters; shorter ones have too many real neighbours. */
const SHORTEST_MISSPELT = 5;

/** Real words one slip away from the words we look for. */
const NOT_MISSPELT = new Set(
  `contract contracts contracting massage massages spending lending bending tending fending remote remover passages context
  testing tasting falling filling calming leaves lease plead ending anmelden anmeldung anmelde scheiben schreien peace alike along pleas`.split(
    /\s+/,
  ),
);

/** The words all languages know, each with the elements (categories, literal words) it belongs to. */
export class Vocabulary {
  private readonly exact = new Map<string, Set<number>>();
  private readonly stems = new Map<string, Set<number>>();
  private readonly endings = new Map<string, Set<number>>();
  private readonly elements = new Map<string, number>();
  private readonly slips = new Map<string, Set<string>>();

  /** The number of a set of words; the same set always has the same number. `scope` keeps languages apart. */
  element(words: readonly string[], scope: string): number {
    const key = `${scope}:${words.join(' ')}`;
    const known = this.elements.get(key);
    if (known !== undefined) return known;
    const id = this.elements.size;
    this.elements.set(key, id);
    for (const word of words) {
      const bare = word.replaceAll('*', '');
      const kept = word.endsWith('*') ? this.stems : word.startsWith('*') ? this.endings : this.exact;
      for (const spelling of new Set([bare, withDigraphs(bare)])) addTo(kept, fold(spelling), id);
    }
    return id;
  }

  get size(): number {
    return this.elements.size;
  }

  /** Declares a word whose misspellings are read as the word itself. */
  readMisspelt(word: string): void {
    const folded = fold(word);
    for (const slip of deletions(folded)) {
      const words = this.slips.get(slip) ?? new Set();
      words.add(folded);
      this.slips.set(slip, words);
    }
  }

  /** The elements of a folded word, by itself and by its stems. */
  lookUp(word: string): ReadonlySet<number> {
    const exact = this.exact.get(word);
    let all: Set<number> | undefined;
    for (let length = SHORTEST_STEM; length <= Math.min(word.length, LONGEST_STEM); length++) {
      const stem = this.stems.get(word.slice(0, length));
      if (!stem) continue;
      all ??= new Set(exact);
      for (const id of stem) all.add(id);
    }
    const ending = this.endings.get(word.slice(-ENDING));
    if (ending && word.length >= SHORTEST_WITH_ENDING) {
      all ??= new Set(exact);
      for (const id of ending) all.add(id);
    }
    return all ?? exact ?? NOTHING;
  }

  /** Whether just this word is in a lexicon. */
  holds(word: string): boolean {
    return this.exact.has(word);
  }

  /** Whether the word or its stem is in a lexicon; an ending alone does not make a word known. */
  knows(word: string): boolean {
    if (this.exact.has(word)) return true;
    for (let length = SHORTEST_STEM; length <= Math.min(word.length, LONGEST_STEM); length++) {
      if (this.stems.has(word.slice(0, length))) return true;
    }
    return false;
  }

  /** The known word this unknown one is a slip of: a letter missing, doubled or added, two swapped, a vowel mistaken. */
  misspelt(word: string): string | undefined {
    if (word.length < SHORTEST_MISSPELT || word.length > 24 || NOT_MISSPELT.has(word)) return undefined;
    for (const candidate of this.slips.get(word) ?? []) {
      if (word.length === candidate.length - 1) return candidate;
    }
    for (const shorter of deletions(word)) {
      const isInflected = word === `${shorter}${word.at(-1)}` && /[sdrn]$/.test(word);
      if (shorter.length > SHORTEST_MISSPELT && !isInflected && this.slips.get(shorter)?.has(shorter)) return shorter;
      for (const candidate of this.slips.get(shorter) ?? []) if (isSlip(word, candidate)) return candidate;
    }
    return undefined;
  }
}

/** Umlauts as they are typed without them: "hören" as "hoeren". */
function withDigraphs(word: string): string {
  return word.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue');
}

function addTo(map: Map<string, Set<number>>, word: string, id: number): void {
  const ids = map.get(word);
  if (ids) ids.add(id);
  else map.set(word, new Set([id]));
}

/** The word itself and all words with one letter less. */
function deletions(word: string): Set<string> {
  const all = new Set([word]);
  for (let i = 0; i < word.length; i++) all.add(word.slice(0, i) + word.slice(i + 1));
  return all;
}

/** Rows of the common keyboard; a finger slips to a neighbour. */
const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

function areNeighbours(a: string, b: string): boolean {
  return KEYBOARD.some((row) => row.includes(a) && row.includes(b) && Math.abs(row.indexOf(a) - row.indexOf(b)) === 1);
}

/** Two neighbouring letters swapped, a neighbouring key hit, or one vowel taken for another in a long word. */
function isSlip(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  let i = 0;
  while (word[i] === other[i] && i < word.length) i++;
  const [a = '', b = ''] = [word[i], other[i]];
  if (word[i + 1] === b && other[i + 1] === a && word.slice(i + 2) === other.slice(i + 2)) return true;
  if (word.slice(i + 1) !== other.slice(i + 1)) return false;
  if (word.length >= 6 && areNeighbours(a, b)) return true;
  return word.length >= 7 && /[aeiouy]/.test(a) && /[aeiouy]/.test(b);
}
