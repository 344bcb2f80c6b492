import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'LeadRescue-Signature';

/**
 * What proves that a delivery is ours and young: `t=<unix seconds>,v1=<hex>`, HMAC-SHA-256 of `<t>.<body>` under the hook's
 * secret. Receivers refuse what is older than five minutes, so that a copied delivery cannot be sent again.
 */
export function signatureOf(secret: string, atMs: number, body: string): string {
  const at = Math.floor(atMs / 1000);
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}
