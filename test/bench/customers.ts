import { stringify } from 'node:querystring';
import { FORM } from '../../src/sandbox/slack/index.ts';
import { sign } from '../../src/sandbox/twilio/index.ts';
import { phoneOf } from './backlog.ts';
import { ACCOUNT_SID, AUTH_TOKEN, SENDER } from './lab.ts';
import type { Site } from './site.ts';

const PATH = '/webhooks/twilio/inbound';

/**
 * Customers who write to us by Twilio's signed webhook: each call is a message of another one of the `people` of a backlog,
 * `writing` of them spread over it. Resolves with the ms to its acknowledgement; throws when it is not acknowledged.
 */
export function customers(
  { house, http }: Site,
  options: { people: number; writing: number; words(n: number): string },
): () => Promise<number> {
  const stride = Math.max(1, Math.floor(options.people / options.writing));
  let next = 0;
  return async () => {
    const n = next++;
    const form = {
      MessageSid: `SM${String(n).padStart(32, '0')}`,
      AccountSid: ACCOUNT_SID,
      From: phoneOf((n * stride) % options.people),
      To: SENDER,
      Body: options.words(n),
      NumMedia: '0',
    };
    const headers = {
      'content-type': FORM,
      'x-twilio-signature': sign(AUTH_TOKEN, `${house.publicUrl}${PATH}`, form),
    };
    const from = performance.now();
    const result = await http.call({ method: 'POST', path: PATH, headers, body: stringify(form) });
    const ms = performance.now() - from;
    if (result.kind !== 'reply' || result.status !== 200) {
      throw new Error(`"${form.Body}" was answered ${JSON.stringify(result)}`);
    }
    return ms;
  };
}

/** Starts so many a second, whether the ones before are over or not: people do as they like whatever we do. */
export async function steadily<T>(start: () => Promise<T>, count: number, perSecond: number): Promise<T[]> {
  const running: Promise<T>[] = [];
  const from = performance.now();
  for (let n = 0; n < count; n++) {
    const wait = from + (n * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(start());
  }
  return Promise.all(running);
}
