import type { Finding, Span } from './findings.ts';
import { hashOf, NOTHING, signatureFits } from './heads.ts';
import { createIdSet, type IdSet } from './id-set.ts';
import { fingerprint } from './keys.ts';
import { EMPTY_TREE, grow, isTree, rootOf, type Tree } from './merkle.ts';
import { findTruth, nowOf, type Truth } from './truth.ts';
import type { Batch, Entry, Head, Witness } from './types.ts';

/** What a check of one log has found. */
export interface Report {
  batches: number;
  /** Events in batches. */
  sealed: number;
  first: Head | null;
  last: Head | null;
  /** Keys that signed, with the first and last batch of each. */
  keys: { key: string; from: number; to: number }[];
  /** Witnesses that the log fits. */
  witnessed: number;
  findings: Finding[];
}

export interface Checker {
  /** The next batch, in the order of the log. */
  batch(batch: Batch): void;
  /** A head somebody outside has; told before the batches. */
  witness(witness: Witness): void;
  /** Something found elsewhere. */
  add(finding: Finding): void;
  /** Whether some batch holds the event. */
  holds(eventId: number): boolean;
  /** Nothing more comes. */
  end(): Report;
}

export interface Trust {
  /** Public keys that may have signed; empty: any, the report names them. */
  keys: readonly string[];
  witnesses: readonly Witness[];
}

/** What is certain after a batch. */
interface Known {
  batch: number;
  /** Null while it is not certain what the log was. */
  tree: Tree | null;
  hash: string | null;
}

/**
 * Checks a log batch by batch, holding only one of them and the tree's peaks. After a damaged batch it goes on from the
 * peaks that were kept with it, where they fit its signed root, so that what follows is checked by itself.
 */
export function createChecker(trust: Trust): Checker {
  const ids: IdSet = createIdSet();
  const report: Report = { batches: 0, sealed: 0, first: null, last: null, keys: [], witnessed: 0, findings: [] };
  const waiting = new Set(trust.witnesses);
  const add = (finding: Finding) => void report.findings.push(finding);
  let known: Known = { batch: 0, tree: EMPTY_TREE, hash: NOTHING };

  function heldTwice({ head, entries }: Batch): void {
    for (const finding of about('events_twice', head.batch, idsOf(entries.filter(({ id }) => !ids.add(id)))))
      add(finding);
  }

  function signer({ batch, key }: Head): void {
    const last = report.keys.at(-1);
    if (last?.key === key) {
      last.to = batch;
      return;
    }
    report.keys.push({ key, from: batch, to: batch });
    if (trust.keys.length > 0 && !trust.keys.includes(key)) {
      add({ kind: 'head_foreign', batch, fingerprint: fingerprint(key) });
    }
  }

  function witnessed({ size, root }: Head): void {
    for (const witness of waiting) {
      if (witness.size !== size) continue;
      waiting.delete(witness);
      if (witness.root === root) report.witnessed++;
      else add({ kind: 'witness_differs', size, from: witness.from });
    }
  }

  /** Compares what is there with what was sealed, as far as that can be found out. */
  function compare({ head, entries }: Batch, before: Tree, signed: boolean): Truth | null {
    const batch = head.batch;
    const truth =
      findTruth(before, head.root, head.size, entries) ?? (signed ? null : withItsOwnRoot(before, head, entries));
    if (truth) {
      for (const finding of differences(batch, entries, truth)) add(finding);
      return truth;
    }
    const missing = head.size - before.size - entries.length;
    if (missing !== 0 && signed) {
      add({ kind: 'list_miscounted', batch, missing, after: gaps(entries), span: spanOf(entries) });
    } else {
      const suspects = idsOf(entries.filter(isOff));
      add({ kind: 'batch_changed', batch, span: spanOf(entries), suspects });
    }
    return null;
  }

  return {
    add,
    holds: ids.has,
    witness: (witness) => void waiting.add(witness),
    batch(batch) {
      const { head } = batch;
      if (head.batch <= known.batch) return add({ kind: 'batch_twice', batch: head.batch });
      if (head.batch > known.batch + 1) {
        add({ kind: 'batches_removed', from: known.batch + 1, to: head.batch - 1 });
        known = { batch: head.batch - 1, tree: null, hash: null };
      }
      report.batches++;
      report.sealed += batch.entries.length;
      report.first ??= head;
      report.last = head;
      heldTwice(batch);
      signer(head);
      witnessed(head);

      const signed = signatureFits(head);
      if (!signed) add({ kind: 'head_changed', batch: head.batch });
      else if (known.hash !== null && known.hash !== head.previous) add({ kind: 'chain_broken', batch: head.batch });
      const truth = known.tree && compare(batch, known.tree, signed);
      if (!known.tree) {
        add({ kind: 'batch_unchecked', batch: head.batch });
        for (const finding of departures(head.batch, batch.entries, ({ leaf }) => leaf)) add(finding);
      }
      const kept = keptTree(batch, truth);
      if (truth && !kept) add({ kind: 'peaks_changed', batch: head.batch });
      const tree = truth?.tree ?? (signed ? kept : null);
      known = { batch: head.batch, tree, hash: signed ? hashOf(head) : null };
    },
    end() {
      const has = report.last?.size ?? 0;
      for (const { size, from } of waiting) {
        add(size > has ? { kind: 'log_cut', size, has, from } : { kind: 'witness_differs', size, from });
      }
      return report;
    },
  };
}

