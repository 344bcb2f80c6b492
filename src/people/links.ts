import type { PersonId } from '../lib/ids.ts';
import { readSignedToken, signedToken } from '../lib/signed-links.ts';

/* The opt-out link of a person. */

const PURPOSE = 'opt-out';

/** The token for `/o/:token`. */
export const optOutToken = (key: Buffer, personId: PersonId): string => signedToken(key, PURPOSE, personId);

/** The person a token belongs to; undefined for anything that we did not make. */
export const readOptOutToken = (key: Buffer, token: string): PersonId | undefined =>
  readSignedToken(key, PURPOSE, token) as PersonId | undefined;
