import { canonicalJson } from './canonical.ts';
import { type SigningKey, signed } from './keys.ts';
import { sha256 } from './merkle.ts';
import type { Head, Round } from './types.ts';

/*
 * What is signed of a head or a round is its canonical JSON without the signature, with the name of its form. The next
 * one names the hash of that text, so nothing can be taken out of the middle.
 */

/** What stands for the head before the first one. */
export const NOTHING = '0'.repeat(64);

type Signed = Head | Round;

const FORMS = { head: 'leadrescue-audit-head/1', round: 'leadrescue-audit-round/1' } as const;

/** The text that is signed. */
export function statement(value: Omit<Signed, 'signature'>): string {
  const { signature: _, ...said } = value as Signed;
  return canonicalJson({ form: 'round' in said ? FORMS.round : FORMS.head, ...said });
}

/** The hash by which the next one names it. */
export const hashOf = (value: Omit<Signed, 'signature'>): string => sha256(statement(value)).toString('hex');

/** Signs it with our key, which becomes part of what is said. */
export function signWith<T extends Signed>(key: SigningKey, value: Omit<T, 'key' | 'signature'>): T {
  const said = { ...value, key: key.publicKey } as Omit<T, 'signature'>;
  return { ...said, signature: key.sign(statement(said)).toString('hex') } as T;
}

/** Whether the signature fits the words and the key that they name. Whose key that is, is another question. */
export const signatureFits = (value: Signed): boolean =>
  signed(statement(value), Buffer.from(value.signature, 'hex'), value.key);
