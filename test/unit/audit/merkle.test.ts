import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  EMPTY_TREE,
  grow,
  hashLeaf,
  hashNode,
  isTree,
  rootOf,
  sha256,
  splitHashes,
} from '../../../src/audit/merkle.ts';
import {
  consistencyRanges,
  extendsTree,
  includes,
  inclusionRanges,
  type Range,
  splitOf,
} from '../../../src/audit/proofs.ts';

/** RFC 9162, 2.1.1, word for word: slow, and right. */
function naive(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256('');
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const k = splitOf(leaves.length);
  return hashNode(naive(leaves.slice(0, k)), naive(leaves.slice(k)));
}

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => hashLeaf(`leaf ${i}`));
const hashes = (leaves: readonly Buffer[], ranges: Range[]) =>
  ranges.map(({ from, to }) => naive(leaves.slice(from, to)));
const flipped = (bytes: Buffer) => {
  const other = Buffer.from(bytes);
  other[0] = (other[0] ?? 0) ^ 1;
  return other;
};

/** Paths that differ from a right one: a hash changed, left out, or too many. */
const alterations = (path: readonly Buffer[], more: Buffer): Buffer[][] => [
  [...path, more],
  ...path.flatMap((hash, i) => [path.with(i, flipped(hash)), path.toSpliced(i, 1)]),
];

/** The leaves and roots of the reference implementation of Certificate Transparency (merkle_tree_test.py). */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the tree', () => {
  test('gives the roots of the reference implementation', () => {
    const leaves = INPUTS.map((hex) => sha256(Buffer.concat([Buffer.of(0), Buffer.from(hex, 'hex')])));
    expect(rootOf(EMPTY_TREE).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    ROOTS.forEach((root, i) => {
      expect(rootOf(grow(EMPTY_TREE, leaves.slice(0, i + 1))).toString('hex')).toBe(root);
    });
  });

  test('hashes a leaf of text as its UTF-8 behind a zero byte', () => {
    expect(hashLeaf('å').equals(sha256(Buffer.from([0, 0xc3, 0xa5])))).toBe(true);
  });

  test('grown in any steps is the tree of all its leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 6 }), (steps) => {
        const total = steps.reduce((sum, step) => sum + step, 0);
        const leaves = leavesOf(total);
        let tree = EMPTY_TREE;
        for (const step of steps) tree = grow(tree, leaves.slice(tree.size, tree.size + step));
        expect(tree.size).toBe(total);
        expect(isTree(tree)).toBe(true);
        expect(rootOf(tree).equals(naive(leaves))).toBe(true);
      }),
    );
  });

  test('does not pass for another size', () => {
    const tree = grow(EMPTY_TREE, leavesOf(11));
    for (const size of [10, 12, 11.5, -11, Number.NaN]) expect(isTree({ ...tree, size })).toBe(false);
    expect(splitHashes(Buffer.concat(tree.peaks as Buffer[]))).toEqual(tree.peaks);
  });
});

describe('COMPLIANCE T12.2 proofs', () => {
  const all = leavesOf(33);
  const sizes = Array.from({ length: 33 }, (_, i) => i + 1);

  test.each(sizes)('of inclusion hold for every leaf of a tree of %i, and for nothing else', (size) => {
    const leaves = all.slice(0, size);
    const root = naive(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const path = hashes(leaves, inclusionRanges(index, size));
      const inclusion = { leaf, index, size, path, root };
      const forged = [
        { ...inclusion, leaf: flipped(leaf) },
        { ...inclusion, root: flipped(root) },
        ...alterations(path, leaf).map((other) => ({ ...inclusion, path: other })),
        ...[...leaves.keys()].filter((other) => other !== index).map((other) => ({ ...inclusion, index: other })),
      ];
      expect(includes(inclusion)).toBe(true);
      expect(forged.filter(includes)).toEqual([]);
    }
    expect(includes({ leaf: root, index: size, size, path: [], root })).toBe(false);
  });

  test.each(sizes)('of consistency hold for every older tree of one of %i, and for nothing else', (size) => {
    const newer = { size, root: naive(all.slice(0, size)) };
    for (let older = 1; older <= size; older++) {
      const path = hashes(all, consistencyRanges(older, size));
      const proof = { older: { size: older, root: naive(all.slice(0, older)) }, newer, path };
      const forged = [
        { ...proof, older: { ...proof.older, root: flipped(proof.older.root) } },
        { ...proof, newer: { ...newer, root: flipped(newer.root) } },
        ...alterations(path, newer.root).map((other) => ({ ...proof, path: other })),
      ];
      expect(extendsTree(proof)).toBe(true);
      expect(forged.filter(extendsTree)).toEqual([]);
    }
  });

  test('a log that was rewritten extends no older head', () => {
    const older = { size: 12, root: naive(all.slice(0, 12)) };
    const forged = all.with(5, hashLeaf('forged'));
    const newer = { size: 30, root: naive(forged.slice(0, 30)) };
    expect(extendsTree({ older, newer, path: hashes(forged, consistencyRanges(12, 30)) })).toBe(false);
  });

  test('hold for large trees: a path is as long as the tree is high', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 45 }), fc.nat(), (size, seed) => {
        const ranges = inclusionRanges(seed % size, size);
        expect(ranges.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        const covered = ranges.reduce((sum, { from, to }) => sum + to - from, 1);
        expect(covered).toBe(size);
      }),
    );
  });

  test('there is none for a leaf or a tree that does not exist', () => {
    expect(() => inclusionRanges(5, 5)).toThrow(RangeError);
    expect(() => consistencyRanges(0, 5)).toThrow(RangeError);
    expect(() => consistencyRanges(6, 5)).toThrow(RangeError);
  });
});
