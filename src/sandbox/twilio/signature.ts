import { createHmac } from 'node:crypto';

/** `X-Twilio-Signature` of a form post: base64(HMAC-SHA1(token, url + each sorted key followed by its value)). */
export function sign(authToken: string, url: string, form: Record<string, string>): string {
  let data = url;
  for (const key of Object.keys(form).sort()) data += key + form[key];
  return createHmac('sha1', authToken).update(data).digest('base64');
}