/** The tree from the peaks that were kept with a batch, when they give its root. */
function keptTree({ head, peaks }: Batch, truth: Truth | null): Tree | null {
  const tree = { size: truth?.tree.size ?? head.size, peaks };
  const root = truth ? rootOf(truth.tree).toString('hex') : head.root;
  return isTree(tree) && rootOf(tree).toString('hex') === root ? tree : null;
}

/** When only root or size of a head were changed, its signature fits again with what the list gives. */
function withItsOwnRoot(before: Tree, head: Head, entries: readonly Entry[]): Truth | null {
  const tree = grow(
    before,
    entries.map(({ leaf }) => leaf),
  );
  const own = { ...head, size: tree.size, root: rootOf(tree).toString('hex') };
  return signatureFits(own) ? { tree, entries: entries.map((entry) => ({ entry, leaf: entry.leaf })) } : null;
}

/** Every place where a batch differs from what was sealed. */
function differences(batch: number, entries: readonly Entry[], truth: Truth): Finding[] {
  const real = new Map(truth.entries.map(({ entry, leaf }) => [entry, leaf]));
  const kept = entries.filter((entry) => real.has(entry));
  return [
    ...departures(batch, kept, (entry) => real.get(entry)),
    ...about('list_changed', batch, idsOf(kept.filter((entry) => !real.get(entry)?.equals(entry.leaf)))),
    ...about('list_inserted', batch, idsOf(entries.filter((entry) => !real.has(entry)))),
    ...about(
      'order_changed',
      batch,
      idsOf(truth.entries.flatMap(({ entry }, i) => (kept[i] === entry ? [] : [entry]))),
    ),
  ];
}

/** Events that are not what was sealed in their place. */
function departures(batch: number, entries: readonly Entry[], sealed: (entry: Entry) => Buffer | undefined): Finding[] {
  const off = entries.filter((entry) => {
    const [now, then] = [nowOf(entry), sealed(entry)];
    return !now || !then || !now.equals(then);
  });
  return [
    ...about('events_changed', batch, idsOf(off.filter(({ event }) => event !== null))),
    ...about('events_removed', batch, idsOf(off.filter(({ event }) => event === null))),
  ];
}

type Batchwise = Extract<Finding, { batch: number; events: readonly number[] }>['kind'];

/** A finding about events, if there are any. */
const about = (kind: Batchwise, batch: number, events: readonly number[]): Finding[] =>
  events.length > 0 ? [{ kind, batch, events }] : [];

const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id);

/** The event is gone, or is not what the list says. */
const isOff = (entry: Entry) => !nowOf(entry)?.equals(entry.leaf);

/** The events behind which places are left out; known where entries carry their own positions. */
const gaps = (entries: readonly Entry[]) =>
  entries.flatMap(({ id, position }, i) => {
    const next = entries[i + 1];
    return next && next.position > position + 1 ? [id] : [];
  });

function spanOf(entries: readonly Entry[]): Span {
  const [first, last] = [entries.at(0), entries.at(-1)];
  return first && last ? [first.id, last.id] : null;
}
