import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isLoopbackName } from '../../lib/loopback.ts';
import type { PictureFetcher } from '../../tenants/index.ts';
import { ClosedAddress, guardedLookup, refusalOf } from './guard.ts';

/** Whoever wrote the address waits for it in a window of Slack, which waits three seconds. */
const TIMEOUT_MS = 2000;

const NO_ANSWER = 'Nothing answers at this address. Check it, or add the picture as a file.';

/** Fetches pictures from addresses that people wrote, of the public internet only; with `local` from this machine as well. */
export function createPictureFetcher(options: { local: boolean; resolve?: typeof resolve }): PictureFetcher {
  const { local } = options;
  const look = options.resolve ?? resolve;

  return {
    fetch(text, maxBytes) {
      const refusal = refusalOf(text, local);
      if (refusal !== undefined) return Promise.resolve(refusal);
      const url = new URL(text);
      const get = url.protocol === 'https:' ? requestHttps : requestHttp;
      return new Promise<Buffer | string>((settle) => {
        const asking = get(url, {
          headers: { accept: 'image/png, image/jpeg', 'user-agent': 'LeadRescue-Logo/1' },
          lookup: guardedLookup(look, local && isLoopbackName(url.hostname)),
          agent: false,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        asking.on('response', (answer) => void bodyOf(answer, maxBytes).then(settle, () => settle(NO_ANSWER)));
        asking.on('error', (error) => {
          const closed = error instanceof ClosedAddress;
          settle(closed ? 'This address is not one of the public internet, so it is never called.' : NO_ANSWER);
        });
        asking.end();
      });
    },
  };
}

/** What the answer holds; the connection is closed as soon as it is clear that it cannot be a picture for us. */
async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer | string> {
  const status = answer.statusCode ?? 0;
  if (status !== 200) {
    answer.destroy();
    const moved = status >= 300 && status < 400;
    return moved
      ? 'This address leads on to another one. Write the one at which the picture itself is.'
      : `That address answers with ${status} instead of a picture.`;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return `What is at this address is larger than ${Math.floor(maxBytes / 1000)} kB.`;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
