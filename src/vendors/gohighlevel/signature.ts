import { createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';

/** Keys by which GoHighLevel's webhooks are known. */
export interface GoHighLevelKeys {
  ed25519: KeyObject;
  rsa: KeyObject;
}

/*
 * The keys that GoHighLevel publishes for all apps (marketplace.gohighlevel.com, "Webhook integration guide"; its documentation
 * repository on GitHub has the second one).
 */
const ED25519 = 'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=';
const RSA =
  'MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSCFrm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6' +
  'dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfBcsedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpv' +
  'uxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKU' +
  'J062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXpIocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzN' +
  'h/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhCHULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJ' +
  'PQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAykT1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==';

const keyOf = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

/** The published keys, or those that replace them (base64 of the PEM's body). */
export const keysOf = (other: { ed25519?: string | undefined; rsa?: string | undefined } = {}): GoHighLevelKeys => ({
  ed25519: keyOf(other.ed25519 ?? ED25519),
  rsa: keyOf(other.rsa ?? RSA),
});

/** A header that is there; `N/A` stands for a signature that is not. */
const given = (signature: string) => signature !== '' && signature !== 'N/A';

/**
 * Whether GoHighLevel signed these bytes: by `x-ghl-signature` (Ed25519), and only where that is missing by the older
 * `x-wh-signature` (RSA with SHA-256).
 */
export function verifySignature(
  keys: GoHighLevelKeys,
  body: Buffer,
  { current, older }: { current: string; older: string },
): boolean {
  try {
    if (given(current)) return verify(null, body, keys.ed25519, Buffer.from(current, 'base64'));
    return given(older) && createVerify('SHA256').update(body).verify(keys.rsa, Buffer.from(older, 'base64'));
  } catch {
    return false;
  }
}
