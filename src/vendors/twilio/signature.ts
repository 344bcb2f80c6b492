import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

export interface SignedRequest {
  /** The account's primary auth token; API keys do not sign. */
  authToken: string;
  /** `X-Twilio-Signature` as received; empty when missing. */
  signature: string;
  /** The public URL Twilio posted to, query included. Behind a proxy it comes from configuration, not from `Host`. */
  url: string;
  /** All fields received, decoded. */
  form: Record<string, string>;
}

/** Whether Twilio signed this webhook: base64(HMAC-SHA1(token, url + sorted keys with values)), in constant time. */
export function verifySignature({ authToken, signature, url, form }: SignedRequest): boolean {
  return signature !== '' && validateRequest(authToken, signature, url, form);
}
