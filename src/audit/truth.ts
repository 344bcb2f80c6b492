import { leafOf } from './canonical.ts';
import { grow, rootOf, type Tree } from './merkle.ts';
import type { Entry } from './types.ts';

/** What a batch was sealed with, found out from what is left of it. */
export interface Truth {
  /** In the order in which they were sealed. */
  entries: readonly { entry: Entry; leaf: Buffer }[];
  tree: Tree;
}

/** Up to this many entries each is left out in turn, to find the one that does not belong. Costs the square of it. */
const TRY_EACH = 1000;

/** The leaf of the event as it is now; null when it is gone. */
export const nowOf = ({ event }: Entry): Buffer | null => event && leafOf(event);

/**
 * Tries what a tamperer may have left alone until something gives the root: the list as it is, the events as they are,
 * both in the order of ids, the list without one of its entries. Whatever gives it is what was sealed. Null when nothing
 * does. `before` is the tree up to this batch, `size` what the head counts after it.
 */
export function findTruth(before: Tree, root: string, size: number, entries: readonly Entry[]): Truth | null {
  for (const candidate of candidates(entries, size - before.size)) {
    if (before.size + candidate.length !== size) continue;
    const tree = grow(
      before,
      candidate.map(({ leaf }) => leaf),
    );
    if (rootOf(tree).toString('hex') === root) return { entries: candidate, tree };
  }
  return null;
}

function* candidates(entries: readonly Entry[], wanted: number): Generator<Truth['entries']> {
  const listed = entries.map((entry) => ({ entry, leaf: entry.leaf }));
  yield listed;
  const found = entries.map((entry) => ({ entry, leaf: nowOf(entry) ?? entry.leaf }));
  yield found;
  yield listed.toSorted(byId);
  yield found.toSorted(byId);
  if (entries.length !== wanted + 1 || entries.length > TRY_EACH) return;
  for (const index of listed.keys()) yield listed.toSpliced(index, 1);
}

const byId = (a: { entry: Entry }, b: { entry: Entry }) => a.entry.id - b.entry.id;
