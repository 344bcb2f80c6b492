import { z } from 'zod';
import { leafOf } from './canonical.ts';
import type { Trust } from './check.ts';
import { signatureFits } from './heads.ts';
import { extendsTree, includes } from './proofs.ts';
import type { Continuation, Proof } from './prove.ts';
import type { Head } from './types.ts';
import { eventSchema, headSchema } from './verify-file.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const proofSchema: z.ZodType<Proof> = z.strictObject({
  format: z.literal('leadrescue-audit-proof/1'),
  business: z.string(),
  event: eventSchema,
  batch: z.int(),
  position: z.int().min(0),
  leaf: hash,
  path: z.array(hash),
  head: headSchema,
});

const continuationSchema: z.ZodType<Continuation> = z.strictObject({
  format: z.literal('leadrescue-audit-continuation/1'),
  business: z.string(),
  older: headSchema,
  newer: headSchema,
  path: z.array(hash),
});

const schema = z.union([proofSchema, continuationSchema]);

/** Reads a proof that was handed out; undefined when it is none. */
export function readProof(text: string): Proof | Continuation | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What is wrong with a proof, as sentences; none: it holds. Needs nothing but the proof. Pure. */
export function checkProof(proof: Proof | Continuation, trust: Trust): string[] {
  const heads = 'event' in proof ? [proof.head] : [proof.older, proof.newer];
  const wrong = 'event' in proof ? wrongInclusion(proof) : wrongContinuation(proof);
  return [...wrong, ...heads.flatMap((head) => wrongHead(head, trust))];
}

function wrongInclusion({ event, leaf, path, position, head }: Proof): string[] {
  const bytes = Buffer.from(leaf, 'hex');
  const inTree = includes({
    leaf: bytes,
    index: position,
    size: head.size,
    path: path.map(fromHex),
    root: fromHex(head.root),
  });
  return [
    ...(leafOf(event).equals(bytes) ? [] : [`Event ${event.id} is not the one that was sealed: it has another hash.`]),
    ...(inTree ? [] : ['The path does not lead from the event to the root of the head.']),
    ...(event.tenant === head.tenant ? [] : ['The head is of another tenant than the event.']),
  ];
}

function wrongContinuation({ older, newer, path }: Continuation): string[] {
  const fits = extendsTree({ older: tree(older), newer: tree(newer), path: path.map(fromHex) });
  return [
    ...(fits
      ? []
      : ['The newer head does not continue the older one: what the older one shows was changed or removed.']),
    ...(older.tenant === newer.tenant ? [] : ['The two heads are of different tenants.']),
  ];
}

function wrongHead(head: Head, { keys, witnesses }: Trust): string[] {
  const seen = witnesses.find(({ size }) => size === head.size);
  return [
    ...(signatureFits(head) ? [] : [`The signature of the head at ${head.size} events does not fit.`]),
    ...(keys.length === 0 || keys.includes(head.key)
      ? []
      : [`The head at ${head.size} events is signed with a key that is not trusted here.`]),
    ...(seen && seen.root !== head.root ? [`${seen.from} has another root at ${head.size} events.`] : []),
  ];
}

const fromHex = (hex: string) => Buffer.from(hex, 'hex');
const tree = ({ size, root }: Head) => ({ size, root: fromHex(root) });
