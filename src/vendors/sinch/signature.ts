import { createHmac } from 'node:crypto';
import { sameSecret } from '../../lib/secrets.ts';

/** A signature is good for this long, so that what somebody recorded cannot be played again for ever. */
const MAX_AGE_SECONDS = 300;

export interface SignedRequest {
  /** Set on the webhook at Sinch. */
  secret: string;
  /** The bytes as received: JSON that was read and written again is signed differently. */
  body: Buffer;
  /** `x-sinch-webhook-signature`, `-nonce` and `-timestamp` (seconds); empty when missing. */
  signature: string;
  nonce: string;
  timestamp: string;
}

/** The signature that Sinch makes: base64(HMAC-SHA256(secret, body.nonce.timestamp)). */
export function sign({ secret, body, nonce, timestamp }: Omit<SignedRequest, 'signature'>): string {
  return createHmac('sha256', secret).update(body).update(`.${nonce}.${timestamp}`).digest('base64');
}

/** Whether Sinch signed this webhook lately; `now` is machine ms. A webhook without a secret is never believed. */
export function verifySignature(request: SignedRequest, now: number): boolean {
  const { secret, signature, timestamp } = request;
  if (secret === '' || signature === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) return false;
  return sameSecret(signature, sign(request));
}
