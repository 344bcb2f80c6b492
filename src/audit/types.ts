/*
 * Words of this room:
 *
 * log        the events of one tenant, in the order in which they were sealed
 * leaf       the hash of one event's canonical bytes
 * batch      events that were sealed together, in the order of their ids
 * seal       a batch with its head, as a row
 * head       size and root of the log's Merkle tree after a batch, signed, naming the head before it
 * round      one run of sealing over all tenants; it names the heads it made
 * witness    a head that was shown to somebody outside (the audit channel)
 */

/** An event as it is sealed. */
export interface LoggedEvent {
  id: number;
  tenant: string;
  type: string;
  /** UTC with microseconds: `2026-11-23T09:30:00.000000Z`. */
  at: string;
  actor: string;
  person: string | null;
  lead: string | null;
  message: string | null;
  data: unknown;
}

/** A signed head. Hashes and signature in hex, the key as SPKI in base64, times in ISO 8601. */
export interface Head {
  tenant: string;
  /** Counts from 1, without gaps. */
  batch: number;
  /** Leaves in the tree. */
  size: number;
  root: string;
  /** Hash of the head before, zeros for the first. */
  previous: string;
  at: string;
  /** The transaction below which every one had ended: nothing could appear before this head any more. */
  watermark: string;
  key: string;
  signature: string;
}

/** A round and the heads it made. */
export interface Round {
  round: number;
  cluster: string;
  era: number;
  floor: number;
  until: { xid: string; id: number };
  /** The highest id that is sealed. */
  top: number;
  heads: { tenant: string; batch: number; head: string }[];
  previous: string;
  at: string;
  key: string;
  signature: string;
}

/** One place of a batch: what was sealed there, and the event as it is now. */
export interface Entry {
  /** Of the leaf in the tree, from 0. */
  position: number;
  id: number;
  leaf: Buffer;
  /** Null: it is gone. */
  event: LoggedEvent | null;
}

/** A batch as it is found in the database or in an export. */
export interface Batch {
  head: Head;
  peaks: Buffer[];
  entries: Entry[];
}

/** `size` and `root` of a head somebody outside has; `from` says where it was seen. */
export interface Witness {
  size: number;
  root: string;
  from: string;
}
