import { hash } from 'node:crypto';

/*
 * The Merkle tree of RFC 9162, section 2.1. A tree that only grows is kept as its peaks: the roots of its full subtrees,
 * the largest first, one for each bit of its size. Leaves and nodes are hashed with different first bytes, so that a node
 * can never pass for a leaf.
 */

/** Bytes of a hash (SHA-256). */
export const HASH_BYTES = 32;

export interface Tree {
  /** Leaves. */
  readonly size: number;
  readonly peaks: readonly Buffer[];
}

export const EMPTY_TREE: Tree = { size: 0, peaks: [] };

export const sha256 = (data: Buffer | string): Buffer => hash('sha256', data, 'buffer');

/** The hash of a leaf's text, in UTF-8. */
export const hashLeaf = (text: string): Buffer => sha256(`\u0000${text}`);

const scratch = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** The hash of two subtrees side by side. */
export function hashNode(left: Buffer, right: Buffer): Buffer {
  scratch.set(left, 1);
  scratch.set(right, 1 + HASH_BYTES);
  return sha256(scratch);
}

/** The tree with more leaves behind it. Costs about one hash a leaf, however large the tree is. */
export function grow(tree: Tree, leaves: Iterable<Buffer>): Tree {
  const peaks = [...tree.peaks];
  let size = tree.size;
  for (const leaf of leaves) {
    let node = leaf;
    for (let full = size; full % 2 === 1; full = (full - 1) / 2) node = hashNode(peaks.pop() ?? node, node);
    peaks.push(node);
    size++;
  }
  return { size, peaks };
}

/** The hash of the whole tree (RFC 9162, 2.1.1). */
export function rootOf({ peaks }: Tree): Buffer {
  const [last, ...others] = peaks.toReversed();
  if (!last) return sha256('');
  return others.reduce((root, peak) => hashNode(peak, root), last);
}

/** Whether a tree of that size has that many peaks; what was stored may have been tampered with. */
export function isTree({ size, peaks }: Tree): boolean {
  let bits = 0;
  for (let left = size; left > 0; left = Math.floor(left / 2)) bits += left % 2;
  return Number.isSafeInteger(size) && bits === peaks.length && peaks.every((peak) => peak.length === HASH_BYTES);
}

/** Hashes that are stored one behind the other. */
export function splitHashes(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / HASH_BYTES);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
