import { createHmac } from 'node:crypto';
import { sameSecret } from '../../lib/secrets.ts';

/** The signature that Meta makes over the bytes that it sends; with it non-ASCII letters are escaped as `\u00e4`. */
export const sign = (appSecret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;

/** Whether Meta signed this webhook (`x-hub-signature-256`). The older SHA-1 header is not believed. */
export const verifySignature = (appSecret: string, body: Buffer, signature: string): boolean =>
  signature !== '' && sameSecret(signature, sign(appSecret, body));
