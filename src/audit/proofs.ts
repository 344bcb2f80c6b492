import { hashNode } from './merkle.ts';

/*
 * Inclusion and consistency proofs (RFC 9162, 2.1.3 and 2.1.4). A proof is first a list of subtrees, as ranges of leaves;
 * whoever has the tree looks up their hashes. Indices and sizes count leaves, up to 2^53.
 */

/** The subtree over the leaves `from` up to, not including, `to`. */
export interface Range {
  from: number;
  to: number;
}

/** The largest power of two below `size`, which is at least 2: where RFC 9162 splits a tree. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The subtrees that lead from one leaf up to the root of a tree of `size`, in the order of the proof. */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!(index >= 0 && index < size)) throw new RangeError('the tree has no such leaf');
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** The subtrees that show a tree of `size` to begin with the one of `older` leaves. */
export function consistencyRanges(older: number, size: number): Range[] {
  if (!(older > 0 && older <= size)) throw new RangeError('the older tree is not the smaller one');
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  let whole = true; // what is left of the older tree is the older tree itself, whose root the reader has
  while (older !== to) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
      whole = false;
    }
  }
  if (!whole) ranges.push({ from, to });
  return ranges.reverse();
}

/** A leaf, and what is said about its place. */
export interface Inclusion {
  leaf: Buffer;
  index: number;
  size: number;
  path: readonly Buffer[];
  root: Buffer;
}

/** Whether the leaf stands at that place of the tree with that root (RFC 9162, 2.1.3.2). */
export function includes({ leaf, index, size, path, root }: Inclusion): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Two heads of what should be one log. */
export interface Consistency {
  older: { size: number; root: Buffer };
  newer: { size: number; root: Buffer };
  path: readonly Buffer[];
}

/** Whether the newer tree is the older one with more leaves behind it, nothing changed (RFC 9162, 2.1.4.2). */
export function extendsTree({ older, newer, path }: Consistency): boolean {
  const sizes = [older.size, newer.size];
  if (!sizes.every(Number.isSafeInteger) || older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root);
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // a full older tree is its own first subtree, and left out of the proof
  const [first, ...rest] = at === 0 ? [older.root, ...path] : path;
  if (!first) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      before = hashNode(sibling, before);
      after = hashNode(sibling, after);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      after = hashNode(after, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && before.equals(older.root) && after.equals(newer.root);
}

const half = (value: number) => Math.floor(value / 2);
