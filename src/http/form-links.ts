import { newId } from '../lib/ids.ts';
import { readSignedToken, signedToken } from '../lib/signed-links.ts';

/** Nobody fills in a form faster than this, also not with a browser's help. */
const LEAST_MS = 1500;
/** After this a page is as good as forgotten, and its token is for machines. */
const MOST_MS = 24 * 60 * 60_000;

/** `early`: still good, in a moment. */
type Token = { kind: 'good' } | { kind: 'early' } | { kind: 'none' };

/** The token that a page of a form carries: when it was made, signed. Its id holds the time (UUIDv7), so nothing is stored. */
export function createFormLinks(key: Buffer, machine: () => number) {
  const purpose = (formId: string) => `form/${formId}`;
  return {
    make: (formId: string): string => signedToken(key, purpose(formId), newId()),
    read(formId: string, token: string): Token {
      const id = readSignedToken(key, purpose(formId), token);
      if (id === undefined) return { kind: 'none' };
      const age = machine() - Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
      if (age < LEAST_MS) return { kind: 'early' };
      return age > MOST_MS ? { kind: 'none' } : { kind: 'good' };
    },
  };
}
