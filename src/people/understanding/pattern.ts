/**
 * A small pattern language over words, so that rules are data.
 *
 * - `CEASE` any word of that category, `by|at` any of these words, `word?` may be missing, `me|$` or the clause ends
 * - `..3` up to three other words of the same clause; `,,3` also over commas; `::3` also over full stops
 * - `^` and `$` start and end of a clause, which is at punctuation or a word like "and"
 * - `<!you|they` the word before is none of these; `!by|at` nor is the word after
 *
 * Polite fillers ("please", "bitte", "yaar") are taken out before matching and never count.
 */
type Step =
  | { readonly kind: 'word'; readonly element: number; readonly optional: boolean; readonly orEnd: boolean }
  | { readonly kind: 'gap'; readonly most: number; readonly over: Boundary }
  | { readonly kind: 'edge'; readonly at: 'start' | 'end' }
  | { readonly kind: 'not'; readonly element: number; readonly side: 'before' | 'after' };

export interface Pattern {
  readonly steps: readonly Step[];
  /** Elements without which the pattern cannot match: a cheap test before the walk. */
  readonly needs: readonly number[];
}

/** How strongly a token separates: 0 is a word, 1 a comma, 2 the end of a sentence. */
export type Boundary = 0 | 1 | 2;

/** What a pattern sees of a word: the elements (categories, literal words) it belongs to. */
export interface Seen {
  readonly boundary: Boundary;
  readonly elements: ReadonlySet<number>;
  /** The same before any rule silenced it. */
  readonly asRead: ReadonlySet<number>;
}

const GAPS: Readonly<Record<string, Boundary>> = { '..': 0, ',,': 1, '::': 2 };

/** Compiles one pattern; `elementOf` gives the number of a set of words written as in `by|at|CEASE`. Throws on a bad pattern. */
export function compilePattern(source: string, elementOf: (set: string) => number): Pattern {
  const steps = source.split(' ').map((part): Step => {
    const over = GAPS[part.slice(0, 2)];
    if (over !== undefined) return { kind: 'gap', most: Number.parseInt(part.slice(2), 10), over };
    if (part === '^' || part === '$') return { kind: 'edge', at: part === '^' ? 'start' : 'end' };
    if (part.startsWith('<!')) return { kind: 'not', element: elementOf(part.slice(2)), side: 'before' };
    if (part.startsWith('!')) return { kind: 'not', element: elementOf(part.slice(1)), side: 'after' };
    const optional = part.endsWith('?');
    const words = optional ? part.slice(0, -1) : part;
    const choices = words.split('|').filter((choice) => choice !== '$');
    return { kind: 'word', element: elementOf(choices.join('|')), optional, orEnd: words.includes('$') };
  });
  const needs = steps.flatMap((step) => (step.kind === 'word' && !step.optional && !step.orEnd ? [step.element] : []));
  if (needs.length === 0) throw new Error(`the pattern "${source}" names no word`);
  return { steps, needs };
}

/** Where a pattern matches: first and last token of the span, both included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * All matches, left to right, not overlapping. `opener` is the element of words like "and", "so", at which a clause may
 * end and the next start. Time is bounded by tokens × the pattern's gaps.
 */
export function findAll(pattern: Pattern, tokens: readonly Seen[], opener: number): Span[] {
  const found: Span[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.boundary !== 0) continue;
    const end = walk(pattern.steps, 0, { tokens, opener }, at);
    if (end < 0) continue;
    found.push({ first: at, last: end - 1 });
    at = Math.max(at, end - 1);
  }
  return found;
}

interface View {
  readonly tokens: readonly Seen[];
  readonly opener: number;
}

/** The position after the match of `steps` from `stepAt` on tokens from `at`, or -1. */
function walk(steps: readonly Step[], stepAt: number, view: View, at: number): number {
  const step = steps[stepAt];
  if (!step) return at;
  const { tokens } = view;
  const token = tokens[at];
  switch (step.kind) {
    case 'word': {
      if (token?.elements.has(step.element)) {
        const end = walk(steps, stepAt + 1, view, at + 1);
        if (end >= 0) return end;
      }
      const mayLack = step.optional || (step.orEnd && endsClause(view, at));
      return mayLack ? walk(steps, stepAt + 1, view, at) : -1;
    }
    case 'edge': {
      const holds = step.at === 'start' ? startsClause(view, at) : endsClause(view, at);
      return holds ? walk(steps, stepAt + 1, view, at) : -1;
    }
    case 'not': {
      const other = step.side === 'before' ? tokens[at - 1] : token;
      return other?.elements.has(step.element) ? -1 : walk(steps, stepAt + 1, view, at);
    }
    case 'gap': {
      let skipped = 0;
      for (let here = at; here <= tokens.length; here++) {
        const end = walk(steps, stepAt + 1, view, here);
        if (end >= 0) return end;
        const passed = tokens[here];
        if (!passed || passed.boundary > step.over) return -1;
        if (passed.boundary === 0 && ++skipped > step.most) return -1;
      }
      return -1;
    }
    default:
      return -1;
  }
}

function startsClause({ tokens, opener }: View, at: number): boolean {
  const before = tokens[at - 1];
  return !before || before.boundary > 0 || before.asRead.has(opener);
}

function endsClause({ tokens, opener }: View, at: number): boolean {
  const token = tokens[at];
  return !token || token.boundary > 0 || token.asRead.has(opener);
}
